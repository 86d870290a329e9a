//! Invites that are good, and all those that are not.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::firms::{Firms, INVITE, assert_both, assert_end, expose, mode};

#[test]
fn the_file_is_for_its_owner_and_never_written_over() {
    let firms = Firms::new("1\n", "2\n");
    let mut host = firms.host("greater-than");
    assert_eq!(mode(&firms.host, INVITE), 0o600);
    let before = firms.host.read(INVITE);
    assert!(before.starts_with("HALFGATE1:"), "{before}");
    let second =
        firms.host.run("host greater-than --listen 127.0.0.1:0 --input in.csv --invite-file invite --yes");
    assert_end(&second, 2, "an invite is never written over a file");
    assert_eq!(firms.host.read(INVITE), before);
    host.kill();
    host.wait();
}

#[test]
fn without_a_terminal_it_needs_a_file() {
    let firms = Firms::new("1\n", "2\n");
    let done = firms.host.run("host greater-than --listen 127.0.0.1:0 --input in.csv --yes");
    assert_end(&done, 2, "--invite-file FILE");
    let done = firms.guest.run("join --input in.csv --yes");
    assert_end(&done, 2, "give the invite with --invite FILE");
    let done = firms.guest.run("join --invite in.csv --input in.csv");
    assert_end(&done, 2, "add --yes");
}

#[test]
fn text_that_is_no_invite_is_told_from_one_that_came_damaged() {
    let firms = Firms::new("1\n", "2\n");
    let mut host = firms.host("greater-than");
    let good = firms.host.read(INVITE);
    let swapped = |at: usize| {
        let mut text = good.clone().into_bytes();
        text[at] = if text[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(text).unwrap()
    };
    for (text, words) in [
        ("something else".to_owned(), "this is no invite"),
        (good.replacen("HALFGATE1", "HALFGATE9", 1), "version 9"),
        (good[..good.len() / 2].to_owned(), "this invite is incomplete"),
        (good[..good.len() - 3].to_owned(), "this invite is incomplete"),
        (swapped(30), "this invite is damaged"),
        (swapped(good.len() - 10), "this invite is damaged"),
    ] {
        firms.guest.write("spoilt", &text);
        let done = firms.guest.run("join --invite spoilt --input in.csv --yes");
        assert_end(&done, 2, words);
        assert!(!done.stderr.contains("connecting to"), "{}", done.stderr);
    }
    let absent = firms.guest.run("join --invite nowhere --input in.csv --yes");
    assert_end(&absent, 2, "nowhere: the invite cannot be read");
    let typed: String = good.split_whitespace().collect();
    for typed in [&typed, &typed[..40]] {
        let done = firms.guest.run(&format!("join --invite {typed} --input in.csv --yes"));
        assert_end(&done, 2, "Give `--invite -` and paste it");
        assert!(!done.stderr.contains(&typed[12..]), "it was repeated: {}", done.stderr);
    }
    // Nobody has come, so the good one is still good.
    let guest = firms.join("").wait();
    assert_end(&guest, 0, "terms with");
    host.until_it_says("phase ");
    assert_eq!(host.wait().code, Some(0));
}

#[test]
fn an_invite_ends() {
    let firms = Firms::new("1\n", "2\n");
    let host = firms.host("greater-than --expires 1s");
    let done = host.wait();
    assert_end(&done, 13, "nobody had come");
    sleep(Duration::from_millis(1100).saturating_sub(done.took));
    let guest = firms.join("").wait();
    assert_end(&guest, 11, "this invite expired");
}

#[test]
fn an_invite_of_another_host_or_an_earlier_run_leads_nowhere() {
    let (ours, theirs) = (Firms::new("1\n", "2\n"), Firms::new("1\n", "2\n"));
    let mut host = ours.host("greater-than");
    let mut other = theirs.host("greater-than");
    // It has another certificate, which is found out before anything is said.
    let guest = theirs.join(&format!("--connect {}", host.address())).wait();
    assert_end(&guest, 11, "error: ");
    host.until_it_says("somebody at ");
    other.kill();
    other.wait();
    assert_both(&[ours.join("").wait(), host.wait()], "host_is_greater\nno\n");
}

#[test]
fn a_host_with_a_kept_key_does_not_know_an_earlier_invite() {
    let firms = Firms::new("1\n", "2\n");
    assert_eq!(firms.host.run("key new").code, Some(0));
    let mut first = firms.host("greater-than");
    let early = firms.host.read(INVITE);
    first.kill();
    first.wait();
    fs::remove_file(firms.host.path().join(INVITE)).unwrap();
    let mut host = firms.host("greater-than");
    let connect = format!("--connect {}", host.address());
    firms.guest.write("early", &early);
    let refused = firms.guest.run(&format!("join --invite early --input in.csv --yes {connect}"));
    assert_end(&refused, 11, "the host does not know this invite");
    host.until_it_says("turned away 127.0.0.1:");
    assert_both(&[firms.join("").wait(), host.wait()], "host_is_greater\nno\n");
}

#[test]
fn a_spent_invite_is_spent() {
    let firms = Firms::new("1\n2\n", "2\n1\n");
    let sides = firms.meet("greater-than", "");
    assert_both(&sides, "host_is_greater\nno\nyes\n");
    // The host has gone home.
    assert_end(&firms.join("--connect-timeout 500ms").wait(), 13, "cannot reach");
}

#[test]
fn a_second_guest_does_not_get_in_beside_the_first() {
    let rows: String = (0..3_000).map(|row| format!("{row}\n")).collect();
    let firms = Firms::new(&rows, &rows);
    let mut host = firms.host("second-price-auction");
    let mut first = firms.join("");
    first.until_it_says("terms with");
    let second = firms.join("--connect-timeout 2s").wait();
    assert!(matches!(second.code, Some(11 | 13)), "{}", second.stderr);
    assert_eq!(second.stdout, "");
    first.until_it_says("phase ");
    host.until_it_says("phase ");
    for done in [host.wait(), first.wait()] {
        assert_eq!((done.code, done.stdout.lines().count()), (Some(0), 3_001), "{}", done.stderr);
    }
}

#[test]
fn a_guest_that_fails_does_not_spend_it() {
    let firms = Firms::new("1\n", "2\n");
    let host = firms.host("greater-than");
    firms.guest.write("in.csv", "18446744073709551616\n");
    // A value that does not fit is found out before any contact.
    let done = firms.join("").wait();
    assert_end(&done, 10, "in.csv:1:1: ");
    assert!(!done.stderr.contains("connecting to"), "{}", done.stderr);
    firms.guest.write("in.csv", "2\n");
    assert_both(&[firms.join("").wait(), host.wait()], "host_is_greater\nno\n");
}

#[test]
fn an_invite_that_others_can_read_draws_a_warning() {
    let firms = Firms::new("1\n", "2\n");
    let host = firms.host("greater-than");
    expose(&firms.host, INVITE);
    let guest = firms.join("").wait();
    assert_end(&guest, 0, "holds a secret and can be read by others (mode 0644)");
    assert_eq!(host.wait().code, Some(0));
}

#[test]
fn an_address_that_leads_nowhere_is_warned_of_and_replaced() {
    let firms = Firms::new("1\n", "2\n");
    let mut host = firms.host("greater-than --listen 0.0.0.0:0");
    host.until_it_says("--advertise HOST:PORT");
    host.kill();
    host.wait();
    let firms = Firms::new("1\n", "2\n");
    let host = firms.host("greater-than --listen 127.0.0.1:0 --advertise unix:nowhere");
    let guest = firms.join("--connect-timeout 300ms").wait();
    assert_end(&guest, 13, "unix:nowhere");
    drop(host);
}
