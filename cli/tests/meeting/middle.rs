//! Somebody between the two sides who is up to no good.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::firms::{Firms, INVITE, assert_both, assert_end};
use crate::relay::{Relay, Toward, Treatment};

const RESULT: &str = "host_is_greater\nno\n";

/// A byte is changed on every connection.
fn changed(toward: Toward, at: usize) -> [crate::process::Done; 2] {
    let firms = Firms::new("1\n", "2\n");
    let mut host = firms.host("greater-than --connect-timeout 4s --reconnect 2s");
    let treatment = Treatment { change: Some((toward, at)), ..Treatment::default() };
    let relay = Relay::start(&host.address(), move |_| treatment);
    let guest =
        firms.join(&format!("--connect {} --connect-timeout 2s --reconnect 2s", relay.address)).wait();
    [host.wait(), guest]
}

#[test]
fn changed_bytes_end_in_an_error_and_never_in_a_result() {
    let places = [20, 150, 700, 1300, 1900].map(|at| [(Toward::Host, at), (Toward::Guest, at)]);
    for pair in places {
        let runs = pair.map(|(toward, at)| thread::spawn(move || (at, changed(toward, at))));
        for (at, sides) in runs.map(|run| run.join().unwrap()) {
            for done in sides {
                assert!(matches!(done.code, Some(11 | 13)), "byte {at}: {:?} {}", done.code, done.stderr);
                assert_eq!(done.stdout, "", "byte {at}");
            }
        }
    }
}

/// Bytes of the run itself may be changed on one connection and come again over the next.
#[test]
fn bytes_changed_later_end_in_an_error_or_come_again() {
    for at in [3300, 4500, 6500] {
        let runs = [Toward::Host, Toward::Guest].map(|way| thread::spawn(move || changed(way, at)));
        for done in runs.map(|run| run.join().unwrap()).into_iter().flatten() {
            match done.code {
                Some(0) => assert_eq!(done.stdout, RESULT),
                code => assert!(matches!(code, Some(11 | 13)), "byte {at}: {code:?} {}", done.stderr),
            }
            assert!(done.stdout.is_empty() || done.stdout == RESULT, "{}", done.stdout);
        }
    }
}

#[test]
fn a_host_in_the_middle_with_a_key_of_its_own_is_refused() {
    let firms = Firms::new("1\n", "2\n");
    let host = firms.host("greater-than");
    let middle = Firms::new("9\n", "");
    let mut impostor = middle.host("greater-than");
    let guest = firms.join(&format!("--connect {}", impostor.address())).wait();
    assert_end(&guest, 11, "error: ");
    impostor.until_it_says("somebody at ");
    impostor.kill();
    assert_eq!(impostor.wait().stdout, "");
    // Nothing is spent, and the way without a detour still leads to the host.
    assert_both(&[firms.join("").wait(), host.wait()], RESULT);
}

#[test]
fn what_a_guest_said_is_of_no_use_to_another() {
    let firms = Firms::new("1\n", "2\n");
    assert_eq!(firms.host.run("key new").code, Some(0));
    let mut first = firms.host("greater-than");
    let relay = Relay::start(&first.address(), |_| Treatment::default());
    let guest = firms.join(&format!("--connect {}", relay.address)).wait();
    assert_both(&[first.wait(), guest], RESULT);
    let recorded = relay.recorded();
    assert!(recorded.len() > 3000, "{}", recorded.len());

    // The same host, with the same key, waits for its next guest.
    fs::remove_file(firms.host.path().join(INVITE)).unwrap();
    let mut host = firms.host("greater-than");
    let mut replay = TcpStream::connect(host.address()).unwrap();
    replay.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The host may hang up before it has heard all of it.
    let _ = replay.write_all(&recorded);
    let _ = replay.read_to_end(&mut Vec::new());
    host.until_it_says("somebody at ");
    assert_both(&[firms.join("").wait(), host.wait()], RESULT);
}
