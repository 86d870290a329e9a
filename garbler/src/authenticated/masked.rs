use std::ops::Range;

use halfgate_circuits::BitRows;
use halfgate_compiler::{AndGate, BitTile, Machine, Program, Progress, TileMachine, Walk, XorGate};
use halfgate_crypto::{Block, refit};
use halfgate_triples::AndMasks;

/// The garbler's walk on masked values: from Λ of the inputs, and what the evaluator claims for each AND, to Λ of the outputs
/// and the MACs that answer for its rows.
pub struct MaskedWalk<'a> {
    walk: Walk<'a>,
    slots: Slots<'a>,
}

struct Slots<'a> {
    program: &'a Program,
    inputs: &'a [&'a BitRows],
    /// The lanes of the call.
    lanes: usize,
    /// Those of the tile.
    width: usize,
    tile: BitTile,
    outputs: Vec<BitRows>,
}

impl<'a> MaskedWalk<'a> {
    /// Starts a call on Λ of its input groups.
    ///
    /// # Panics
    /// If the inputs are not the program's groups with `lanes` lanes each, or there are no lanes; the driver has
    /// checked both.
    pub fn new(program: &'a Program, inputs: &'a [&'a BitRows], lanes: usize) -> Self {
        assert_eq!(inputs.len(), program.inputs().len(), "bits for each input group");
        for (bits, input) in inputs.iter().zip(program.inputs()) {
            let width = input.group.width as usize;
            assert_eq!(bits.len(), width * lanes, "bits of input `{}`", input.group.name);
        }
        let widths = program.outputs().iter().map(|output| output.bits.len());
        let outputs = widths.map(|width| BitRows::new(width * lanes, 1)).collect();
        let tile = BitTile::new(program);
        let slots = Slots { program, inputs, lanes, width: 0, tile, outputs };
        MaskedWalk { walk: Walk::new(program, lanes), slots }
    }

    /// Goes through the next portion with Λ of its ANDs. In place of what `macs` held before come, for each, the MAC on
    /// Λ_a·λ_b ⊕ Λ_b·λ_a ⊕ λ_a∧λ_b ⊕ λ_c.
    ///
    /// # Panics
    /// If masks and bits are not as many as the portion has ANDs; the driver has checked both.
    pub fn advance(&mut self, masks: &[AndMasks], masked: &BitRows, macs: &mut Vec<Block>) -> Progress {
        assert_eq!(masks.len(), masked.len(), "a bit for each AND");
        refit(macs, masks.len());
        let mut machine = MaskedMachine { slots: &mut self.slots, masks, masked, macs, done: 0 };
        let progress = self.walk.advance(&mut machine);
        assert_eq!(machine.done, masks.len(), "the masks are those of the portion");
        progress
    }

    /// Λ of the outputs, one list for each group.
    pub fn finish(self) -> Vec<BitRows> {
        self.slots.outputs
    }
}

struct MaskedMachine<'m, 'a> {
    slots: &'m mut Slots<'a>,
    masks: &'m [AndMasks],
    masked: &'m BitRows,
    macs: &'m mut [Block],
    done: usize,
}

impl Machine for MaskedMachine<'_, '_> {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.slots.width <= self.masks.len() - self.done
    }

    fn xor(&mut self, gates: &[XorGate]) {
        self.slots.tile.xor(gates);
    }

    fn and(&mut self, gates: &[AndGate]) {
        let Slots { tile, width: lanes, .. } = &mut *self.slots;
        for gate in gates {
            let (first, after) = (self.done, self.done + *lanes);
            self.done = after;
            let (left, right) = (tile.read(gate.left), tile.read(gate.right));
            let masks = self.masks[first..after].iter().zip(&mut self.macs[first..after]);
            for (lane, (masks, mac)) in masks.enumerate() {
                let (left, right) = (left >> lane & 1 == 1, right >> lane & 1 == 1);
                let product = masks.right.mac.and_bit(left) ^ masks.left.mac.and_bit(right);
                *mac = product ^ masks.out.mac;
            }
            tile.load(gate.out, self.masked, first, *lanes);
        }
    }
}

impl TileMachine for MaskedMachine<'_, '_> {
    fn load(&mut self, lanes: Range<usize>) {
        self.slots.load(lanes);
    }

    fn store(&mut self, lanes: Range<usize>) {
        self.slots.store(lanes);
    }
}

impl Slots<'_> {
    fn load(&mut self, lanes: Range<usize>) {
        self.width = lanes.len();
        for (group, wire, slot) in self.program.loads() {
            let first = wire * self.lanes + lanes.start;
            self.tile.load(slot, self.inputs[group], first, lanes.len());
        }
        if let Some(slot) = self.program.zero_slot() {
            self.tile.set_row(slot, 0);
        }
    }

    fn store(&mut self, lanes: Range<usize>) {
        for (bits, output) in self.outputs.iter_mut().zip(self.program.outputs()) {
            for (wire, bit) in output.bits.iter().enumerate() {
                let first = wire * self.lanes + lanes.start;
                bits.put_word(first, u64::from(self.tile.read(*bit)), lanes.len());
            }
        }
    }
}
