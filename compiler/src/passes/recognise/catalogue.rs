//! The operations that are looked for, and the words they are looked for on.

use std::sync::OnceLock;

use halfgate_circuits::{Bit, Builder, Circuit, Party, Uint};

use super::division;
use crate::graph::{Graph, Literal, NodeId};

/// An operation on two words, or on the upper bits of two words.
pub(super) struct Operation {
    /// The lowest bit of the words that it reads.
    from: usize,
    /// Its outputs are looked for. Later ones depend on more bits of the words.
    pub(super) circuit: Circuit,
    /// What helps to prove that something is this operation, over the same inputs.
    pub(super) helpers: Vec<Circuit>,
    /// Whether it is there only if all of its outputs are: of a comparison any output is one by itself.
    is_whole: bool,
}

impl Operation {
    pub(super) fn inputs(&self, a: &[Literal], b: &[Literal]) -> Vec<Literal> {
        [&a[self.from..], &b[self.from..]].concat()
    }

    /// How much there may be to replace, more or less in ANDs, if the graph agrees with these outputs.
    pub(super) fn size_of(&self, agreement: &[bool]) -> Option<usize> {
        if self.is_whole {
            return agreement.iter().all(|&agrees| agrees).then_some(self.circuit.gates().len());
        }
        // A comparison of two bits is too small to be worth a proof.
        agreement.iter().rposition(|&agrees| agrees).filter(|&output| output > 1)
    }
}

/// Words wider than this are not looked at: comparisons on all parts of them take its square in gates.
const WIDEST: usize = 128;
/// Words wider than this are not divided.
const WIDEST_DIVISION: usize = 64;

/// Pairs of input words of the same width, least significant bit first, either bit order and either word first.
pub(super) fn word_pairs(graph: &Graph) -> impl Iterator<Item = (Vec<Literal>, Vec<Literal>)> {
    let mut next = 1;
    let words = graph.inputs.iter().map(|input| {
        let from = next;
        next += input.group.width as usize;
        (from..next).map(|node| Literal::new(NodeId::new(node), false)).collect::<Vec<_>>()
    });
    let words: Vec<_> = words.filter(|word| (2..=WIDEST).contains(&word.len())).collect();
    let reversed: Vec<Vec<_>> = words.iter().map(|word| word.iter().rev().copied().collect()).collect();
    [words, reversed].into_iter().flat_map(|words| {
        (0..words.len() * words.len()).filter_map(move |pair| {
            let (first, second) = (pair / words.len(), pair % words.len());
            let [a, b] = [&words[first], &words[second]];
            (first != second && a.len() == b.len()).then(|| (a.clone(), b.clone()))
        })
    })
}

/// All operations on two words of this width, which are made once and kept: dividers take longer to make than to find.
pub(super) fn operations(width: usize) -> &'static [Operation] {
    static KNOWN: [OnceLock<Vec<Operation>>; WIDEST + 1] = [const { OnceLock::new() }; WIDEST + 1];
    KNOWN[width].get_or_init(|| {
        let mut all: Vec<Operation> =
            (0..width - 1).flat_map(|from| [less(width, from), equal(width, from)]).collect();
        if (4..=WIDEST_DIVISION).contains(&width) {
            all.extend(division::operations(width));
        }
        all
    })
}

/// Whether the lowest bits from `from` on of the first word are less, for each number of bits, unsigned and signed.
fn less(width: usize, from: usize) -> Operation {
    let circuit = circuit(width - from, |a, b| {
        let mut less = Vec::new();
        for bits in 2..=a.width() {
            let (a, b) = (a.slice(..bits), b.slice(..bits));
            less.extend([a.lt(&b), a.to_int().lt(&b.to_int())]);
        }
        less
    });
    Operation { from, circuit, helpers: Vec::new(), is_whole: false }
}

/// Whether they are equal.
fn equal(width: usize, from: usize) -> Operation {
    let circuit = circuit(width - from, |a, b| {
        let mut equal = a.slice(..1).eq(&b.slice(..1));
        let mut all = Vec::new();
        for bit in 1..a.width() {
            equal = equal & !(a.bits()[bit] ^ b.bits()[bit]);
            all.push(equal);
        }
        all
    });
    Operation { from, circuit, helpers: Vec::new(), is_whole: false }
}

/// A circuit with two words as inputs.
pub(super) fn circuit(width: usize, f: impl for<'b> Fn(&Uint<'b>, &Uint<'b>) -> Vec<Bit<'b>>) -> Circuit {
    let builder = Builder::new();
    let a = builder.input_uint("a", width as u32, Party::Garbler);
    let b = builder.input_uint("b", width as u32, Party::Evaluator);
    builder.output_bits("results", &builder.bits(f(&a, &b)));
    builder.finish().expect("a circuit of one operation is small and its names differ")
}

/// An operation on whole words, of as many outputs as bits.
pub(super) fn whole(circuit: Circuit, helpers: Vec<Circuit>) -> Operation {
    Operation { from: 0, circuit, helpers, is_whole: true }
}
