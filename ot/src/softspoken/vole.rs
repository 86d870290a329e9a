//! The sums over leaves (equations 5 and 6).

use halfgate_crypto::{Block, Prg};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{K, Q};

/// Words that are expanded from each leaf before they are folded: all leaves' fit the first-level cache.
const STEP: usize = 64;

/// So many words.
type Words = [Block; STEP];
/// The same as halves: in loops over those the compiler finds vectors.
type Halves = [u64; 2 * STEP];

/// The expanded words of the leaves, leaf by leaf, and their sums. Leaves that are missing are the first ones and stay
/// zero.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Scratch {
    #[zeroize(skip)]
    missing: usize,
    leaves: Box<[Words; Q]>,
    /// The planes, then the plain sum.
    sums: Box<[Words; K + 1]>,
}

impl Scratch {
    /// For trees of which `leaves` leaves are known.
    pub(super) fn new(leaves: usize) -> Self {
        let zero = [Block::ZERO; STEP];
        Scratch { missing: Q - leaves, leaves: Box::new([zero; Q]), sums: Box::new([zero; K + 1]) }
    }

    /// Expands the words `first_word ..` of the leaves' streams, at most [`STEP`], and returns the K plane sums and the
    /// plain sum.
    fn fold(&mut self, leaves: &[Prg], first_word: u64, words: usize) -> [&[Block]; K + 1] {
        for (leaf, expanded) in leaves.iter().zip(&mut self.leaves[self.missing..]) {
            leaf.fill(first_word, &mut expanded[..words]);
        }
        fold(bytemuck::cast_ref(&*self.leaves), bytemuck::cast_mut(&mut *self.sums));
        self.sums.each_ref().map(|sum| &sum[..words])
    }
}

/// Writes the K plane sums and the plain sum of the words `first_word ..` of the leaves' streams.
///
/// `planes` holds K planes of the length of `sum`.
pub(super) fn expand(
    leaves: &[Prg],
    first_word: u64,
    scratch: &mut Scratch,
    planes: &mut [Block],
    sum: &mut [Block],
) {
    let words = sum.len();
    debug_assert!(leaves.len() + scratch.missing == Q && planes.len() == K * words);
    for start in (0..words).step_by(STEP) {
        let step = STEP.min(words - start);
        let [folded @ .., total] = scratch.fold(leaves, first_word + start as u64, step);
        for (plane, words) in planes.chunks_exact_mut(words).zip(folded) {
            plane[start..][..step].copy_from_slice(words);
        }
        sum[start..][..step].copy_from_slice(total);
    }
}

/// The sums over the leaves whose number has bit 0, bit 1, … set, and over all.
#[inline(never)]
fn fold(leaves: &[Halves; Q], sums: &mut [Halves; K + 1]) {
    for half in 0..2 * STEP {
        let mut words: [u64; Q] = std::array::from_fn(|leaf| leaves[leaf][half]);
        let mut width = Q;
        for plane in &mut sums[..K] {
            width /= 2;
            let mut odd_sum = 0;
            for pair in 0..width {
                let odd = words[2 * pair + 1];
                odd_sum ^= odd;
                words[pair] = words[2 * pair] ^ odd;
            }
            plane[half] = odd_sum;
        }
        sums[K][half] = words[0];
    }
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::{Backend, Entropy};

    use super::*;

    fn stream(leaf: Block, first_word: u64, words: usize) -> Vec<Block> {
        let mut out = vec![Block::ZERO; words];
        Prg::new(Backend::Portable, leaf).fill(first_word, &mut out);
        out
    }

    fn run(leaves: &[Block], first_word: u64, words: usize) -> (Vec<Block>, Vec<Block>) {
        let prgs: Vec<Prg> = leaves.iter().map(|&leaf| Prg::new(Backend::detect(), leaf)).collect();
        let (mut planes, mut sum) = (vec![Block::ZERO; K * words], vec![Block::ZERO; words]);
        expand(&prgs, first_word, &mut Scratch::new(leaves.len()), &mut planes, &mut sum);
        (planes, sum)
    }

    fn add(into: &mut [Block], other: &[Block], coefficient: bool) {
        into.iter_mut().zip(other).for_each(|(word, &other)| *word ^= other.and_bit(coefficient));
    }

    #[test]
    fn the_receivers_sums_are_equation_5() {
        let mut entropy = Entropy::fixed(21);
        for words in [1, 2, 9, STEP - 1, STEP, STEP + 1, 3 * STEP + 5] {
            let leaves: [Block; Q] = std::array::from_fn(|_| entropy.block());
            let (planes, sum) = run(&leaves, 77, words);
            let mut expected_sum = vec![Block::ZERO; words];
            leaves.iter().for_each(|&leaf| add(&mut expected_sum, &stream(leaf, 77, words), true));
            assert!(sum == expected_sum);
            for bit in 0..K {
                let mut expected = vec![Block::ZERO; words];
                for (number, &leaf) in leaves.iter().enumerate() {
                    add(&mut expected, &stream(leaf, 77, words), number >> bit & 1 == 1);
                }
                assert!(planes[bit * words..][..words] == expected, "plane {bit} of {words} words");
            }
        }
    }

    #[test]
    fn the_senders_sums_are_equation_6() {
        let mut entropy = Entropy::fixed(22);
        let words = STEP + 3;
        for delta in 0..Q {
            let leaves: [Block; Q] = std::array::from_fn(|_| entropy.block());
            let (v, u) = run(&leaves, 5, words);
            let sorted: Vec<Block> = (1..Q).map(|z| leaves[z ^ delta]).collect();
            let (w, _) = run(&sorted, 5, words);
            for bit in 0..K {
                let mut expected = v[bit * words..][..words].to_vec();
                add(&mut expected, &u, delta >> bit & 1 == 1);
                assert!(w[bit * words..][..words] == expected, "δ = {delta}, plane {bit}");
            }
        }
    }
}
