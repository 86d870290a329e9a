//! The garbling hash on lists with AES instructions, for every width of vector.
//!
//! A vector of L blocks works on batches of 8·L elements. A batch is hashed in two halves, each of four vectors and
//! consecutive tweaks, while the schedules of the next batch run, see `x86_64/schedule.rs`.
//!
//! The round keys go through memory. They are public, for the start point is. Padded tails are wiped; what else depends
//! on blocks is meant for registers and the caller's slices, but LLVM may spill some of it.

use crate::x86_64::for_each_width;

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use zeroize::Zeroize;

            use crate::Block;
            use crate::mitccrh::List;
            use crate::x86_64::hash::$module as half;
            use crate::x86_64::hash::$module::{HalfBatch, filled, hash_half};
            use crate::x86_64::schedule::$module::{Keys, Memory, Schedules};
            use crate::x86_64::$token as Token;
            use crate::x86_64::$vector::*;

            /// Elements in a batch.
            const BATCH: usize = 8 * BLOCKS;

            /// From the tweak of an element to that of the next.
            const STRIDE: u64 = 1;

            /// From the first tweak of a half to that of the other.
            const APART: u64 = BATCH as u64 / 2;

            /// What the schedules of the next batch need: the start point, its first tweak, its keys and words 0 and 1.
            type Ahead<'a> = (Vector, u64, &'a mut Keys, &'a mut [[Bytes; 2]; 2]);

            pub(in super::super) fn hash(_: Token, start: Block, list: List<'_>, out: &mut [Block]) {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    hash_all(start, list, out)
                }
            }

            pub(in super::super) fn hash_pairs(
                _: Token,
                start: Block,
                delta: Block,
                list: List<'_>,
                zeros: &mut [Block],
                sums: &mut [Block],
            ) {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    hash_all_pairs(start, delta, list, zeros, sums)
                }
            }

            #[target_feature(enable = $features)]
            fn hash_all(start: Block, list: List<'_>, out: &mut [Block]) {
                let (batches, tail) = list.x.as_chunks::<BATCH>();
                let (out_batches, out_tail) = out.as_chunks_mut::<BATCH>();
                let start = splat(start);
                let mut tweak = list.first_tweak;
                let end = tweak + list.x.len() as u64;
                let mut memory = Memory::new();
                let Memory { keys: [keys, next], low } = &mut memory;
                let (mut keys, mut next) = (keys, next);
                Schedules::<STRIDE, APART>::run(start, tweak, keys, low);

                for (x, out) in batches.iter().zip(out_batches) {
                    if tweak + (BATCH as u64) < end {
                        hash_batch::<true>(keys, (start, tweak + BATCH as u64, next, low), x, out);
                    } else {
                        hash_batch::<false>(keys, (start, tweak, next, low), x, out);
                    }
                    (keys, next) = (next, keys);
                    tweak += BATCH as u64;
                }
                if !tail.is_empty() {
                    let (mut x, mut padded_out) = (padded(tail), [Block::ZERO; BATCH]);
                    hash_batch::<false>(keys, (start, tweak, next, low), &x, &mut padded_out);
                    out_tail.copy_from_slice(&padded_out[..tail.len()]);
                    (x.zeroize(), padded_out.zeroize());
                }
            }

            #[target_feature(enable = $features)]
            fn hash_all_pairs(
                start: Block,
                delta: Block,
                list: List<'_>,
                zeros: &mut [Block],
                sums: &mut [Block],
            ) {
                let (batches, tail) = list.x.as_chunks::<BATCH>();
                let (zero_batches, zero_tail) = zeros.as_chunks_mut::<BATCH>();
                let (sum_batches, sum_tail) = sums.as_chunks_mut::<BATCH>();
                let (start, delta) = (splat(start), splat(delta));
                let mut tweak = list.first_tweak;
                let end = tweak + list.x.len() as u64;
                let mut memory = Memory::new();
                let Memory { keys: [keys, next], low } = &mut memory;
                let (mut keys, mut next) = (keys, next);
                Schedules::<STRIDE, APART>::run(start, tweak, keys, low);

                for ((x, zeros), sums) in batches.iter().zip(zero_batches).zip(sum_batches) {
                    if tweak + (BATCH as u64) < end {
                        let ahead = (start, tweak + BATCH as u64, &mut *next, &mut *low);
                        pair_batch::<true>(keys, ahead, delta, x, zeros, sums);
                    } else {
                        pair_batch::<false>(keys, (start, tweak, next, low), delta, x, zeros, sums);
                    }
                    (keys, next) = (next, keys);
                    tweak += BATCH as u64;
                }
                if !tail.is_empty() {
                    let mut x = padded(tail);
                    let (mut zeros, mut sums) = ([Block::ZERO; BATCH], [Block::ZERO; BATCH]);
                    pair_batch::<false>(keys, (start, tweak, next, low), delta, &x, &mut zeros, &mut sums);
                    zero_tail.copy_from_slice(&zeros[..tail.len()]);
                    sum_tail.copy_from_slice(&sums[..tail.len()]);
                    // The padding's sums are wiped too: they hash Δ under tweaks that belong to other elements.
                    (x.zeroize(), zeros.zeroize(), sums.zeroize());
                }
            }

            fn padded(tail: &[Block]) -> [Block; BATCH] {
                let mut batch = [Block::ZERO; BATCH];
                batch[..tail.len()].copy_from_slice(tail);
                batch
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn hash_batch<const MORE: bool>(
                keys: &Keys,
                (start, next_tweak, next, low): Ahead<'_>,
                x: &[Block; BATCH],
                out: &mut [Block; BATCH],
            ) {
                let x: &[HalfBatch; 2] = bytemuck::cast_ref(x);
                let out: &mut [HalfBatch; 2] = bytemuck::cast_mut(out);
                let (mut schedules, high) =
                    Schedules::<STRIDE, APART>::begin::<MORE>(start, next_tweak, next, low);
                #[allow(unsafe_code)]
                // SAFETY: `Schedules::run` fills the keys of the first batch, a batch with `MORE` set those of the next.
                let keys = unsafe { filled(keys) };
                let (hashes, high) = hash_half::<0, MORE, _, _>(&keys[0], &x[0], &mut schedules, high);
                write(&mut out[0], hashes);
                let (hashes, _) = hash_half::<1, MORE, _, _>(&keys[1], &x[1], &mut schedules, high);
                write(&mut out[1], hashes);
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn pair_batch<const MORE: bool>(
                keys: &Keys,
                (start, next_tweak, next, low): Ahead<'_>,
                delta: Vector,
                x: &[Block; BATCH],
                zeros: &mut [Block; BATCH],
                sums: &mut [Block; BATCH],
            ) {
                let x: &[HalfBatch; 2] = bytemuck::cast_ref(x);
                let (zeros, sums): (&mut [HalfBatch; 2], &mut [HalfBatch; 2]) =
                    (bytemuck::cast_mut(zeros), bytemuck::cast_mut(sums));
                let (mut schedules, high) =
                    Schedules::<STRIDE, APART>::begin::<MORE>(start, next_tweak, next, low);
                #[allow(unsafe_code)]
                // SAFETY: as in `hash_batch`.
                let keys = unsafe { filled(keys) };
                let (zero, sum, high) =
                    half::hash_pairs::<0, MORE, _, _>(&keys[0], delta, &x[0], &mut schedules, high);
                write(&mut zeros[0], zero);
                write(&mut sums[0], sum);
                let (zero, sum, _) =
                    half::hash_pairs::<1, MORE, _, _>(&keys[1], delta, &x[1], &mut schedules, high);
                write(&mut zeros[1], zero);
                write(&mut sums[1], sum);
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn write(half: &mut HalfBatch, vectors: [Vector; 4]) {
                for v in 0..4 {
                    store(&mut half[v], vectors[v]);
                }
            }
        }
    };
}

for_each_width!(kernel);
