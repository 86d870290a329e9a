use halfgate_circuits::BitRows;
use halfgate_crypto::{Backend, Block, Delta, Prg, ZeroLabels};

/// The garbler's own input: active labels expanded from `seed`, which the evaluator gets and expands as well, and
/// zero labels set from the bits (`protocols.md` §6 step 4), so that the labels themselves cost no bytes.
///
/// The seed must be fresh and of the garbler's own choice for every input.
pub fn own_labels(backend: Backend, seed: Block, delta: &Delta, bits: &BitRows, lanes: usize) -> ZeroLabels {
    let mut labels = vec![Block::ZERO; bits.len()];
    Prg::new(backend, seed).fill(0, &mut labels);
    for (label, bit) in labels.iter_mut().zip(bits.bits()) {
        *label ^= delta.block().and_bit(bit);
    }
    ZeroLabels::from_blocks(lanes, labels)
}

/// The zero labels of the evaluator's input: `W⁰ = K ⊕ d·Δ` for the correlation's key `K` and the correction
/// `d = x ⊕ u` of the evaluator's bit `x` by its random choice `u` (`protocols.md` §6 step 3).
pub(crate) fn correct_keys(keys: &mut [Block], delta: &Delta, corrections: &BitRows) {
    for (key, correction) in keys.iter_mut().zip(corrections.bits()) {
        *key ^= delta.block().and_bit(correction);
    }
}
