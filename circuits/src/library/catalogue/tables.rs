//! Tables as named circuits.

use crate::library::entry::{Built, Entry};
use crate::library::{lookup, one_hot, permutation_switches, permute};
use crate::{Bits, Builder, Party};

/// Longest index that is decoded.
const LONGEST_INDEX: u32 = 16;
/// Most values, and widest.
const LIMITS: [u32; 2] = [1024, 1024];

pub(super) static ENTRIES: [Entry; 3] = [
    Entry::family(
        "onehot",
        "2^N lines, of which the one is 1 whose number is the exclusive or of both inputs",
        LONGEST_INDEX,
        one_hot_lines,
    ),
    Entry::grid("lookup", "the one of the garbler's K values of N bits at the evaluator's index", LIMITS, read),
    Entry::grid("permute", "the evaluator's K values of N bits, permuted by the garbler's switches", LIMITS, permuted),
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
    let table = builder.input_bits("table", count * width, Party::Garbler);
    let index = builder.input_uint("index", u32::BITS - (count - 1).leading_zeros(), Party::Evaluator);
    builder.output_bits("value", &lookup(&values(&table, width), index.bits()));
    builder.finish()
}

fn permuted(count: u32, width: u32) -> Built {
    let builder = Builder::new();
    let switches = permutation_switches(count as usize);
    let switches = u32::try_from(switches).expect("a thousand values take ten thousand switches");
    let switches = builder.input_bits("switches", switches, Party::Garbler);
    let table = builder.input_bits("values", count * width, Party::Evaluator);
    let permuted = permute(&values(&table, width), &switches);
    builder.output_bits("permuted", &builder.bits(permuted.iter().flat_map(|value| value.iter().copied())));
    builder.finish()
}

/// The values of a table; value `i` starts at bit `i·width`.
fn values<'b>(table: &Bits<'b>, width: u32) -> Vec<Bits<'b>> {
    table.chunks(width as usize).map(|value| table.builder().bits(value.iter().copied())).collect()
}
