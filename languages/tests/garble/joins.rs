//! Sorted tables are joined as garble_lang joins them.

use garble_lang::compile;
use halfgate_languages::garble::{self, Options};

use crate::oracle::{Numbers, ours, squeezed};

fn sorted(numbers: &mut Numbers, count: usize, most: u64) -> Vec<u64> {
    let mut keys: Vec<u64> = Vec::new();
    while keys.len() < count {
        let key = numbers.next() % most;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.sort_unstable();
    keys
}

/// Compares on tables whose rows `row` makes of sorted keys. Keys begin with `least`: theirs takes a 0 for a filler.
fn compare(source: &str, sizes: [usize; 2], least: u64, row: impl Fn(usize, u64, &mut Numbers) -> String) {
    let circuit =
        garble::compile(source, "test", &Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let reference = compile(source).unwrap_or_else(|error| panic!("{}", error.prettify(source)));
    let mut numbers = Numbers(5);
    for _ in 0..40 {
        let tables = [0, 1].map(|table| {
            let keys = sorted(&mut numbers, sizes[table], 9);
            let rows: Vec<String> =
                keys.into_iter().map(|key| row(table, key + least, &mut numbers)).collect();
            format!("[{}]", rows.join(", "))
        });
        let mut evaluator = reference.evaluator();
        for table in &tables {
            evaluator.parse_literal(table).unwrap();
        }
        let theirs = evaluator.run().unwrap().into_literal().unwrap().to_string();
        assert_eq!(squeezed(&ours(&circuit, &tables)), squeezed(&theirs), "{tables:?}");
    }
}

#[test]
fn loops_over_joined_rows() {
    let source = "
        pub fn main(a: [(u8, u16); 5], b: [(u8, u16, bool); 3]) -> (u16, u16) {
            let mut sum = 0u16;
            let mut last = 0u16;
            for ((key, x), (_, y, on)) in join_iter(a, b) {
                sum += if on { x % 100u16 } else { y % 100u16 };
                last = key as u16;
            }
            (sum, last)
        }";
    compare(source, [5, 3], 1, |table, key, numbers| match table {
        0 => format!("({key}, {})", numbers.next() % 1000),
        _ => format!("({key}, {}, {})", numbers.next() % 1000, numbers.next() % 2 == 1),
    });
}

#[test]
fn joins_with_and_without_further_columns() {
    let size = "const { 4usize + 3usize - 1usize }";
    let source = format!("pub fn main(a: [u8; 4], b: [u8; 3]) -> [(bool, u8); {size}] {{ join(a, b) }}");
    compare(&source, [4, 3], 1, |_, key, _| key.to_string());
    let source = format!(
        "pub fn main(a: [(u8, u16); 4], b: [(u8, u16); 3]) -> [(bool, (u8, u16), (u8, u16)); {size}] {{ join(a, b) }}"
    );
    compare(&source, [4, 3], 1, |_, key, numbers| format!("({key}, {})", numbers.next() % 1000));
}

#[test]
fn a_key_of_zero_is_no_filler() {
    let source = "
        pub fn main(a: [(u8, u16); 3], b: [(u8, u16); 2]) -> u16 {
            let mut sum = 0u16;
            for ((_, x), (_, y)) in join_iter(a, b) { sum += x + y; }
            sum
        }";
    let circuit = garble::compile(source, "test", &Options::default()).unwrap();
    let arguments = ["[(0, 10), (1, 20), (2, 40)]", "[(0, 100), (2, 200)]"].map(str::to_owned);
    assert_eq!(ours(&circuit, &arguments), "350");
}

#[test]
fn keys_of_several_parts_are_compared_part_by_part() {
    let source = "
        pub fn main(a: [((u8, bool), u8); 2], b: [((u8, bool), u8); 2]) -> u8 {
            let mut sum = 0u8;
            for ((_, x), (_, y)) in join_iter(a, b) { sum += x + y; }
            sum
        }";
    let circuit = garble::compile(source, "test", &Options::default()).unwrap();
    let sum = |a: &str, b: &str| ours(&circuit, &[a.to_owned(), b.to_owned()]);
    assert_eq!(sum("[((1, false), 1), ((1, true), 2)]", "[((1, true), 10), ((2, false), 20)]"), "12");
    assert_eq!(sum("[((1, true), 1), ((2, false), 2)]", "[((1, true), 10), ((2, false), 20)]"), "33");
    assert_eq!(sum("[((1, true), 1), ((3, false), 2)]", "[((1, false), 10), ((2, true), 20)]"), "0");
}
