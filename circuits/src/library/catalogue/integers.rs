//! Integer operations as named circuits: `a` is the garbler's, `b` the evaluator's.

use super::super::compare;
use super::super::entry::{Built, Entry, LINEAR, QUADRATIC};
use crate::{Bit, Builder, Int, Party, Uint};

#[rustfmt::skip]
pub(super) static ENTRIES: [Entry; 14] = [
    Entry::family("add", "sum of two numbers modulo 2^N", LINEAR, |n| unsigned(n, "sum", |a, b| a + b)),
    Entry::family("sub", "difference of two numbers modulo 2^N", LINEAR, |n| unsigned(n, "difference", |a, b| a - b)),
    Entry::family("mul", "product of two numbers modulo 2^N", QUADRATIC, |n| unsigned(n, "product", |a, b| a * b)),
    Entry::family("widemul", "whole product of two numbers, 2N bits", QUADRATIC,
        |n| unsigned(n, "product", |a, b| a.widening_mul(b))),
    Entry::family("div", "unsigned quotient; all ones where the divisor is 0", QUADRATIC,
        |n| unsigned(n, "quotient", |a, b| a / b)),
    Entry::family("rem", "unsigned remainder; the dividend where the divisor is 0", QUADRATIC,
        |n| unsigned(n, "remainder", |a, b| a % b)),
    Entry::family("sdiv", "signed quotient, toward zero; -1 where the divisor is 0", QUADRATIC,
        |n| signed(n, "quotient", |a, b| a / b)),
    Entry::family("srem", "signed remainder with the sign of the dividend", QUADRATIC,
        |n| signed(n, "remainder", |a, b| a % b)),
    Entry::family("lt", "whether the garbler's number is less, unsigned", LINEAR,
        |n| predicate(n, "less", |a, b| a.lt(b))),
    Entry::family("slt", "whether the garbler's number is less, signed", LINEAR,
        |n| signed_predicate(n, "less", |a, b| a.lt(b))),
    Entry::family("eq", "whether the two numbers are equal", LINEAR, |n| predicate(n, "equal", |a, b| a.eq(b))),
    Entry::family("compare", "whether the garbler's number is greater, and whether they are equal", LINEAR, compared),
    Entry::family("min", "the smaller of two unsigned numbers", LINEAR, |n| unsigned(n, "minimum", |a, b| a.min(b))),
    Entry::family("max", "the larger of two unsigned numbers", LINEAR, |n| unsigned(n, "maximum", |a, b| a.max(b))),
];

fn compared(width: u32) -> Built {
    let builder = Builder::new();
    let (a, b) = uints(&builder, width);
    let (greater, equal) = compare(&a, &b);
    builder.output_bit("garbler_is_greater", greater);
    builder.output_bit("equal", equal);
    builder.finish()
}

fn predicate(width: u32, output: &str, f: for<'b> fn(&Uint<'b>, &Uint<'b>) -> Bit<'b>) -> Built {
    let builder = Builder::new();
    let (a, b) = uints(&builder, width);
    builder.output_bit(output, f(&a, &b));
    builder.finish()
}

fn signed_predicate(width: u32, output: &str, f: for<'b> fn(&Int<'b>, &Int<'b>) -> Bit<'b>) -> Built {
    let builder = Builder::new();
    let (a, b) = ints(&builder, width);
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
