//! AES with keys of 128, 192 and 256 bits (FIPS 197).
//!
//! Keys, messages and results are byte strings; read as a number, the first byte is the **highest**.

use std::array;

use super::aes_sbox::{inverse_substitute, substitute};
use super::aes_transform::{
    Block, Byte, add_round_key, bytes, inverse_mix_columns, inverse_shift_rows, mix_columns, shift_rows, xor,
};
use crate::Bits;

/// The S-box, an inversion in GF(2^8) and an affine map (FIPS 197, section 5.1.1): 32 ANDs.
///
/// # Panics
/// If there are not 8 bits.
#[track_caller]
pub fn aes_s_box<'b>(byte: &Bits<'b>) -> Bits<'b> {
    assert_eq!(byte.len(), 8, "the S-box of AES takes 8 bits");
    byte.builder().bits(substitute(array::from_fn(|k| byte[k])))
}

/// Encrypts a block with AES-128, key schedule included: 6,400 ANDs, 5,120 of them for the message.
///
/// # Panics
/// If the key or the message is not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn aes128<'b>(key: &Bits<'b>, message: &Bits<'b>) -> Bits<'b> {
    check_key(key, 128);
    encrypt(&expand(key), message)
}

/// Encrypts a block with AES-192, key schedule included: 7,168 ANDs, 6,144 of them for the message.
///
/// # Panics
/// If the key is not 192 or the message not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn aes192<'b>(key: &Bits<'b>, message: &Bits<'b>) -> Bits<'b> {
    check_key(key, 192);
    encrypt(&expand(key), message)
}

/// Encrypts a block with AES-256, key schedule included: 8,832 ANDs, 7,168 of them for the message.
///
/// # Panics
/// If the key is not 256 or the message not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn aes256<'b>(key: &Bits<'b>, message: &Bits<'b>) -> Bits<'b> {
    check_key(key, 256);
    encrypt(&expand(key), message)
}

/// Decrypts a block with AES-128, key schedule included: 6,400 ANDs.
///
/// # Panics
/// If the key or the ciphertext is not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn aes128_decrypt<'b>(key: &Bits<'b>, ciphertext: &Bits<'b>) -> Bits<'b> {
    check_key(key, 128);
    decrypt(&expand(key), ciphertext)
}

/// Decrypts a block with AES-192, key schedule included: 7,168 ANDs.
///
/// # Panics
/// If the key is not 192 or the ciphertext not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn aes192_decrypt<'b>(key: &Bits<'b>, ciphertext: &Bits<'b>) -> Bits<'b> {
    check_key(key, 192);
    decrypt(&expand(key), ciphertext)
}

/// Decrypts a block with AES-256, key schedule included: 8,832 ANDs.
///
/// # Panics
/// If the key is not 256 or the ciphertext not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn aes256_decrypt<'b>(key: &Bits<'b>, ciphertext: &Bits<'b>) -> Bits<'b> {
    check_key(key, 256);
    decrypt(&expand(key), ciphertext)
}

/// Encrypts a block with AES under round keys that are expanded already, by [`aes_expand_key`] or by their owner in the
/// clear: 5,120 ANDs for 11 round keys (AES-128), 6,144 for 13 (AES-192), 7,168 for 15 (AES-256).
///
/// # Panics
/// If there are not 1,408, 1,664 or 1,920 bits of round keys and 128 of message, or if they belong to different builders.
#[track_caller]
pub fn aes_expanded<'b>(round_keys: &Bits<'b>, message: &Bits<'b>) -> Bits<'b> {
    let width = round_keys.width();
    assert!(
        [11, 13, 15].contains(&(width / 128)) && width.is_multiple_of(128),
        "AES has no {width} bits of round keys"
    );
    encrypt(&bytes(round_keys), message)
}

/// The round keys of a key of 128, 192 or 256 bits, 128 bits each and the first one highest: 1,280, 1,024 or 1,664
/// ANDs.
///
/// # Panics
/// If the key is not 128, 192 or 256 bits wide.
#[track_caller]
pub fn aes_expand_key<'b>(key: &Bits<'b>) -> Bits<'b> {
    assert!([128, 192, 256].contains(&key.width()), "AES has no keys of {} bits", key.width());
    key.builder().bits(expand(key).into_iter().rev().flatten())
}

#[track_caller]
fn check_key(key: &Bits<'_>, expected: usize) {
    assert!(key.width() == expected, "AES-{expected} takes a key of {expected} bits, not {}", key.width());
}

/// Section 5.2: words of the key's length, each the exclusive or of two; the first one of a turn, and with 256 bits
/// the fifth, is substituted on the way.
fn expand<'b>(key: &Bits<'b>) -> Vec<Byte<'b>> {
    let mut schedule = bytes(key);
    let period = schedule.len();
    let rounds = period / 4 + 6;
    let mut round_constant = 1u8;
    while schedule.len() < 16 * (rounds + 1) {
        let at = schedule.len();
        let mut word: [Byte<'b>; 4] = array::from_fn(|row| schedule[at - 4 + row]);
        if at.is_multiple_of(period) {
            word.rotate_left(1);
            word = word.map(substitute);
            add_constant(&mut word[0], round_constant);
            round_constant = round_constant << 1 ^ if round_constant & 0x80 == 0 { 0 } else { 0x1b };
        } else if period == 32 && at % period == 16 {
            word = word.map(substitute);
        }
        schedule.extend(array::from_fn::<_, 4, _>(|row| xor(word[row], schedule[at - period + row])));
    }
    schedule
}

fn add_constant(byte: &mut Byte<'_>, constant: u8) {
    for (k, bit) in byte.iter_mut().enumerate() {
        if constant >> k & 1 == 1 {
            *bit = !*bit;
        }
    }
}

/// Section 5.1.
#[track_caller]
fn encrypt<'b>(schedule: &[Byte<'b>], message: &Bits<'b>) -> Bits<'b> {
    let rounds = schedule.len() / 16 - 1;
    let mut round_keys = schedule.chunks(16);
    let mut key = || round_keys.next().expect("there is a round key more than rounds");
    let mut state = add_round_key(block(message), key());
    for round in 1..=rounds {
        state = shift_rows(state.map(substitute));
        if round < rounds {
            state = mix_columns(state);
        }
        state = add_round_key(state, key());
    }
    message.builder().bits(state.into_iter().rev().flatten())
}

/// Section 5.3.
#[track_caller]
fn decrypt<'b>(schedule: &[Byte<'b>], ciphertext: &Bits<'b>) -> Bits<'b> {
    let rounds = schedule.len() / 16 - 1;
    let mut round_keys = schedule.chunks(16).rev();
    let mut key = || round_keys.next().expect("there is a round key more than rounds");
    let mut state = add_round_key(block(ciphertext), key());
    for round in 1..=rounds {
        state = inverse_shift_rows(state).map(inverse_substitute);
        state = add_round_key(state, key());
        if round < rounds {
            state = inverse_mix_columns(state);
        }
    }
    ciphertext.builder().bits(state.into_iter().rev().flatten())
}

#[track_caller]
fn block<'b>(bits: &Bits<'b>) -> Block<'b> {
    assert!(bits.width() == 128, "AES takes blocks of 128 bits, not {}", bits.width());
    let bytes = bytes(bits);
    array::from_fn(|i| bytes[i])
}
