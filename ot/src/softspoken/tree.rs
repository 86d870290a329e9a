//! The trees: the receiver's whole, the sender's punctured (equations 2 and 3).

use halfgate_crypto::{Block, Oracle};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

use super::wire::BLOCK;
use super::{K, Q};
use crate::base::BaseDomain;
use crate::constant_time::{keep, select};

/// The sums of all left and of all right children of each level.
pub(super) type LevelSums = [[Block; 2]; K];

/// The random oracle of one tree.
pub(super) struct TreeOracle<'a> {
    pub(super) domain: &'a BaseDomain,
    pub(super) tree: usize,
}

impl TreeOracle<'_> {
    /// A query about this tree.
    pub(super) fn query(&self, tag: &str) -> Oracle {
        self.domain.oracle(tag).number(self.tree as u64)
    }

    /// What hides a sum of this level, from a key of the level's base OT.
    pub(super) fn pad(&self, level: usize, key: Block) -> Block {
        self.query("ot tree pad").number(level as u64).block_field(key).block()
    }

    fn children(&self, level: usize, node: usize, seed: Block) -> [Block; 2] {
        let mut answer = [0; 2 * BLOCK];
        let query = self.query("ot tree node").number(level as u64).number(node as u64);
        query.block_field(seed).fill(&mut answer);
        let (halves, _) = answer.as_chunks::<BLOCK>();
        let children = [Block::from_bytes(halves[0]), Block::from_bytes(halves[1])];
        answer.zeroize();
        children
    }

    /// All leaves from the root.
    pub(super) fn grow(&self, root: Block) -> ([Block; Q], LevelSums) {
        let mut nodes = [Block::ZERO; Q];
        nodes[0] = root;
        let mut sums = [[Block::ZERO; 2]; K];
        for (level, sums) in sums.iter_mut().enumerate() {
            let width = 1 << level;
            for node in 0..width {
                let [left, right] = self.children(level, node, nodes[node]);
                sums[0] ^= left;
                sums[1] ^= right;
                (nodes[node], nodes[node + width]) = (left, right);
            }
        }
        (nodes, sums)
    }

    /// All leaves but number δ, which becomes zero, from the sums of the sides that the path to δ does not take.
    /// `path[d]` is bit d of δ.
    pub(super) fn grow_punctured(&self, path: &[Choice; K], side_sums: &[Block; K]) -> [Block; Q] {
        let mut nodes = [Block::ZERO; Q];
        let mut hole = 0u8;
        for level in 0..K {
            let width = 1 << level;
            let mut known = [Block::ZERO; 2];
            for node in 0..width {
                let is_known = !hole.ct_eq(&(node as u8));
                let [left, right] =
                    self.children(level, node, nodes[node]).map(|child| keep(is_known, child));
                known[0] ^= left;
                known[1] ^= right;
                (nodes[node], nodes[node + width]) = (left, right);
            }
            // The path goes right where the bit is set, so the sum is that of the left side, and the other way round.
            let sibling = side_sums[level] ^ select(known[1], known[0], path[level]);
            for node in 0..width {
                let in_hole = hole.ct_eq(&(node as u8));
                nodes[node] ^= keep(in_hole & path[level], sibling);
                nodes[node + width] ^= keep(in_hole & !path[level], sibling);
            }
            hole |= path[level].unwrap_u8() << level;
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::{Entropy, SessionId};

    use super::*;
    use crate::BaseUse;

    fn path(delta: usize) -> [Choice; K] {
        std::array::from_fn(|bit| Choice::from((delta >> bit & 1) as u8))
    }

    #[test]
    fn a_punctured_tree_has_all_leaves_but_one() {
        let mut entropy = Entropy::fixed(11);
        for trial in 0..8 {
            let domain = BaseDomain::new(&SessionId::new([trial; 32]), BaseUse::GarblerCorrelation, 0);
            let oracle = TreeOracle { domain: &domain, tree: usize::from(trial) };
            let (leaves, sums) = oracle.grow(entropy.block());
            for delta in 0..Q {
                let side_sums = std::array::from_fn(|level| sums[level][1 - (delta >> level & 1)]);
                let mut expected = leaves;
                expected[delta] = Block::ZERO;
                assert!(oracle.grow_punctured(&path(delta), &side_sums) == expected, "δ = {delta}");
            }
        }
    }

    #[test]
    fn leaves_are_numbered_by_their_paths() {
        let domain = BaseDomain::new(&SessionId::new([1; 32]), BaseUse::GarblerCorrelation, 0);
        let oracle = TreeOracle { domain: &domain, tree: 2 };
        let root = Block::new(99);
        let (leaves, _) = oracle.grow(root);
        for (number, &leaf) in leaves.iter().enumerate() {
            let mut node = root;
            for level in 0..K {
                node = oracle.children(level, number % (1 << level), node)[number >> level & 1];
            }
            assert!(leaf == node, "leaf {number}");
        }
    }

    #[test]
    fn a_wrong_sum_spoils_leaves_only_for_who_reads_it() {
        let domain = BaseDomain::new(&SessionId::new([1; 32]), BaseUse::GarblerCorrelation, 0);
        let oracle = TreeOracle { domain: &domain, tree: 0 };
        let (leaves, mut sums) = oracle.grow(Block::new(5));
        sums[2][0] ^= Block::new(1);
        for delta in 0..Q {
            let side_sums = std::array::from_fn(|level| sums[level][1 - (delta >> level & 1)]);
            let punctured = oracle.grow_punctured(&path(delta), &side_sums);
            let wrong = (0..Q).filter(|&leaf| leaf != delta && punctured[leaf] != leaves[leaf]).count();
            // Slot 0 is read where the path goes right: it spoils the sibling's two leaves, and one of these the
            // sibling that the next level restores.
            assert_eq!(wrong, if delta >> 2 & 1 == 1 { 3 } else { 0 }, "δ = {delta}");
        }
    }

    #[test]
    fn trees_and_sessions_are_unrelated() {
        let root = Block::new(1);
        let grow = |sid: u8, purpose: BaseUse, tree: usize| {
            let domain = BaseDomain::new(&SessionId::new([sid; 32]), purpose, 0);
            TreeOracle { domain: &domain, tree }.grow(root).0
        };
        let reference = grow(1, BaseUse::GarblerCorrelation, 0);
        assert!(reference != grow(2, BaseUse::GarblerCorrelation, 0));
        assert!(reference != grow(1, BaseUse::EvaluatorCorrelation, 0));
        assert!(reference != grow(1, BaseUse::GarblerCorrelation, 1));
    }
}
