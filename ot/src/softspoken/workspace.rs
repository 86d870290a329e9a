//! The buffers that both parties compute batches in.

use halfgate_crypto::{Backend, Block, Planes, PrgTree};

use super::K;
use super::check::universal_hash;
use super::wire::BLOCK;

/// Words as they stand on the wire, mask word last.
pub(super) type WireWords = [[u8; BLOCK]];

/// The planes V or W of a batch, mask words last, and what they are made from.
pub(super) struct Workspace {
    planes: Planes,
    zeros: Vec<[u8; BLOCK]>,
}

impl Workspace {
    pub(super) fn new() -> Self {
        Workspace { planes: Planes::new(0), zeros: Vec::new() }
    }

    /// Makes room for planes of so many words and their masks, keeping nothing.
    pub(super) fn fit(&mut self, words: usize) {
        if self.zeros.len() != words + 1 {
            *self = Workspace { planes: Planes::new(words + 1), zeros: vec![[0; BLOCK]; words + 1] };
        }
    }

    /// Fills the planes of the first tree, to which nothing is added, and makes `sum` the plain sum of its leaves'
    /// streams.
    pub(super) fn expand_first(&mut self, leaves: &PrgTree, first_word: u64, sum: &mut WireWords) {
        leaves.fold(first_word, self.planes.four_mut(0), &[Block::ZERO; K], &self.zeros, sum);
    }

    /// Fills the planes of a tree, adding to each all of `addend` or, if its entry of `masks` is zero, nothing, and makes
    /// `sum` the plain sum of the leaves' streams and `addend`.
    pub(super) fn expand(
        &mut self,
        tree: usize,
        leaves: &PrgTree,
        first_word: u64,
        masks: &[Block; K],
        addend: &WireWords,
        sum: &mut WireWords,
    ) {
        leaves.fold(first_word, self.planes.four_mut(tree * K), masks, addend, sum);
    }

    /// R(plane) of all planes in order.
    pub(super) fn hashes(&self, backend: Backend, chi: &[Block]) -> impl Iterator<Item = Block> {
        self.planes.iter().map(move |plane| {
            let (&mask, words) = plane.split_last().expect("a plane has a mask word");
            universal_hash(backend, chi, words, mask)
        })
    }

    /// The planes as rows.
    pub(super) fn transpose(&self, backend: Backend, rows: &mut [Block]) {
        self.planes.transpose(backend, rows);
    }
}
