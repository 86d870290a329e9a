//! The compression function of SHA-256 (FIPS 180-4).

use std::array;

use crate::{Bits, Uint};

/// FIPS 180-4, section 4.2.2.
#[rustfmt::skip]
const ROUND_CONSTANTS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/// Absorbs a block of 512 bits into a state of 256 bits.
///
/// Read as a number, the first byte of either is the **highest**. A hash of several blocks chains the state.
///
/// # Panics
/// If the widths are not 512 and 256 bits, or if block and state belong to different builders.
#[track_caller]
pub fn sha256_compress<'b>(block: &Bits<'b>, state: &Bits<'b>) -> Bits<'b> {
    let before: [Uint<'b>; 8] = words(state);
    let mut working = before.clone();
    for (word, constant) in schedule(block).iter().zip(ROUND_CONSTANTS) {
        let constant = state.builder().constant_uint(32, constant.into());
        working = round(working, word, &constant);
    }
    let after = working.iter().zip(&before).rev().map(|(word, old)| word + old);
    after.map(Bits::from).reduce(|low, high| low.concat(&high)).expect("a state has eight words")
}

/// Big-endian words, the first one highest.
#[track_caller]
fn words<'b, const N: usize>(bits: &Bits<'b>) -> [Uint<'b>; N] {
    assert!(bits.width() == 32 * N, "SHA-256 takes {} bits here, not {}", 32 * N, bits.width());
    array::from_fn(|i| Uint::from(bits.slice(32 * (N - 1 - i)..32 * (N - i))))
}

/// The message schedule, section 6.2.2 step 1.
#[track_caller]
fn schedule<'b>(block: &Bits<'b>) -> Vec<Uint<'b>> {
    let mut schedule = Vec::from(words::<16>(block));
    for t in 16..64 {
        let small_sigma_0 = three_rotations(&schedule[t - 15], 7, 18, |word| word >> 3);
        let small_sigma_1 = three_rotations(&schedule[t - 2], 17, 19, |word| word >> 10);
        schedule.push(Uint::sum(&[&schedule[t - 16], &small_sigma_0, &schedule[t - 7], &small_sigma_1]));
    }
    schedule
}

/// Section 6.2.2 step 3.
fn round<'b>(working: [Uint<'b>; 8], word: &Uint<'b>, constant: &Uint<'b>) -> [Uint<'b>; 8] {
    let [a, b, c, d, e, f, g, h] = working;
    let big_sigma_0 = three_rotations(&a, 2, 13, |word| word.rotate_right(22));
    let big_sigma_1 = three_rotations(&e, 6, 11, |word| word.rotate_right(25));
    let choice = &g ^ (&e & (&f ^ &g));
    let majority = &c ^ ((&a ^ &c) & (&b ^ &c));
    let t1 = Uint::sum(&[constant, word, &h, &choice, &big_sigma_1]);
    let next_a = Uint::sum(&[&big_sigma_0, &majority, &t1]);
    [next_a, a, b, c, d + t1, e, f, g]
}

fn three_rotations<'b>(
    word: &Uint<'b>,
    first: usize,
    second: usize,
    third: impl Fn(&Uint<'b>) -> Uint<'b>,
) -> Uint<'b> {
    word.rotate_right(first) ^ word.rotate_right(second) ^ third(word)
}
