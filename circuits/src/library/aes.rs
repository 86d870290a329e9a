//! AES-128 (FIPS 197).

use std::array;

use super::aes_sbox::substitute;
use crate::{Bit, Bits};

/// Eight bits, least significant first.
pub(super) type Byte<'b> = [Bit<'b>; 8];

/// Sixteen bytes in the order of FIPS 197: byte `i` stands in row `i % 4` of column `i / 4`.
type Block<'b> = [Byte<'b>; 16];

const ROUNDS: usize = 10;

/// Encrypts a block with AES-128, key schedule included: 6,400 ANDs, 5,120 of them for the message.
///
/// Key, message and result are 128 bits; read as a number, the first byte is the **highest**.
///
/// # Panics
/// If the key or the message is not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn aes128<'b>(key: &Bits<'b>, message: &Bits<'b>) -> Bits<'b> {
    let mut round_key = block(key);
    let mut state = xor_blocks(block(message), round_key);
    let mut round_constant = 1u8;
    for round in 1..=ROUNDS {
        round_key = next_round_key(round_key, round_constant);
        round_constant = round_constant << 1 ^ if round_constant & 0x80 == 0 { 0 } else { 0x1b };
        state = shift_rows(state.map(substitute));
        if round < ROUNDS {
            state = mix_columns(state);
        }
        state = xor_blocks(state, round_key);
    }
    message.builder().bits(state.into_iter().rev().flatten())
}

#[track_caller]
fn block<'b>(bits: &Bits<'b>) -> Block<'b> {
    assert!(bits.width() == 128, "AES-128 takes a key and a message of 128 bits, not {}", bits.width());
    array::from_fn(|i| array::from_fn(|k| bits[8 * (15 - i) + k]))
}

fn xor<'b>(a: Byte<'b>, b: Byte<'b>) -> Byte<'b> {
    array::from_fn(|k| a[k] ^ b[k])
}

fn xor_blocks<'b>(a: Block<'b>, b: Block<'b>) -> Block<'b> {
    array::from_fn(|i| xor(a[i], b[i]))
}

/// One round of the key expansion: the last word, rotated and substituted, is added through all words.
fn next_round_key<'b>(key: Block<'b>, round_constant: u8) -> Block<'b> {
    let mut carried: [Byte<'b>; 4] = array::from_fn(|row| substitute(key[12 + (row + 1) % 4]));
    for (k, bit) in carried[0].iter_mut().enumerate() {
        if round_constant >> k & 1 == 1 {
            *bit = !*bit;
        }
    }
    array::from_fn(|i| {
        carried[i % 4] = xor(carried[i % 4], key[i]);
        carried[i % 4]
    })
}

fn shift_rows(state: Block<'_>) -> Block<'_> {
    array::from_fn(|i| state[(i + 4 * (i % 4)) % 16])
}

/// Each byte becomes `2·a + 3·b + c + d` of its column, read downwards from it; `2·(a + b)` is shared work.
fn mix_columns(state: Block<'_>) -> Block<'_> {
    array::from_fn(|i| {
        let [a, b, c, d] = array::from_fn(|down| state[i / 4 * 4 + (i + down) % 4]);
        xor(xor(double(xor(a, b)), b), xor(c, d))
    })
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
