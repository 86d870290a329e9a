use std::ops::Range;

use halfgate_circuits::BitRows;
use halfgate_compiler::{AndGate, BitTile, Machine, Program, Progress, Tile, TileMachine, Walk, XorGate};
use halfgate_crypto::{ActiveLabels, Block, Delta, Mitccrh, refit, xor_rows};
use halfgate_triples::AndMasks;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The bytes of the two rows G0 ‖ G1 of an AND, beside which it has one bit.
pub(crate) const ROW_BYTES: usize = 32;

/// How many ANDs are gathered for the hash at once: more than a tile's widest row, and all of it in the first cache.
const DENSE: usize = 128;

/// What evaluating needs of a session.
#[derive(Clone, Copy)]
pub struct AuthenticatedStart<'a> {
    /// The evaluator's global offset, under which the garbler's MACs stand.
    pub delta: &'a Delta,
    /// The hash under the garbler's start point for rows.
    pub hash: &'a Mitccrh,
    /// The label of the public wire of value zero, whose mask is zero.
    pub zero: Block,
}

/// The garbler's message on the ANDs of a portion.
#[derive(Clone, Copy)]
pub struct AndRows<'a> {
    /// G0 ‖ G1 of each.
    pub rows: &'a [[u8; ROW_BYTES]],
    /// b of each.
    pub bits: &'a BitRows,
}

/// Evaluated ANDs of a portion. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct EvaluatedAnds {
    /// Λ_c of each.
    pub masked: BitRows,
    /// The active label of each.
    pub labels: Vec<Block>,
    /// What the garbler's MAC has to be for each row to be right.
    pub expected: Vec<Block>,
}

impl Default for EvaluatedAnds {
    fn default() -> Self {
        EvaluatedAnds { masked: BitRows::new(0, 1), labels: Vec::new(), expected: Vec::new() }
    }
}

impl EvaluatedAnds {
    /// Has so many ANDs, to be written anew.
    fn fit(&mut self, count: usize) {
        refit(&mut self.labels, count);
        refit(&mut self.expected, count);
        self.masked = BitRows::new(count, 1);
    }
}

/// A call that is being evaluated, portion by portion: from the active labels and Λ of the inputs, and the garbler's rows, to
/// those of the outputs.
///
/// With A and B the active labels of an AND of id g, and M the MACs of `halfgate_triples`:
///
/// ```text
/// C   = H(A, 2g) ⊕ H(B, 2g+1) ⊕ Λ_a·(G0 ⊕ M[λ_b]) ⊕ Λ_b·(G1 ⊕ A ⊕ M[λ_a]) ⊕ M[λ_a∧λ_b ⊕ λ_c]
/// Λ_c = b ⊕ bit1(C)
/// ```
pub struct AuthenticatedEvaluating<'a> {
    walk: Walk<'a>,
    slots: Slots<'a>,
    next_id: u64,
}

/// Active labels and masked values of an input group.
#[derive(Clone, Copy)]
pub struct MaskedLabels<'a> {
    /// Active labels.
    pub labels: &'a ActiveLabels,
    /// Λ, in the order of the labels.
    pub masked: &'a BitRows,
}

struct Slots<'a> {
    program: &'a Program,
    inputs: &'a [MaskedLabels<'a>],
    /// The lanes of the call.
    lanes: usize,
    tile: Tile<Block>,
    masked: BitTile,
    dense: Box<Dense>,
    outputs: Vec<(ActiveLabels, BitRows)>,
}

impl<'a> AuthenticatedEvaluating<'a> {
    /// Starts a call whose ANDs have the ids `first_id .. first_id + lanes · program.and_count()`.
    ///
    /// # Panics
    /// If the inputs are not the program's groups with `lanes` lanes each, or there are no lanes; the driver has
    /// checked both.
    pub fn new(program: &'a Program, inputs: &'a [MaskedLabels<'a>], lanes: usize, first_id: u64) -> Self {
        assert_eq!(inputs.len(), program.inputs().len(), "one label matrix per input group");
        for (MaskedLabels { labels, masked }, input) in inputs.iter().zip(program.inputs()) {
            assert_eq!(labels.wires(), input.group.width as usize, "wires of input `{}`", input.group.name);
            assert_eq!(labels.lanes(), lanes, "lanes of input `{}`", input.group.name);
            assert_eq!(masked.len(), labels.blocks().len(), "bits of input `{}`", input.group.name);
        }
        let widths = program.outputs().iter().map(|output| output.bits.len());
        let outputs =
            widths.map(|width| (ActiveLabels::zeroed(width, lanes), BitRows::new(width * lanes, 1)));
        let slots = Slots {
            program,
            inputs,
            lanes,
            tile: Tile::first(program, 0..lanes),
            masked: BitTile::new(program),
            dense: Box::default(),
            outputs: outputs.collect(),
        };
        AuthenticatedEvaluating { walk: Walk::new(program, lanes), slots, next_id: first_id }
    }

    /// Evaluates the ANDs of the next portion, in place of what `evaluated` held before.
    ///
    /// # Panics
    /// If there are not as many rows and bits as masks; the driver has checked it.
    pub fn advance(
        &mut self,
        start: AuthenticatedStart<'_>,
        masks: &[AndMasks],
        garbled: AndRows<'_>,
        evaluated: &mut EvaluatedAnds,
    ) -> Progress {
        assert_eq!(
            [garbled.rows.len(), garbled.bits.len()],
            [masks.len(); 2],
            "a row and a bit for each AND"
        );
        evaluated.fit(masks.len());
        let mut machine = EvaluatingMachine {
            slots: &mut self.slots,
            start,
            masks,
            garbled,
            evaluated,
            done: 0,
            first_id: self.next_id,
        };
        let progress = self.walk.advance(&mut machine);
        assert_eq!(machine.done, masks.len(), "the masks are those of the portion");
        self.next_id += masks.len() as u64;
        progress
    }

    /// Active labels and Λ of the outputs, one pair per group.
    pub fn finish(self) -> Vec<(ActiveLabels, BitRows)> {
        self.slots.outputs
    }
}

/// Lists for the hash: A and B in turns.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Dense {
    labels: [Block; 2 * DENSE],
    hashes: [Block; 2 * DENSE],
}

impl Default for Dense {
    fn default() -> Self {
        Dense { labels: [Block::ZERO; 2 * DENSE], hashes: [Block::ZERO; 2 * DENSE] }
    }
}

struct EvaluatingMachine<'m, 'a> {
    slots: &'m mut Slots<'a>,
    start: AuthenticatedStart<'m>,
    masks: &'m [AndMasks],
    garbled: AndRows<'m>,
    evaluated: &'m mut EvaluatedAnds,
    done: usize,
    /// The id of the portion's first AND.
    first_id: u64,
}

impl Machine for EvaluatingMachine<'_, '_> {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.slots.tile.lanes().len() <= self.masks.len() - self.done
    }

    fn xor(&mut self, gates: &[XorGate]) {
        let lanes = self.slots.tile.lanes().len();
        self.slots.masked.xor(gates);
        let backend = self.start.hash.backend();
        xor_rows(backend, self.slots.tile.slots_mut(), lanes, bytemuck::cast_slice(gates));
    }

    fn and(&mut self, gates: &[AndGate]) {
        let lanes = self.slots.tile.lanes().len();
        for group in gates.chunks((DENSE / lanes).max(1)) {
            let count = group.len() * lanes;
            self.slots.gather(group);
            let Dense { labels, hashes } = &mut *self.slots.dense;
            let first_tweak = 2 * (self.first_id + self.done as u64);
            self.start.hash.hash(first_tweak, &labels[..2 * count], &mut hashes[..2 * count]);
            for (index, gate) in group.iter().enumerate() {
                self.evaluate(gate, index);
            }
            let labels = self.evaluated.labels[self.done..].chunks_exact(lanes);
            for ((index, gate), labels) in group.iter().enumerate().zip(labels) {
                self.slots.tile.row_mut(gate.out).copy_from_slice(labels);
                let masked = &self.evaluated.masked;
                self.slots.masked.load(gate.out, masked, self.done + index * lanes, lanes);
            }
            self.done += count;
        }
    }
}

impl EvaluatingMachine<'_, '_> {
    /// Evaluates all lanes of the gate at this place among those whose labels are gathered. Λ is public, but not to those who
    /// time this machine, so there is no branch on it.
    fn evaluate(&mut self, gate: &AndGate, index: usize) {
        let Slots { tile, masked, dense, .. } = &mut *self.slots;
        let (lanes, delta) = (tile.lanes().len(), self.start.delta.block());
        let (left, right) = (masked.read(gate.left), masked.read(gate.right));
        let first = self.done + index * lanes;
        let mut out = 0;
        for lane in 0..lanes {
            let (and, at) = (first + lane, 2 * (index * lanes + lane));
            let (left, right) = (left >> lane & 1 == 1, right >> lane & 1 == 1);
            let (AndMasks { left: a, right: b, out: c }, row) = (&self.masks[and], self.garbled.rows[and]);
            let [first, second] = [0, 16]
                .map(|from| Block::from_bytes(*row[from..].first_chunk().expect("two rows of 16 bytes")));
            let label = dense.hashes[at]
                ^ dense.hashes[at + 1]
                ^ (first ^ b.mac).and_bit(left)
                ^ (second ^ dense.labels[at] ^ a.mac).and_bit(right)
                ^ c.mac;
            let bit = self.garbled.bits.bit(and) ^ label.second_bit();
            self.evaluated.labels[and] = label;
            self.evaluated.expected[and] =
                b.key.and_bit(left) ^ a.key.and_bit(right) ^ c.key ^ delta.and_bit(left & right ^ bit);
            out |= u64::from(bit) << lane;
        }
        self.evaluated.masked.put_word(first, out, lanes);
    }
}

impl TileMachine for EvaluatingMachine<'_, '_> {
    fn load(&mut self, lanes: Range<usize>) {
        self.slots.load(self.start.zero, lanes);
    }

    fn store(&mut self, lanes: Range<usize>) {
        self.slots.store(lanes);
    }
}

impl Slots<'_> {
    /// An inverted operand has the label of its slot; Λ is inverted.
    fn gather(&mut self, gates: &[AndGate]) {
        let lanes = self.tile.lanes().len();
        for (gate, labels) in gates.iter().zip(self.dense.labels.chunks_exact_mut(2 * lanes)) {
            let operands = self.tile.row(gate.left.slot()).iter().zip(self.tile.row(gate.right.slot()));
            for (pair, (left, right)) in labels.as_chunks_mut::<2>().0.iter_mut().zip(operands) {
                *pair = [*left, *right];
            }
        }
    }

    fn load(&mut self, zero: Block, lanes: Range<usize>) {
        self.tile.move_to(lanes.clone());
        for (group, wire, slot) in self.program.loads() {
            let MaskedLabels { labels, masked } = self.inputs[group];
            self.tile.row_mut(slot).copy_from_slice(&labels.row(wire)[lanes.clone()]);
            self.masked.load(slot, masked, wire * self.lanes + lanes.start, lanes.len());
        }
        if let Some(slot) = self.program.zero_slot() {
            self.tile.row_mut(slot).fill(zero);
            self.masked.set_row(slot, 0);
        }
    }

    fn store(&mut self, lanes: Range<usize>) {
        for ((labels, masked), output) in self.outputs.iter_mut().zip(self.program.outputs()) {
            for (wire, bit) in output.bits.iter().enumerate() {
                labels.row_mut(wire)[lanes.clone()].copy_from_slice(self.tile.row(bit.slot()));
                let bits = u64::from(self.masked.read(*bit));
                masked.put_word(wire * self.lanes + lanes.start, bits, lanes.len());
            }
        }
    }
}
