//! Counter mode with AES instructions, for every width of vector.

use std::arch::x86_64::{__m128i, _mm_slli_si128};

use crate::Block;
use crate::x86_64::{AesNi, for_each_width, xmm};

/// Vectors of counters that are encrypted side by side.
const IN_FLIGHT: usize = 8;

/// The eleven round keys of AES-128.
pub(crate) type RoundKeys = [Block; 11];

/// The round keys of `key`.
pub(crate) fn expand(_: AesNi, key: Block) -> RoundKeys {
    #[allow(unsafe_code)]
    // SAFETY: an `AesNi` exists only if the CPU has these features.
    unsafe {
        expand_key(key)
    }
}

#[target_feature(enable = "aes,pclmulqdq,avx")]
fn expand_key(key: Block) -> RoundKeys {
    // Four copies of the last word, rotated. Equal columns make AESENCLAST's ShiftRows do nothing.
    let rotated_last_word = xmm::load(&bytemuck::cast([[13u8, 14, 15, 12]; 4]));
    let mut keys = [key; 11];
    let mut current = xmm::splat(key);
    for (key, constant) in keys[1..].iter_mut().zip(crate::x86_64::ROUND_CONSTANTS) {
        let constant = xmm::load(&bytemuck::cast([constant; 4]));
        let t = xmm::last_round(xmm::shuffle_bytes(current, rotated_last_word), constant);
        current = xmm::xor(prefix_sums(current), t);
        *key = bytemuck::cast(current);
    }
    keys
}

/// Each word XORed with all words before it.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
fn prefix_sums(words: __m128i) -> __m128i {
    let pairs = xmm::xor(words, _mm_slli_si128::<4>(words));
    xmm::xor(pairs, _mm_slli_si128::<8>(pairs))
}

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use zeroize::Zeroize;

            use super::{IN_FLIGHT, RoundKeys};
            use crate::Block;
            use crate::x86_64::$token as Token;
            use crate::x86_64::$vector::*;

            const BATCH: usize = IN_FLIGHT * BLOCKS;

            pub(in super::super) fn fill(_: Token, keys: &RoundKeys, first_counter: u64, out: &mut [Block]) {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    fill_all(keys, first_counter, out)
                }
            }

            #[target_feature(enable = $features)]
            fn fill_all(keys: &RoundKeys, first_counter: u64, out: &mut [Block]) {
                let mut keys = keys.map(|key| [key; BLOCKS]);
                let (batches, tail) = out.as_chunks_mut::<BATCH>();
                let mut counter = first_counter;
                for batch in batches {
                    fill_batch(&keys, counter, batch);
                    counter = counter.wrapping_add(BATCH as u64);
                }
                if !tail.is_empty() {
                    let mut batch = [Block::ZERO; BATCH];
                    fill_batch(&keys, counter, &mut batch);
                    tail.copy_from_slice(&batch[..tail.len()]);
                    batch.zeroize();
                }
                keys.zeroize();
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn fill_batch(keys: &[[Block; BLOCKS]; 11], counter: u64, out: &mut [Block; BATCH]) {
                let keys: &[Bytes; 11] = bytemuck::cast_ref(keys);
                let out: &mut [Bytes; IN_FLIGHT] = bytemuck::cast_mut(out);
                let mut states = counters(counter);
                for state in &mut states {
                    *state = xor(*state, load(&keys[0]));
                }
                for key in &keys[1..10] {
                    for state in &mut states {
                        *state = round(*state, load(key));
                    }
                }
                for (out, state) in out.iter_mut().zip(states) {
                    store(out, last_round(state, load(&keys[10])));
                }
            }

            /// The blocks `first`, `first` + 1, …
            #[inline]
            #[target_feature(enable = $features)]
            fn counters(first: u64) -> [Vector; IN_FLIGHT] {
                let mut places = [Block::ZERO; BLOCKS];
                for (place, block) in places.iter_mut().enumerate() {
                    *block = Block::new(place as u128);
                }
                let mut counters =
                    [add64(splat(Block::new(u128::from(first))), load(&bytemuck::cast(places))); IN_FLIGHT];
                for i in 1..IN_FLIGHT {
                    counters[i] = add64(counters[i - 1], splat(Block::new(BLOCKS as u128)));
                }
                counters
            }
        }
    };
}

for_each_width!(kernel);
