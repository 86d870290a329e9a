use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::*;

fn header() -> Header {
    Header {
        format: FORMAT,
        job: [1; 16],
        garbler: true,
        reveal: 2,
        terms: [2; 32],
        program: [3; 32],
        rows: 30,
        batch: 10,
        peer: Some([4; 32]),
        salt: [5; 32],
        inputs: [6; 32],
    }
}

fn result(batch: u64) -> Record {
    Record::Result { batch, resent: batch == 1, values: Zeroizing::new(vec![batch as u8 + 7; 20]) }
}

/// A journal with a few records, and where each of them ends.
fn written(path: &Path) -> Vec<u64> {
    let mut journal = Journal::open(path).unwrap();
    assert!(journal.header().is_none() && !path.exists());
    journal.begin(header()).unwrap();
    let mut ends = vec![fs::metadata(path).unwrap().len()];
    for record in
        [Record::Opening(0), result(0), Record::Opening(1), result(1), Record::Lost(2..4), Record::Finished]
    {
        journal.append(&[record]).unwrap();
        ends.push(fs::metadata(path).unwrap().len());
    }
    ends
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("job");
    (folder, path)
}

/// The records of a journal in short.
fn records(journal: &mut Journal) -> Vec<String> {
    let short = |(_, record)| match record {
        Record::Header(_) => "header".to_owned(),
        Record::Opening(batch) => format!("opening {batch}"),
        Record::Result { batch, resent, values } => format!("result {batch} {resent} {:?}", values[0]),
        Record::Lost(batches) => format!("lost {batches:?}"),
        Record::Finished => "finished".to_owned(),
    };
    journal.take_past().into_iter().map(short).collect()
}

const ALL: [&str; 6] =
    ["opening 0", "result 0 false 7", "opening 1", "result 1 true 8", "lost 2..4", "finished"];

#[test]
fn what_was_written_is_read_and_only_its_owner_may() {
    let (folder, path) = place();
    written(&path);
    let mut journal = Journal::open(&path).unwrap();
    assert_eq!((journal.header(), journal.was_torn()), (Some(&header()), false));
    assert_eq!(records(&mut journal), ALL);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // It can be written further.
    journal.append(&[Record::Opening(3)]).unwrap();
    drop(journal);
    assert_eq!(records(&mut Journal::open(&path).unwrap()).last().unwrap(), "opening 3");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn a_torn_end_is_dropped_wherever_it_tore() {
    let (_folder, path) = place();
    let ends = written(&path);
    let whole = fs::read(&path).unwrap();
    for length in ends[0]..whole.len() as u64 {
        fs::write(&path, &whole[..length as usize]).unwrap();
        let mut journal = Journal::open(&path).unwrap();
        let complete = ends[1..].iter().filter(|&&end| end <= length).count();
        assert_eq!(records(&mut journal), ALL[..complete], "cut at {length}");
        assert_eq!(journal.was_torn(), !ends.contains(&length));
        assert_eq!(fs::metadata(&path).unwrap().len(), ends[complete]);
        journal.append(&[Record::Lost(9..10)]).unwrap();
        drop(journal);
        assert_eq!(records(&mut Journal::open(&path).unwrap())[complete], "lost 9..10");
    }
    // The first record is there before the file is.
    for length in 0..ends[0] {
        fs::write(&path, &whole[..length as usize]).unwrap();
        let error = Journal::open(&path).err().unwrap();
        assert!(
            matches!(error, JournalError::Foreign { .. } | JournalError::Damaged { .. }),
            "{length}: {error}"
        );
    }
}

#[test]
fn damage_is_found_wherever_it_is_and_left_alone() {
    let (_folder, path) = place();
    let ends = written(&path);
    let whole = fs::read(&path).unwrap();
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&path, &bytes).unwrap();
        let error = Journal::open(&path).err().unwrap();
        let begin = ends.iter().rev().find(|&&end| end <= place as u64).copied().unwrap_or(8);
        match error {
            JournalError::Foreign { .. } => assert!(place < 8),
            JournalError::Damaged { offset, .. } => assert_eq!(offset, begin, "byte {place}"),
            other => panic!("byte {place}: {other}"),
        }
        assert!(fs::read(&path).unwrap() == bytes, "byte {place}: the file was changed");
    }
}

#[test]
fn records_that_were_moved_or_taken_out_are_missed() {
    let (_folder, path) = place();
    let ends: Vec<usize> = written(&path).into_iter().map(|end| end as usize).collect();
    let whole = fs::read(&path).unwrap();
    let record = |place: usize| &whole[ends[place - 1]..ends[place]];
    let orders: [&[usize]; 4] = [&[1, 3, 4, 5, 6], &[3, 2, 1, 4, 5, 6], &[1, 1, 2, 3], &[2]];
    for order in orders {
        let mut bytes = whole[..ends[0]].to_vec();
        order.iter().for_each(|&place| bytes.extend_from_slice(record(place)));
        fs::write(&path, bytes).unwrap();
        assert!(matches!(Journal::open(&path), Err(JournalError::Damaged { .. })), "{order:?}");
    }
}

#[test]
fn other_files_and_other_versions_are_no_journals() {
    let (_folder, path) = place();
    fs::write(&path, b"id,salary\n1,2\n").unwrap();
    assert!(matches!(Journal::open(&path), Err(JournalError::Foreign { .. })));
    fs::remove_file(&path).unwrap();
    Journal::open(&path).unwrap().begin(Header { format: FORMAT + 1, ..header() }).unwrap();
    assert!(matches!(Journal::open(&path), Err(JournalError::Foreign { .. })));
}

#[test]
fn one_at_a_time() {
    let (_folder, path) = place();
    let mut first = Journal::open(&path).unwrap();
    assert!(matches!(Journal::open(&path), Err(JournalError::Locked { .. })), "before it has begun");
    first.begin(header()).unwrap();
    assert!(matches!(Journal::open(&path), Err(JournalError::Locked { .. })), "and after");
    drop(first);
    assert!(Journal::open(&path).is_ok());
}

#[test]
fn a_job_that_never_began_leaves_nothing() {
    let (folder, path) = place();
    drop(Journal::open(&path).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn where_nothing_can_be_written_is_found_out_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let error = Journal::open(&folder.path().join("missing").join("job")).err().unwrap();
    assert!(matches!(&error, JournalError::Io { doing: "created", .. }), "{error}");
    let error = Journal::open(folder.path()).err().unwrap();
    assert!(matches!(&error, JournalError::Io { doing: "opened", .. }), "{error}");
}

#[test]
fn after_a_failed_write_there_is_no_other() {
    for part in [Part::Nothing, Part::Half, Part::All] {
        let (_folder, path) = place();
        let mut journal = Journal::open(&path).unwrap();
        journal.begin(header()).unwrap();
        journal.inject(Some(Fault { after: 1, part }));
        journal.append(&[Record::Opening(0)]).unwrap();
        assert!(matches!(journal.append(&[Record::Opening(1)]), Err(JournalError::Io { .. })));
        assert!(matches!(journal.append(&[Record::Opening(2)]), Err(JournalError::Failed { .. })));
        drop(journal);
        let mut journal = Journal::open(&path).unwrap();
        let expected: &[&str] = if part == Part::All { &["opening 0", "opening 1"] } else { &["opening 0"] };
        assert_eq!(
            (records(&mut journal), journal.was_torn()),
            (expected.iter().map(|&s| s.to_owned()).collect(), part == Part::Half)
        );
    }
}

#[test]
fn a_journal_that_cannot_begin_is_none() {
    for part in [Part::Nothing, Part::Half, Part::All] {
        let (_folder, path) = place();
        let mut journal = Journal::open(&path).unwrap();
        journal.inject(Some(Fault { after: 0, part }));
        assert!(matches!(journal.begin(header()), Err(JournalError::Io { .. })));
        drop(journal);
        assert!(!path.exists());
        let mut journal = Journal::open(&path).unwrap();
        journal.begin(header()).unwrap();
        assert_eq!(journal.header(), Some(&header()));
    }
}
