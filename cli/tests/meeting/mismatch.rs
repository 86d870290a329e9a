//! Two sides that mean different things: both say which, and what each of them means.

use std::thread;

use crate::firms::assert_end;
use crate::process::{Done, Folder, free_address};

const A: &str = "id,value\nx,1\ny,2\n";

/// Two firms with each other's keys, so that both name their terms.
struct Named {
    host: Folder,
    guest: Folder,
    address: String,
}

impl Named {
    fn new() -> Self {
        let folder = || {
            let folder = Folder::new(&[
                ("in.csv", A),
                ("one.csv", "id,value\nx,1\n"),
                ("swapped.csv", "id,value\ny,2\nx,1\n"),
            ]);
            let shown = folder.run("key new --json").stdout;
            let report: serde_json::Value = serde_json::from_str(&shown).unwrap();
            (folder, report["fingerprint"].as_str().unwrap().to_owned())
        };
        let ((host, hosts), (guest, guests)) = (folder(), folder());
        host.write("peers", &format!("other {guests}\n"));
        guest.write("peers", &format!("other {hosts}\n"));
        Named { host, guest, address: free_address() }
    }

    fn meet(&self, host: &str, guest: &str) -> [Done; 2] {
        let input = |options: &str| match options.contains("--input") {
            true => String::new(),
            false => " --input in.csv".to_owned(),
        };
        let (listen, connect) = (format!("--listen {}", self.address), format!("--connect {}", self.address));
        let common = "--peer other --yes";
        let host = self.host.start(&format!("host {host}{} {listen} {common}", input(host)));
        let guest = self.guest.start(&format!("join {guest}{} {connect} {common}", input(guest)));
        [host.wait(), guest.wait()]
    }
}

/// Two commands, and the term with both values, the host's first.
type Case = (&'static str, &'static str, &'static str, [&'static str; 2]);

const CASES: [Case; 11] = [
    (
        "closest --set threshold=5 --id-column id",
        "closest --set threshold=6 --id-column id",
        "function",
        ["closest bits=64 threshold=5", "closest bits=64 threshold=6"],
    ),
    (
        "maximum --bits 8 --id-column id",
        "maximum --bits 9 --id-column id",
        "function",
        ["maximum bits=8", "maximum bits=9"],
    ),
    (
        "maximum --scale 2 --id-column id",
        "maximum --id-column id",
        "function",
        ["maximum bits=64 scale=2", "maximum bits=64"],
    ),
    (
        "maximum --signed --id-column id",
        "maximum --id-column id",
        "function",
        ["maximum bits=64 signed", "maximum bits=64"],
    ),
    (
        "maximum --id-column id",
        "equality --id-column id",
        "function",
        ["maximum bits=64", "equality bits=64"],
    ),
    (
        "maximum --id-column id --reveal host",
        "maximum --id-column id",
        "who learns the outputs",
        ["garbler", "both"],
    ),
    ("maximum --id-column id --garbler guest", "maximum --id-column id", "garbler", ["guest", "host"]),
    ("maximum --id-column id --batch 1", "maximum --id-column id --batch 2", "rows per batch", ["1", "2"]),
    (
        "maximum --id-column id --batch 1 --journal j",
        "maximum --id-column id --batch 1",
        "journal",
        ["kept", "none"],
    ),
    (
        "equality --input in.csv --id-column id",
        "equality --input one.csv --id-column id",
        "row ids",
        ["", ""],
    ),
    (
        "equality --input in.csv --id-column id",
        "equality --input swapped.csv --id-column id",
        "row ids",
        ["", ""],
    ),
];

#[test]
fn both_sides_name_the_term_and_both_values() {
    // A few at a time, as each is two processes.
    let waves = CASES.chunks(4).map(|wave| wave.to_vec());
    for wave in waves {
        let runs: Vec<_> = wave.into_iter().map(|case| thread::spawn(move || check(case))).collect();
        runs.into_iter().for_each(|run| run.join().unwrap());
    }
}

fn check((host, guest, term, values): Case) {
    let firms = Named::new();
    let sides = firms.meet(host, guest);
    let [ours, theirs] = values;
    for (done, here, there) in [(&sides[0], ours, theirs), (&sides[1], theirs, ours)] {
        assert_end(done, 12, term);
        let said = format!("disagree on {term}: ");
        match here {
            "" => assert!(!contains_digest(&done.stderr), "{}", done.stderr),
            _ => {
                assert!(done.stderr.contains(&said), "`{said}` is missing: {}", done.stderr);
                let (_, values) = done.stderr.split_once(&said).unwrap();
                let (first, second) = values.split_once(" here, ").expect(values);
                assert!(first.contains(here) && second.contains(there), "{values}");
            }
        }
        assert!(!done.stderr.contains("terms with the peer"), "{}", done.stderr);
    }
    assert!(!firms.host.path().join("j").exists(), "a journal was begun for terms that nobody accepted");
}

/// Whether a text has 64 digits of hexadecimal in a row.
fn contains_digest(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_hexdigit()).any(|word| word.len() >= 16)
}

#[test]
fn rows_and_ids_on_one_side_only() {
    let firms = Named::new();
    firms.guest.write("in.csv", "1\n2\n3\n");
    firms.host.write("in.csv", "1\n2\n");
    let [host, guest] = firms.meet("maximum", "maximum");
    assert_end(&host, 12, "disagree on lanes: 2 here, 3 at the peer");
    assert_end(&guest, 12, "disagree on lanes: 3 here, 2 at the peer");

    let firms = Named::new();
    firms.guest.write("in.csv", "1\n2\n");
    for done in firms.meet("maximum --id-column id", "maximum") {
        assert_end(&done, 12, "use --id-column on both sides or on none");
    }
}

#[test]
fn threads_are_each_sides_own_business() {
    for done in Named::new().meet("maximum --id-column id --threads 1", "maximum --id-column id --threads 2")
    {
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        assert_eq!(done.stdout, "id,winner,maximum\nx,tie,1\ny,tie,2\n");
    }
}

#[test]
fn one_side_in_plaintext_is_no_meeting() {
    let firms = Named::new();
    let mut host = firms.host.start(&format!(
        "host maximum --input in.csv --id-column id --insecure-plaintext --yes --listen {} --idle-timeout 5s",
        firms.address
    ));
    host.address();
    let guest = firms.guest.run(&format!(
        "join maximum --input in.csv --id-column id --peer other --yes --connect {}",
        firms.address
    ));
    let host = host.wait();
    for done in [&host, &guest] {
        assert!(matches!(done.code, Some(11..=14)), "{}", done.stderr);
        assert_eq!(done.stdout, "");
    }
}
