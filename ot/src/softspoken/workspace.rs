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

    /// Adds a correction, mask word last, to the planes of a tree: to each all of it or, if its entry of `masks` is zero,
    /// nothing.
    pub(super) fn correct(&mut self, tree: usize, masks: &[Block], correction: &[u8]) {
        for (word, &bytes) in self.sum.iter_mut().zip(correction.as_chunks::<BLOCK>().0) {
            *word = Block::from_bytes(bytes);
        }
        let (&last, words) = self.sum.split_last().expect("a sum has a mask word");
        let planes = self.planes.chunks_exact_mut(self.words).zip(&mut self.masks);
        for ((plane, mask_word), &mask) in planes.skip(tree * K).zip(masks) {
            add_masked(plane, words, mask);
            add_masked(std::slice::from_mut(mask_word), &[last], mask);
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

/// Adds to each word its counterpart where the mask has ones. Words are cut in halves, for the compiler makes vectors of
/// those and not of 128-bit numbers.
fn add_masked(into: &mut [Block], words: &[Block], mask: Block) {
    let masks: [u64; 2] = bytemuck::cast(mask);
    let into: &mut [[u64; 2]] = bytemuck::cast_slice_mut(into);
    let words: &[[u64; 2]] = bytemuck::cast_slice(words);
    for (into, word) in into.iter_mut().zip(words) {
        into[0] ^= word[0] & masks[0];
        into[1] ^= word[1] & masks[1];
    }
}
