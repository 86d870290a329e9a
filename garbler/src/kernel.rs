use std::ops::Range;

use halfgate_compiler::{AndGate, Bands, Machine, Operand, Position, Program, Progress, Tile, XorGate};
use halfgate_crypto::{Block, Delta, HalfGates, ZeroLabels, xor_rows};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The bytes of one garbled AND: `T_G ‖ T_E`.
pub const ROW_BYTES: usize = 32;

/// The ANDs that the hash takes at a time; a single row of lanes that is a multiple of it needs no gathering.
const BATCH: usize = 16;

/// How many ANDs are gathered for the hash at once, which makes the next keys while it uses those it has: more than a
/// tile's widest row, and all of it in the first cache.
const DENSE: usize = 256;

/// The secrets of a session that garbling needs.
pub struct LabelSource {
    /// The global offset.
    pub delta: Delta,
    /// The half-gates under the session's hash key.
    pub half_gates: HalfGates,
    /// The zero label of the public wire of value zero; the evaluator holds the same block as its label.
    pub zero: Block,
}

/// A call that is being garbled: from the zero labels of the inputs to rows and the zero labels of the outputs.
///
/// Lanes are garbled tile by tile, each in program order. AND `k` in lane `l` of a tile of `r` lanes has the id
/// `first_id + (rows of the tiles before) + k·r + l`: ids count rows. [`Garbling::fill`] is called until the call
/// is done, so that rows travel while later ones are computed.
pub struct Garbling<'a> {
    program: &'a Program,
    source: &'a LabelSource,
    inputs: &'a [&'a ZeroLabels],
    first_lane: usize,
    /// The lanes of a band.
    band: usize,
    at: Position,
    tile: Tile<Block>,
    next_id: u64,
    dense: Box<Dense>,
    outputs: Vec<ZeroLabels>,
}

impl<'a> Garbling<'a> {
    /// Starts a call. The ids `first_id .. first_id + lanes · program.and_count()` must belong to it alone for as
    /// long as Δ lives.
    ///
    /// # Panics
    /// If the inputs are not the program's groups with `lanes` lanes each, or there are no lanes; the driver has
    /// checked both.
    pub fn new(
        program: &'a Program,
        source: &'a LabelSource,
        inputs: &'a [&'a ZeroLabels],
        lanes: Range<usize>,
        first_id: u64,
    ) -> Self {
        assert_eq!(inputs.len(), program.inputs().len(), "one label matrix per input group");
        for (labels, input) in inputs.iter().zip(program.inputs()) {
            assert_eq!(labels.wires(), input.group.width as usize, "wires of input `{}`", input.group.name);
            assert!(lanes.end <= labels.lanes(), "lanes {lanes:?} of input `{}`", input.group.name);
        }
        let widths = program.outputs().iter().map(|output| output.bits.len());
        let outputs = widths.map(|width| ZeroLabels::zeroed(width, lanes.len())).collect();
        let (first_lane, band) = (lanes.start, Bands::new(program, lanes.end).width());
        let tile = Tile::first(program, lanes);
        let (at, next_id, dense) = (Position::default(), first_id, Box::default());
        let mut garbling =
            Garbling { program, source, inputs, first_lane, band, at, tile, next_id, dense, outputs };
        garbling.load_tile();
        garbling
    }

    /// Writes rows into `chunk` from its start until the next batch does not fit or the call ends. Returns the
    /// bytes written and whether the call has ended.
    ///
    /// # Panics
    /// If `chunk` cannot hold [`Program::MAX_BATCH`] ANDs in every lane of a tile, or the call had ended before.
    pub fn fill(&mut self, chunk: &mut [u8]) -> (usize, Progress) {
        assert!(!self.tile.lanes().is_empty(), "the call has not ended");
        let mut written = 0;
        loop {
            let mut machine = GarblingMachine {
                source: self.source,
                tile: &mut self.tile,
                rows: &mut chunk.as_chunks_mut().0[written..],
                written: 0,
                next_id: self.next_id,
                dense: &mut self.dense,
            };
            let progress = self.program.run(&mut self.at, &mut machine);
            self.next_id = machine.next_id;
            written += machine.written;
            if progress == Progress::Paused {
                assert!(written > 0, "a chunk holds a batch");
                return (written * ROW_BYTES, Progress::Paused);
            }
            self.store_tile();
            let end = self.tile.lanes().end;
            if !self.tile.advance() {
                return (written * ROW_BYTES, Progress::Done);
            }
            self.at = Position::default();
            self.load_tile();
            if end.is_multiple_of(self.band) && written > 0 {
                return (written * ROW_BYTES, Progress::Paused);
            }
        }
    }

    /// The zero labels of the outputs, one matrix per group.
    ///
    /// # Panics
    /// If the call has not ended.
    pub fn finish(self) -> Vec<ZeroLabels> {
        assert!(self.tile.lanes().is_empty(), "the call has ended");
        self.outputs
    }

    fn load_tile(&mut self) {
        let lanes = self.tile.lanes();
        let rows = self.inputs.iter().flat_map(|labels| (0..labels.wires()).map(|wire| labels.row(wire)));
        for (row, slot) in rows.zip(self.program.input_slots()) {
            if let Some(slot) = *slot {
                self.tile.row_mut(slot).copy_from_slice(&row[lanes.clone()]);
            }
        }
        if let Some(slot) = self.program.zero_slot() {
            self.tile.row_mut(slot).fill(self.source.zero);
        }
    }

    fn store_tile(&mut self) {
        let lanes = self.tile.lanes();
        let lanes = lanes.start - self.first_lane..lanes.end - self.first_lane;
        for (labels, output) in self.outputs.iter_mut().zip(self.program.outputs()) {
            for (wire, bit) in output.bits.iter().enumerate() {
                let flip = self.source.delta.block().and_bit(bit.inverted());
                let row = &mut labels.row_mut(wire)[lanes.clone()];
                for (out, label) in row.iter_mut().zip(self.tile.row(bit.slot())) {
                    *out = *label ^ flip;
                }
            }
        }
    }
}

/// Dense copies of the labels of up to [`DENSE`] ANDs.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Dense {
    left: [Block; DENSE],
    right: [Block; DENSE],
    out: [Block; DENSE],
}

impl Default for Dense {
    fn default() -> Self {
        Dense { left: [Block::ZERO; DENSE], right: [Block::ZERO; DENSE], out: [Block::ZERO; DENSE] }
    }
}

struct GarblingMachine<'m> {
    source: &'m LabelSource,
    tile: &'m mut Tile<Block>,
    rows: &'m mut [[u8; ROW_BYTES]],
    written: usize,
    next_id: u64,
    dense: &'m mut Dense,
}

impl Machine for GarblingMachine<'_> {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.tile.lanes().len() <= self.rows.len() - self.written
    }

    fn xor(&mut self, gates: &[XorGate]) {
        let lanes = self.tile.lanes().len();
        let gates = bytemuck::cast_slice(gates);
        xor_rows(self.source.half_gates.backend(), self.tile.slots_mut(), lanes, gates);
    }

    fn and(&mut self, gates: &[AndGate]) {
        let lanes = self.tile.lanes().len();
        if let [gate] = gates
            && lanes.is_multiple_of(BATCH)
        {
            return self.and_of_rows(gate, lanes);
        }
        for group in gates.chunks((DENSE / lanes).max(1)) {
            self.gather(group, lanes);
            let count = group.len() * lanes;
            let Dense { left, right, out } = &mut *self.dense;
            self.source.half_gates.garble(
                &self.source.delta,
                self.next_id,
                &left[..count],
                &right[..count],
                &mut out[..count],
                &mut self.rows[self.written..][..count],
            );
            self.scatter(group, lanes);
            self.next_id += count as u64;
            self.written += count;
        }
    }
}

impl GarblingMachine<'_> {
    /// Whole batches of lanes go to the hash from where they lie, except inverted ones.
    fn and_of_rows(&mut self, gate: &AndGate, lanes: usize) {
        let delta = &self.source.delta;
        let Dense { left, right, out } = &mut *self.dense;
        let out = &mut out[..lanes];
        self.source.half_gates.garble(
            delta,
            self.next_id,
            zero_labels(self.tile, gate.left, delta, &mut left[..lanes]),
            zero_labels(self.tile, gate.right, delta, &mut right[..lanes]),
            out,
            &mut self.rows[self.written..][..lanes],
        );
        self.tile.row_mut(gate.out).copy_from_slice(out);
        self.next_id += lanes as u64;
        self.written += lanes;
    }

    /// An inverted operand's zero label is its slot's one label.
    fn gather(&mut self, gates: &[AndGate], lanes: usize) {
        let delta = self.source.delta.block();
        let Dense { left, right, .. } = &mut *self.dense;
        if lanes == 1 {
            let (flips, slots) = ([Block::ZERO, delta], self.tile.slots_mut());
            let label =
                |operand: Operand| slots[operand.slot().index()] ^ flips[usize::from(operand.inverted())];
            for ((gate, left), right) in gates.iter().zip(left).zip(right) {
                (*left, *right) = (label(gate.left), label(gate.right));
            }
            return;
        }
        let rows = left.chunks_exact_mut(lanes).zip(right.chunks_exact_mut(lanes));
        for (gate, (left, right)) in gates.iter().zip(rows) {
            for (dense, operand) in [(left, gate.left), (right, gate.right)] {
                let row = self.tile.row(operand.slot());
                if operand.inverted() {
                    dense.iter_mut().zip(row).for_each(|(label, slot)| *label = *slot ^ delta);
                } else {
                    dense.copy_from_slice(row);
                }
            }
        }
    }

    fn scatter(&mut self, gates: &[AndGate], lanes: usize) {
        if lanes == 1 {
            let slots = self.tile.slots_mut();
            gates.iter().zip(&self.dense.out).for_each(|(gate, label)| slots[gate.out.index()] = *label);
            return;
        }
        for (gate, labels) in gates.iter().zip(self.dense.out.chunks_exact(lanes)) {
            self.tile.row_mut(gate.out).copy_from_slice(labels);
        }
    }
}

/// The zero labels of an operand: its slot's, or its slot's one labels if it is inverted.
fn zero_labels<'t>(
    tile: &'t Tile<Block>,
    operand: Operand,
    delta: &Delta,
    dense: &'t mut [Block],
) -> &'t [Block] {
    let row = tile.row(operand.slot());
    if !operand.inverted() {
        return row;
    }
    for (label, slot) in dense.iter_mut().zip(row) {
        *label = *slot ^ delta.block();
    }
    dense
}
