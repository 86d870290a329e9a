//! The buffers that both parties compute batches in.

use halfgate_crypto::{Backend, Block, Prg, transpose128};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::check::universal_hash;
use super::vole::{Scratch, expand};
use super::wire::BLOCK;
use super::{K, PLANES};

/// The planes V or W of a batch and what they are made from.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Workspace {
    #[zeroize(skip)]
    words: usize,
    /// 128 planes of `words` words.
    planes: Vec<Block>,
    /// The mask word of each plane.
    masks: Vec<Block>,
    /// The plain sum of the tree at hand, mask word last.
    sum: Vec<Block>,
    scratch: Scratch,
}

impl Workspace {
    /// For trees of which `leaves` leaves are known.
    pub(super) fn new(leaves: usize) -> Self {
        let (planes, masks, sum) = (Vec::new(), vec![Block::ZERO; PLANES], Vec::new());
        Workspace { words: 0, planes, masks, sum, scratch: Scratch::new(leaves) }
    }

    /// Makes room for planes of `words` words, keeping nothing. Freed memory is wiped first.
    pub(super) fn fit(&mut self, words: usize) {
        if self.words != words {
            self.planes.zeroize();
            self.sum.zeroize();
            self.planes = vec![Block::ZERO; PLANES * words];
            self.sum = vec![Block::ZERO; words + 1];
            self.words = words;
        }
    }

    /// Fills the planes of a tree from its leaves' streams. Returns the plain sum, mask word last.
    pub(super) fn expand(&mut self, tree: usize, leaves: &[Prg], first_word: u64) -> &[Block] {
        let planes = &mut self.planes[tree * K * self.words..][..K * self.words];
        let masks = &mut self.masks[tree * K..][..K];
        let (sum, mask_sum) = self.sum.split_at_mut(self.words);
        expand(leaves, first_word, &mut self.scratch, planes, sum);
        expand(leaves, first_word + self.words as u64, &mut self.scratch, masks, mask_sum);
        &self.sum
    }

    /// Adds a correction, mask word last, to a plane: all of it or, if `mask` is zero, nothing.
    pub(super) fn correct(&mut self, plane: usize, mask: Block, correction: &[[u8; BLOCK]]) {
        let words = &mut self.planes[plane * self.words..][..self.words];
        for (word, &bytes) in words.iter_mut().chain([&mut self.masks[plane]]).zip(correction) {
            *word ^= Block::new(Block::from_bytes(bytes).bits() & mask.bits());
        }
    }

    /// R(plane) of all planes in order.
    pub(super) fn hashes(&self, backend: Backend, chi: &[Block]) -> impl Iterator<Item = Block> {
        let planes = self.planes.chunks_exact(self.words).zip(&self.masks);
        planes.map(move |(plane, &mask)| universal_hash(backend, chi, plane, mask))
    }

    /// The planes as rows.
    pub(super) fn transpose(&self, backend: Backend, rows: &mut [Block]) {
        transpose128(backend, &self.planes, rows);
    }
}
