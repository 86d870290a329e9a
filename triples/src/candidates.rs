use halfgate_circuits::{BitRows, Party};
use halfgate_crypto::{Block, Delta, Oracle};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Auth;
use crate::opening::absorb;

/// One party's part of leaky ANDs ⟨x⟩, ⟨y⟩, ⟨z⟩ before they are thrown into buckets. Wiped on drop.
///
/// What is read together lies together, for buckets read in random order.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Candidates {
    /// ⟨x⟩ and ⟨z⟩; until [`Candidates::correct`], ⟨r⟩ stands for ⟨z⟩.
    pub(crate) factors: Vec<[Auth; 2]>,
    /// ⟨y⟩.
    pub(crate) seconds: Vec<Auth>,
    /// This party's shares: x in bit 0, y in bit 1, z in bit 2.
    pub(crate) shares: Vec<u8>,
    /// S_P of each, until its bit is known.
    sums: Vec<Block>,
}

/// The place of a share in [`Candidates::shares`].
pub(crate) const X: u8 = 0;
pub(crate) const Y: u8 = 1;
pub(crate) const Z: u8 = 2;

impl Candidates {
    pub(crate) fn with_capacity(count: usize) -> Self {
        Candidates {
            factors: Vec::with_capacity(count),
            seconds: Vec::with_capacity(count),
            shares: Vec::with_capacity(count),
            sums: Vec::with_capacity(count),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.seconds.len()
    }

    /// Adds a candidate. There has to be room for it: memory that grew would leave copies.
    pub(crate) fn push(&mut self, [x, y, r]: [Auth; 3], shares: u8, sum: Block) {
        debug_assert!(self.len() < self.seconds.capacity(), "room for all candidates from the start");
        self.factors.push([x, r]);
        self.seconds.push(y);
        self.shares.push(shares);
        self.sums.push(sum);
    }

    /// The bits of all S_P that the peer is told: d is their XOR with the peer's.
    pub(crate) fn bits(&self) -> BitRows {
        BitRows::from_bits(self.len(), 1, self.sums.iter().map(|sum| sum.second_bit()))
    }

    /// Makes ⟨z⟩ = ⟨r⟩ ⊕ d of all candidates and adds L_P = S_P ⊕ d·Δ_P of all to a query, in order.
    pub(crate) fn correct(&mut self, d: &BitRows, own: Party, delta: &Delta, oracle: Oracle) -> Oracle {
        let flips = u8::from(own == Party::Garbler) << Z;
        let candidates = self.factors.iter_mut().zip(&mut self.shares).zip(&mut self.sums);
        for (((factors, shares), sum), d) in candidates.zip(d.bits()) {
            factors[1] = factors[1].plus_constant(d, delta);
            *shares ^= flips & u8::from(d).wrapping_neg();
            *sum ^= delta.block().and_bit(d);
        }
        let oracle = absorb(oracle, self.sums.iter().copied());
        self.sums.zeroize();
        oracle
    }
}
