//! The pages of the book say what the catalogue and the circuits say.

use std::fs;
use std::path::PathBuf;

use halfgate_circuits::library::functions::{Choice, functions};

use crate::plaintext::and_count;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/book/src/functions")
}

/// A page as one line, as its lines are broken anywhere.
fn page(name: &str) -> String {
    let path = folder().join(format!("{name}.md"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `3,392`
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",")
}

fn ands(example: &str) -> String {
    grouped(and_count(&example.parse::<Choice>().unwrap().build().unwrap()))
}

#[test]
fn every_function_has_a_page_that_agrees_with_the_catalogue() {
    for function in functions() {
        let page = page(function.name);
        let start =
            format!("# {} `{}`: {}. ## What it computes ", function.title, function.name, function.about);
        assert!(page.starts_with(&start), "{}: {start}", function.name);
        for (heading, text) in [
            ("Ties", function.ties),
            ("What is revealed, and to whom", function.reveals),
            ("What the output lets one infer", function.infers),
        ] {
            let section = format!(" ## {heading} {text} ");
            assert!(page.contains(&section), "{}:{section}", function.name);
        }
        assert!(page.contains(&format!(" ```text function {} ```", function.example)), "{}", function.name);
        let cost = format!(" ## Cost **{} ANDs** per row ", ands(function.example));
        assert!(page.contains(&cost), "{}:{cost}", function.name);
        for parameter in function.parameters {
            let needed = if parameter.required { "required" } else { "optional" };
            let row = format!("| `{}` | {} | {needed} |", parameter.name, parameter.about);
            assert!(page.contains(&row), "{}: {row}", function.name);
        }
    }
}

#[test]
fn the_overview_lists_every_function_and_no_page_is_left_over() {
    let overview = page("index");
    for function in functions() {
        let (name, about) = (function.name, function.about);
        let row = format!("| [`{name}`]({name}.md) | {about} | {} |", ands(function.example));
        assert!(overview.contains(&row), "{row}");
    }
    let pages = fs::read_dir(folder()).unwrap().count();
    assert_eq!(pages, functions().len() + 1, "a page of no function");
}
