//! Cases that are files: commands, what they read, and what they must say. A new case is a new file.
//!
//! ```text
//! # Why there is this case.
//! $ circuit eval and.txt --input in.csv          one line in cases/, two (garble, evaluate) in pairs/
//! === in.csv                                     a file to read; `stdin` for standard input
//! 1,1
//! === stdout                                     in pairs: `garbler stdout`, `evaluator stdout`
//! 1
//! === stderr                                     whole in cases/; in pairs, lines that must occur
//! === exit 0                                     in pairs: `garbler exit 12`
//! ```
//!
//! What is not mentioned is empty, exit codes are 0. In cases/, a line of expected output that ends in `…` stands for
//! every line that begins like it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Done, Folder, run_pair};

struct Case {
    commands: Vec<String>,
    sections: Vec<(String, String)>,
}

impl Case {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let mut case = Case { commands: Vec::new(), sections: Vec::new() };
        for line in text.split_inclusive('\n') {
            if let Some(title) = line.strip_prefix("=== ") {
                case.sections.push((title.trim().to_owned(), String::new()));
            } else if let Some((_, content)) = case.sections.last_mut() {
                content.push_str(line);
            } else if let Some(command) = line.strip_prefix("$ ") {
                case.commands.push(command.trim().to_owned());
            } else {
                assert!(line.starts_with('#') || line.trim().is_empty(), "{path:?}: {line}");
            }
        }
        case
    }

    fn section(&self, title: &str) -> &str {
        self.sections.iter().find(|(other, _)| other == title).map_or("", |(_, content)| content)
    }

    fn exit(&self, prefix: &str) -> i32 {
        let titles = self.sections.iter().map(|(title, _)| title.as_str());
        titles.filter_map(|title| title.strip_prefix(prefix)).next().map_or(0, |code| code.parse().unwrap())
    }

    /// A folder with the files of the case.
    fn folder(&self) -> Folder {
        let words = ["stdin", "stdout", "stderr", "exit", "garbler", "evaluator"];
        let files =
            self.sections.iter().filter(|(title, _)| !words.contains(&title.split(' ').next().unwrap()));
        Folder::new(&files.map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
    }
}

/// The cases of a folder, with their names.
fn cases(folder: &str) -> Vec<(String, Case)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/command").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 3, "the cases are missing");
    paths
        .iter()
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), Case::read(path)))
        .collect()
}

#[test]
fn single_commands() {
    for (name, case) in cases("cases") {
        let [command] = case.commands.as_slice() else { panic!("{name}: one command expected") };
        let done = case.folder().start_with(command, Some(case.section("stdin")), &[]).wait();
        let stdout = abbreviated(&done.stdout, case.section("stdout"));
        assert_eq!(stdout, case.section("stdout"), "{name}: stdout; stderr: {}", done.stderr);
        assert_eq!(
            abbreviated(&done.stderr, case.section("stderr")),
            case.section("stderr"),
            "{name}: stderr"
        );
        assert_eq!(done.code, Some(case.exit("exit ")), "{name}: exit code");
    }
}

/// A text whose lines are cut where those of the other one are.
fn abbreviated(text: &str, expected: &str) -> String {
    let mut patterns = expected.split_inclusive('\n');
    let cut = |line: &str| match patterns.next().and_then(|pattern| pattern.strip_suffix("…\n")) {
        Some(start) if line.starts_with(start) => format!("{start}…\n"),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(cut).collect()
}

#[test]
fn pairs_with_a_listening_garbler() {
    run_pairs(run_pair);
}

#[test]
fn pairs_with_a_listening_evaluator() {
    run_pairs(|folder, garbler, evaluator| {
        let (evaluator, garbler) = run_pair(folder, evaluator, garbler);
        (garbler, evaluator)
    });
}

fn run_pairs(run: impl Fn(&Folder, &str, &str) -> (Done, Done)) {
    for (name, case) in cases("pairs") {
        let [garbler, evaluator] = case.commands.as_slice() else { panic!("{name}: two commands expected") };
        let (garbler, evaluator) = run(&case.folder(), garbler, evaluator);
        for (role, done) in [("garbler", garbler), ("evaluator", evaluator)] {
            check_side(&name, &case, role, &done);
        }
    }
}

fn check_side(name: &str, case: &Case, role: &str, done: &Done) {
    let context = format!("{name}: {role}; stderr: {}", done.stderr);
    assert_eq!(done.stdout, case.section(&format!("{role} stdout")), "{context}");
    for line in case.section(&format!("{role} stderr")).lines() {
        assert!(done.stderr.contains(line), "`{line}` is missing: {context}");
    }
    assert_eq!(done.code, Some(case.exit(&format!("{role} exit "))), "{context}");
    let errors = done.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(errors, usize::from(done.code != Some(0)), "an error is shown once: {context}");
}
