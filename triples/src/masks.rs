//! The masks of wires: those of inputs and of ANDs are fresh, an exclusive or has the sum of its operands' masks.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use halfgate_circuits::BitRows;
use halfgate_compiler::{
    AndGate, BitTile, Machine, Program, Progress, Slot, Tile, TileMachine, Walk, XorGate,
};
use halfgate_crypto::{Backend, xor_rows};
use zeroize::{DefaultIsZeroes, Zeroize, ZeroizeOnDrop};

use crate::{Auth, AuthBits};

/// What one party holds of the masks at an AND. An inverted operand has the mask of its slot.
#[derive(Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub struct AndMasks {
    /// ⟨λ_a⟩.
    pub left: Auth,
    /// ⟨λ_b⟩.
    pub right: Auth,
    /// ⟨λ_c⟩; from [`Dealer::multiply`](crate::Dealer::multiply) on ⟨λ_a∧λ_b ⊕ λ_c⟩.
    pub out: Auth,
}

impl DefaultIsZeroes for AndMasks {}

/// ANDs of a call that are multiplied, garbled and checked at once, in program order. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Portion {
    pub(crate) masks: Vec<AndMasks>,
    /// This party's shares of λ_a and λ_b, in turns.
    pub(crate) shares: BitRows,
}

impl Default for Portion {
    fn default() -> Self {
        Portion { masks: Vec::new(), shares: BitRows::new(0, 1) }
    }
}

impl Portion {
    /// The ANDs that a portion has at most. Part of the wire format.
    pub const MOST: usize = 1 << 17;

    /// Empty, with room for so many ANDs.
    fn fit(&mut self, count: usize) {
        if self.masks.capacity() < count {
            // Memory that grew would leave copies.
            *self = Portion { masks: Vec::with_capacity(count), shares: BitRows::new(0, 1) };
        }
        self.masks.clear();
        self.shares = BitRows::new(2 * count, 1);
    }

    /// The masks of each AND.
    pub fn masks(&self) -> &[AndMasks] {
        &self.masks
    }

    /// How many ANDs.
    pub fn len(&self) -> usize {
        self.masks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.masks.is_empty()
    }
}

/// The masks of a call: from those of the inputs to those of the outputs, portion by portion.
pub struct MaskWalk<'a> {
    walk: Walk<'a>,
    slots: Slots<'a>,
}

struct Slots<'a> {
    program: &'a Program,
    backend: Backend,
    inputs: &'a [&'a AuthBits],
    /// The lanes of the call.
    lanes: usize,
    auths: Tile<Auth>,
    shares: BitTile,
    outputs: Vec<AuthBits>,
}

impl<'a> MaskWalk<'a> {
    /// Starts a call.
    ///
    /// # Panics
    /// If the inputs are not the program's groups with `lanes` lanes each, or there are no lanes; the caller has checked
    /// both.
    pub fn new(program: &'a Program, backend: Backend, inputs: &'a [&'a AuthBits], lanes: usize) -> Self {
        assert_eq!(inputs.len(), program.inputs().len(), "masks for each input group");
        for (masks, input) in inputs.iter().zip(program.inputs()) {
            let width = input.group.width as usize;
            assert_eq!(masks.len(), width * lanes, "masks of input `{}`", input.group.name);
        }
        let widths = program.outputs().iter().map(|output| output.bits.len());
        let slots = Slots {
            program,
            backend,
            inputs,
            lanes,
            auths: Tile::first(program, 0..lanes),
            shares: BitTile::new(program),
            outputs: widths.map(|width| AuthBits::zeroed(width * lanes)).collect(),
        };
        MaskWalk { walk: Walk::new(program, lanes), slots }
    }

    /// How many ANDs the next portion has: one fresh bit for each of them comes with it.
    pub fn next_portion(&self) -> usize {
        self.walk.ands_within(Portion::MOST)
    }

    /// Goes through the next portion, in place of what `portion` held before; `fresh` becomes the masks of its ANDs.
    ///
    /// # Panics
    /// If there are not as many fresh bits as the portion [has ANDs](MaskWalk::next_portion).
    pub fn advance(&mut self, fresh: &AuthBits, portion: &mut Portion) -> Progress {
        let count = fresh.len();
        portion.fit(count);
        let mut machine = MaskMachine { slots: &mut self.slots, fresh, portion };
        let progress = self.walk.advance(&mut machine);
        assert_eq!(portion.len(), count, "a fresh bit for each AND of the portion");
        progress
    }

    /// The masks of the outputs, one list for each group.
    pub fn finish(self) -> Vec<AuthBits> {
        self.slots.outputs
    }
}

/// The ANDs of each portion of a call, as [`MaskWalk`] makes them.
pub fn portions(program: &Program, lanes: usize) -> Vec<usize> {
    let (mut walk, mut portions) = (Walk::new(program, lanes), Vec::new());
    loop {
        let (ands, progress) = walk.skip(Portion::MOST);
        portions.push(ands);
        if progress == Progress::Done {
            return portions;
        }
    }
}

struct MaskMachine<'m, 'a> {
    slots: &'m mut Slots<'a>,
    fresh: &'m AuthBits,
    portion: &'m mut Portion,
}

impl Machine for MaskMachine<'_, '_> {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.slots.auths.lanes().len() <= self.fresh.len() - self.portion.len()
    }

    fn xor(&mut self, gates: &[XorGate]) {
        self.slots.shares.xor(gates);
        // A row of masks is one of twice as many blocks.
        let width = 2 * self.slots.auths.lanes().len();
        let blocks = bytemuck::cast_slice_mut(self.slots.auths.slots_mut());
        xor_rows(self.slots.backend, blocks, width, bytemuck::cast_slice(gates));
    }

    fn and(&mut self, gates: &[AndGate]) {
        let Slots { auths, shares, .. } = &mut *self.slots;
        let lanes = auths.lanes().len();
        for gate in gates {
            let first = self.portion.masks.len();
            let operands = [gate.left, gate.right].map(|operand| shares.row(operand.slot()));
            for lane in 0..lanes {
                let [left, right] = operands.map(|bits| u64::from(bits >> lane & 1));
                self.portion.shares.put_word(2 * (first + lane), left | right << 1, 2);
            }
            let fresh = &self.fresh.auths()[first..][..lanes];
            let operands = auths.row(gate.left.slot()).iter().zip(auths.row(gate.right.slot()));
            let masks = operands.zip(fresh);
            self.portion.masks.extend(masks.map(|((&left, &right), &out)| AndMasks { left, right, out }));
            auths.row_mut(gate.out).copy_from_slice(fresh);
            shares.load(gate.out, self.fresh.shares(), first, lanes);
        }
    }
}

impl TileMachine for MaskMachine<'_, '_> {
    fn load(&mut self, lanes: Range<usize>) {
        self.slots.load(lanes);
    }

    fn store(&mut self, lanes: Range<usize>) {
        self.slots.store(lanes);
    }
}

impl Slots<'_> {
    fn load(&mut self, lanes: Range<usize>) {
        self.auths.move_to(lanes.clone());
        for (group, wire, slot) in self.program.loads() {
            let (masks, first) = (self.inputs[group], wire * self.lanes + lanes.start);
            self.auths.row_mut(slot).copy_from_slice(&masks.auths()[first..][..lanes.len()]);
            self.shares.load(slot, masks.shares(), first, lanes.len());
        }
        if let Some(slot) = self.program.zero_slot() {
            self.put_zero(slot);
        }
    }

    /// Zero has the mask zero, which both know.
    fn put_zero(&mut self, slot: Slot) {
        self.auths.row_mut(slot).fill(Auth::default());
        self.shares.set_row(slot, 0);
    }

    fn store(&mut self, lanes: Range<usize>) {
        for (masks, output) in self.outputs.iter_mut().zip(self.program.outputs()) {
            let (shares, auths) = masks.parts_mut();
            for (wire, bit) in output.bits.iter().enumerate() {
                let first = wire * self.lanes + lanes.start;
                auths[first..][..lanes.len()].copy_from_slice(self.auths.row(bit.slot()));
                shares.put_word(first, u64::from(self.shares.row(bit.slot())), lanes.len());
            }
        }
    }
}
