use halfgate_circuits::BitRows;
use halfgate_crypto::{Backend, Block, Delta, Prg, ZeroLabels};

/// The garbler's own input: active labels expanded from `seed`, which the evaluator gets and expands as well, and
/// zero labels set from the bits (`protocols.md` §6 step 4), so that the labels themselves cost no bytes.
///
/// The seed must be fresh and of the garbler's own choice for every input.
pub fn own_labels(backend: Backend, seed: Block, delta: &Delta, bits: &BitRows, lanes: usize) -> ZeroLabels {
    let mut labels = ZeroLabels::zeroed(bits.len() / lanes, lanes);
    let prg = Prg::new(backend, seed);
    let parts = labels.blocks_mut().chunks_mut(IN_CACHE).zip(bits.words().chunks(IN_CACHE / 64));
    for (counter, (labels, words)) in (0..).step_by(IN_CACHE).zip(parts) {
        prg.fill(counter, labels);
        add_delta(labels, delta, words);
    }
    labels
}

/// How many labels are made and corrected at a time, so that they are still in the first cache: 8 KiB.
const IN_CACHE: usize = 512;

/// The zero labels of the evaluator's input: `W⁰ = K ⊕ d·Δ` for the correlation's key `K` and the correction
/// `d = x ⊕ u` of the evaluator's bit `x` by its random choice `u` (`protocols.md` §6 step 3).
pub(crate) fn correct_keys(keys: &mut [Block], delta: &Delta, corrections: &BitRows) {
    add_delta(keys, delta, corrections.words());
}

/// Adds Δ to the labels whose bit is set, without a branch. The bits stand in words of 64.
fn add_delta(labels: &mut [Block], delta: &Delta, words: &[u64]) {
    for (labels, word) in labels.chunks_mut(64).zip(words) {
        for (bit, label) in labels.iter_mut().enumerate() {
            *label ^= delta.block().and_bit(word >> bit & 1 == 1);
        }
    }
}
