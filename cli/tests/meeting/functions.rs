//! Every comparison function with the example of its page, by two firms.

use std::fs;
use std::path::PathBuf;
use std::thread;

use crate::firms::{Firms, assert_both};

/// The fenced block of a page that begins with this line.
fn block<'a>(page: &'a str, opening: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("```{opening}\n")).unwrap_or_else(|| panic!("no block `{opening}`"));
    rest.split_once("```").unwrap().0
}

/// The settings of a function's text as options.
fn options(function: &str) -> String {
    let mut words = function.split_whitespace();
    let name = words.next().unwrap().to_owned();
    words.fold(name, |options, word| match word.split_once('=') {
        Some(("bits" | "scale", _)) => format!("{options} --{}", word.replacen('=', " ", 1)),
        Some(_) => format!("{options} --set {word}"),
        None => format!("{options} --{word}"),
    })
}

#[test]
fn examples_give_what_the_pages_show() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/book/src/functions");
    let mut pages: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.file_stem().unwrap() != "index");
    assert_eq!(pages.len(), 10);
    let runs =
        pages.into_iter().map(|path| thread::spawn(move || example(&fs::read_to_string(path).unwrap())));
    for run in runs.collect::<Vec<_>>() {
        run.join().unwrap();
    }
}

fn example(page: &str) {
    let firms = Firms::new(block(page, "csv host"), block(page, "csv guest"));
    let function = options(block(page, "text function"));
    let sides = firms.meet(&format!("{function} --id-column id"), "--id-column id");
    assert_both(&sides, block(page, "csv output"));
}
