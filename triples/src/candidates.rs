use bytemuck::{Pod, Zeroable};
use halfgate_circuits::{BitRows, Party};
use halfgate_crypto::{Backend, Block, Delta, Oracle};
use zeroize::DefaultIsZeroes;

use crate::Auth;
use crate::opening::{Blocks, PROOF, shifted};
use crate::pages::Pages;
use crate::permutation::Permutation;

/// The memory that blocks of triples are made in, one after the other: new pages cost more than the work on what lies in
/// them. Wiped on drop, for pages are.
#[derive(Default)]
pub(crate) struct Arena {
    made: Pages<Factors>,
    moved: Pages<Factors>,
    seconds: Pages<Auth>,
    shares: [Pages<u8>; 2],
    permutation: Permutation,
}

impl Arena {
    /// Room for so many candidates, none of which is there yet.
    pub(crate) fn candidates(&mut self, count: usize) -> Candidates<'_> {
        if self.made.len() < count {
            *self = Arena::default(); // before there are others
            *self = Arena {
                made: Pages::zeroed(count),
                moved: Pages::zeroed(count),
                seconds: Pages::zeroed(count),
                shares: [Pages::zeroed(count), Pages::zeroed(count)],
                permutation: Permutation::default(),
            };
        }
        let [shares, moved_shares] = &mut self.shares;
        Candidates {
            factors: &mut self.made[..count],
            seconds: &mut self.seconds[..count],
            shares: &mut shares[..count],
            moved: &mut self.moved[..count],
            moved_shares: &mut moved_shares[..count],
            permutation: &mut self.permutation,
            told: BitRows::new(count, 1),
            len: 0,
        }
    }
}

/// One party's part of leaky ANDs ⟨x⟩, ⟨y⟩, ⟨z⟩ before they are thrown into buckets.
///
/// What is read together lies together, for buckets read in random order.
pub(crate) struct Candidates<'a> {
    /// ⟨x⟩ and ⟨r⟩.
    pub(crate) factors: &'a mut [Factors],
    /// ⟨y⟩.
    pub(crate) seconds: &'a mut [Auth],
    /// This party's shares: x in bit 0, y in bit 1, r, later z, in bit 2; and d in bit 3.
    pub(crate) shares: &'a mut [u8],
    /// Where factors will move to. Until then there lies S_P of each, until its bit is known.
    moved: &'a mut [Factors],
    moved_shares: &'a mut [u8],
    permutation: &'a mut Permutation,
    /// The second bits of all S_P, which is what the peer is told of them.
    told: BitRows,
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

/// The place of a share among those of a candidate.
pub(crate) const X: u8 = 0;
pub(crate) const Y: u8 = 1;
pub(crate) const Z: u8 = 2;
/// The place of the public d beside them, which is still to be added to the key of ⟨z⟩.
pub(crate) const D: u8 = 3;

/// Candidates that are being made, to be written.
pub(crate) struct Fresh<'a> {
    /// ⟨x⟩ and ⟨r⟩.
    pub(crate) factors: &'a mut [Factors],
    /// ⟨y⟩.
    pub(crate) seconds: &'a mut [Auth],
    /// This party's shares: x in bit 0, y in bit 1, r in bit 2.
    pub(crate) shares: &'a mut [u8],
    /// S_P.
    pub(crate) sums: &'a mut [Block],
    /// The second bits of these S_P.
    pub(crate) told: &'a mut u64,
}

/// Candidates in the piles of a permutation, and room for what is made of them.
pub(crate) struct Piled<'a> {
    /// ⟨x⟩ and ⟨r⟩.
    pub(crate) factors: &'a [Factors],
    /// ⟨y⟩.
    pub(crate) seconds: &'a [Auth],
    /// This party's shares: x in bit 0, y in bit 1, z in bit 2; and d in bit 3.
    pub(crate) shares: &'a [u8],
    /// The random order by which they are thrown into buckets.
    pub(crate) order: &'a Permutation,
    /// Room for ⟨y⟩ of the first of each bucket.
    pub(crate) firsts: &'a mut [Auth],
    /// Two blocks for each candidate.
    pub(crate) room: &'a mut [Block],
}

impl<'a> Candidates<'a> {
    /// Adds so many candidates, at most 64, for which there has to be room, behind a number of them that is divisible by 64.
    pub(crate) fn add(&mut self, count: usize) -> Fresh<'_> {
        debug_assert!(count <= 64 && self.len.is_multiple_of(64), "{count} behind {}", self.len);
        let range = self.len..self.len + count;
        self.len = range.end;
        Fresh {
            factors: &mut self.factors[range.clone()],
            seconds: &mut self.seconds[range.clone()],
            shares: &mut self.shares[range.clone()],
            told: &mut self.told.words_mut()[range.start / 64],
            sums: &mut bytemuck::cast_slice_mut(self.moved)[range],
        }
    }

    /// The bits of all S_P that the peer is told: d is their XOR with the peer's.
    pub(crate) fn told(&mut self) -> BitRows {
        std::mem::replace(&mut self.told, BitRows::new(0, 1))
    }

    /// Notes d of all candidates, by which ⟨z⟩ = ⟨r⟩ ⊕ d, and adds L_P = S_P ⊕ d·Δ_P of all to a query, in order.
    pub(crate) fn correct(&mut self, d: &BitRows, own: Party, delta: &Delta, oracle: Oracle) -> [u8; PROOF] {
        let flips = u8::from(own == Party::Garbler) << Z;
        for (shares, word) in self.shares.chunks_mut(64).zip(d.words()) {
            for (place, shares) in shares.iter_mut().enumerate() {
                let d = (word >> place & 1) as u8;
                *shares ^= flips & d.wrapping_neg() | d << D;
            }
        }
        let sums: &[Block] = &bytemuck::cast_slice(self.moved)[..self.len];
        Blocks::of(oracle.blocks()).add(sums.len(), shifted(sums, d, delta)).digest()
    }

    /// Moves all candidates to the piles of the permutation under a coin.
    pub(crate) fn pile(self, backend: Backend, coin: Block) -> Piled<'a> {
        let count = self.factors.len();
        self.permutation.draw(backend, coin, count);
        let permutation: &Permutation = self.permutation;
        permutation.pile_lines(bytemuck::cast_slice(self.factors), bytemuck::cast_slice_mut(self.moved));
        permutation.pile(self.shares, self.moved_shares);
        let (seconds, room) = bytemuck::cast_slice_mut::<_, Auth>(self.factors).split_at_mut(count);
        permutation.pile(self.seconds, seconds);
        Piled {
            factors: self.moved,
            seconds,
            shares: self.moved_shares,
            order: permutation,
            firsts: self.seconds,
            room: bytemuck::cast_slice_mut(room),
        }
    }
}
