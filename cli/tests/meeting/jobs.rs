//! Jobs that survive the death of a side.

use std::fmt::Write;
use std::fs;
use std::thread::{self, sleep};
use std::time::Duration;

use serde_json::Value;

use crate::firms::{Firms, INVITE, assert_both, assert_end};
use crate::process::{Done, Running, free_address};

const ROWS: u64 = 24_000;
const JOURNAL: &str = "journal";

/// Two firms with a job, which always use the same commands.
struct Work {
    firms: Firms,
    address: String,
    expected: String,
    batch: u64,
    mode: &'static str,
}

impl Work {
    fn new(rows: u64, batch: u64) -> Self {
        let (mut host, mut guest) = ("id,value\n".to_owned(), "id,value\n".to_owned());
        let mut expected = "id,winner,maximum\n".to_owned();
        for row in 0..rows {
            let (ours, theirs) = (row * 7 % 1000, row * 11 % 1000);
            writeln!(host, "r{row},{ours}").unwrap();
            writeln!(guest, "r{row},{theirs}").unwrap();
            let winner = match ours.cmp(&theirs) {
                std::cmp::Ordering::Less => "guest",
                std::cmp::Ordering::Equal => "tie",
                std::cmp::Ordering::Greater => "host",
            };
            writeln!(expected, "r{row},{winner},{}", ours.max(theirs)).unwrap();
        }
        let firms = Firms::new(&host, &guest);
        Work { firms, address: free_address(), expected, batch, mode: "malicious" }
    }

    fn options(&self) -> String {
        format!(
            "--batch {} --journal {JOURNAL} --id-column id --reconnect 1s --yes --input in.csv --security {}",
            self.batch, self.mode
        )
    }

    fn start(&self, more: &str) -> [Running; 2] {
        let (options, address) = (self.options(), &self.address);
        let command = format!("host maximum --listen {address} --invite-file {INVITE} {options} {more}");
        let mut host = self.firms.host.start(&command);
        host.address();
        let invite = self.firms.host.path().join(INVITE);
        while !invite.exists() {
            sleep(Duration::from_millis(2));
        }
        let guest = self.firms.guest.start(&format!("join {} {options} {more}", self.firms.invite()));
        [host, guest]
    }

    fn run(&self, more: &str) -> [Done; 2] {
        self.start(more).map(Running::wait)
    }

    /// How long the journal of a side is.
    fn noted(&self, side: usize) -> u64 {
        let folder = if side == 0 { &self.firms.host } else { &self.firms.guest };
        fs::metadata(folder.path().join(JOURNAL)).map_or(0, |data| data.len())
    }

    /// Runs until the journal of a side has so many bytes, and kills that side.
    fn die(&self, side: usize, noted: u64) {
        let mut running = self.start("");
        while self.noted(side) < noted {
            sleep(Duration::from_millis(1));
        }
        running[side].kill();
        let [host, guest] = running.map(Running::wait);
        let (killed, left) = if side == 0 { (host, guest) } else { (guest, host) };
        assert_eq!(killed.code, None, "it had ended: {}", killed.stderr);
        assert_end(&left, 13, "error: ");
    }
}

/// Every row is as expected, or both its cells are empty; gives the number of those.
fn lost(expected: &str, results: &str) -> usize {
    assert_eq!(expected.lines().count(), results.lines().count());
    let mut lost = 0;
    for (should, is) in expected.lines().zip(results.lines()) {
        if should != is {
            let (id, _) = should.split_once(',').unwrap();
            assert_eq!(is, format!("{id},,"), "instead of {should}");
            lost += 1;
        }
    }
    lost
}

#[test]
fn a_killed_side_goes_on_where_it_was() {
    let deaths = [(0, 1), (1, 1), (0, 40_000), (1, 40_000), (0, 120_000), (1, 120_000)];
    for pair in deaths.chunks(2) {
        let runs = pair.iter().map(|&death| thread::spawn(move || revive(many(), &[death])));
        runs.collect::<Vec<_>>().into_iter().for_each(|run| run.join().unwrap());
    }
}

#[test]
fn both_sides_may_die_one_after_the_other() {
    revive(many(), &[(1, 30_000), (0, 90_000), (1, 150_000)]);
}

#[test]
fn a_killed_side_goes_on_where_nobody_is_trusted() {
    for deaths in [[(0, 1), (1, 12_000)], [(1, 1), (0, 12_000)]] {
        revive(Work::new(3000, 250), &deaths);
    }
}

/// Rows that take a while in the faster mode.
fn many() -> Work {
    Work { mode: "semi-honest", ..Work::new(ROWS, 1000) }
}

fn revive(work: Work, deaths: &[(usize, u64)]) {
    for &(side, noted) in deaths {
        work.die(side, noted);
    }
    let sides = work.run("");
    let lost = sides.each_ref().map(|done| lost(&work.expected, &done.stdout));
    for (done, lost) in sides.iter().zip(lost) {
        match lost {
            0 => assert_eq!(done.code, Some(0), "{}", done.stderr),
            _ => {
                assert_eq!(done.code, Some(13), "{}", done.stderr);
                assert!(done.stderr.contains("are lost"), "{}", done.stderr);
                // Of each death, the batch that was opened at most.
                assert!(lost <= work.batch as usize * deaths.len(), "{lost}");
            }
        }
        if deaths.iter().any(|&(_, noted)| noted > 10_000) {
            assert!(done.stderr.contains("were opened before and are not computed again"), "{}", done.stderr);
        }
    }
}

#[test]
fn a_finished_job_gives_its_results_again_without_computing() {
    let work = Work::new(900, 300);
    let report = |done: &Done| serde_json::from_str::<Value>(&done.stdout).unwrap();
    let first = work.run("--json");
    let again = work.run("--json");
    for (first, again) in first.iter().zip(&again) {
        assert_eq!([first.code, again.code], [Some(0); 2], "{}", again.stderr);
        let (before, after) = (report(first), report(again));
        assert_eq!(before["outputs"], after["outputs"]);
        assert!(before["counters"]["bytes_sent"].as_u64() > after["counters"]["bytes_sent"].as_u64());
        let rows =
            |report: &Value| report["phases"].as_array().unwrap().iter().any(|phase| phase["name"] == "rows");
        assert!(rows(&before) && !rows(&after), "{after}");
    }
    assert_both(&work.run(""), &work.expected);
}

#[test]
fn a_job_goes_on_with_its_own_inputs_only() {
    let work = Work::new(900, 300);
    assert_both(&work.run(""), &work.expected);
    let changed = work.firms.guest.read("in.csv").replacen("r5,55\n", "r5,56\n", 1);
    assert_ne!(changed, work.firms.guest.read("in.csv"));
    work.firms.guest.write("in.csv", &changed);
    let done = work.firms.guest.run(&format!("join {} {}", work.firms.invite(), work.options()));
    assert_end(&done, 10, "this side's inputs are not those that the job began with");
    assert!(!done.stderr.contains("connecting to"), "{}", done.stderr);

    let other = work.options().replace("--batch 300", "--batch 450");
    let done = work.firms.host.run(&format!("host maximum --listen {} {other}", work.address));
    assert_end(&done, 10, "the number of rows in a batch was 300 when it began and is 450 now");
}

#[test]
fn a_journal_is_for_one_process_and_its_owner() {
    let work = Work::new(900, 300);
    let running = work.start("");
    let [host, guest] = running.map(Running::wait);
    assert_both(&[host, guest], &work.expected);
    assert_eq!(crate::firms::mode(&work.firms.host, JOURNAL), 0o600);
    assert_eq!(crate::firms::mode(&work.firms.host, "journal.key"), 0o600);
}
