//! `circuit convert` and `circuit optimize`: the files they write.

use crate::process::Folder;

/// Empty groups on both sides, and a gate that nothing reads.
const EMPTY_GROUPS: &str = "2 4\n4 0 1 0 1\n3 0 1 0\n\n2 1 0 1 2 AND\n2 1 0 1 3 XOR\n";

fn header(text: &str) -> Vec<&str> {
    text.lines().skip(1).take(2).map(str::trim_end).collect()
}

#[test]
fn optimizing_keeps_all_groups() {
    let folder = Folder::new(&[("in.txt", EMPTY_GROUPS)]);
    let done = folder.run("circuit optimize in.txt -o out.txt");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), ""));
    assert!(done.stderr.contains("AND                        1            0"), "{}", done.stderr);
    assert_eq!(header(&folder.read("out.txt")), ["4 0 1 0 1", "3 0 1 0"]);
}

#[test]
fn a_file_may_take_its_own_place() {
    let folder = Folder::new(&[("in.txt", EMPTY_GROUPS)]);
    assert_eq!(folder.run("circuit optimize in.txt -o in.txt").code, Some(0));
    assert!(folder.read("in.txt").starts_with("1 3\n"), "{}", folder.read("in.txt"));
    let names: Vec<_> = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["in.txt"], "something is left behind");
}

#[test]
fn a_table_has_every_effort_and_says_what_it_leaves_out() {
    let folder = Folder::new(&[("notes.md", "no circuit")]);
    folder.run("circuit convert builtin:lt8 --to fashion -o adder_32bit.txt");
    folder.run("circuit convert builtin:mul4 --to fashion -o mul.txt");
    let done = folder.run("circuit table . --effort 2 --largest 8 --conflicts 10000");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains("`halfgate circuit table FOLDER --effort 2 --largest 8 --conflicts 10000`"));
    assert!(done.stdout.contains("where the one before left more than 8 ANDs"), "{}", done.stdout);
    let cells = |name: &str| -> Vec<String> {
        let row = done.stdout.lines().find(|line| line.starts_with(&format!("| {name} |"))).unwrap();
        row.split(" | ").map(|cell| cell.trim_matches(['|', ' ']).to_owned()).collect()
    };
    let titles = cells("circuit");
    let ands = |row: &[String]| [1, 2, 3, 4, 6, 8].map(|column: usize| row[column].clone());
    assert_eq!(ands(&titles)[3..], ["effort 0", "effort 1", "effort 2"]);
    assert_eq!(ands(&cells("adder_32bit")), ["8", "32", "32", "8", "8", "8"]);
    let mul = cells("mul");
    assert_eq!((mul.len(), ands(&mul)[1..3].concat(), mul[8].as_str()), (titles.len(), "––".to_owned(), "–"));
    assert_eq!((mul[10].as_str(), cells("adder_32bit")[10].as_str()), ("proved", "proved"));
}

#[test]
fn a_circuit_that_a_format_cannot_hold_is_refused() {
    let folder = Folder::new(&[("in.txt", EMPTY_GROUPS), ("out.txt", "old")]);
    let done = folder.run("circuit convert in.txt --to bristol -o out.txt");
    assert_eq!(done.code, Some(10), "{}", done.stderr);
    assert!(done.stderr.contains("1 or 2 inputs and 1 output"), "{}", done.stderr);
    assert_eq!(folder.read("out.txt"), "old", "a failure must not touch the file");
    assert_eq!(folder.path().read_dir().unwrap().count(), 2, "something is left behind");
}

#[test]
fn converting_there_and_back_changes_nothing() {
    let folder = Folder::new(&[]);
    for (from, to, format) in
        [("builtin:mul16", "a.txt", "fashion"), ("a.txt", "b.txt", "bristol"), ("b.txt", "c.txt", "fashion")]
    {
        assert_eq!(folder.run(&format!("circuit convert {from} --to {format} -o {to}")).code, Some(0));
    }
    assert_eq!(folder.read("a.txt"), folder.read("c.txt"));
}

#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    let folder = Folder::new(&[]);
    let done = folder.run("circuit convert builtin:add2 --to fashion -o /dev/stdout");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    assert_eq!(header(&done.stdout), ["2 2 2", "1 2"]);
}
