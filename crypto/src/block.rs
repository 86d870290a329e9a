use std::ops::{BitXor, BitXorAssign};

use bytemuck::{Pod, Zeroable};
use zeroize::DefaultIsZeroes;

/// 128 bits: a label, a key, a row of a correlation. Little endian on the wire.
///
/// A block has no `Debug`, for most blocks are secret. It is `Copy` because kernels move it through registers; the
/// owners of secret blocks ([`Delta`](crate::Delta), [`ZeroLabels`](crate::ZeroLabels), …) are neither `Copy` nor
/// `Clone` and wipe their memory.
#[derive(Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct Block(u128);

impl DefaultIsZeroes for Block {}

impl Block {
    /// All bits zero.
    pub const ZERO: Block = Block(0);

    /// The block with these bits.
    pub const fn new(bits: u128) -> Self {
        Block(bits)
    }

    /// The bits as a number.
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The block that stands in these bytes, little endian.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Block(u128::from_le_bytes(bytes))
    }

    /// The bytes of the block, little endian.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The colour bit: the least significant bit.
    pub const fn colour(self) -> bool {
        self.0 & 1 == 1
    }

    /// Bit 1, which carries a share of a bit in authenticated garbling, see
    /// [`Delta::with_second_bit`](crate::Delta::with_second_bit).
    pub const fn second_bit(self) -> bool {
        self.0 >> 1 & 1 == 1
    }

    /// The block if `bit` is set and zero if not, without a branch.
    pub const fn and_bit(self, bit: bool) -> Self {
        Block(self.0 & (bit as u128).wrapping_neg())
    }

    /// The linear orthomorphism σ(L‖R) = (L ⊕ R)‖L on 64-bit halves, L being the high one (GKWWY20, 2019/1168).
    pub const fn sigma(self) -> Self {
        let (high, low) = ((self.0 >> 64) as u64, self.0 as u64);
        Block(((high ^ low) as u128) << 64 | high as u128)
    }
}

impl BitXor for Block {
    type Output = Block;

    fn bitxor(self, other: Block) -> Block {
        Block(self.0 ^ other.0)
    }
}

impl BitXorAssign for Block {
    fn bitxor_assign(&mut self, other: Block) {
        self.0 ^= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn sigma_is_an_orthomorphism_on_its_matrix() {
        // σ and x ↦ σ(x) ⊕ x are both linear; each is a permutation if only zero maps to zero, which rank 128 shows.
        for with_identity in [false, true] {
            let mut rows: Vec<u128> = (0..128)
                .map(|bit| {
                    let x = Block::new(1 << bit);
                    (if with_identity { x.sigma() ^ x } else { x.sigma() }).bits()
                })
                .collect();
            let mut rank = 0;
            for bit in 0..128 {
                if let Some(pivot) = (rank..128).find(|&row| rows[row] >> bit & 1 == 1) {
                    rows.swap(rank, pivot);
                    for row in 0..128 {
                        if row != rank && rows[row] >> bit & 1 == 1 {
                            rows[row] ^= rows[rank];
                        }
                    }
                    rank += 1;
                }
            }
            assert_eq!(rank, 128);
        }
    }

    #[test]
    fn bytes_are_little_endian() {
        let block = Block::new(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100);
        assert_eq!(block.to_bytes(), std::array::from_fn(|i| i as u8));
        assert!(Block::from_bytes(block.to_bytes()) == block);
        assert!(!block.colour() && (block ^ Block::new(1)).colour());
        assert!(!block.second_bit() && (block ^ Block::new(2)).second_bit());
    }
}
