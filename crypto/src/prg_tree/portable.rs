use zeroize::Zeroize;

use super::{Fold, LEAVES, PLANES};
use crate::{Block, Prg};

/// Words that are expanded from each leaf before they are summed: all leaves' fit the first-level cache.
const STEP: usize = 64;

pub(super) fn fold(leaves: &[Prg], first_counter: u64, fold: &mut Fold<'_>) {
    let mut streams = [[Block::ZERO; STEP]; LEAVES];
    for start in (0..fold.sum.len()).step_by(STEP) {
        let words = STEP.min(fold.sum.len() - start);
        for (leaf, stream) in leaves.iter().zip(&mut streams[LEAVES - leaves.len()..]) {
            leaf.fill(first_counter + start as u64, &mut stream[..words]);
        }
        for word in 0..words {
            fold_word(streams.each_ref().map(|stream| stream[word]), start + word, fold);
        }
    }
    streams.as_flattened_mut().zeroize();
}

/// Pairs that differ in bit 0 first: their odd halves add up to plane 0, and their sums go on to bit 1.
fn fold_word(mut leaves: [Block; LEAVES], word: usize, fold: &mut Fold<'_>) {
    let addend = Block::from_bytes(fold.addend[word]);
    let mut width = LEAVES;
    for bit in 0..PLANES {
        width /= 2;
        let mut odd_sum = Block::new(fold.masks[bit].bits() & addend.bits());
        for pair in 0..width {
            let odd = leaves[2 * pair + 1];
            odd_sum ^= odd;
            leaves[pair] = leaves[2 * pair] ^ odd;
        }
        fold.planes[bit][word] = odd_sum;
    }
    fold.sum[word] = (leaves[0] ^ addend).to_bytes();
}
