//! The counts on the book's page of the library are those of the circuits.

use std::fs;

use halfgate_circuits::library;

use crate::plaintext::and_count;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/book/src/library.md");

/// The name in a cell that consists of one name as code.
fn name(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`').filter(|name| !name.contains('`'))
}

/// Each cell with a circuit's name that stands before a cell with a number.
fn counts(page: &str) -> Vec<(&str, usize)> {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let cells = rows.flat_map(|row| row.split('|').map(str::trim));
    let cells: Vec<&str> = cells.collect();
    cells
        .windows(2)
        .filter_map(|pair| Some((name(pair[0])?, pair[1].replace(',', "").parse().ok()?)))
        .collect()
}

#[test]
fn counts_are_those_of_the_circuits() {
    let page = fs::read_to_string(PAGE).unwrap();
    let stated = counts(&page);
    assert!(stated.len() > 60, "{} counts", stated.len());
    for (name, ands) in stated {
        assert_eq!(and_count(&library::find(name).unwrap()), ands, "{name}");
    }
}

#[test]
fn every_circuit_is_on_the_page() {
    let page = fs::read_to_string(PAGE).unwrap();
    for entry in library::list() {
        assert!(page.contains(&format!("`{}`", entry.pattern())), "{}", entry.pattern());
    }
}
