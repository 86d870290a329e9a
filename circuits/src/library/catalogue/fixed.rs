//! Fixed-point operations as named circuits. Sums and comparisons are those of integers.

use super::super::entry::{Built, Entry, First, QUADRATIC};
use crate::{Builder, Fixed, Party};

pub(super) static ENTRIES: [Entry; 2] = [
    Entry::grid(
        "fixmul",
        "product of signed N-bit numbers with F fraction bits, to the nearest, halves up",
        First::FRACTION,
        QUADRATIC,
        |fraction, width| fixed(fraction, width, "product", |a, b| a * b),
    ),
    Entry::grid(
        "fixdiv",
        "quotient of signed N-bit numbers with F fraction bits, toward zero",
        First::FRACTION,
        QUADRATIC,
        |fraction, width| fixed(fraction, width, "quotient", |a, b| a / b),
    ),
];

/// The numbers are read and shown as their steps.
fn fixed(
    fraction: u32,
    width: u32,
    output: &str,
    f: for<'b> fn(&Fixed<'b>, &Fixed<'b>) -> Fixed<'b>,
) -> Built {
    let builder = Builder::new();
    let [a, b] = [("a", Party::Garbler), ("b", Party::Evaluator)]
        .map(|(name, owner)| Fixed::new(builder.input_int(name, width, owner), fraction as usize));
    builder.output_int(output, f(&a, &b).steps());
    builder.finish()
}
