//! Sorting and extremes of several numbers as named circuits.
//!
//! The garbler has the first half of the numbers, rounded up, and the evaluator the others.

use super::super::entry::{Built, Entry, First, QUADRATIC};
use super::super::{argmax, argmin, sort};
use crate::{Builder, Party, Uint};

pub(super) static ENTRIES: [Entry; 3] = [
    Entry::grid("sort", "K numbers of N bits in ascending order", First::VALUES, QUADRATIC, sorted),
    Entry::grid(
        "argmin",
        "the place, from 0, of the smallest of K numbers, and that number",
        First::VALUES,
        QUADRATIC,
        |k, n| extreme(k, n, "minimum", argmin),
    ),
    Entry::grid(
        "argmax",
        "the place, from 0, of the largest of K numbers, and that number",
        First::VALUES,
        QUADRATIC,
        |k, n| extreme(k, n, "maximum", argmax),
    ),
];

fn sorted(count: u32, width: u32) -> Built {
    let builder = Builder::new();
    for (k, number) in sort(&numbers(&builder, count, width)).iter().enumerate() {
        builder.output_uint(format!("sorted{k}"), number);
    }
    builder.finish()
}

type Extreme = for<'b> fn(&[Uint<'b>]) -> (Uint<'b>, Uint<'b>);

fn extreme(count: u32, width: u32, name: &str, f: Extreme) -> Built {
    let builder = Builder::new();
    let (place, number) = f(&numbers(&builder, count, width));
    builder.output_uint("place", &place);
    builder.output_uint(name, &number);
    builder.finish()
}

fn numbers(builder: &Builder, count: u32, width: u32) -> Vec<Uint<'_>> {
    let half = count.div_ceil(2);
    let ours = (0..half).map(|k| builder.input_uint(format!("a{k}"), width, Party::Garbler));
    let theirs = (0..count - half).map(|k| builder.input_uint(format!("b{k}"), width, Party::Evaluator));
    ours.chain(theirs).collect()
}
