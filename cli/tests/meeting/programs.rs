//! Source programs between two firms, with values that have types.

use std::fs;
use std::path::PathBuf;

use crate::firms::{Firms, assert_both, assert_end};
use crate::process::Done;
use crate::results::terms;

fn example(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/programs");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Two firms with the same program and inputs of their own.
fn firms(program: &str, host: &str, guest: &str) -> Firms {
    let firms = Firms::new(host, guest);
    firms.host.write("it.garble.rs", program);
    firms.guest.write("it.garble.rs", program);
    firms
}

fn meet(program: &str, host: &str, guest: &str) -> [Done; 2] {
    firms(program, host, guest).meet("it.garble.rs", "it.garble.rs")
}

#[test]
fn firms_compare_salaries() {
    let ours = r#"[{"ours": {"salaries": [4100, 3900, 5200, 4700], "bonus_percent": 8}},
                   {"ours": {"salaries": [1, 1, 1, 1], "bonus_percent": 0}}]"#;
    let theirs = "theirs\n\"Firm { salaries: [4000; 4], bonus_percent: 10 }\"\n\"Firm { salaries: [1; 4], bonus_percent: 0 }\"\n";
    let sides = meet(&example("salary.garble.rs"), ours, theirs);
    assert_both(&sides, "Gap::OursHigher(433)\nGap::Alike\n");
    for shown in sides.each_ref().map(terms) {
        assert!(shown.contains("ours: Firm { bonus_percent: u8, salaries: [u32; 4] }"), "{shown}");
        assert!(
            shown.contains("Gap::{ Alike, OursHigher(u32), TheirsHigher(u32) }, or one of 4 errors"),
            "{shown}"
        );
    }
}

#[test]
fn bidders_meet_at_an_auction() {
    let first =
        "\"Bid { amount: 900, reserve_met: true }\"\n\"{\"\"amount\"\": 5, \"\"reserve_met\"\": false}\"\n";
    let second = r#"[{"second": {"amount": "700", "reserve_met": true}}, {"second": {"amount": 9, "reserve_met": false}}]"#;
    let firms = firms(&example("auction.garble.rs"), first, second);
    let [host, guest] = firms.meet("it.garble.rs --json", "it.garble.rs");
    assert_eq!((guest.code, guest.stdout.as_str()), (Some(0), "Outcome::FirstWins(700)\nOutcome::NoSale\n"));
    let squeezed: String = host.stdout.split_whitespace().collect();
    assert!(squeezed.contains(r#""values":[{"FirstWins":"700"},"NoSale"]"#), "{}", host.stdout);
    assert!(
        host.stdout.contains(r#""type": "Outcome::{ NoSale, FirstWins(u64), SecondWins(u64), Tie(u64) }""#)
    );
}

#[test]
fn a_bank_scores_an_applicant() {
    let model = r#"{"model": {"weights": [3, -2, 0, 5, 1], "offset": 20, "limit": 100}}"#;
    let answers = "\"[10, 5, 7, 14, -1]\"\n";
    assert_both(&meet(&example("risk.garble.rs"), model, answers), "\"(Decision::AskAPerson, true)\"\n");
}

#[test]
fn lists_of_customers_are_matched() {
    let ours = r#"{"ours": [[1, 10], [3, 20], [5, 30], [7, 40], [9, 50], [11, 60]]}"#;
    let theirs = "\"[(0, 1), (3, 2), (4, 3), (9, 4), (10, 5), (11, 6)]\"\n";
    let sides = meet(&example("matching.garble.rs"), ours, theirs);
    assert_both(&sides, "\"Overlap { customers: 3, value: 142 }\"\n");
}

#[test]
fn the_invite_carries_function_constants_and_owners() {
    let program = "
        const RATE: u16 = HOST::RATE;
        const ROWS: usize = BOTH::ROWS;
        pub fn main(x: u8) -> u8 { x }
        pub fn priced(amounts: [u16; ROWS], discount: u16, limit: u16) -> bool {
            let mut sum = 0u16;
            for amount in amounts { sum += amount; }
            sum * RATE - discount < limit
        }";
    let firms = firms(program, "discount,limit\n5,100\n7,20\n", "\"[1, 2, 3]\"\n\"[1, 2, 3]\"\n");
    let host =
        "it.garble.rs --function priced --const RATE=4 --const BOTH::ROWS=3 --host-groups discount,limit";
    let host = firms.host(host);
    assert_end(&firms.join("it.garble.rs --function main").wait(), 2, "the invite says what is computed");
    let guest = firms.join("it.garble.rs");
    let sides = [host.wait(), guest.wait()];
    assert_both(&sides, "true\ntrue\n");
    let shown = terms(&sides[1]);
    let name = "it.garble.rs function=priced const:BOTH::ROWS=3 const:RATE=4 host=discount,limit";
    assert!(shown.contains(name), "{shown}");
}

#[test]
fn who_has_another_program_does_not_compute() {
    let program = |operator: &str| format!("pub fn main(a: u8, b: u8) -> bool {{ a {operator} b }}");
    let firms = firms(&program("<"), "1\n", "2\n");
    firms.guest.write("other.garble.rs", &program(">"));
    let host = firms.host("it.garble.rs");
    assert_end(&firms.join("other.garble.rs").wait(), 12, "the invite is for `it.garble.rs`");
    assert_end(&firms.join("").wait(), 12, "a circuit of the host's own");
    firms.guest.write("bad.garble.rs", "pub fn main(a: u8, b: u8) -> bool { a + b }");
    assert_end(&firms.join("bad.garble.rs").wait(), 10, "bad.garble.rs:1:");
    drop(host);
}

#[test]
fn a_program_that_stops_gives_no_number() {
    let sides = meet("pub fn main(a: u8, b: u8) -> u8 {\n    a + b\n}\n", "200\n1\n", "100\n2\n");
    for done in &sides {
        assert_eq!(
            (done.code, done.stdout.as_str()),
            (Some(10), "error: overflow at 2:5\n3\n"),
            "{}",
            done.stderr
        );
        assert!(
            done.stderr
                .contains("1 of 2 rows have no result, as the program stopped: row 1 with overflow at 2:5")
        );
        assert!(done.stderr.contains("halfgate explain program-stopped"), "{}", done.stderr);
    }
}

#[test]
fn a_share_has_no_type() {
    let program =
        "enum E { A, B, C } pub fn main(a: bool, b: bool) -> E { if a && b { E::C } else { E::A } }";
    let [host, guest] =
        firms(program, "true\nfalse\n", "1\n1\n").meet("it.garble.rs --reveal shares", "it.garble.rs");
    let shares =
        |done: &Done| -> Vec<u64> { done.stdout.lines().map(|line| line.parse().unwrap()).collect() };
    let together: Vec<u64> = shares(&host).iter().zip(shares(&guest)).map(|(a, b)| a ^ b).collect();
    assert_eq!(together, [2, 0]);
}

#[test]
fn firms_run_a_compiled_program() {
    for options in ["", " --garbler guest"] {
        let firms = Firms::new("a\n9\n3\n", "b\n4\n4\n");
        for firm in [&firms.host, &firms.guest] {
            assert_eq!(firm.run("circuit compile builtin:max8 -o max.hgp").code, Some(0));
        }
        let sides = firms.meet(&format!("max.hgp{options}"), "max.hgp");
        assert_both(&sides, "9\n4\n");
    }
}
