//! The check of the trees against a cheating receiver (equation 4).

use halfgate_crypto::{Block, Oracle};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::{Zeroize, Zeroizing};

use super::tree::TreeOracle;
use super::wire::TAG;
use super::{Q, TREES};
use crate::base::BaseDomain;

/// The check tags of all leaves of all trees, in the order in which they are hashed.
pub(super) struct Tags(Zeroizing<Vec<[u8; TAG]>>);

impl Tags {
    pub(super) fn new() -> Self {
        Tags(Zeroizing::new(Vec::with_capacity(TREES * Q)))
    }

    /// Splits each leaf of the next tree into (leaf′, c), puts leaf′ in its place and keeps c.
    pub(super) fn split(&mut self, oracle: &TreeOracle<'_>, leaves: &mut [Block; Q]) {
        for (number, leaf) in leaves.iter_mut().enumerate() {
            let mut answer = [0; 16 + TAG];
            oracle.query("ot tree leaf").number(number as u64).block_field(*leaf).fill(&mut answer);
            let (seed, tag) = answer.split_at(16);
            *leaf = Block::from_bytes(seed.try_into().expect("a block has 16 bytes"));
            self.0.push(tag.try_into().expect("the rest is a tag"));
            answer.zeroize();
        }
    }

    /// t: the sum of the tags of the last tree.
    pub(super) fn sum(&self) -> [u8; TAG] {
        sum(self.last())
    }

    /// Puts into the last tree, at the leaf that is missing, the tag that makes the tags' sum `t`.
    pub(super) fn restore(&mut self, is_missing: impl Fn(usize) -> Choice, t: &[u8; TAG]) {
        let first = self.0.len() - Q;
        for (number, tag) in self.0[first..].iter_mut().enumerate() {
            let missing = is_missing(number);
            tag.iter_mut().for_each(|byte| byte.conditional_assign(&0, missing));
        }
        let mut restored = sum(self.last());
        xor(&mut restored, t);
        for (number, tag) in self.0[first..].iter_mut().enumerate() {
            let missing = is_missing(number);
            tag.iter_mut().zip(&restored).for_each(|(byte, new)| byte.conditional_assign(new, missing));
        }
        restored.zeroize();
    }

    /// D: the hash of all tags.
    pub(super) fn digest(&self, domain: &BaseDomain) -> [u8; TAG] {
        let query: Oracle = domain.oracle("ot tree check");
        query.field(self.0.as_flattened()).digest()
    }

    /// Whether D is the peer's.
    pub(super) fn agree(&self, domain: &BaseDomain, digest: &[u8; TAG]) -> Choice {
        self.digest(domain).ct_eq(digest)
    }

    fn last(&self) -> &[[u8; TAG]] {
        &self.0[self.0.len() - Q..]
    }
}

fn sum(tags: &[[u8; TAG]]) -> [u8; TAG] {
    let mut sum = [0; TAG];
    tags.iter().for_each(|tag| xor(&mut sum, tag));
    sum
}

fn xor(into: &mut [u8; TAG], other: &[u8; TAG]) {
    into.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::{Entropy, SessionId};

    use super::*;
    use crate::BaseUse;

    /// What the two sides hold of two trees with these leaves, the second's missing leaf 5 and 9.
    fn both_sides(spoil: Option<usize>, t_bit: Option<usize>) -> (Tags, Tags, BaseDomain) {
        let domain = BaseDomain::new(&SessionId::new([8; 32]), BaseUse::GarblerCorrelation, 0);
        let mut entropy = Entropy::fixed(3);
        let (mut whole, mut punctured) = (Tags::new(), Tags::new());
        for (tree, missing) in [(0, 5), (1, 9)] {
            let oracle = TreeOracle { domain: &domain, tree };
            let mut leaves: [Block; Q] = std::array::from_fn(|_| entropy.block());
            let mut theirs = leaves;
            theirs[missing] = Block::ZERO;
            if let Some(leaf) = spoil {
                theirs[leaf] ^= Block::new(1);
            }
            whole.split(&oracle, &mut leaves);
            punctured.split(&oracle, &mut theirs);
            assert!(
                (0..Q).all(|leaf| leaves[leaf] == theirs[leaf] || leaf == missing || spoil == Some(leaf))
            );
            let mut t = whole.sum();
            if let Some(bit) = t_bit {
                t[bit / 8] ^= 1 << (bit % 8);
            }
            punctured.restore(|leaf| Choice::from(u8::from(leaf == missing)), &t);
        }
        (whole, punctured, domain)
    }

    #[test]
    fn honest_trees_agree_and_the_missing_tag_is_restored() {
        let (whole, punctured, domain) = both_sides(None, None);
        assert_eq!(*whole.0, *punctured.0);
        assert!(bool::from(punctured.agree(&domain, &whole.digest(&domain))));
    }

    #[test]
    fn a_wrong_leaf_or_sum_or_digest_disagrees() {
        for leaf in [0, 3, 15] {
            let (whole, punctured, domain) = both_sides(Some(leaf), None);
            assert!(!bool::from(punctured.agree(&domain, &whole.digest(&domain))), "leaf {leaf}");
        }
        for bit in 0..8 * TAG {
            let (whole, punctured, domain) = both_sides(None, Some(bit));
            assert!(!bool::from(punctured.agree(&domain, &whole.digest(&domain))), "bit {bit} of t");
            let (whole, punctured, domain) = both_sides(None, None);
            let mut digest = whole.digest(&domain);
            digest[bit / 8] ^= 1 << (bit % 8);
            assert!(!bool::from(punctured.agree(&domain, &digest)), "bit {bit} of D");
        }
    }
}
