//! Sixteen streams in counter mode with AES instructions, summed in registers, for every width of vector.
//!
//! Four leaves are encrypted side by side, under the same counters: enough to hide the latency of a round, and their
//! sums need no instruction that a round competes with.

use crate::x86_64::for_each_width;

/// Leaves that are encrypted side by side.
const SIDE_BY_SIDE: usize = 4;

/// The blocks 0, 1, … as vectors of so many bytes.
const fn places<const BYTES: usize, const VECTORS: usize>() -> [[u8; BYTES]; VECTORS] {
    let mut places = [[0; BYTES]; VECTORS];
    let mut block = 0;
    while block < VECTORS * BYTES / 16 {
        places[block * 16 / BYTES][block * 16 % BYTES] = block as u8;
        block += 1;
    }
    places
}

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use zeroize::Zeroize;

            use super::{SIDE_BY_SIDE, places};
            use crate::Block;
            use crate::prg::RoundKeys;
            use crate::prg_tree::{Fold, Keys, LEAVES, PLANES};
            use crate::x86_64::$token as Token;
            use crate::x86_64::$vector::*;

            /// Vectors of each stream that are encrypted side by side: as many as there are registers for.
            const VECTORS: usize = if BLOCKS == 4 { 4 } else { 2 };
            const BATCH: usize = VECTORS * BLOCKS;

            type Vectors = [Vector; VECTORS];

            pub(in super::super) fn fold(_: Token, keys: &Keys, first_counter: u64, fold: &mut Fold<'_>) {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    match keys.missing {
                        true => fold_all::<1>(&keys.leaves, first_counter, fold),
                        false => fold_all::<0>(&keys.leaves, first_counter, fold),
                    }
                }
            }

            #[target_feature(enable = $features)]
            fn fold_all<const MISSING: usize>(
                keys: &[RoundKeys; LEAVES],
                first_counter: u64,
                fold: &mut Fold<'_>,
            ) {
                let whole = fold.sum.len() - fold.sum.len() % BATCH;
                fold_batches::<MISSING>(keys, first_counter, fold);
                if whole == fold.sum.len() {
                    return;
                }
                let mut planes = [[Block::ZERO; BATCH]; PLANES];
                let (mut addend, mut sum) = ([[0; 16]; BATCH], [[0; 16]; BATCH]);
                let words = fold.sum.len() - whole;
                addend[..words].copy_from_slice(&fold.addend[whole..]);
                let mut tail = Fold {
                    planes: planes.each_mut().map(|plane| &mut plane[..]),
                    masks: fold.masks,
                    addend: &addend,
                    sum: &mut sum,
                };
                fold_batches::<MISSING>(keys, first_counter.wrapping_add(whole as u64), &mut tail);
                for (into, plane) in fold.planes.iter_mut().zip(&planes) {
                    into[whole..].copy_from_slice(&plane[..words]);
                }
                fold.sum[whole..].copy_from_slice(&sum[..words]);
                planes.as_flattened_mut().zeroize();
                sum.zeroize();
            }

            /// As many words as make whole batches.
            #[inline(never)]
            #[target_feature(enable = $features)]
            fn fold_batches<const MISSING: usize>(
                keys: &[RoundKeys; LEAVES],
                first_counter: u64,
                fold: &mut Fold<'_>,
            ) {
                let mut counters = counters(first_counter);
                let addends = fold.addend.as_chunks::<BATCH>().0.iter();
                let outs = fold.sum.as_chunks_mut::<BATCH>().0.iter_mut();
                let mut planes =
                    fold.planes.each_mut().map(|plane| plane.as_chunks_mut::<BATCH>().0.iter_mut());
                for (addend, out) in addends.zip(outs) {
                    let sums = streams::<MISSING>(keys, &counters);
                    let addend: &[Bytes; VECTORS] = bytemuck::cast_ref(addend);
                    let out: &mut [Bytes; VECTORS] = bytemuck::cast_mut(out);
                    for b in 0..PLANES {
                        let plane = planes[b].next().expect("planes are as long as the sum");
                        let plane: &mut [Bytes; VECTORS] = bytemuck::cast_mut(plane);
                        let mask = broadcast(&fold.masks[b]);
                        for v in 0..VECTORS {
                            store(&mut plane[v], xor(sums[b][v], and(load(&addend[v]), mask)));
                        }
                    }
                    for v in 0..VECTORS {
                        store(&mut out[v], xor(sums[PLANES][v], load(&addend[v])));
                        counters[v] = add64(counters[v], splat(Block::new(BATCH as u128)));
                    }
                }
            }

            /// The plane sums and the plain sum of the streams at these counters.
            #[inline]
            #[target_feature(enable = $features)]
            fn streams<const MISSING: usize>(
                keys: &[RoundKeys; LEAVES],
                counters: &Vectors,
            ) -> [Vectors; PLANES + 1] {
                let (groups, _) = keys.as_chunks::<SIDE_BY_SIDE>();
                let mut sums = [[splat(Block::ZERO); VECTORS]; PLANES + 1];
                let mut groups_sums = [[splat(Block::ZERO); VECTORS]; SIDE_BY_SIDE];
                for (g, (keys, group_sum)) in groups.iter().zip(&mut groups_sums).enumerate() {
                    let leaves = if g == 0 {
                        encrypt::<MISSING>(keys, counters)
                    } else {
                        encrypt::<0>(keys, counters)
                    };
                    // The leaves 4·g, 4·g + 1, …: bits 0 and 1 of their numbers.
                    for v in 0..VECTORS {
                        let upper = xor(leaves[2][v], leaves[3][v]);
                        sums[0][v] = xor(sums[0][v], xor(leaves[1][v], leaves[3][v]));
                        sums[1][v] = xor(sums[1][v], upper);
                        group_sum[v] = xor(xor(leaves[0][v], leaves[1][v]), upper);
                    }
                }
                // The groups: bits 2 and 3.
                for v in 0..VECTORS {
                    let [g0, g1, g2, g3] = groups_sums.each_ref().map(|sums| sums[v]);
                    let upper = xor(g2, g3);
                    (sums[2][v], sums[3][v]) = (xor(g1, g3), upper);
                    sums[4][v] = xor(xor(g0, g1), upper);
                }
                sums
            }

            /// The counters under the keys of four leaves. Those that are missing stay zero.
            #[inline]
            #[target_feature(enable = $features)]
            fn encrypt<const MISSING: usize>(
                keys: &[RoundKeys; SIDE_BY_SIDE],
                counters: &Vectors,
            ) -> [Vectors; SIDE_BY_SIDE] {
                let mut states = [[splat(Block::ZERO); VECTORS]; SIDE_BY_SIDE];
                for leaf in MISSING..SIDE_BY_SIDE {
                    let key = broadcast(&keys[leaf][0]);
                    for v in 0..VECTORS {
                        states[leaf][v] = xor(counters[v], key);
                    }
                }
                for number in 1..10 {
                    for leaf in MISSING..SIDE_BY_SIDE {
                        let key = broadcast(&keys[leaf][number]);
                        for v in 0..VECTORS {
                            states[leaf][v] = round(states[leaf][v], key);
                        }
                    }
                }
                for leaf in MISSING..SIDE_BY_SIDE {
                    let key = broadcast(&keys[leaf][10]);
                    for v in 0..VECTORS {
                        states[leaf][v] = last_round(states[leaf][v], key);
                    }
                }
                states
            }

            /// The blocks `first`, `first` + 1, …
            #[inline]
            #[target_feature(enable = $features)]
            fn counters(first: u64) -> Vectors {
                const PLACES: [Bytes; VECTORS] = places();
                let mut counters = [splat(Block::new(u128::from(first))); VECTORS];
                for v in 0..VECTORS {
                    counters[v] = add64(counters[v], load(&PLACES[v]));
                }
                counters
            }
        }
    };
}

for_each_width!(kernel);
