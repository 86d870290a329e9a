//! The universal hash of the consistency check (equation 8).

use halfgate_crypto::{Backend, Block, gf128};

/// R(x) of a vector given as its words and its mask word.
pub(super) fn universal_hash(backend: Backend, chi: &[Block], words: &[Block], mask: Block) -> Block {
    gf128::inner_product(backend, chi, words) ^ mask
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::Entropy;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_hash_is_equation_8_and_linear(seed: u64, words in 0usize..20) {
            let mut entropy = Entropy::fixed(seed);
            let mut vector = || (0..words).map(|_| entropy.block()).collect::<Vec<_>>();
            let (chi, x, y) = (vector(), vector(), vector());
            let (x_mask, y_mask) = (entropy.block(), entropy.block());
            let sum: Vec<Block> = x.iter().zip(&y).map(|(&x, &y)| x ^ y).collect();
            for backend in Backend::available() {
                let hash = |x: &[Block], mask| universal_hash(backend, &chi, x, mask);
                let products = chi.iter().zip(&x).map(|(&chi, &x)| gf128::multiply(Backend::Portable, chi, x));
                prop_assert!(hash(&x, x_mask) == products.fold(x_mask, |sum, product| sum ^ product));
                prop_assert!(hash(&sum, x_mask ^ y_mask) == hash(&x, x_mask) ^ hash(&y, y_mask));
            }
        }
    }
}
