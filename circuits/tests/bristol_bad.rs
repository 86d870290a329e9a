//! Hostile Bristol files, one per file of `tests/bad`. Beside each `NAME.txt` lies `NAME.expected` with the first ten
//! errors, one per line. A new case is a new pair of files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use halfgate_circuits::bristol;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let files =
        fs::read_dir(folder).expect("the folder of bad files").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    files.sort();
    files
}

/// All errors, one per line, after checking that `read` gives the first one.
fn errors(path: &Path) -> String {
    let bytes = fs::read(path).expect("a readable file");
    let name = path.file_name().expect("a file name").to_string_lossy();
    let mut lines = String::new();
    for error in bristol::check(bytes.as_slice(), &name, 10) {
        lines.push_str(&format!("{error}\n"));
    }
    match bristol::read(bytes.as_slice(), &name) {
        Ok(_) => assert_eq!(lines, "", "{name} is read, but not checked"),
        Err(error) => assert_eq!(lines.lines().next(), Some(error.to_string().as_str())),
    }
    lines
}

#[test]
fn bad_files_are_rejected_with_the_expected_errors() {
    let cases = cases();
    assert!(cases.len() > 60, "the folder is not complete");
    let start = Instant::now();
    let mut wrong = String::new();
    for path in cases {
        let found = errors(&path);
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        if expected.is_empty() || found != expected {
            wrong.push_str(&format!("--- {}\nexpected:\n{expected}found:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // Some promise four billion gates or wires. To count so far, or to clear memory for them, takes far longer.
    assert!(start.elapsed() < Duration::from_secs(2), "time must not depend on numbers in a file");
}
