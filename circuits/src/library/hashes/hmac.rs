//! HMAC (RFC 2104, FIPS 198-1).

use super::sha2::{sha256, sha512};
use crate::Bits;
use crate::library::byte_strings::{bytes_of, constant_bytes, string_of};

/// HMAC-SHA-256 of a message under a key of at most 64 bytes, 256 bits: four compressions of SHA-256 for messages of up
/// to 55 bytes, one more for each 64 bytes.
///
/// A shorter key gives the same result as one with zero bytes added behind it.
///
/// # Panics
/// If the key is longer than 64 bytes, if key or message are no whole number of bytes, or if they belong to different
/// builders.
#[track_caller]
pub fn hmac_sha256<'b>(key: &Bits<'b>, message: &Bits<'b>) -> Bits<'b> {
    hmac(key, message, 64, sha256)
}

/// HMAC-SHA-512 of a message under a key of at most 128 bytes, 512 bits: four compressions of SHA-512 for messages of
/// up to 111 bytes, one more for each 128 bytes.
///
/// A shorter key gives the same result as one with zero bytes added behind it.
///
/// # Panics
/// If the key is longer than 128 bytes, if key or message are no whole number of bytes, or if they belong to different
/// builders.
#[track_caller]
pub fn hmac_sha512<'b>(key: &Bits<'b>, message: &Bits<'b>) -> Bits<'b> {
    hmac(key, message, 128, sha512)
}

#[track_caller]
fn hmac<'b>(
    key: &Bits<'b>,
    message: &Bits<'b>,
    block: usize,
    hash: impl Fn(&Bits<'b>) -> Bits<'b>,
) -> Bits<'b> {
    let builder = key.builder();
    let mut key = bytes_of(key);
    assert!(
        key.len() <= block,
        "a key of {} bytes is longer than a block of {block}; hash it first",
        key.len()
    );
    key.resize(block, constant_bytes(builder, &[0]).remove(0));
    let keyed = |pad: u8, text: &Bits<'b>| {
        let pad = constant_bytes(builder, &[pad]).remove(0);
        let bytes = key.iter().map(|byte| byte ^ &pad).chain(bytes_of(text));
        hash(&string_of(builder, &bytes.collect::<Vec<_>>()))
    };
    keyed(0x5c, &keyed(0x36, message))
}
