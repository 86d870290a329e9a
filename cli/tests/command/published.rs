//! The circuits of `../shared/bristol`, with their known answers.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::process::{Folder, run_pair};

/// A published circuit: file, input and output tables.
struct Published {
    name: String,
    path: String,
    /// One row per vector, one column per input group, empty where the group is.
    inputs: Vec<Vec<String>>,
    outputs: String,
}

fn published() -> Vec<Published> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/bristol");
    let Ok(text) = fs::read_to_string(folder.join("vectors.json")) else {
        eprintln!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let circuits = all["circuits"].as_object().unwrap();
    circuits
        .iter()
        .map(|(name, circuit)| {
            let vectors = circuit["vectors"].as_array().unwrap();
            let rows = |side: &str| vectors.iter().map(|vector| cells(&vector[side])).collect::<Vec<_>>();
            Published {
                name: name.clone(),
                path: folder.join(name).display().to_string(),
                inputs: rows("in"),
                outputs: table(&rows("out"), |_| true),
            }
        })
        .collect()
}

fn cells(groups: &Value) -> Vec<String> {
    let literal = |group: &Value| match group.as_str().unwrap() {
        "" => String::new(),
        digits => format!("0x{digits}"),
    };
    groups.as_array().unwrap().iter().map(literal).collect()
}

/// CSV of the columns that are chosen; empty groups have none.
fn table(rows: &[Vec<String>], chosen: impl Fn(usize) -> bool) -> String {
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate().filter(|(index, cell)| chosen(*index) && !cell.is_empty());
        cells.map(|(_, cell)| cell.as_str()).collect::<Vec<_>>().join(",") + "\n"
    };
    rows.iter().map(line).collect()
}

#[test]
fn in_the_clear() {
    for Published { name, path, inputs, outputs } in published() {
        let folder = Folder::new(&[("in.csv", &table(&inputs, |_| true))]);
        let check = folder.run(&format!("circuit check {path}"));
        assert_eq!((check.code, check.stdout + &check.stderr), (Some(0), String::new()), "{name}");
        let done = folder.run(&format!("circuit eval {path} --input in.csv --format hex"));
        assert_eq!(done.stdout, outputs, "{name}: {}", done.stderr);
    }
}

#[test]
fn between_two_parties() {
    for Published { name, path, inputs, outputs } in published() {
        let tables = [table(&inputs, |index| index == 0), table(&inputs, |index| index > 0)];
        let folder = Folder::new(&[("a.csv", &tables[0]), ("b.csv", &tables[1])]);
        let (garbler, evaluator) = run_pair(
            &folder,
            &format!("garble {path} --input a.csv --format hex"),
            &format!("evaluate {path} --input b.csv --format hex"),
        );
        assert_eq!(garbler.stdout, outputs, "{name}: {}", garbler.stderr);
        assert_eq!(evaluator.stdout, outputs, "{name}: {}", evaluator.stderr);
    }
}

#[test]
fn converted_and_optimized() {
    for Published { name, path, inputs, outputs } in published() {
        let folder = Folder::new(&[("in.csv", &table(&inputs, |_| true))]);
        for command in ["convert --to fashion", "convert --to bristol", "optimize"] {
            let written = folder.run(&format!("circuit {command} {path} -o out.txt"));
            assert_eq!((written.code, written.stdout.as_str()), (Some(0), ""), "{name}: {}", written.stderr);
            let done = folder.run("circuit eval out.txt --input in.csv --format hex");
            assert_eq!(done.stdout, outputs, "{name}, {command}: {}", done.stderr);
        }
        // The format of the file is kept, its empty groups included.
        let header = |text: &str| text.lines().nth(1).map(|line| line.split_whitespace().collect::<String>());
        let original = fs::read_to_string(&path).unwrap();
        assert_eq!(header(&folder.read("out.txt")), header(&original), "{name}");
    }
}
