//! Byte strings as bits and as words. As a number, the first byte of a string is the **highest**.

use crate::{Bits, Builder, Uint};

/// The bytes, first one first; each is eight bits, least significant first.
///
/// # Panics
/// If the bits are no whole number of bytes.
#[track_caller]
pub(super) fn bytes_of<'b>(string: &Bits<'b>) -> Vec<Bits<'b>> {
    assert!(
        string.width().is_multiple_of(8),
        "{} bits are no byte string; 8 bits make a byte",
        string.width()
    );
    (0..string.width() / 8).rev().map(|k| string.slice(8 * k..8 * (k + 1))).collect()
}

/// The string of these bytes, first one first; an empty one needs to know its builder.
pub(super) fn string_of<'b>(builder: &'b Builder, bytes: &[Bits<'b>]) -> Bits<'b> {
    builder.bits(bytes.iter().rev().flat_map(|byte| byte.iter().copied()))
}

/// Bytes that are known now.
pub(super) fn constant_bytes<'b>(builder: &'b Builder, bytes: &[u8]) -> Vec<Bits<'b>> {
    bytes.iter().map(|&byte| builder.constant_uint(8, byte.into()).into()).collect()
}

/// Words of `width` bits whose first byte is the highest.
pub(super) fn big_endian<'b>(string: &Bits<'b>, width: usize) -> Vec<Uint<'b>> {
    string.chunks(width).rev().map(|word| Uint::from(string.builder().bits(word.iter().copied()))).collect()
}

/// Words of `width` bits whose first byte is the lowest.
pub(super) fn little_endian<'b>(string: &Bits<'b>, width: usize) -> Vec<Uint<'b>> {
    let bytes = bytes_of(string);
    let words = bytes.chunks(width / 8);
    words
        .map(|word| Uint::from(string.builder().bits(word.iter().flat_map(|byte| byte.iter().copied()))))
        .collect()
}

/// The string of words whose first byte is the highest.
pub(super) fn from_big_endian<'b>(words: &[Uint<'b>]) -> Bits<'b> {
    let builder = words[0].bits().builder();
    builder.bits(words.iter().rev().flat_map(|word| word.bits().iter().copied()))
}

/// The string of words whose first byte is the lowest.
pub(super) fn from_little_endian<'b>(words: &[Uint<'b>]) -> Bits<'b> {
    let builder = words[0].bits().builder();
    let bytes: Vec<Bits<'b>> = words
        .iter()
        .flat_map(|word| word.bits().chunks(8).map(|byte| builder.bits(byte.iter().copied())))
        .collect();
    string_of(builder, &bytes)
}
