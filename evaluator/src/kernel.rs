use std::ops::Range;

use halfgate_compiler::{AndGate, Bands, Machine, Position, Program, Progress, Tile, XorGate};
use halfgate_crypto::{ActiveLabels, Block, HalfGates, xor_rows};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The bytes of one garbled AND: `T_G ‖ T_E`.
pub(crate) const ROW_BYTES: usize = 32;

/// The ANDs that the hash takes at a time; a single row of lanes that is a multiple of it needs no gathering.
const BATCH: usize = 16;

/// How many ANDs are gathered for the hash at once, which makes the next keys while it uses those it has: more than a
/// tile's widest row, and all of it in the first cache.
const DENSE: usize = 256;

/// What the garbler sent at the start of the session and evaluating needs.
pub struct HashStart {
    /// The half-gates under the session's hash key.
    pub half_gates: HalfGates,
    /// The label of the public wire of value zero.
    pub zero: Block,
}

/// A call that is being evaluated: from the active labels of the inputs and the garbler's rows to the active labels
/// of the outputs.
///
/// Lanes, tiles and ids are those of the garbler's walk. [`Evaluating::take`] is given the rows in the chunks in
/// which they arrive, so that evaluation keeps pace with the network.
pub struct Evaluating<'a> {
    program: &'a Program,
    start: &'a HashStart,
    inputs: &'a [&'a ActiveLabels],
    first_lane: usize,
    /// The lanes of a band.
    band: usize,
    at: Position,
    tile: Tile<Block>,
    next_id: u64,
    dense: Box<Dense>,
    outputs: Vec<ActiveLabels>,
}

impl<'a> Evaluating<'a> {
    /// Starts a call whose ANDs have the ids `first_id .. first_id + lanes · program.and_count()`.
    ///
    /// # Panics
    /// If the inputs are not the program's groups with `lanes` lanes each, or there are no lanes; the driver has
    /// checked both.
    pub fn new(
        program: &'a Program,
        start: &'a HashStart,
        inputs: &'a [&'a ActiveLabels],
        lanes: Range<usize>,
        first_id: u64,
    ) -> Self {
        assert_eq!(inputs.len(), program.inputs().len(), "one label matrix per input group");
        for (labels, input) in inputs.iter().zip(program.inputs()) {
            assert_eq!(labels.wires(), input.group.width as usize, "wires of input `{}`", input.group.name);
            assert!(lanes.end <= labels.lanes(), "lanes {lanes:?} of input `{}`", input.group.name);
        }
        let widths = program.outputs().iter().map(|output| output.bits.len());
        let outputs = widths.map(|width| ActiveLabels::zeroed(width, lanes.len())).collect();
        let (first_lane, band) = (lanes.start, Bands::new(program, lanes.end).width());
        let tile = Tile::first(program, lanes);
        let (at, next_id, dense) = (Position::default(), first_id, Box::default());
        let mut evaluating =
            Evaluating { program, start, inputs, first_lane, band, at, tile, next_id, dense, outputs };
        evaluating.load_tile();
        evaluating
    }

    /// Evaluates as far as `rows` reach. Returns how many of its bytes were used and whether the call has ended;
    /// both are the peer's doing, so the driver turns leftovers into an error.
    ///
    /// # Panics
    /// If the call had ended before.
    pub fn take(&mut self, rows: &[u8]) -> (usize, Progress) {
        assert!(!self.tile.lanes().is_empty(), "the call has not ended");
        let mut used = 0;
        loop {
            let mut machine = EvaluatingMachine {
                start: self.start,
                tile: &mut self.tile,
                rows: &rows.as_chunks().0[used..],
                used: 0,
                next_id: self.next_id,
                dense: &mut self.dense,
            };
            let progress = self.program.run(&mut self.at, &mut machine);
            self.next_id = machine.next_id;
            used += machine.used;
            if progress == Progress::Paused {
                return (used * ROW_BYTES, Progress::Paused);
            }
            self.store_tile();
            let end = self.tile.lanes().end;
            if !self.tile.advance() {
                return (used * ROW_BYTES, Progress::Done);
            }
            self.at = Position::default();
            self.load_tile();
            if end.is_multiple_of(self.band) && used > 0 {
                return (used * ROW_BYTES, Progress::Paused);
            }
        }
    }

    /// The active labels of the outputs, one matrix per group.
    ///
    /// # Panics
    /// If the call has not ended.
    pub fn finish(self) -> Vec<ActiveLabels> {
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
            self.tile.row_mut(slot).fill(self.start.zero);
        }
    }

    fn store_tile(&mut self) {
        let lanes = self.tile.lanes();
        let lanes = lanes.start - self.first_lane..lanes.end - self.first_lane;
        for (labels, output) in self.outputs.iter_mut().zip(self.program.outputs()) {
            for (wire, bit) in output.bits.iter().enumerate() {
                labels.row_mut(wire)[lanes.clone()].copy_from_slice(self.tile.row(bit.slot()));
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

struct EvaluatingMachine<'m> {
    start: &'m HashStart,
    tile: &'m mut Tile<Block>,
    rows: &'m [[u8; ROW_BYTES]],
    used: usize,
    next_id: u64,
    dense: &'m mut Dense,
}

impl Machine for EvaluatingMachine<'_> {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.tile.lanes().len() <= self.rows.len() - self.used
    }

    fn xor(&mut self, gates: &[XorGate]) {
        let lanes = self.tile.lanes().len();
        let gates = bytemuck::cast_slice(gates);
        xor_rows(self.start.half_gates.backend(), self.tile.slots_mut(), lanes, gates);
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
            self.start.half_gates.evaluate(
                self.next_id,
                &left[..count],
                &right[..count],
                &mut out[..count],
                &self.rows[self.used..][..count],
            );
            self.scatter(group, lanes);
            self.next_id += count as u64;
            self.used += count;
        }
    }
}

impl EvaluatingMachine<'_> {
    /// Whole batches of lanes go to the hash from where they lie.
    fn and_of_rows(&mut self, gate: &AndGate, lanes: usize) {
        let out = &mut self.dense.out[..lanes];
        self.start.half_gates.evaluate(
            self.next_id,
            self.tile.row(gate.left.slot()),
            self.tile.row(gate.right.slot()),
            out,
            &self.rows[self.used..][..lanes],
        );
        self.tile.row_mut(gate.out).copy_from_slice(out);
        self.next_id += lanes as u64;
        self.used += lanes;
    }

    /// Inversions concern the garbler only: the active label stays what it is.
    fn gather(&mut self, gates: &[AndGate], lanes: usize) {
        let Dense { left, right, .. } = &mut *self.dense;
        if lanes == 1 {
            let slots = self.tile.slots_mut();
            for ((gate, left), right) in gates.iter().zip(left).zip(right) {
                (*left, *right) = (slots[gate.left.slot().index()], slots[gate.right.slot().index()]);
            }
            return;
        }
        let rows = left.chunks_exact_mut(lanes).zip(right.chunks_exact_mut(lanes));
        for (gate, (left, right)) in gates.iter().zip(rows) {
            left.copy_from_slice(self.tile.row(gate.left.slot()));
            right.copy_from_slice(self.tile.row(gate.right.slot()));
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
