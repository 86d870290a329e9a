use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Block, Entropy};

/// The garbler's global offset Δ: a random block with colour 1. The one label of a wire is its zero label ⊕ Δ.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Delta(Block);

impl Delta {
    /// A fresh offset.
    pub fn random(entropy: &mut Entropy) -> Self {
        Delta(Block::new(entropy.block().bits() | 1))
    }

    /// A fresh offset whose bit 1 is `bit`, so that 126 bits are random.
    ///
    /// In authenticated garbling (KRRW18, 2018/578) the garbler's Δ has the bit set and the evaluator's has not: bit 1
    /// of Δ_G ⊕ Δ_E is then 1, and [`Block::second_bit`] of a share of y·(Δ_G ⊕ Δ_E) is a share of the bit y.
    pub fn with_second_bit(entropy: &mut Entropy, bit: bool) -> Self {
        let free = entropy.block().bits() & !0b11;
        Delta(Block::new(free | u128::from(bit) << 1 | 1))
    }

    /// The offset that was kept as this block; `None` if it is none, for its colour is 0.
    pub fn from_block(block: Block) -> Option<Self> {
        block.colour().then_some(Delta(block))
    }

    /// A second owner of the same offset. It is not `Clone`, so that nobody makes one by accident.
    pub fn duplicate(&self) -> Self {
        Delta(self.0)
    }

    /// A given offset, for known answers.
    #[cfg(test)]
    pub(crate) fn fixed(bits: u128) -> Self {
        assert!(bits & 1 == 1, "an offset has colour 1");
        Delta(Block::new(bits))
    }

    /// The offset as a block, for kernels and OT.
    pub fn block(&self) -> Block {
        self.0
    }
}

/// Wires times lanes of blocks, one row of lanes per wire, wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Rows {
    #[zeroize(skip)]
    lanes: usize,
    blocks: Vec<Block>,
}

impl Rows {
    fn new(lanes: usize, blocks: Vec<Block>) -> Self {
        assert!(lanes > 0 && blocks.len().is_multiple_of(lanes), "rows of {lanes} lanes");
        Rows { lanes, blocks }
    }
}

macro_rules! label_rows {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Zeroize, ZeroizeOnDrop)]
        pub struct $name(Rows);

        impl $name {
            /// All-zero blocks, to be filled.
            ///
            /// # Panics
            /// If there are no lanes.
            pub fn zeroed(wires: usize, lanes: usize) -> Self {
                $name(Rows::new(lanes, vec![Block::ZERO; wires * lanes]))
            }

            /// Takes over blocks that lie as `[wire][lane]`.
            ///
            /// # Panics
            /// If there are no lanes or the last row is not whole.
            pub fn from_blocks(lanes: usize, blocks: Vec<Block>) -> Self {
                $name(Rows::new(lanes, blocks))
            }

            /// The number of wires.
            pub fn wires(&self) -> usize {
                self.0.blocks.len() / self.0.lanes
            }

            /// The number of lanes.
            pub fn lanes(&self) -> usize {
                self.0.lanes
            }

            /// The labels of one wire, one per lane.
            ///
            /// # Panics
            /// If there is no such wire.
            pub fn row(&self, wire: usize) -> &[Block] {
                &self.0.blocks[wire * self.0.lanes..][..self.0.lanes]
            }

            /// The labels of one wire, to be written.
            ///
            /// # Panics
            /// If there is no such wire.
            pub fn row_mut(&mut self, wire: usize) -> &mut [Block] {
                &mut self.0.blocks[wire * self.0.lanes..][..self.0.lanes]
            }

            /// Copies the labels of some lanes of all wires to where these lanes begin.
            ///
            /// # Panics
            /// If the wires are not as many or the lanes do not exist.
            pub fn write_lanes(&mut self, first_lane: usize, part: &Self) {
                assert_eq!(self.wires(), part.wires(), "wires of labels");
                for wire in 0..part.wires() {
                    self.row_mut(wire)[first_lane..][..part.lanes()].copy_from_slice(part.row(wire));
                }
            }

            /// All labels as `[wire][lane]`.
            pub fn blocks(&self) -> &[Block] {
                &self.0.blocks
            }

            /// All labels as `[wire][lane]`, to be written.
            pub fn blocks_mut(&mut self) -> &mut [Block] {
                &mut self.0.blocks
            }
        }
    };
}

label_rows! {
    /// The garbler's labels of truth value zero, as `[wire][lane]`.
    ZeroLabels
}

label_rows! {
    /// The evaluator's labels, one per wire and lane, of truth values it does not know; as `[wire][lane]`.
    ActiveLabels
}

#[cfg(test)]
mod tests {
    use super::Delta;
    use crate::Entropy;

    #[test]
    fn a_second_bit_is_pinned_and_all_others_are_free() {
        let mut entropy = Entropy::fixed(18);
        for bit in [false, true] {
            let (mut ever_set, mut always_set) = (0, u128::MAX);
            for _ in 0..200 {
                let delta = Delta::with_second_bit(&mut entropy, bit).block();
                assert!(delta.colour() && delta.second_bit() == bit);
                ever_set |= delta.bits();
                always_set &= delta.bits();
            }
            let pinned = u128::from(bit) << 1 | 1;
            assert!(always_set == pinned && ever_set == u128::MAX << 2 | pinned);
        }
    }
}
