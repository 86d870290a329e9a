//! Tables as named circuits.

use crate::library::entry::{Built, Entry, First, QUADRATIC};
use crate::library::{lookup, one_hot, permutation_switches, permute};
use crate::{Bits, Builder, Party};

/// Longest index that is decoded.
const LONGEST_INDEX: u32 = 16;

pub(super) static ENTRIES: [Entry; 3] = [
    Entry::family(
        "onehot",
        "2^N lines, of which the one is 1 whose number is the exclusive or of both inputs",
        LONGEST_INDEX,
        one_hot_lines,
    ),
    Entry::grid(
        "lookup",
        "the one of the garbler's K values of N bits at the evaluator's index",
        First::VALUES,
        QUADRATIC,
        read,
    ),
    Entry::grid(
        "permute",
        "the evaluator's K values of N bits, permuted by the garbler's switches",
        First::VALUES,
        QUADRATIC,
        permuted,
    ),
];

fn one_hot_lines(width: u32) -> Built {
    let builder = Builder::new();
    let first = builder.input_bits("garbler_share", width, Party::Garbler);
    let second = builder.input_bits("evaluator_share", width, Party::Evaluator);
    builder.output_bits("lines", &one_hot(&(first ^ second)));
    builder.finish()
}

fn read(count: u32, width: u32) -> Built {
    let builder = Builder::new();
    let table = values(&builder, count, width, Party::Garbler);
    let index = builder.input_uint("index", u32::BITS - (count - 1).leading_zeros(), Party::Evaluator);
    builder.output_uint("value", &lookup(&table, index.bits()).into());
    builder.finish()
}

fn permuted(count: u32, width: u32) -> Built {
    let builder = Builder::new();
    let switches = permutation_switches(count as usize);
    let switches = u32::try_from(switches).expect("256 values take 1,793 switches");
    let switches = builder.input_bits("switches", switches, Party::Garbler);
    let values = values(&builder, count, width, Party::Evaluator);
    for (k, value) in permute(&values, &switches).into_iter().enumerate() {
        builder.output_uint(format!("permuted{k}"), &value.into());
    }
    builder.finish()
}

fn values(builder: &Builder, count: u32, width: u32, owner: Party) -> Vec<Bits<'_>> {
    (0..count).map(|k| builder.input_uint(format!("value{k}"), width, owner).into()).collect()
}
