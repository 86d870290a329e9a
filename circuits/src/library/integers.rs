//! Named circuits of one integer operation: `a` is the garbler's, `b` the evaluator's.

use crate::{Bit, Builder, Circuit, CircuitError, Int, Party, Uint};

/// Whether the first number is greater, and whether the two are equal: `2n - 1` ANDs.
///
/// # Panics
/// If the numbers differ in width or builder.
#[track_caller]
pub fn compare<'b>(a: &Uint<'b>, b: &Uint<'b>) -> (Bit<'b>, Bit<'b>) {
    (a.gt(b), a.eq(b))
}

type Built = Result<Circuit, CircuitError>;

pub(super) fn less(width: u32) -> Built {
    predicate(width, "less", |a, b| a.lt(b))
}

pub(super) fn less_signed(width: u32) -> Built {
    let builder = Builder::new();
    let (a, b) = ints(&builder, width);
    builder.output_bit("less", a.lt(&b));
    builder.finish()
}

pub(super) fn equal(width: u32) -> Built {
    predicate(width, "equal", |a, b| a.eq(b))
}

pub(super) fn compared(width: u32) -> Built {
    let builder = Builder::new();
    let (a, b) = uints(&builder, width);
    let (greater, equal) = compare(&a, &b);
    builder.output_bit("garbler_is_greater", greater);
    builder.output_bit("equal", equal);
    builder.finish()
}

pub(super) fn minimum(width: u32) -> Built {
    unsigned(width, "minimum", |a, b| a.min(b))
}

pub(super) fn maximum(width: u32) -> Built {
    unsigned(width, "maximum", |a, b| a.max(b))
}

pub(super) fn sum(width: u32) -> Built {
    unsigned(width, "sum", |a, b| a + b)
}

pub(super) fn difference(width: u32) -> Built {
    unsigned(width, "difference", |a, b| a - b)
}

pub(super) fn product(width: u32) -> Built {
    unsigned(width, "product", |a, b| a * b)
}

pub(super) fn wide_product(width: u32) -> Built {
    unsigned(width, "product", |a, b| a.widening_mul(b))
}

pub(super) fn quotient(width: u32) -> Built {
    unsigned(width, "quotient", |a, b| a / b)
}

pub(super) fn remainder(width: u32) -> Built {
    unsigned(width, "remainder", |a, b| a % b)
}

pub(super) fn quotient_signed(width: u32) -> Built {
    signed(width, "quotient", |a, b| a / b)
}

pub(super) fn remainder_signed(width: u32) -> Built {
    signed(width, "remainder", |a, b| a % b)
}

fn predicate(width: u32, output: &str, f: for<'b> fn(&Uint<'b>, &Uint<'b>) -> Bit<'b>) -> Built {
    let builder = Builder::new();
    let (a, b) = uints(&builder, width);
    builder.output_bit(output, f(&a, &b));
    builder.finish()
}

fn unsigned(width: u32, output: &str, f: for<'b> fn(&Uint<'b>, &Uint<'b>) -> Uint<'b>) -> Built {
    let builder = Builder::new();
    let (a, b) = uints(&builder, width);
    builder.output_uint(output, &f(&a, &b));
    builder.finish()
}

fn signed(width: u32, output: &str, f: for<'b> fn(&Int<'b>, &Int<'b>) -> Int<'b>) -> Built {
    let builder = Builder::new();
    let (a, b) = ints(&builder, width);
    builder.output_int(output, &f(&a, &b));
    builder.finish()
}

fn uints(builder: &Builder, width: u32) -> (Uint<'_>, Uint<'_>) {
    (builder.input_uint("a", width, Party::Garbler), builder.input_uint("b", width, Party::Evaluator))
}

fn ints(builder: &Builder, width: u32) -> (Int<'_>, Int<'_>) {
    (builder.input_int("a", width, Party::Garbler), builder.input_int("b", width, Party::Evaluator))
}
