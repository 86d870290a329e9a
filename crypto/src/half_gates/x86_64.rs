//! Half-gates with AES instructions, for every width of vector.
//!
//! A vector of L blocks works on batches of 4·L ANDs, so that the keys of one half of a batch fill four vectors and
//! its labels lie beside them. The key schedules run *word-sliced*: the four words of every key in these four vectors,
//! seen as a square, are transposed, so that vector w holds word w of all keys. One round of all schedules is then
//!
//! ```text
//! t  = SubWord(RotWord(W₃)) ⊕ Rcon        one byte shuffle and one AESENCLAST whose "key" is Rcon
//! W₀ ⊕= t,  W₁ ⊕= W₀,  W₂ ⊕= W₁,  W₃ ⊕= W₂
//! ```
//!
//! and transposing a copy back, with eight unpacks, gives the round keys where the labels want them. AESENCLAST also
//! does ShiftRows; the byte shuffle that rotates the words undoes that in advance.
//!
//! The round keys of a batch go through memory, for both schedules and all states do not fit the registers, and a
//! state that spills waits for memory in every round. They are public, for the start point is. What depends on labels
//! stays in registers, but for padded tails, which are wiped.

use crate::x86_64::for_each_width;

/// Brings word i of each block to where AESENCLAST's ShiftRows takes it back to word i, rotated by one byte.
const ROTATE_WORDS: [u8; 16] = [1, 14, 11, 4, 5, 2, 15, 8, 9, 6, 3, 12, 13, 10, 7, 0];

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use zeroize::Zeroize;

            use super::ROTATE_WORDS;
            use crate::Block;
            use crate::half_gates::{Inputs, Row};
            use crate::x86_64::$vector::*;
            use crate::x86_64::{ROUND_CONSTANTS, $token as Token};

            /// ANDs in a batch.
            const BATCH: usize = 4 * BLOCKS;

            /// The labels of a batch as the bytes of four vectors.
            type Labels = [Bytes; 4];

            /// The round keys of a batch: for each round those of both half-gates.
            type Keys = [[[Vector; 4]; 2]; 11];

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

                for (((a, b), out), rows) in a_batches.iter().zip(b_batches).zip(out_batches).zip(row_batches)
                {
                    garble_batch(start, id, delta, a, b, out, rows);
                    id += BATCH as u64;
                }
                if !a_tail.is_empty() {
                    let (mut a, mut b) = (padded(a_tail), padded(b_tail));
                    let (mut c, mut table) = ([Block::ZERO; BATCH], [[Block::ZERO; 2]; BATCH]);
                    let padded_rows: &mut [Row; BATCH] = bytemuck::cast_mut(&mut table);
                    garble_batch(start, id, delta, &a, &b, &mut c, padded_rows);
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

                for (((a, b), out), rows) in a_batches.iter().zip(b_batches).zip(out_batches).zip(row_batches)
                {
                    evaluate_batch(start, id, a, b, out, rows);
                    id += BATCH as u64;
                }
                if !a_tail.is_empty() {
                    let (mut a, mut b, mut c) = (padded(a_tail), padded(b_tail), [Block::ZERO; BATCH]);
                    let mut table = [[0; 32]; BATCH];
                    table[..row_tail.len()].copy_from_slice(row_tail);
                    evaluate_batch(start, id, &a, &b, &mut c, &table);
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
            fn garble_batch(
                start: Vector,
                first_id: u64,
                delta: Vector,
                a: &[Block; BATCH],
                b: &[Block; BATCH],
                out: &mut [Block; BATCH],
                rows: &mut [Row; BATCH],
            ) {
                let (a, b): (&Labels, &Labels) = (bytemuck::cast_ref(a), bytemuck::cast_ref(b));
                let (out, rows): (&mut Labels, &mut [Bytes; 8]) =
                    (bytemuck::cast_mut(out), bytemuck::cast_mut(rows));
                let keys = schedule(start, first_id);
                let (h_a0, sum_a) = hash_pairs(&keys, 0, delta, a);
                let (h_b0, sum_b) = hash_pairs(&keys, 1, delta, b);
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
            fn evaluate_batch(
                start: Vector,
                first_id: u64,
                a: &[Block; BATCH],
                b: &[Block; BATCH],
                out: &mut [Block; BATCH],
                rows: &[Row; BATCH],
            ) {
                let (a, b): (&Labels, &Labels) = (bytemuck::cast_ref(a), bytemuck::cast_ref(b));
                let (out, rows): (&mut Labels, &[Bytes; 8]) =
                    (bytemuck::cast_mut(out), bytemuck::cast_ref(rows));
                let hashes = hash_inputs(&schedule(start, first_id), a, b);
                for v in 0..4 {
                    let (a, b) = (load(&a[v]), load(&b[v]));
                    let (t_g, t_e) = deinterleave([load(&rows[2 * v]), load(&rows[2 * v + 1])]);
                    let half_g = and(t_g, colour_mask(a));
                    let half_e = and(xor(t_e, a), colour_mask(b));
                    store(&mut out[v], xor(hashes[v], xor(half_g, half_e)));
                }
            }

            /// H(x) and H(x) ⊕ H(x ⊕ Δ) for the zero labels x of one input, under the keys of one half.
            #[inline]
            #[target_feature(enable = $features)]
            fn hash_pairs(
                keys: &Keys,
                half: usize,
                delta: Vector,
                labels: &Labels,
            ) -> ([Vector; 4], [Vector; 4]) {
                let sigma_delta = sigma(delta);
                let (mut zero, mut one) = (keys[0][half], keys[0][half]);
                for v in 0..4 {
                    zero[v] = xor(zero[v], sigma(load(&labels[v])));
                    one[v] = xor(zero[v], sigma_delta);
                }
                for keys in &keys[1..10] {
                    for v in 0..4 {
                        zero[v] = round(zero[v], keys[half][v]);
                        one[v] = round(one[v], keys[half][v]);
                    }
                }
                for v in 0..4 {
                    let key = xor(keys[10][half][v], sigma(load(&labels[v])));
                    zero[v] = last_round(zero[v], key);
                    one[v] = xor(zero[v], last_round(one[v], xor(key, sigma_delta)));
                }
                (zero, one)
            }

            /// H(a) ⊕ H(b) for the labels of both inputs.
            #[inline]
            #[target_feature(enable = $features)]
            fn hash_inputs(keys: &Keys, a: &Labels, b: &Labels) -> [Vector; 4] {
                let [mut x, mut y] = keys[0];
                for v in 0..4 {
                    x[v] = xor(x[v], sigma(load(&a[v])));
                    y[v] = xor(y[v], sigma(load(&b[v])));
                }
                for [a_keys, b_keys] in &keys[1..10] {
                    for v in 0..4 {
                        x[v] = round(x[v], a_keys[v]);
                        y[v] = round(y[v], b_keys[v]);
                    }
                }
                let [a_keys, b_keys] = &keys[10];
                for v in 0..4 {
                    x[v] = last_round(x[v], xor(a_keys[v], sigma(load(&a[v]))));
                    y[v] = last_round(y[v], xor(b_keys[v], sigma(load(&b[v]))));
                    x[v] = xor(x[v], y[v]);
                }
                x
            }

            /// The round keys of a batch, those of both halves side by side, for one schedule is a long chain.
            #[inline]
            #[target_feature(enable = $features)]
            fn schedule(start: Vector, first_id: u64) -> Keys {
                let mut a_words = transposed(first_keys(start, 2 * first_id));
                let mut b_words = transposed(first_keys(start, 2 * first_id + 1));
                std::array::from_fn(|i| {
                    if i > 0 {
                        a_words = next_words(a_words, ROUND_CONSTANTS[i - 1]);
                        b_words = next_words(b_words, ROUND_CONSTANTS[i - 1]);
                    }
                    [transposed(a_words), transposed(b_words)]
                })
            }

            /// The keys S ⊕ t of one half of a batch, with tweaks t of `first_tweak`, `first_tweak` + 2, …
            #[inline]
            #[target_feature(enable = $features)]
            fn first_keys(start: Vector, first_tweak: u64) -> [Vector; 4] {
                let mut places = [Block::ZERO; BLOCKS];
                for (place, block) in places.iter_mut().enumerate() {
                    *block = Block::new(2 * place as u128);
                }
                let mut keys = [start; 4];
                for v in 0..4 {
                    let first = first_tweak + 2 * (v * BLOCKS) as u64; // below 2^64, so that the high halves stay zero
                    let tweaks = add64(splat(Block::new(u128::from(first))), load(&bytemuck::cast(places)));
                    keys[v] = xor(start, tweaks);
                }
                keys
            }

            /// One round of the key schedules.
            #[inline]
            #[target_feature(enable = $features)]
            fn next_words([w0, w1, w2, w3]: [Vector; 4], constant: u32) -> [Vector; 4] {
                let rotate = load(&bytemuck::cast([ROTATE_WORDS; BLOCKS]));
                let t = last_round(shuffle_bytes(w3, rotate), load(&bytemuck::cast([constant; 4 * BLOCKS])));
                let w0 = xor(w0, t);
                let w1 = xor(w1, w0);
                let w2 = xor(w2, w1);
                [w0, w1, w2, xor(w3, w2)]
            }

            /// In every place: the four words of four vectors as a square, transposed.
            #[inline]
            #[target_feature(enable = $features)]
            fn transposed([a, b, c, d]: [Vector; 4]) -> [Vector; 4] {
                let (low_ab, low_cd) = (unpack_low32(a, b), unpack_low32(c, d));
                let (high_ab, high_cd) = (unpack_high32(a, b), unpack_high32(c, d));
                [
                    unpack_low64(low_ab, low_cd),
                    unpack_high64(low_ab, low_cd),
                    unpack_low64(high_ab, high_cd),
                    unpack_high64(high_ab, high_cd),
                ]
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

for_each_width!(kernel);
