use std::ops::Range;

use halfgate_circuits::Party;

use crate::{Bands, Program};

/// How many labels of inputs and outputs a chunk holds at most: 4 MiB, whatever the number of lanes.
const LABELS_PER_CHUNK: usize = 1 << 18;

/// The same where chunks do not overlap, so that there is a wait for each: 8 MiB of labels and 16 of masks.
const LABELS_PER_LARGE_CHUNK: usize = 1 << 19;

/// Permute bits, colour bits and corrections travel in messages of at most so many. Part of the wire format.
pub const BITS_PER_MESSAGE: usize = 1 << 20;

/// How many chunks of the evaluator's inputs are on their way while one is garbled.
const LOOK_AHEAD: usize = 2;

/// How many input bits of the evaluator a chunk may have to be sent ahead: one message of bits and at most three
/// batches of oblivious transfer, so that with the proofs of two chunks' outputs no more than 12 messages are under way.
const BITS_AHEAD: usize = 1 << 17;

/// How a call of many lanes is cut into chunks that are input, garbled and revealed one after the other.
///
/// The cut follows from the program and the number of lanes alone, so both parties make the same one. Memory is that
/// of a few chunks, and inputs and outputs of neighbouring chunks overlap so that round trips are not waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunks {
    lanes: usize,
    chunk: usize,
    look_ahead: usize,
}

impl Chunks {
    /// The chunks of `lanes` lanes of a program.
    pub fn new(program: &Program, lanes: usize) -> Self {
        Chunks::with_labels(LABELS_PER_CHUNK, program, lanes)
    }

    /// Chunks twice as large, none of which is input ahead of time: those of authenticated garbling.
    pub fn large(program: &Program, lanes: usize) -> Self {
        Chunks { look_ahead: 0, ..Chunks::with_labels(LABELS_PER_LARGE_CHUNK, program, lanes) }
    }

    fn with_labels(most: usize, program: &Program, lanes: usize) -> Self {
        let width = |party| -> usize {
            let groups = program.inputs().iter().filter(|input| input.owner == party);
            groups.map(|input| input.group.width as usize).sum()
        };
        let outputs: usize = program.outputs().iter().map(|output| output.bits.len()).sum();
        let labels = (width(Party::Garbler) + width(Party::Evaluator) + outputs).max(1);
        // Whole bands, so that their messages are full ones, unless a band is too wide.
        let band = Bands::new(program, lanes).width();
        let unit = if band * labels <= most { band } else { program.tile_width() };
        let chunk = (most / labels / unit).max(1) * unit;
        // Ahead of time the evaluator may send only what fits into the channel's queues of 16 messages: were they to
        // fill up while the garbler sends rows, each would wait for the other.
        let ahead = width(Party::Evaluator) * chunk <= BITS_AHEAD && outputs * chunk <= LABELS_PER_CHUNK;
        let look_ahead = if ahead { LOOK_AHEAD } else { 0 };
        Chunks { lanes, chunk, look_ahead }
    }

    /// The number of chunks.
    pub fn count(&self) -> usize {
        self.lanes.div_ceil(self.chunk)
    }

    /// The lanes of a chunk; none beyond the last.
    pub fn lanes(&self, chunk: usize) -> Range<usize> {
        let from = chunk.saturating_mul(self.chunk).min(self.lanes);
        from..from.saturating_add(self.chunk).min(self.lanes)
    }

    /// How many chunks the evaluator's inputs run ahead, and the garbler's outputs behind.
    pub fn look_ahead(&self) -> usize {
        self.look_ahead
    }
}
