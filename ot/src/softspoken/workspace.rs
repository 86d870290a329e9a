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

#[cfg(test)]
mod tests {
    use halfgate_crypto::{Entropy, Prg};

    use super::*;
    use crate::softspoken::{PLANES, Q};

    const WORDS: usize = 9;

    fn stream(leaf: Block, first_word: u64) -> Vec<Block> {
        let mut out = vec![Block::ZERO; WORDS + 1];
        Prg::new(Backend::Portable, leaf).fill(first_word, &mut out);
        out
    }

    fn add(into: &mut [Block], other: &[Block], coefficient: bool) {
        into.iter_mut().zip(other).for_each(|(word, &other)| *word ^= other.and_bit(coefficient));
    }

    fn blocks(words: &WireWords) -> Vec<Block> {
        words.iter().map(|&bytes| Block::from_bytes(bytes)).collect()
    }

    /// The planes of a tree in a fresh workspace.
    fn planes(work: &Workspace, tree: usize) -> Vec<Vec<Block>> {
        work.planes.iter().skip(tree * K).take(K).map(<[Block]>::to_vec).collect()
    }

    #[test]
    fn both_sides_sums_are_equations_5_to_7() {
        let mut entropy = Entropy::fixed(22);
        let backend = Backend::detect();
        for delta in 0..Q {
            let leaves: [Block; Q] = std::array::from_fn(|_| entropy.block());
            let (mut ours, mut theirs) = (Workspace::new(), Workspace::new());
            ours.fit(WORDS);
            theirs.fit(WORDS);
            let (mut u, mut d) = ([[0; BLOCK]; WORDS + 1], [[0; BLOCK]; WORDS + 1]);
            let whole = PrgTree::new(backend, &leaves);
            theirs.expand_first(&whole, 5, &mut u);
            theirs.expand(3, &whole, 70, &[Block::ZERO; K], &u, &mut d);
            for (tree, first_word) in [(0, 5), (3, 70)] {
                for (bit, plane) in planes(&theirs, tree).iter().enumerate() {
                    let mut v = vec![Block::ZERO; WORDS + 1];
                    for (y, &leaf) in leaves.iter().enumerate() {
                        add(&mut v, &stream(leaf, first_word), y >> bit & 1 == 1);
                    }
                    assert!(*plane == v, "V, plane {bit} of tree {tree}");
                }
            }

            let masks = std::array::from_fn(|bit| Block::new(u128::MAX).and_bit(delta >> bit & 1 == 1));
            let known: Vec<Block> = (1..Q).map(|z| leaves[z ^ delta]).collect();
            let known = PrgTree::new(backend, &known);
            ours.expand_first(&known, 5, &mut [[0; BLOCK]; WORDS + 1]);
            ours.expand(3, &known, 70, &masks, &d, &mut [[0; BLOCK]; WORDS + 1]);
            for tree in [0, 3] {
                for (bit, (w, mut v)) in planes(&ours, tree).iter().zip(planes(&theirs, tree)).enumerate() {
                    add(&mut v, &blocks(&u), delta >> bit & 1 == 1);
                    assert!(*w == v, "W = V + δ·u₀, δ = {delta}, plane {bit} of tree {tree}");
                }
            }
        }
    }

    #[test]
    fn a_workspace_of_another_size_starts_anew() {
        let mut work = Workspace::new();
        for words in [3, 3, 8, 1] {
            work.fit(words);
            assert!(work.planes.iter().all(|plane| plane.len() == words + 1));
            assert_eq!(work.planes.iter().count(), PLANES);
        }
    }
}
