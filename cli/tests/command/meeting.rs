//! How two sides find each other: either may listen, either may start first, over TCP or a Unix socket.

use std::thread::sleep;
use std::time::Duration;

use crate::process::{Done, Folder, free_address, run_pair};

const GARBLE: &str = "garble builtin:add8 --input a.csv";
const EVALUATE: &str = "evaluate builtin:add8 --input b.csv";

fn folder() -> Folder {
    Folder::new(&[("a.csv", "1\n200\n"), ("b.csv", "2\n100\n")])
}

fn check(sides: [Done; 2]) {
    for done in sides {
        assert_eq!((done.stdout.as_str(), done.code), ("3\n44\n", Some(0)), "{}", done.stderr);
    }
}

#[test]
fn the_listener_may_start_first() {
    for [listens, dials] in [[GARBLE, EVALUATE], [EVALUATE, GARBLE]] {
        let folder = folder();
        let mut listener = folder.start(&format!("{listens} --listen localhost:0"));
        let address = listener.address();
        check([folder.run(&format!("{dials} --connect {address}")), listener.wait()]);
    }
}

#[test]
fn the_dialler_may_start_first() {
    for [listens, dials] in [[GARBLE, EVALUATE], [EVALUATE, GARBLE]] {
        let (folder, address) = (folder(), free_address());
        let mut dialler = folder.start(&format!("{dials} --connect {address}"));
        dialler.until_it_says("connecting to ");
        sleep(Duration::from_millis(200));
        let listener = folder.start(&format!("{listens} --listen {address}"));
        check([listener.wait(), dialler.wait()]);
    }
}

#[test]
fn unix_sockets_do_as_well() {
    for dialler_first in [false, true] {
        let folder = folder();
        let [listens, dials] =
            [format!("{GARBLE} --listen unix:socket"), format!("{EVALUATE} --connect unix:./socket")];
        let [listener, dialler] = if dialler_first {
            let mut dialler = folder.start(&dials);
            dialler.until_it_says("connecting to ");
            sleep(Duration::from_millis(100));
            [folder.start(&listens), dialler]
        } else {
            let mut listener = folder.start(&listens);
            assert_eq!(listener.address(), "unix:socket");
            [listener, folder.start(&dials)]
        };
        check([listener.wait(), dialler.wait()]);
        assert!(!folder.path().join("socket").exists(), "the socket is left behind");
    }
}

#[test]
fn the_listener_binds_before_it_reads() {
    // Its input never comes, yet a peer finds it.
    let folder = folder();
    let mut listener = folder.start("garble no-such-file --listen 127.0.0.1:0");
    listener.address();
    let done = listener.wait();
    assert_eq!(done.code, Some(10), "{}", done.stderr);
}

#[test]
fn tables_come_through_standard_input_too() {
    let folder = folder();
    let mut listener =
        folder.start_with("garble builtin:add8 --input - --listen 127.0.0.1:0", Some("a\n1\n200"), &[]);
    let address = listener.address();
    check([folder.run(&format!("{EVALUATE} --connect {address}")), listener.wait()]);
}

#[test]
fn two_sides_of_the_same_role_are_told_so() {
    for (command, words) in [
        (GARBLE, "both sides are garblers; start one of them as the evaluator"),
        (EVALUATE, "both sides are evaluators; start one of them as the garbler"),
    ] {
        let (listener, dialler) = run_pair(&folder(), command, command);
        for done in [listener, dialler] {
            assert_eq!((done.code, done.stdout.as_str()), (Some(12), ""), "{}", done.stderr);
            assert!(done.stderr.contains(words), "{}", done.stderr);
        }
    }
}

#[test]
fn every_backend_gives_the_same() {
    let folder = folder();
    for (garbler, evaluator) in [("portable", ""), ("aes-ni", "portable"), ("vaes-256", "aes-ni")] {
        let variables = |name: &'static str| [("HALFGATE_BACKEND", name)];
        let start = |command: &str, name: &'static str| match name {
            "" => folder.start(command),
            name => folder.start_with(command, None, &variables(name)),
        };
        let mut listener = start(&format!("{GARBLE} --listen 127.0.0.1:0"), garbler);
        let address = listener.address();
        let dialler = start(&format!("{EVALUATE} --connect {address} --connect-timeout 5s"), evaluator);
        let sides = [listener.wait(), dialler.wait()];
        if sides.iter().any(|done| done.stderr.contains("this machine has portable")) {
            eprintln!("skipped: this machine lacks {garbler} or {evaluator}");
            continue;
        }
        check(sides);
    }
}
