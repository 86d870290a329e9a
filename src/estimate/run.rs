use halfgate_circuits::{Party, Reveal};
use halfgate_compiler::{Bands, Chunks, Program, row_messages};
use halfgate_triples::portions;

use crate::Security;

/// What the messages of a run depend on.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// The length of the operation that announces it.
    pub(super) header: usize,
    pub(super) to: Reveal,
    /// The input groups' owners and widths.
    pub(super) groups: Vec<(Party, usize)>,
    /// Output bits of a lane.
    pub(super) outputs: usize,
    pub(super) look_ahead: usize,
    pub(super) ands_per_lane: usize,
    /// Labels of a tile.
    pub(super) tile_labels: usize,
    pub(super) gates: usize,
    /// The lanes of a band.
    pub(super) band: usize,
    lanes: usize,
    /// The lanes of every chunk but the last.
    chunk: usize,
    /// The messages of rows of such a chunk, and of the last.
    row_messages: [u64; 2],
    /// The ANDs of the portions of such a chunk, and of the last; none where there are no portions.
    portions: [Vec<usize>; 2],
}

impl Run {
    pub(super) fn new(
        program: &Program,
        lanes: usize,
        to: Reveal,
        header: usize,
        security: Security,
    ) -> Self {
        let chunks = match security {
            Security::SemiHonest => Chunks::new(program, lanes),
            Security::Malicious { .. } => Chunks::large(program, lanes),
        };
        let (first, last) = (chunks.lanes(0), chunks.lanes(chunks.count().saturating_sub(1)));
        let inputs = program.inputs().iter();
        Run {
            header,
            to,
            groups: inputs.map(|input| (input.owner, input.group.width as usize)).collect(),
            outputs: program.outputs().iter().map(|output| output.bits.len()).sum(),
            look_ahead: chunks.look_ahead(),
            ands_per_lane: program.and_count(),
            tile_labels: program.slot_count() * program.tile_width().min(lanes),
            gates: program.and_count() + program.xor_count(),
            band: Bands::new(program, lanes).width(),
            lanes,
            chunk: first.len(),
            row_messages: [&first, &last].map(|lanes| row_messages(program, lanes.len())),
            portions: [first, last].map(|lanes| match security {
                Security::SemiHonest => Vec::new(),
                Security::Malicious { .. } => portions(program, lanes.len()),
            }),
        }
    }

    pub(super) fn chunks(&self) -> usize {
        self.lanes.div_ceil(self.chunk)
    }

    /// The lanes of a chunk.
    pub(super) fn lanes(&self, chunk: usize) -> usize {
        (self.lanes - chunk * self.chunk).min(self.chunk)
    }

    /// All lanes.
    pub(super) fn all_lanes(&self) -> usize {
        self.lanes
    }

    pub(super) fn row_messages(&self, chunk: usize) -> u64 {
        self.row_messages[usize::from(chunk + 1 == self.chunks())]
    }

    /// The ANDs of a chunk's portions.
    pub(super) fn portions(&self, chunk: usize) -> &[usize] {
        &self.portions[usize::from(chunk + 1 == self.chunks())]
    }

    pub(super) fn ands(&self) -> u64 {
        self.ands_per_lane as u64 * self.lanes as u64
    }

    /// The masks of input bits and of ANDs, in the malicious mode.
    pub(super) fn masks(&self) -> u64 {
        let inputs: usize = self.groups.iter().map(|(_, width)| width).sum();
        self.ands() + (inputs * self.lanes) as u64
    }

    /// The widths of a party's input groups.
    pub(super) fn widths(&self, owner: Party) -> impl Iterator<Item = usize> {
        self.groups.iter().filter(move |(party, _)| *party == owner).map(|(_, width)| *width)
    }

    /// Bits of a lane that a party puts in.
    pub(super) fn width(&self, owner: Party) -> usize {
        self.widths(owner).sum()
    }

    /// The same run with no more than so many chunks.
    pub(super) fn shortened(&self, chunks: usize) -> Run {
        let mut run = self.clone();
        if chunks < self.chunks() {
            run.lanes = chunks * self.chunk;
            run.row_messages = [self.row_messages[0]; 2];
            run.portions[1] = run.portions[0].clone();
        }
        run
    }
}
