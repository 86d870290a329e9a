//! Who learns, who garbles, and circuits from files.

use std::fs;

use crate::firms::{Firms, assert_both, assert_end};
use crate::process::{Folder, run_pair};
use crate::results::terms;

#[test]
fn only_who_should_learn_learns() {
    for (reveal, outputs) in [("host", ["sum\n", ""]), ("guest", ["", "sum\n"])] {
        for garbler in ["host", "guest"] {
            let firms = Firms::new("60\n", "50\n");
            let options = format!("sum-against-limit --set limit=100 --reveal {reveal} --garbler {garbler}");
            let [host, guest] = firms.meet(&options, "");
            let expected = outputs.map(|learns| if learns.is_empty() { "" } else { "exceeds\nyes\n" });
            assert_eq!([host.stdout.as_str(), guest.stdout.as_str()], expected, "{reveal} {garbler}");
            assert_eq!([host.code, guest.code], [Some(0); 2]);
            let other = if garbler == "host" { "evaluator" } else { "garbler" };
            assert!(host.stderr.contains(&format!("(the peer, the {other})")), "{}", host.stderr);
        }
    }
}

#[test]
fn shares_are_the_value_together() {
    let firms = Firms::new("7\n8\n", "30\n2\n");
    let [host, guest] = firms.meet("maximum --bits 40 --reveal shares", "");
    let numbers = |text: &str| -> Vec<Vec<u64>> {
        let rows = text.lines().skip(1);
        rows.map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect()).collect()
    };
    let (ours, theirs) = (numbers(&host.stdout), numbers(&guest.stdout));
    let together = |row: usize| ours[row][1] ^ theirs[row][1];
    assert_eq!([together(0), together(1)], [30, 8]);
    // 80 random bits are not all zero.
    assert!(ours.iter().any(|row| row[1] != 0));
}

fn adder() -> String {
    let folder = Firms::new("", "").host;
    assert_eq!(folder.run("circuit convert builtin:add8 --to fashion -o adder.txt").code, Some(0));
    folder.read("adder.txt")
}

#[test]
fn a_circuit_from_a_file_is_known_by_its_digest() {
    let firms = Firms::new("200\n", "100\n");
    let adder = adder();
    firms.host.write("adder.txt", &adder);
    // Each side has its own name for it.
    firms.guest.write("sum.txt", &adder);
    let sides = firms.meet("adder.txt", "sum.txt");
    assert_both(&sides, "44\n");
    let [host, guest] = sides.each_ref().map(terms);
    assert!(host.contains("adder.txt") && guest.contains("sum.txt"), "{host}\n{guest}");
    assert!(host.contains("circuit ") && host.contains("program "), "{host}");
}

#[test]
fn another_circuit_than_the_invites_is_refused_before_contact() {
    let firms = Firms::new("200\n", "100\n");
    firms.host.write("adder.txt", &adder());
    let mut host = firms.host("adder.txt");
    let other = firms.guest.run("circuit convert builtin:sub8 --to fashion -o other.txt");
    let wrong = match other.code {
        Some(0) => "other.txt",
        _ => "builtin:xor8",
    };
    let guest = firms.join(wrong).wait();
    assert_end(&guest, 12, "but this side would compute circuit ");
    assert!(!guest.stderr.contains("connecting to"), "{}", guest.stderr);
    let unknown = firms.join("").wait();
    assert_end(&unknown, 12, "a circuit of the host's own, `adder.txt`");
    assert!(unknown.stderr.contains("halfgate join FILE --invite"), "{}", unknown.stderr);
    host.kill();
    host.wait();
}

#[test]
fn garble_and_evaluate_meet_by_an_invite() {
    for [listens, dials] in [["garble", "evaluate"], ["evaluate", "garble"]] {
        let firms = Firms::new("3\n", "5\n");
        let listener = firms.invite_with(&format!("{listens} builtin:add8"));
        let dialler = firms.guest.start(&format!("{dials} builtin:add8 --input in.csv {}", firms.invite()));
        assert_both(&[listener.wait(), dialler.wait()], "8\n");
        assert!(
            !fs::read_dir(firms.host.path())
                .unwrap()
                .any(|entry| { entry.unwrap().file_name().to_string_lossy().ends_with(".new") })
        );
    }
}

#[test]
fn plaintext_is_said_loudly_by_both() {
    let folder = Folder::new(&[("a.csv", "3\n"), ("b.csv", "5\n")]);
    let option = "--yes --insecure-plaintext";
    let sides: [_; 2] = run_pair(
        &folder,
        &format!("host maximum --input a.csv {option}"),
        &format!("join maximum --input b.csv {option}"),
    )
    .into();
    assert_both(&sides, "winner,maximum\nguest,5\n");
    for done in &sides {
        assert!(done.stderr.contains("PLAINTEXT: neither encrypted nor authenticated"), "{}", done.stderr);
    }
}

#[test]
fn what_the_invite_says_is_not_said_again() {
    let firms = Firms::new("3\n", "5\n");
    let mut host = firms.host("greater-than");
    for option in ["--bits 8", "--reveal guest", "--garbler guest", "--set limit=1"] {
        assert_end(&firms.join(option).wait(), 2, "the invite says what is computed");
    }
    host.kill();
    host.wait();
}
