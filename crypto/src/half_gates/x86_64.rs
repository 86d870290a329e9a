//! Half-gates with AES instructions, for every width of vector.
//!
//! A vector of L blocks works on batches of 4·L ANDs, so that the keys of one half of a batch fill four vectors and
//! its labels lie beside them. The hashes are in `x86_64/hash.rs`; their schedules run a batch ahead, see
//! `x86_64/schedule.rs`.
//!
//! The round keys of a batch go through memory. They are public, for the start point is. Padded tails are wiped; what
//! else depends on labels is meant for registers, but LLVM spills some hashes between the halves and leaves them.

use crate::x86_64::for_each_width;

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use zeroize::Zeroize;

            use crate::Block;
            use crate::half_gates::{Inputs, Row};
            use crate::x86_64::hash::$module::{HalfBatch, filled, hash_half, hash_pairs};
            use crate::x86_64::schedule::$module::{Keys, Memory, Schedules};
            use crate::x86_64::$token as Token;
            use crate::x86_64::$vector::*;

            /// ANDs in a batch.
            const BATCH: usize = 4 * BLOCKS;

            /// From the tweak of an input to that of the next AND.
            const STRIDE: u64 = 2;

            /// From the tweak of the first input to that of the second.
            const APART: u64 = 1;

            /// What the schedules of the next batch need: the start point, its first id, its keys and words 0 and 1.
            type Ahead<'a> = (Vector, u64, &'a mut Keys, &'a mut [[Bytes; 2]; 2]);

            pub(in super::super) fn garble(
                _: Token,
                start: Block,
                delta: Block,
                inputs: Inputs<'_>,
                out: &mut [Block],
                rows: &mut [Row],
            ) {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    garble_all(start, delta, inputs, out, rows)
                }
            }

            pub(in super::super) fn evaluate(
                _: Token,
                start: Block,
                inputs: Inputs<'_>,
                out: &mut [Block],
                rows: &[Row],
            ) {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    evaluate_all(start, inputs, out, rows)
                }
            }

            #[target_feature(enable = $features)]
            fn garble_all(
                start: Block,
                delta: Block,
                inputs: Inputs<'_>,
                out: &mut [Block],
                rows: &mut [Row],
            ) {
                let (a_batches, a_tail) = inputs.a.as_chunks::<BATCH>();
                let (b_batches, b_tail) = inputs.b.as_chunks::<BATCH>();
                let (out_batches, out_tail) = out.as_chunks_mut::<BATCH>();
                let (row_batches, row_tail) = rows.as_chunks_mut::<BATCH>();
                let (start, delta) = (splat(start), splat(delta));
                let mut id = inputs.first_id;
                let end = id + inputs.a.len() as u64;
                let mut memory = Memory::new();
                let Memory { keys: [keys, next], low } = &mut memory;
                let (mut keys, mut next) = (keys, next);
                Schedules::<STRIDE, APART>::run(start, 2 * id, keys, low);

                for (((a, b), out), rows) in a_batches.iter().zip(b_batches).zip(out_batches).zip(row_batches)
                {
                    if id + (BATCH as u64) < end {
                        garble_batch::<true>(
                            keys,
                            (start, id + BATCH as u64, next, low),
                            delta,
                            a,
                            b,
                            out,
                            rows,
                        );
                    } else {
                        garble_batch::<false>(keys, (start, id, next, low), delta, a, b, out, rows);
                    }
                    (keys, next) = (next, keys);
                    id += BATCH as u64;
                }
                if !a_tail.is_empty() {
                    let (mut a, mut b) = (padded(a_tail), padded(b_tail));
                    let (mut c, mut table) = ([Block::ZERO; BATCH], [[Block::ZERO; 2]; BATCH]);
                    let padded_rows: &mut [Row; BATCH] = bytemuck::cast_mut(&mut table);
                    garble_batch::<false>(keys, (start, id, next, low), delta, &a, &b, &mut c, padded_rows);
                    out_tail.copy_from_slice(&c[..a_tail.len()]);
                    row_tail.copy_from_slice(&padded_rows[..a_tail.len()]);
                    // The padding's rows are wiped too: they hash Δ under ids that belong to other gates.
                    (a.zeroize(), b.zeroize(), c.zeroize(), table.zeroize());
                }
            }

            #[target_feature(enable = $features)]
            fn evaluate_all(start: Block, inputs: Inputs<'_>, out: &mut [Block], rows: &[Row]) {
                let (a_batches, a_tail) = inputs.a.as_chunks::<BATCH>();
                let (b_batches, b_tail) = inputs.b.as_chunks::<BATCH>();
                let (out_batches, out_tail) = out.as_chunks_mut::<BATCH>();
                let (row_batches, row_tail) = rows.as_chunks::<BATCH>();
                let start = splat(start);
                let mut id = inputs.first_id;
                let end = id + inputs.a.len() as u64;
                let mut memory = Memory::new();
                let Memory { keys: [keys, next], low } = &mut memory;
                let (mut keys, mut next) = (keys, next);
                Schedules::<STRIDE, APART>::run(start, 2 * id, keys, low);

                for (((a, b), out), rows) in a_batches.iter().zip(b_batches).zip(out_batches).zip(row_batches)
                {
                    if id + (BATCH as u64) < end {
                        evaluate_batch::<true>(keys, (start, id + BATCH as u64, next, low), a, b, out, rows);
                    } else {
                        evaluate_batch::<false>(keys, (start, id, next, low), a, b, out, rows);
                    }
                    (keys, next) = (next, keys);
                    id += BATCH as u64;
                }
                if !a_tail.is_empty() {
                    let (mut a, mut b, mut c) = (padded(a_tail), padded(b_tail), [Block::ZERO; BATCH]);
                    let mut table = [[0; 32]; BATCH];
                    table[..row_tail.len()].copy_from_slice(row_tail);
                    evaluate_batch::<false>(keys, (start, id, next, low), &a, &b, &mut c, &table);
                    out_tail.copy_from_slice(&c[..a_tail.len()]);
                    (a.zeroize(), b.zeroize(), c.zeroize());
                }
            }

            fn padded(tail: &[Block]) -> [Block; BATCH] {
                let mut batch = [Block::ZERO; BATCH];
                batch[..tail.len()].copy_from_slice(tail);
                batch
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn garble_batch<const MORE: bool>(
                keys: &Keys,
                (start, next_id, next, low): Ahead<'_>,
                delta: Vector,
                a: &[Block; BATCH],
                b: &[Block; BATCH],
                out: &mut [Block; BATCH],
                rows: &mut [Row; BATCH],
            ) {
                let (a, b): (&HalfBatch, &HalfBatch) = (bytemuck::cast_ref(a), bytemuck::cast_ref(b));
                let (out, rows): (&mut HalfBatch, &mut [Bytes; 8]) =
                    (bytemuck::cast_mut(out), bytemuck::cast_mut(rows));
                let (mut schedules, high) =
                    Schedules::<STRIDE, APART>::begin::<MORE>(start, 2 * next_id, next, low);
                #[allow(unsafe_code)]
                // SAFETY: `Schedules::run` fills the keys of the first batch, a batch with `MORE` set those of the next.
                let [a_keys, b_keys] = unsafe { filled(keys) };
                let (h_a0, sum_a, high) =
                    hash_pairs::<0, MORE, _, _>(&a_keys, delta, a, &mut schedules, high);
                let (h_b0, sum_b, _) = hash_pairs::<1, MORE, _, _>(&b_keys, delta, b, &mut schedules, high);
                for v in 0..4 {
                    let (a0, b0) = (load(&a[v]), load(&b[v]));
                    let (p_a, p_b) = (colour_mask(a0), colour_mask(b0));
                    let t_g = xor(sum_a[v], and(delta, p_b));
                    let w_g = xor(h_a0[v], and(t_g, p_a));
                    let t_e = xor(sum_b[v], a0);
                    let w_e = xor(h_b0[v], and(sum_b[v], p_b));
                    store(&mut out[v], xor(w_g, w_e));
                    let pairs = interleave(t_g, t_e);
                    store(&mut rows[2 * v], pairs[0]);
                    store(&mut rows[2 * v + 1], pairs[1]);
                }
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn evaluate_batch<const MORE: bool>(
                keys: &Keys,
                (start, next_id, next, low): Ahead<'_>,
                a: &[Block; BATCH],
                b: &[Block; BATCH],
                out: &mut [Block; BATCH],
                rows: &[Row; BATCH],
            ) {
                let (a, b): (&HalfBatch, &HalfBatch) = (bytemuck::cast_ref(a), bytemuck::cast_ref(b));
                let (out, rows): (&mut HalfBatch, &[Bytes; 8]) =
                    (bytemuck::cast_mut(out), bytemuck::cast_ref(rows));
                let (mut schedules, high) =
                    Schedules::<STRIDE, APART>::begin::<MORE>(start, 2 * next_id, next, low);
                #[allow(unsafe_code)]
                // SAFETY: `Schedules::run` fills the keys of the first batch, a batch with `MORE` set those of the next.
                let [a_keys, b_keys] = unsafe { filled(keys) };
                let (hash_a, high) = hash_half::<0, MORE, _, _>(&a_keys, a, &mut schedules, high);
                let (hash_b, _) = hash_half::<1, MORE, _, _>(&b_keys, b, &mut schedules, high);
                for v in 0..4 {
                    let (a, b) = (load(&a[v]), load(&b[v]));
                    let (t_g, t_e) = deinterleave([load(&rows[2 * v]), load(&rows[2 * v + 1])]);
                    let half_g = and(t_g, colour_mask(a));
                    let half_e = and(xor(t_e, a), colour_mask(b));
                    store(&mut out[v], xor(xor(hash_a[v], hash_b[v]), xor(half_g, half_e)));
                }
            }
        }
    };
}

for_each_width!(kernel);
