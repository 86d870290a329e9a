//! Shifts, choices, counts and other operations that are not of two numbers of one width, as named circuits.
//!
//! What is operated on is the garbler's; an amount or a second value is the evaluator's.

use super::super::entry::{Built, Entry, LINEAR, QUADRATIC};
use crate::{Builder, Int, Party, Uint};

#[rustfmt::skip]
pub(super) static ENTRIES: [Entry; 15] = [
    Entry::family("mux", "the garbler's number where the garbler's choice is 1, otherwise the evaluator's", LINEAR, mux),
    Entry::family("shl", "shift to the left by the evaluator's amount", LINEAR, |n| shifted(n, |a, by| a << by)),
    Entry::family("shr", "logical shift to the right by the evaluator's amount", LINEAR, |n| shifted(n, |a, by| a >> by)),
    Entry::family("sar", "shift of a signed number to the right by the evaluator's amount", LINEAR, |n| {
        let builder = Builder::new();
        let a = builder.input_int("a", n, Party::Garbler);
        builder.output_int("shifted", &(a >> &amount(&builder, n)));
        builder.finish()
    }),
    Entry::family("rol", "rotation to the left by the evaluator's amount", LINEAR,
        |n| shifted(n, |a, by| a.rotate_left_by(by))),
    Entry::family("ror", "rotation to the right by the evaluator's amount", LINEAR,
        |n| shifted(n, |a, by| a.rotate_right_by(by))),
    Entry::family("popcount", "how many bits are 1", LINEAR, |n| counted(n, |a| a.bits().count_ones())),
    Entry::family("clz", "how many zeros there are above the highest 1", LINEAR, |n| counted(n, |a| a.bits().leading_zeros())),
    Entry::family("ctz", "how many zeros there are below the lowest 1", LINEAR, |n| counted(n, |a| a.bits().trailing_zeros())),
    Entry::family("neg", "minus a signed number, modulo 2^N", LINEAR, |n| signed(n, "negative", |a| -a)),
    Entry::family("abs", "absolute value of a signed number, unsigned", LINEAR, |n| {
        let builder = Builder::new();
        builder.output_uint("absolute", &builder.input_int("a", n, Party::Garbler).unsigned_abs());
        builder.finish()
    }),
    Entry::family("square", "square modulo 2^N", QUADRATIC, |n| unsigned(n, "square", |a| a.square())),
    Entry::family("widesquare", "whole square, 2N bits", QUADRATIC, |n| unsigned(n, "square", |a| a.widening_square())),
    Entry::family("sqrt", "square root, rounded down", QUADRATIC, |n| unsigned(n, "root", |a| a.sqrt())),
    Entry::family("sqrtrem", "square root, rounded down, and what is left", QUADRATIC, |n| {
        let builder = Builder::new();
        let (root, remainder) = builder.input_uint("a", n, Party::Garbler).sqrt_rem();
        builder.output_uint("root", &root);
        builder.output_uint("remainder", &remainder);
        builder.finish()
    }),
];

fn mux(width: u32) -> Built {
    let builder = Builder::new();
    let choice = builder.input_bit("choice", Party::Garbler);
    let a = builder.input_uint("a", width, Party::Garbler);
    let b = builder.input_uint("b", width, Party::Evaluator);
    builder.output_uint("chosen", &choice.mux(&a, &b));
    builder.finish()
}

fn shifted(width: u32, f: for<'b> fn(&Uint<'b>, &Uint<'b>) -> Uint<'b>) -> Built {
    let builder = Builder::new();
    let a = builder.input_uint("a", width, Party::Garbler);
    builder.output_uint("shifted", &f(&a, &amount(&builder, width)));
    builder.finish()
}

/// As many bits as the places of the number need.
fn amount(builder: &Builder, width: u32) -> Uint<'_> {
    builder.input_uint("amount", (width - 1).checked_ilog2().map_or(1, |top| top + 1), Party::Evaluator)
}

fn counted(width: u32, f: for<'b> fn(&Uint<'b>) -> Uint<'b>) -> Built {
    unsigned(width, "count", f)
}

fn unsigned(width: u32, output: &str, f: for<'b> fn(&Uint<'b>) -> Uint<'b>) -> Built {
    let builder = Builder::new();
    builder.output_uint(output, &f(&builder.input_uint("a", width, Party::Garbler)));
    builder.finish()
}

fn signed(width: u32, output: &str, f: for<'b> fn(&Int<'b>) -> Int<'b>) -> Built {
    let builder = Builder::new();
    builder.output_int(output, &f(&builder.input_int("a", width, Party::Garbler)));
    builder.finish()
}
