//! What must never be shown.

use crate::process::{Folder, run_pair};

#[test]
fn a_bad_value_is_not_echoed() {
    for row in ["98765432198765432198765", "0x98765432198765", "9876543x", "-98765", "98765,43210", "\"98765"]
    {
        let folder = Folder::new(&[("a.csv", row)]);
        let done = folder.run("garble builtin:add8 --input a.csv --listen 127.0.0.1:0");
        assert_eq!((done.code, done.stdout.as_str()), (Some(10), ""), "{row}: {}", done.stderr);
        for digits in ["98765", "43210"] {
            assert!(!done.stderr.contains(digits), "{row}: {}", done.stderr);
        }
    }
}

/// Texts that may be values are not shown even where names are expected, and values not beside ids.
#[test]
fn a_bad_table_with_ids_shows_no_value() {
    let plain = "circuit eval builtin:add32 --input a.csv";
    let with_ids = "circuit eval builtin:add32 --id-column id --input a.csv";
    for (command, table) in [
        (plain, "cafe98765,fade43210\n"),
        (plain, "a98765\n"),
        (with_ids, "98765,43210,cafe\n"),
        (with_ids, "cafe98765,fade43210\n"),
        (with_ids, "id,a,b\nA7,98765x,43210\n"),
        (with_ids, "id,a,b\nA7,9876543210,1\n"),
        (with_ids, "id,a,b\nA7,98765,1.43210\n"),
        (with_ids, "id,a,b\nA7,98765,43210\nA7,98765,43210\n"),
        (with_ids, "id,a,b\nA7,98765,43210,1\n"),
    ] {
        let done = Folder::new(&[("a.csv", table)]).run(command);
        assert_eq!((done.code, done.stdout.as_str()), (Some(10), ""), "{table}: {}", done.stderr);
        for digits in ["98765", "43210"] {
            assert!(!done.stderr.contains(digits), "{table}: {}", done.stderr);
        }
    }
}

#[test]
fn neither_side_shows_its_input_or_an_output_that_is_not_its_own() {
    let folder = Folder::new(&[("a.csv", "1234567\n"), ("b.csv", "7654321\n")]);
    let (garbler, evaluator) = run_pair(
        &folder,
        "garble builtin:add32 --reveal garbler --input a.csv",
        "evaluate builtin:add32 --reveal garbler --input b.csv",
    );
    assert_eq!((garbler.stdout.as_str(), evaluator.stdout.as_str()), ("8888888\n", ""));
    for text in [&garbler.stderr, &evaluator.stderr] {
        for secret in ["1234567", "7654321", "8888888"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn shares_tell_nothing_alone_and_the_value_together() {
    let rows: String = (0..40).map(|row| format!("{row}\n")).collect();
    let folder = Folder::new(&[("a.csv", &rows), ("b.csv", &rows)]);
    let share =
        |command: &str, table: &str| format!("{command} builtin:add64 --reveal shares --input {table}");
    let run = || {
        let (garbler, evaluator) = run_pair(&folder, &share("garble", "a.csv"), &share("evaluate", "b.csv"));
        let numbers = |text: &str| text.lines().map(|line| line.parse::<u64>().unwrap()).collect::<Vec<_>>();
        (numbers(&garbler.stdout), numbers(&evaluator.stdout))
    };
    let (first, second) = (run(), run());
    for (garbler, evaluator) in [&first, &second] {
        assert_eq!((garbler.len(), evaluator.len()), (40, 40));
        for (row, (ours, theirs)) in (0..).zip(garbler.iter().zip(evaluator)) {
            assert_eq!(ours ^ theirs, 2 * row);
        }
    }
    // 64 random bits do not come twice.
    assert!(first.0.iter().all(|share| !second.0.contains(share)));
}
