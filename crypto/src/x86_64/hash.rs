//! The garbling hash H(x, t) = AES_{S⊕t}(σ(x)) ⊕ σ(x) with AES instructions, on half a batch of blocks.
//!
//! See `schedule.rs` for where the keys come from, and why the hashes of one batch and the schedules of the next are
//! interleaved.

use crate::x86_64::for_each_width;

macro_rules! hash {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(crate) mod $module {
            use crate::Block;
            use crate::x86_64::schedule::$module::{HighWords, Keys, RoundKeys, Schedules};
            use crate::x86_64::$vector::*;

            /// The blocks of half a batch as the bytes of four vectors.
            pub(crate) type HalfBatch = [Bytes; 4];

            /// The round keys of both halves of a batch.
            ///
            /// # Safety
            /// They must have been written: by [`Schedules::run`], or by all steps of the schedules that the batch
            /// before takes with `MORE` set.
            #[allow(unsafe_code)]
            pub(crate) unsafe fn filled(keys: &Keys) -> [[&RoundKeys; 11]; 2] {
                keys.each_ref().map(|half| {
                    half.each_ref().map(|keys| {
                        // SAFETY: the caller promises it.
                        unsafe { keys.assume_init_ref() }
                    })
                })
            }

            /// H(x) and H(x) ⊕ H(x ⊕ Δ) for the blocks x of half a batch, under its keys, while the schedules of the
            /// next batch, if there is one, take half of their steps.
            #[inline]
            #[target_feature(enable = $features)]
            pub(crate) fn hash_pairs<
                const HALF: usize,
                const MORE: bool,
                const STRIDE: u64,
                const APART: u64,
            >(
                keys: &[&RoundKeys; 11],
                delta: Vector,
                blocks: &HalfBatch,
                schedules: &mut Schedules<'_, STRIDE, APART>,
                mut high: HighWords,
            ) -> ([Vector; 4], [Vector; 4], HighWords) {
                let sigma_delta = sigma(delta);
                let mut states = [[delta; 4]; 2];
                for v in 0..4 {
                    states[0][v] = xor(load(&keys[0][v]), sigma(load(&blocks[v])));
                    states[1][v] = xor(states[0][v], sigma_delta);
                }
                for i in 0..9 {
                    if MORE {
                        high = schedules.step_and_round(high, 10 * HALF + i, keys[i + 1], &mut states);
                    } else {
                        for v in 0..4 {
                            states[0][v] = round(states[0][v], load(&keys[i + 1][v]));
                            states[1][v] = round(states[1][v], load(&keys[i + 1][v]));
                        }
                    }
                }
                if MORE {
                    high = schedules.step(high, 10 * HALF + 9);
                }
                let [mut zero, mut sum] = states;
                for v in 0..4 {
                    let key = xor(load(&keys[10][v]), sigma(load(&blocks[v])));
                    zero[v] = last_round(zero[v], key);
                    sum[v] = xor(zero[v], last_round(sum[v], xor(key, sigma_delta)));
                }
                (zero, sum, high)
            }

            /// H(x) for the blocks x of half a batch, as [`hash_pairs`].
            #[inline]
            #[target_feature(enable = $features)]
            pub(crate) fn hash_half<
                const HALF: usize,
                const MORE: bool,
                const STRIDE: u64,
                const APART: u64,
            >(
                keys: &[&RoundKeys; 11],
                blocks: &HalfBatch,
                schedules: &mut Schedules<'_, STRIDE, APART>,
                mut high: HighWords,
            ) -> ([Vector; 4], HighWords) {
                let mut x = [splat(Block::ZERO); 4];
                for v in 0..4 {
                    x[v] = xor(load(&keys[0][v]), sigma(load(&blocks[v])));
                }
                for i in 0..10 {
                    if MORE {
                        high = schedules.step(high, 10 * HALF + i);
                    }
                    if i < 9 {
                        for v in 0..4 {
                            x[v] = round(x[v], load(&keys[i + 1][v]));
                        }
                    }
                }
                for v in 0..4 {
                    x[v] = last_round(x[v], xor(load(&keys[10][v]), sigma(load(&blocks[v]))));
                }
                (x, high)
            }

            /// The orthomorphism σ in every block.
            #[inline]
            #[target_feature(enable = $features)]
            fn sigma(x: Vector) -> Vector {
                let high_halves = splat(Block::new(u128::MAX << 64));
                xor(swap_halves(x), and(x, high_halves))
            }
        }
    };
}

for_each_width!(hash);
