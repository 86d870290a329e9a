use bytemuck::{Pod, Zeroable};
use halfgate_circuits::{BitRows, Party};
use halfgate_crypto::{Block, Delta, Oracle};
use zeroize::DefaultIsZeroes;

use crate::Auth;
use crate::opening::absorb;
use crate::pages::Pages;
use crate::permutation::Permutation;

/// One party's part of leaky ANDs ⟨x⟩, ⟨y⟩, ⟨z⟩ before they are thrown into buckets. Wiped on drop, for pages are.
///
/// What is read together lies together, for buckets read in random order.
pub(crate) struct Candidates {
    /// ⟨x⟩ and ⟨r⟩.
    pub(crate) factors: Pages<Factors>,
    /// ⟨y⟩.
    pub(crate) seconds: Pages<Auth>,
    /// This party's shares: x in bit 0, y in bit 1, z in bit 2.
    pub(crate) shares: Pages<u8>,
    /// S_P of each, until its bit is known.
    sums: Pages<Block>,
    len: usize,
}

/// ⟨x⟩ and ⟨r⟩ of a candidate.
#[derive(Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Factors {
    pub(crate) x: Auth,
    pub(crate) r: Auth,
}

impl Factors {
    /// ⟨z⟩ = ⟨r⟩ ⊕ d of the candidate with these shares.
    pub(crate) fn z(&self, shares: u8, delta: &Delta) -> Auth {
        self.r.plus_constant(shares >> D & 1 == 1, delta)
    }
}

impl DefaultIsZeroes for Factors {}

/// The place of a share in [`Candidates::shares`].
pub(crate) const X: u8 = 0;
pub(crate) const Y: u8 = 1;
pub(crate) const Z: u8 = 2;
/// The place of the public d beside them, which is still to be added to the key of ⟨z⟩.
pub(crate) const D: u8 = 3;

impl Candidates {
    pub(crate) fn with_capacity(count: usize) -> Self {
        Candidates {
            factors: Pages::zeroed(count),
            seconds: Pages::zeroed(count),
            shares: Pages::zeroed(count),
            sums: Pages::zeroed(count),
            len: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Adds a candidate, for which there has to be room.
    pub(crate) fn push(&mut self, [x, y, r]: [Auth; 3], shares: u8, sum: Block) {
        self.factors[self.len] = Factors { x, r };
        self.seconds[self.len] = y;
        self.shares[self.len] = shares;
        self.sums[self.len] = sum;
        self.len += 1;
    }

    /// The bits of all S_P that the peer is told: d is their XOR with the peer's.
    pub(crate) fn bits(&self) -> BitRows {
        BitRows::from_bits(self.len(), 1, self.sums.iter().map(|sum| sum.second_bit()))
    }

    /// Notes d of all candidates, by which ⟨z⟩ = ⟨r⟩ ⊕ d, and adds L_P = S_P ⊕ d·Δ_P of all to a query, in order.
    pub(crate) fn correct(&mut self, d: &BitRows, own: Party, delta: &Delta, oracle: Oracle) -> Oracle {
        let flips = u8::from(own == Party::Garbler) << Z;
        for ((shares, sum), d) in self.shares.iter_mut().zip(self.sums.iter_mut()).zip(d.bits()) {
            *shares ^= flips & u8::from(d).wrapping_neg() | u8::from(d) << D;
            *sum ^= delta.block().and_bit(d);
        }
        let oracle = absorb(oracle, self.sums.iter().copied());
        self.sums = Pages::default();
        oracle
    }

    /// Moves all candidates to the piles of a permutation.
    pub(crate) fn pile(&mut self, permutation: &Permutation) {
        permutation.pile(&mut self.factors);
        permutation.pile(&mut self.seconds);
        permutation.pile(&mut self.shares);
    }
}
