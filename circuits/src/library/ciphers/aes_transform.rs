//! The linear steps of AES on a block (FIPS 197, sections 5.1 and 5.3): free when garbled.

use std::array;

use crate::{Bit, Bits};

/// Eight bits, least significant first.
pub(super) type Byte<'b> = [Bit<'b>; 8];

/// Sixteen bytes in the order of FIPS 197: byte `i` stands in row `i % 4` of column `i / 4`.
pub(super) type Block<'b> = [Byte<'b>; 16];

/// The bytes of a string, first one first.
pub(super) fn bytes<'b>(bits: &Bits<'b>) -> Vec<Byte<'b>> {
    bits.chunks(8).rev().map(|byte| array::from_fn(|k| byte[k])).collect()
}

pub(super) fn xor<'b>(a: Byte<'b>, b: Byte<'b>) -> Byte<'b> {
    array::from_fn(|k| a[k] ^ b[k])
}

pub(super) fn add_round_key<'b>(state: Block<'b>, round_key: &[Byte<'b>]) -> Block<'b> {
    array::from_fn(|i| xor(state[i], round_key[i]))
}

pub(super) fn shift_rows(state: Block<'_>) -> Block<'_> {
    array::from_fn(|i| state[(i + 4 * (i % 4)) % 16])
}

pub(super) fn inverse_shift_rows(state: Block<'_>) -> Block<'_> {
    array::from_fn(|i| state[(i + 12 * (i % 4)) % 16])
}

/// Each byte becomes `2·a + 3·b + c + d` of its column, read downwards from it; `2·(a + b)` is shared work.
pub(super) fn mix_columns(state: Block<'_>) -> Block<'_> {
    array::from_fn(|i| {
        let [a, b, c, d] = array::from_fn(|down| state[i / 4 * 4 + (i + down) % 4]);
        xor(xor(double(xor(a, b)), b), xor(c, d))
    })
}

/// Mixing is of order four: its third power undoes it.
pub(super) fn inverse_mix_columns(state: Block<'_>) -> Block<'_> {
    mix_columns(mix_columns(mix_columns(state)))
}

/// The product with `x` in GF(2^8) modulo `x^8 + x^4 + x^3 + x + 1`.
fn double(byte: Byte<'_>) -> Byte<'_> {
    let top = byte[7];
    array::from_fn(|k| match k {
        0 => top,
        1 | 3 | 4 => byte[k - 1] ^ top,
        _ => byte[k - 1],
    })
}
