//! Every end a command can come to that is not a result, and its exit code.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::process::{Done, Folder, free_address, run_pair};
use crate::relay::{self, Forward, Treatment};

/// Long enough for a run to be interrupted in the middle, on any machine.
const MANY: usize = 30_000;

fn blocks(rows: usize) -> String {
    (0..rows).map(|row| format!("{row}\n")).collect()
}

fn long_run() -> (Folder, &'static str, &'static str) {
    let folder = Folder::new(&[("keys.csv", &blocks(MANY)), ("messages.csv", &blocks(MANY))]);
    (folder, "garble builtin:aes128 --input keys.csv", "evaluate builtin:aes128 --input messages.csv")
}

fn assert_end(done: &Done, code: i32, words: &str) {
    assert_eq!(done.code, Some(code), "{}", done.stderr);
    assert!(done.stderr.contains(words), "{}", done.stderr);
    assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
}

#[test]
fn a_peer_that_is_killed_in_the_middle_is_a_network_failure() {
    for killed_first in [true, false] {
        let (folder, garble, evaluate) = long_run();
        let mut garbler = folder.start(&format!("{garble} --listen 127.0.0.1:0"));
        let address = garbler.address();
        let evaluator = folder.start(&format!("{evaluate} --connect {address}"));
        let (mut killed, mut left) = if killed_first { (garbler, evaluator) } else { (evaluator, garbler) };
        killed.until_it_says("terms with");
        left.until_it_says("terms with");
        sleep(Duration::from_millis(300));
        killed.kill();
        assert_eq!(killed.wait().code, None);
        let left = left.wait();
        assert_end(&left, 13, "error: ");
        assert_eq!(left.stdout, "");
    }
}

/// A run over a man in the middle.
fn run_over(security: &str, treatment: Treatment) -> [Done; 2] {
    let folder = Folder::new(&[("a.csv", "1\n2\n"), ("b.csv", "3\n4\n")]);
    let garble = format!("garble builtin:add64 --input a.csv --security {security} --listen 127.0.0.1:0");
    let mut garbler = folder.start(&garble);
    let address = relay::start(&garbler.address(), treatment);
    let evaluate = format!("evaluate builtin:add64 --input b.csv --security {security} --connect");
    let evaluator = folder.start(&format!("{evaluate} {address}"));
    [garbler.wait(), evaluator.wait()]
}

#[test]
fn rows_that_are_changed_on_the_way_are_caught() {
    let [garbler, evaluator] = run_over("semi-honest", relay::spoil::<{ relay::ROWS }>);
    assert_end(&garbler, 14, "proof of the outputs is wrong");
    // In this mode the evaluator cannot tell, but it hears that the garbler gave up.
    assert_end(&evaluator, 13, "the peer aborted");
    assert_eq!((garbler.stdout, evaluator.stdout), (String::new(), String::new()));
}

#[test]
fn results_are_kept_if_only_the_goodbye_is_missing() {
    let cut = |kind, _: &mut [u8]| if kind == relay::BYE { Forward::Cut } else { Forward::Yes };
    for done in run_over("semi-honest", cut) {
        assert_end(&done, 13, "the results of this side stand");
        assert_eq!(done.stdout, "4\n6\n");
    }
}

/// Whoever finds a cheat ends with 14, and neither side prints anything.
#[test]
fn cheats_against_a_malicious_session_are_caught_before_anything_is_printed() {
    let spoils: [(Treatment, &[usize]); 6] = [
        (relay::spoil::<{ relay::LEAKY_TABLES }>, &[0, 1]),
        (relay::spoil::<{ relay::AND_OPENINGS }>, &[0, 1]),
        (relay::spoil::<{ relay::ROWS }>, &[0]),
        (relay::spoil::<{ relay::MASKED_VALUES }>, &[0]),
        (relay::spoil::<{ relay::LABEL_DIGEST }>, &[0]),
        (relay::spoil::<{ relay::CHECK_ANSWER }>, &[1]),
    ];
    for (treatment, finders) in spoils {
        let sides = run_over("malicious", treatment);
        for (side, done) in sides.iter().enumerate() {
            // Of two who could find it, the first to give up may be quicker than the other's check.
            let found = finders.contains(&side) && done.code == Some(14);
            assert_end(done, if found { 14 } else { 13 }, if found { "fail a check" } else { "error: " });
            assert_eq!(done.stdout, "");
        }
        assert!(finders.iter().any(|&side| sides[side].code == Some(14)), "{}", sides[0].stderr);
    }
}

#[test]
fn ctrl_c_ends_with_130_whatever_is_going_on() {
    let folder = Folder::new(&[("a.csv", "1\n")]);
    let mut waiting = folder.start("garble builtin:add8 --input a.csv --listen 127.0.0.1:0");
    waiting.address();
    waiting.interrupt();
    assert_end(&waiting.wait(), 130, "error: interrupted");

    let (folder, garble, evaluate) = long_run();
    let mut garbler = folder.start(&format!("{garble} --listen 127.0.0.1:0"));
    let address = garbler.address();
    let mut evaluator = folder.start(&format!("{evaluate} --connect {address}"));
    evaluator.until_it_says("terms with");
    evaluator.interrupt();
    assert_end(&evaluator.wait(), 130, "error: interrupted");
    assert_end(&garbler.wait(), 13, "error: ");
}

#[test]
fn nobody_is_waited_for_beyond_the_limits() {
    let folder = Folder::new(&[("a.csv", "1\n")]);
    let nobody = free_address();
    let dialler =
        folder.run(&format!("garble builtin:add8 --input a.csv --connect {nobody} --connect-timeout 200ms"));
    assert_end(&dialler, 13, "cannot reach");
    assert!(dialler.took < Duration::from_secs(20));
    let listener =
        folder.run("garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --connect-timeout 200ms");
    assert_end(&listener, 13, "no peer connected to 127.0.0.1:");

    for (option, words) in [("--idle-timeout 200ms", "no byte moved"), ("--timeout 200ms", "time limit")] {
        let mut listener =
            folder.start(&format!("garble builtin:add8 --input a.csv --listen 127.0.0.1:0 {option}"));
        let silent = TcpStream::connect(listener.address()).unwrap();
        assert_end(&listener.wait(), 13, words);
        drop(silent);
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let done = Folder::new(&[]).run(&format!("garble builtin:add8 --listen {address}"));
    assert_end(&done, 13, &format!("cannot listen on {address}"));
}

#[test]
fn another_program_at_the_other_end_is_not_taken_for_a_peer() {
    let folder = Folder::new(&[("a.csv", "1\n")]);
    let web = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = web.local_addr().unwrap();
    let dialler = folder.start(&format!("garble builtin:add8 --input a.csv --connect {address}"));
    let (mut stream, _) = web.accept().unwrap();
    stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    assert_end(&dialler.wait(), 13, "a web server, it seems");
}

#[test]
fn a_peer_that_breaks_the_protocol_is_caught() {
    let folder = Folder::new(&[("a.csv", "1\n")]);
    let mut listener = folder.start("garble builtin:add8 --input a.csv --listen 127.0.0.1:0");
    let mut stream = TcpStream::connect(listener.address()).unwrap();
    // A frame of rows (kind 10) where a hello is due.
    stream.write_all(&[10, 0, 0, 0, 1, 0, 0, 0, 0]).unwrap();
    let done = listener.wait();
    assert_end(&done, 14, "misbehaved");
    assert_eq!(done.stdout, "");
}

#[test]
fn our_own_hello_sent_back_is_caught() {
    let folder = Folder::new(&[("a.csv", "1\n")]);
    let mut listener = folder.start("garble builtin:add8 --input a.csv --listen 127.0.0.1:0");
    let mut stream = TcpStream::connect(listener.address()).unwrap();
    let mut mirror = stream.try_clone().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            let _ = mirror.write_all(&buffer[..count]);
        }
    });
    assert_end(&listener.wait(), 14, "misbehaved");
}

#[test]
fn a_peer_that_asks_for_too_many_lanes_is_refused() {
    let folder = Folder::new(&[("a.csv", "1,1\n2,2\n")]);
    let all = "--evaluator-groups 0,1 builtin:add8";
    let (garbler, evaluator) =
        run_pair(&folder, &format!("garble {all} --max-lanes 1"), &format!("evaluate {all} --input a.csv"));
    assert_end(&garbler, 15, "--max-lanes 2");
    assert_end(&evaluator, 13, "error: ");
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let folder = Folder::new(&[("in.csv", &"1,2\n".repeat(200_000))]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_halfgate"))
        .args(["circuit", "eval", "builtin:add8", "--input", "in.csv"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 2];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"3\n");
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn a_full_disk_is_a_resource_limit() {
    if fs::metadata("/dev/full").is_err() {
        eprintln!("skipped: this system has no /dev/full");
        return;
    }
    let folder = Folder::new(&[]);
    assert_end(&folder.run("circuit convert builtin:add8 --to fashion -o /dev/full"), 15, "/dev/full: ");
    assert_end(
        &folder.run("circuit convert builtin:add8 --to fashion -o no-such-folder/x"),
        2,
        "no-such-folder/x: ",
    );
}

#[test]
fn a_backend_that_is_not_there_is_a_usage_error() {
    let folder = Folder::new(&[]);
    let variables = [("HALFGATE_BACKEND", "abacus")];
    let done = folder.start_with("garble builtin:add8 --listen 127.0.0.1:0", None, &variables).wait();
    assert_end(&done, 2, "this machine has portable");
}
