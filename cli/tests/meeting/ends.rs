//! Ctrl-C on either side.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::firms::{Firms, assert_end};
use crate::process::Running;

/// Long enough to be interrupted in the middle.
fn long_run() -> (Running, Running, Firms) {
    let rows: String = (0..200_000).map(|row| format!("{row}\n")).collect();
    let firms = Firms::new(&rows, &rows);
    let mut host = firms.host("maximum --threads 1");
    let mut guest = firms.join("--threads 1");
    host.until_it_says("terms with");
    guest.until_it_says("terms with");
    (host, guest, firms)
}

#[test]
fn the_first_ends_cleanly_on_both_sides() {
    for interrupted in 0..2 {
        let (host, guest, _firms) = long_run();
        let sides = [host, guest];
        sides[interrupted].interrupt();
        for (side, done) in sides.map(Running::wait).into_iter().enumerate() {
            match side == interrupted {
                true => assert_end(&done, 130, "error: interrupted"),
                false => assert_end(&done, 13, "the peer aborted"),
            }
        }
    }
}

#[test]
fn the_second_ends_at_once() {
    let (mut host, mut guest, _firms) = long_run();
    // It does not listen any more, so that the clean end takes its time.
    let stopped = Command::new("kill").args(["-STOP", &guest.id().to_string()]).status();
    assert!(stopped.unwrap().success());
    host.interrupt();
    host.until_it_says("Ctrl-C again ends at once");
    let since = Instant::now();
    host.interrupt();
    assert_end(&host.wait(), 130, "error: interrupted");
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    guest.kill();
    guest.wait();
}

#[test]
fn a_host_that_waits_for_its_guest_is_interrupted() {
    let firms = Firms::new("1\n", "2\n");
    let host = firms.host("greater-than");
    host.interrupt();
    assert_end(&host.wait(), 130, "error: interrupted");
    assert_end(&firms.join("--connect-timeout 300ms").wait(), 13, "cannot reach");
}
