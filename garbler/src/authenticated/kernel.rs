use std::ops::Range;

use halfgate_circuits::BitRows;
use halfgate_compiler::{AndGate, Machine, Operand, Program, Progress, Tile, TileMachine, Walk, XorGate};
use halfgate_crypto::{Block, Delta, Mitccrh, ZeroLabels, refit, xor_rows};
use halfgate_triples::AndMasks;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The bytes of the two rows G0 ‖ G1 of an AND, beside which it has one bit.
pub(crate) const ROW_BYTES: usize = 32;

/// How many ANDs are gathered for the hash at once: more than a tile's widest row, and all of it in the first cache.
const DENSE: usize = 128;

/// The secrets of a session that garbling needs.
#[derive(Clone, Copy)]
pub struct AuthenticatedSource<'a> {
    /// The garbler's global offset, under which its labels stand and the evaluator's MACs.
    pub delta: &'a Delta,
    /// The hash under the session's start point for rows.
    pub hash: &'a Mitccrh,
    /// The label of the public wire of value zero, whose mask is zero.
    pub zero: Block,
}

/// Garbled ANDs of a portion. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct GarbledAnds {
    /// G0 ‖ G1 of each.
    pub rows: Vec<[u8; ROW_BYTES]>,
    /// b of each: bit 1 of C⁰.
    pub bits: BitRows,
    /// C⁰ of each.
    pub zeros: Vec<Block>,
}

impl Default for GarbledAnds {
    fn default() -> Self {
        GarbledAnds { rows: Vec::new(), bits: BitRows::new(0, 1), zeros: Vec::new() }
    }
}

impl GarbledAnds {
    /// Has so many ANDs, to be written anew.
    fn fit(&mut self, count: usize) {
        refit(&mut self.rows, count);
        refit(&mut self.zeros, count);
        self.bits = BitRows::new(count, 1);
    }
}

/// A call that is being garbled, portion by portion: from the zero labels of the inputs to rows and the zero labels of
/// the outputs.
///
/// With the whole-bit keys K̂ of `halfgate_triples` and the tweaks 2g and 2g+1 of the AND with id g:
///
/// ```text
/// G0 = H(A⁰, 2g) ⊕ H(A¹, 2g) ⊕ K̂[λ_b]          G1 = H(B⁰, 2g+1) ⊕ H(B¹, 2g+1) ⊕ A⁰ ⊕ K̂[λ_a]
/// C⁰ = H(A⁰, 2g) ⊕ H(B⁰, 2g+1) ⊕ K̂[λ_a∧λ_b ⊕ λ_c]
/// ```
///
/// Ids count ANDs in the order of the walk.
pub struct AuthenticatedGarbling<'a> {
    walk: Walk<'a>,
    slots: Slots<'a>,
    next_id: u64,
}

struct Slots<'a> {
    program: &'a Program,
    inputs: &'a [&'a ZeroLabels],
    tile: Tile<Block>,
    dense: Box<Dense>,
    outputs: Vec<ZeroLabels>,
}

impl<'a> AuthenticatedGarbling<'a> {
    /// Starts a call. The ids `first_id .. first_id + lanes · program.and_count()` must belong to it alone for as
    /// long as Δ lives.
    ///
    /// # Panics
    /// If the inputs are not the program's groups with `lanes` lanes each, or there are no lanes; the driver has
    /// checked both.
    pub fn new(program: &'a Program, inputs: &'a [&'a ZeroLabels], lanes: usize, first_id: u64) -> Self {
        assert_eq!(inputs.len(), program.inputs().len(), "one label matrix per input group");
        for (labels, input) in inputs.iter().zip(program.inputs()) {
            assert_eq!(labels.wires(), input.group.width as usize, "wires of input `{}`", input.group.name);
            assert_eq!(labels.lanes(), lanes, "lanes of input `{}`", input.group.name);
        }
        let widths = program.outputs().iter().map(|output| output.bits.len());
        let slots = Slots {
            program,
            inputs,
            tile: Tile::first(program, 0..lanes),
            dense: Box::default(),
            outputs: widths.map(|width| ZeroLabels::zeroed(width, lanes)).collect(),
        };
        AuthenticatedGarbling { walk: Walk::new(program, lanes), slots, next_id: first_id }
    }

    /// Garbles the ANDs of the next portion, whose masks are given, in place of what `garbled` held before.
    ///
    /// # Panics
    /// If the masks are not as many as the portion has ANDs; the driver has checked it.
    pub fn advance(
        &mut self,
        source: AuthenticatedSource<'_>,
        masks: &[AndMasks],
        garbled: &mut GarbledAnds,
    ) -> Progress {
        garbled.fit(masks.len());
        let mut machine = GarblingMachine {
            slots: &mut self.slots,
            source,
            masks,
            garbled,
            done: 0,
            first_id: self.next_id,
        };
        let progress = self.walk.advance(&mut machine);
        assert_eq!(machine.done, masks.len(), "the masks are those of the portion");
        self.next_id += masks.len() as u64;
        progress
    }

    /// The zero labels of the outputs, one matrix per group.
    pub fn finish(self) -> Vec<ZeroLabels> {
        self.slots.outputs
    }
}

/// Lists for the hash: A⁰ and B⁰ in turns.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Dense {
    labels: [Block; 2 * DENSE],
    hashes: [Block; 2 * DENSE],
    sums: [Block; 2 * DENSE],
}

impl Default for Dense {
    fn default() -> Self {
        Dense {
            labels: [Block::ZERO; 2 * DENSE],
            hashes: [Block::ZERO; 2 * DENSE],
            sums: [Block::ZERO; 2 * DENSE],
        }
    }
}

struct GarblingMachine<'m, 'a> {
    slots: &'m mut Slots<'a>,
    source: AuthenticatedSource<'m>,
    masks: &'m [AndMasks],
    garbled: &'m mut GarbledAnds,
    done: usize,
    /// The id of the portion's first AND.
    first_id: u64,
}

impl Machine for GarblingMachine<'_, '_> {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.slots.tile.lanes().len() <= self.masks.len() - self.done
    }

    fn xor(&mut self, gates: &[XorGate]) {
        let lanes = self.slots.tile.lanes().len();
        let backend = self.source.hash.backend();
        xor_rows(backend, self.slots.tile.slots_mut(), lanes, bytemuck::cast_slice(gates));
    }

    fn and(&mut self, gates: &[AndGate]) {
        let lanes = self.slots.tile.lanes().len();
        for group in gates.chunks((DENSE / lanes).max(1)) {
            self.slots.gather(self.source.delta, group);
            self.garble(group.len() * lanes);
            let labels = self.garbled.zeros[self.done..].chunks_exact(lanes);
            for (gate, labels) in group.iter().zip(labels) {
                self.slots.tile.row_mut(gate.out).copy_from_slice(labels);
            }
            self.done += group.len() * lanes;
        }
    }
}

impl GarblingMachine<'_, '_> {
    /// Garbles the next ANDs, whose labels are gathered.
    fn garble(&mut self, count: usize) {
        let Dense { labels, hashes, sums } = &mut *self.slots.dense;
        let source = self.source;
        let (labels, hashes, sums) = (&labels[..2 * count], &mut hashes[..2 * count], &mut sums[..2 * count]);
        let first_tweak = 2 * (self.first_id + self.done as u64);
        source.hash.hash_pairs(source.delta, first_tweak, labels, hashes, sums);
        let done = self.done..self.done + count;
        let ands = labels.as_chunks::<2>().0.iter().zip(hashes.as_chunks::<2>().0);
        let ands = ands.zip(sums.as_chunks::<2>().0).zip(&self.masks[done.clone()]);
        let out = self.garbled.rows[done.clone()].iter_mut().zip(&mut self.garbled.zeros[done.clone()]);
        for ((((labels, hashes), sums), masks), (row, zero)) in ands.zip(out) {
            let (first, second) = row.split_at_mut(16);
            first.copy_from_slice(&(sums[0] ^ masks.right.key).to_bytes());
            second.copy_from_slice(&(sums[1] ^ labels[0] ^ masks.left.key).to_bytes());
            *zero = hashes[0] ^ hashes[1] ^ masks.out.key;
        }
        for (index, zero) in done.clone().zip(&self.garbled.zeros[done]) {
            self.garbled.bits.put_bit(index, zero.second_bit());
        }
    }
}

impl TileMachine for GarblingMachine<'_, '_> {
    fn load(&mut self, lanes: Range<usize>) {
        self.slots.load(self.source.zero, lanes);
    }

    fn store(&mut self, lanes: Range<usize>) {
        self.slots.store(self.source.delta, lanes);
    }
}

impl Slots<'_> {
    /// The zero label of an inverted operand, whose Λ is inverted too, is its slot's one label.
    fn gather(&mut self, delta: &Delta, gates: &[AndGate]) {
        let (lanes, delta) = (self.tile.lanes().len(), delta.block());
        for (gate, labels) in gates.iter().zip(self.dense.labels.chunks_exact_mut(2 * lanes)) {
            let label = |operand: Operand| (self.tile.row(operand.slot()), delta.and_bit(operand.inverted()));
            let ((left, left_flip), (right, right_flip)) = (label(gate.left), label(gate.right));
            for (pair, (left, right)) in labels.as_chunks_mut::<2>().0.iter_mut().zip(left.iter().zip(right))
            {
                *pair = [*left ^ left_flip, *right ^ right_flip];
            }
        }
    }

    fn load(&mut self, zero: Block, lanes: Range<usize>) {
        self.tile.move_to(lanes.clone());
        for (group, wire, slot) in self.program.loads() {
            self.tile.row_mut(slot).copy_from_slice(&self.inputs[group].row(wire)[lanes.clone()]);
        }
        if let Some(slot) = self.program.zero_slot() {
            self.tile.row_mut(slot).fill(zero);
        }
    }

    fn store(&mut self, delta: &Delta, lanes: Range<usize>) {
        let delta = delta.block();
        for (labels, output) in self.outputs.iter_mut().zip(self.program.outputs()) {
            for (wire, bit) in output.bits.iter().enumerate() {
                let flip = delta.and_bit(bit.inverted());
                let row = &mut labels.row_mut(wire)[lanes.clone()];
                row.iter_mut().zip(self.tile.row(bit.slot())).for_each(|(out, label)| *out = *label ^ flip);
            }
        }
    }
}
