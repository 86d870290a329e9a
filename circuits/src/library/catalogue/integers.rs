//! Integer operations as named circuits: `a` is the garbler's, `b` the evaluator's.

use super::super::compare;
use super::super::entry::{Built, Entry, LINEAR, QUADRATIC};
use crate::{Bit, Builder, Int, Party, Uint};

#[rustfmt::skip]
pub(super) static ENTRIES: [Entry; 26] = [
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
    Entry::family("smin", "the smaller of two signed numbers", LINEAR, |n| signed(n, "minimum", |a, b| a.min(b))),
    Entry::family("smax", "the larger of two signed numbers", LINEAR, |n| signed(n, "maximum", |a, b| a.max(b))),
    Entry::family("le", "whether the garbler's number is at most the evaluator's, unsigned", LINEAR,
        |n| predicate(n, "at_most", |a, b| a.le(b))),
    Entry::family("sle", "whether the garbler's number is at most the evaluator's, signed", LINEAR,
        |n| signed_predicate(n, "at_most", |a, b| a.le(b))),
    Entry::family("addc", "sum of two unsigned numbers and whether it wrapped around", LINEAR,
        |n| unsigned_with_flag(n, "sum", |a, b| a.overflowing_add(b))),
    Entry::family("saddc", "sum of two signed numbers and whether it wrapped around", LINEAR,
        |n| signed_with_flag(n, "sum", |a, b| a.overflowing_add(b))),
    Entry::family("addsat", "sum of two unsigned numbers, at most 2^N - 1", LINEAR,
        |n| unsigned(n, "sum", |a, b| a.saturating_add(b))),
    Entry::family("subsat", "difference of two unsigned numbers, at least 0", LINEAR,
        |n| unsigned(n, "difference", |a, b| a.saturating_sub(b))),
    Entry::family("saddsat", "sum of two signed numbers, kept within the range", LINEAR,
        |n| signed(n, "sum", |a, b| a.saturating_add(b))),
    Entry::family("ssubsat", "difference of two signed numbers, kept within the range", LINEAR,
        |n| signed(n, "difference", |a, b| a.saturating_sub(b))),
    Entry::family("modadd", "sum modulo the garbler's modulus, of numbers below it", LINEAR,
        |n| modular(n, "sum", |a, b, modulus| a.add_mod(b, modulus))),
    Entry::family("modsub", "difference modulo the garbler's modulus, of numbers below it", LINEAR,
        |n| modular(n, "difference", |a, b, modulus| a.sub_mod(b, modulus))),
];

type Modular = for<'b> fn(&Uint<'b>, &Uint<'b>, &Uint<'b>) -> Uint<'b>;

fn modular(width: u32, output: &str, f: Modular) -> Built {
    let builder = Builder::new();
    let modulus = builder.input_uint("modulus", width, Party::Garbler);
    let (a, b) = uints(&builder, width);
    builder.output_uint(output, &f(&a, &b, &modulus));
    builder.finish()
}

fn unsigned_with_flag(
    width: u32,
    output: &str,
    f: for<'b> fn(&Uint<'b>, &Uint<'b>) -> (Uint<'b>, Bit<'b>),
) -> Built {
    let builder = Builder::new();
    let (a, b) = uints(&builder, width);
    let (value, overflow) = f(&a, &b);
    builder.output_uint(output, &value);
    builder.output_bit("overflow", overflow);
    builder.finish()
}

fn signed_with_flag(
    width: u32,
    output: &str,
    f: for<'b> fn(&Int<'b>, &Int<'b>) -> (Int<'b>, Bit<'b>),
) -> Built {
    let builder = Builder::new();
    let (a, b) = ints(&builder, width);
    let (value, overflow) = f(&a, &b);
    builder.output_int(output, &value);
    builder.output_bit("overflow", overflow);
    builder.finish()
}

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
