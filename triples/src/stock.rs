use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Auth;

/// One party's part of an authenticated AND triple: z = x ∧ y for the whole bits.
#[derive(Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Triple {
    /// ⟨x⟩.
    pub x: Auth,
    /// ⟨y⟩.
    pub y: Auth,
    /// ⟨z⟩.
    pub z: Auth,
}

impl zeroize::DefaultIsZeroes for Triple {}

/// One party's part of random AND triples. Wiped on drop.
#[derive(Default, Zeroize, ZeroizeOnDrop)]
pub struct Triples {
    triples: Vec<Triple>,
    /// x in bit 0, y in bit 1, z in bit 2.
    shares: Vec<u8>,
    taken: usize,
}

impl Triples {
    pub(crate) fn new(triples: Vec<Triple>, shares: Vec<u8>) -> Self {
        assert_eq!(triples.len(), shares.len(), "shares for each triple");
        Triples { triples, shares, taken: 0 }
    }

    /// None yet, with room for so many.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Triples::new(Vec::with_capacity(count), Vec::with_capacity(count))
    }

    /// Takes triples out of others. There has to be room for them.
    pub(crate) fn take_from(&mut self, others: &mut Triples, count: usize) {
        debug_assert!(self.triples.len() + count <= self.triples.capacity(), "room for {count} triples");
        let (triples, shares) = others.take(count);
        self.triples.extend_from_slice(triples);
        self.shares.extend_from_slice(shares);
    }

    /// Makes room for so many more behind those that are left.
    pub(crate) fn make_room(&mut self, count: usize) {
        let left = self.len();
        if self.triples.capacity() >= left + count && self.shares.capacity() >= left + count {
            self.triples.drain(..self.taken);
            self.shares.drain(..self.taken);
            self.taken = 0;
        } else {
            // In one piece from the start: memory that grew would leave copies. A little more, for the next time a few more
            // may be left, and new pages cost more than what is written there.
            let mut others = std::mem::replace(self, Triples::with_capacity(left + count + count / 4));
            self.take_from(&mut others, left);
        }
    }

    /// Adds a triple, for which there has to be room: memory that grew would leave copies.
    pub(crate) fn push(&mut self, triple: Triple, shares: u8) {
        debug_assert!(self.triples.len() < self.triples.capacity(), "room for a triple");
        self.triples.push(triple);
        self.shares.push(shares);
    }

    /// Puts a block behind those that are left.
    pub(crate) fn append(&mut self, mut block: Triples) {
        self.make_room(block.len());
        let count = block.len();
        self.take_from(&mut block, count);
    }

    /// How many are left.
    pub fn len(&self) -> usize {
        self.triples.len() - self.taken
    }

    /// Whether none are left.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The next triples, with this party's shares of x, y and z in bits 0, 1 and 2. No triple is handed out twice.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn take(&mut self, count: usize) -> (&[Triple], &[u8]) {
        assert!(count <= self.len(), "{count} of {} triples", self.len());
        let range: Range<usize> = self.taken..self.taken + count;
        self.taken = range.end;
        (&self.triples[range.clone()], &self.shares[range])
    }
}
