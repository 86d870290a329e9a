//! The key schedules of the garbling hash with AES instructions, a batch ahead of the hashes that use them.
//!
//! A batch is two halves of four vectors of blocks, each block with a key S ⊕ t of its own. The schedules of four
//! vectors of keys run *word-sliced*: the four vectors, seen as a square of words in every
//! place, are transposed, so that vector w holds word w of all keys. One round of all schedules is then
//!
//! ```text
//! t  = SubWord(RotWord(W₃)) ⊕ Rcon        one byte shuffle and one AESENCLAST whose "key" is Rcon
//! W₀ ⊕= t,  W₁ ⊕= W₀,  W₂ ⊕= W₁,  W₃ ⊕= W₂
//! ```
//!
//! and transposing a copy back, with eight unpacks, gives the round keys where the labels want them. AESENCLAST also
//! does ShiftRows; the byte shuffle that rotates the words undoes that in advance.
//!
//! A round is a long chain, and a core looks only some 60 vector instructions ahead. So the schedules of both halves
//! of the *next* batch take turns, a round of one with each round of AES of this batch, and the keys go through L1.
//! Eight states of AES, words 2 and 3 of both schedules and four temporaries just fit sixteen registers (words 0 and
//! 1 rest in memory), but LLVM reorders and spills; hence the assembly, which ties the order down.

use crate::x86_64::for_each_width;

/// Brings word i of each block to where AESENCLAST's ShiftRows takes it back to word i, rotated by one byte.
const ROTATE_WORDS: [u8; 16] = [1, 14, 11, 4, 5, 2, 15, 8, 9, 6, 3, 12, 13, 10, 7, 0];

/// A constant on a boundary of the widest vector.
#[repr(align(64))]
struct Aligned<T>(T);

/// One round of a schedule, with other instructions at the point where it waits for AESENCLAST.
macro_rules! step {
    ($xor:literal, [$($meanwhile:literal,)*], $($operands:tt)*) => {
        std::arch::asm!(
            "vpshufb {t}, {w3}, [{rotate}]",
            "vaesenclast {t}, {t}, [{constant}]",
            $($meanwhile,)*
            concat!($xor, " {t}, {t}, [{low}]"),
            concat!($xor, " {u}, {t}, [{low} + {size}]"),
            "vmovups [{low}], {t}",
            "vmovups [{low} + {size}], {u}",
            concat!($xor, " {w2}, {w2}, {u}"),
            concat!($xor, " {w3}, {w3}, {w2}"),
            "vpunpckldq {x}, {t}, {u}",
            "vpunpckhdq {t}, {t}, {u}",
            "vpunpckldq {u}, {w2}, {w3}",
            "vpunpcklqdq {y}, {x}, {u}",
            "vmovups [{next}], {y}",
            "vpunpckhqdq {x}, {x}, {u}",
            "vmovups [{next} + {size}], {x}",
            "vpunpckhdq {u}, {w2}, {w3}",
            "vpunpcklqdq {y}, {t}, {u}",
            "vmovups [{next} + 2 * {size}], {y}",
            "vpunpckhqdq {t}, {t}, {u}",
            "vmovups [{next} + 3 * {size}], {t}",
            size = const 16 * BLOCKS,
            $($operands)*
            options(nostack, preserves_flags)
        )
    };
}

macro_rules! schedule {
    ($module:ident, xmm, $($rest:tt)*) => { schedule! { xmm_reg "vpxor" $module xmm $($rest)* } };
    ($module:ident, ymm, $($rest:tt)*) => { schedule! { ymm_reg "vpxor" $module ymm $($rest)* } };
    ($module:ident, zmm, $($rest:tt)*) => { schedule! { zmm_reg "vpxord" $module zmm $($rest)* } };
    ($register:ident $xor:literal $module:ident $vector:ident $token:ident, $features:tt) => {
        pub(crate) mod $module {
            use std::mem::MaybeUninit;

            use super::{Aligned, ROTATE_WORDS};
            use crate::Block;
            use crate::x86_64::ROUND_CONSTANTS;
            use crate::x86_64::$vector::*;

            /// The keys of one round of one half of a batch.
            pub(crate) type RoundKeys = [Bytes; 4];

            /// The round keys of both halves of a batch, public as the start point is.
            pub(crate) type Keys = [[MaybeUninit<RoundKeys>; 11]; 2];

            /// What the schedules keep in memory, on a boundary of the widest vector.
            #[repr(align(64))]
            pub(crate) struct Memory {
                /// For this batch and the next.
                pub(crate) keys: [Keys; 2],
                /// Words 0 and 1 of both schedules.
                pub(crate) low: [[Bytes; 2]; 2],
            }

            impl Memory {
                pub(crate) fn new() -> Self {
                    let keys = [[[const { MaybeUninit::uninit() }; 11]; 2]; 2];
                    Memory { keys, low: [[[0; 16 * BLOCKS]; 2]; 2] }
                }
            }

            /// The schedules of both halves of a batch, on their way. The tweaks of a half are `STRIDE` apart, and the
            /// other half begins `APART` later.
            pub(crate) struct Schedules<'a, const STRIDE: u64, const APART: u64> {
                keys: &'a mut Keys,
                low: &'a mut [[Bytes; 2]; 2],
            }

            /// Words 2 and 3 of both schedules. They are handed from function to function by value, or they would
            /// live in memory.
            pub(crate) type HighWords = [[Vector; 2]; 2];

            static ROTATE: Aligned<[[u8; 16]; BLOCKS]> = Aligned([ROTATE_WORDS; BLOCKS]);
            static CONSTANTS: Aligned<[[u32; 4 * BLOCKS]; 10]> = {
                let mut constants = [[0; 4 * BLOCKS]; 10];
                let mut round = 0;
                while round < 10 {
                    constants[round] = [ROUND_CONSTANTS[round]; 4 * BLOCKS];
                    round += 1;
                }
                Aligned(constants)
            };

            impl<'a, const STRIDE: u64, const APART: u64> Schedules<'a, STRIDE, APART> {
                /// Starts the schedules of the batch whose first element has this tweak, if there is such a batch.
                #[inline]
                #[target_feature(enable = $features)]
                pub(crate) fn begin<const MORE: bool>(
                    start: Vector,
                    first_tweak: u64,
                    keys: &'a mut Keys,
                    low: &'a mut [[Bytes; 2]; 2],
                ) -> (Self, HighWords) {
                    let mut high = [[start; 2]; 2];
                    for half in 0..if MORE { 2 } else { 0 } {
                        let first_keys = first_keys::<STRIDE>(start, first_tweak + APART * half as u64);
                        let words = transposed(first_keys);
                        keys[half][0].write(bytemuck::cast(first_keys));
                        low[half] = bytemuck::cast([words[0], words[1]]);
                        high[half] = [words[2], words[3]];
                    }
                    (Schedules { keys, low }, high)
                }

                /// Fills the keys of a batch at once.
                #[target_feature(enable = $features)]
                pub(crate) fn run(
                    start: Vector,
                    first_tweak: u64,
                    keys: &'a mut Keys,
                    low: &'a mut [[Bytes; 2]; 2],
                ) {
                    let (mut schedules, mut high) =
                        Self::begin::<true>(start, first_tweak, keys, low);
                    for round in 0..10 {
                        high = schedules.step(high, 2 * round);
                        high = schedules.step(high, 2 * round + 1);
                    }
                }

                /// Step 0 to 19: the steps are round 1 of one half, round 1 of the other, round 2 of the one, ….
                #[inline]
                #[target_feature(enable = $features)]
                pub(crate) fn step(&mut self, mut high: HighWords, step: usize) -> HighWords {
                    let (half, round) = (step % 2, step / 2);
                    let [w2, w3] = &mut high[half];
                    let (_t, _u, _x, _y): (Vector, Vector, Vector, Vector);
                    #[allow(unsafe_code)]
                    // SAFETY: reads vectors of the two constants, and reads and writes what `low` and `next` point to.
                    unsafe {
                        step!($xor, [],
                            w2 = inout($register) *w2, w3 = inout($register) *w3,
                            t = out($register) _t, u = out($register) _u,
                            x = out($register) _x, y = out($register) _y,
                            rotate = in(reg) ROTATE.0.as_ptr(), constant = in(reg) CONSTANTS.0[round].as_ptr(),
                            low = in(reg) self.low[half].as_mut_ptr(),
                            next = in(reg) self.keys[half][round + 1].as_mut_ptr(),
                        );
                    }
                    high
                }

                /// The same, and a round of AES on the states of four vectors of pairs of blocks.
                #[inline]
                #[target_feature(enable = $features)]
                pub(crate) fn step_and_round(
                    &mut self,
                    mut high: HighWords,
                    step: usize,
                    keys: &RoundKeys,
                    states: &mut [[Vector; 4]; 2],
                ) -> HighWords {
                    let (half, round) = (step % 2, step / 2);
                    let [w2, w3] = &mut high[half];
                    let [zero, one] = states;
                    let (_t, _u, _x, _y): (Vector, Vector, Vector, Vector);
                    #[allow(unsafe_code)]
                    // SAFETY: as in `step`; also reads what `keys` points to.
                    unsafe {
                        step!($xor,
                            [
                                "vmovups {u}, [{keys}]", "vaesenc {a0}, {a0}, {u}", "vaesenc {b0}, {b0}, {u}",
                                "vmovups {u}, [{keys} + {size}]", "vaesenc {a1}, {a1}, {u}", "vaesenc {b1}, {b1}, {u}",
                                "vmovups {u}, [{keys} + 2 * {size}]", "vaesenc {a2}, {a2}, {u}", "vaesenc {b2}, {b2}, {u}",
                                "vmovups {u}, [{keys} + 3 * {size}]", "vaesenc {a3}, {a3}, {u}", "vaesenc {b3}, {b3}, {u}",
                            ],
                            a0 = inout($register) zero[0], b0 = inout($register) one[0],
                            a1 = inout($register) zero[1], b1 = inout($register) one[1],
                            a2 = inout($register) zero[2], b2 = inout($register) one[2],
                            a3 = inout($register) zero[3], b3 = inout($register) one[3],
                            keys = in(reg) keys.as_ptr(),
                            w2 = inout($register) *w2, w3 = inout($register) *w3,
                            t = out($register) _t, u = out($register) _u,
                            x = out($register) _x, y = out($register) _y,
                            rotate = in(reg) ROTATE.0.as_ptr(), constant = in(reg) CONSTANTS.0[round].as_ptr(),
                            low = in(reg) self.low[half].as_mut_ptr(),
                            next = in(reg) self.keys[half][round + 1].as_mut_ptr(),
                        );
                    }
                    high
                }
            }

            /// The keys S ⊕ t of one half of a batch, with tweaks t of `first_tweak`, `first_tweak` + `STRIDE`, …
            #[inline]
            #[target_feature(enable = $features)]
            fn first_keys<const STRIDE: u64>(start: Vector, first_tweak: u64) -> [Vector; 4] {
                let mut places = [Block::ZERO; BLOCKS];
                for (place, block) in places.iter_mut().enumerate() {
                    *block = Block::new(u128::from(STRIDE) * place as u128);
                }
                let mut keys = [start; 4];
                for v in 0..4 {
                    // Below 2^64, so that the high halves stay zero.
                    let first = first_tweak + STRIDE * (v * BLOCKS) as u64;
                    let tweaks = add64(splat(Block::new(u128::from(first))), load(&bytemuck::cast(places)));
                    keys[v] = xor(start, tweaks);
                }
                keys
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
        }
    };
}

for_each_width!(schedule);
