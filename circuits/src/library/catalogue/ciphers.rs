//! Ciphers as named circuits.

use super::byte_circuits::of_bytes;
use crate::Bits;
use crate::library::entry::{Built, Entry};
use crate::library::{
    aes_expanded, aes128, aes128_decrypt, aes192, aes192_decrypt, aes256, aes256_decrypt, chacha20_block,
    gf128_multiply,
};

pub(super) static ENTRIES: [Entry; 11] = [
    Entry::one("aes128", "AES-128 encryption of the evaluator's block under the garbler's key", || {
        encryption(16, aes128)
    }),
    Entry::one("aes192", "AES-192 encryption of the evaluator's block under the garbler's key", || {
        encryption(24, aes192)
    }),
    Entry::one("aes256", "AES-256 encryption of the evaluator's block under the garbler's key", || {
        encryption(32, aes256)
    }),
    Entry::one("aes128-expanded", "AES-128 encryption under the garbler's 11 round keys", || expanded(11)),
    Entry::one("aes192-expanded", "AES-192 encryption under the garbler's 13 round keys", || expanded(13)),
    Entry::one("aes256-expanded", "AES-256 encryption under the garbler's 15 round keys", || expanded(15)),
    Entry::one(
        "aes128-decrypt",
        "AES-128 decryption of the evaluator's block under the garbler's key",
        || decryption(16, aes128_decrypt),
    ),
    Entry::one(
        "aes192-decrypt",
        "AES-192 decryption of the evaluator's block under the garbler's key",
        || decryption(24, aes192_decrypt),
    ),
    Entry::one(
        "aes256-decrypt",
        "AES-256 decryption of the evaluator's block under the garbler's key",
        || decryption(32, aes256_decrypt),
    ),
    Entry::one(
        "chacha20",
        "ChaCha20 block under the garbler's key at the evaluator's counter and nonce",
        || of_bytes(("key", 32), ("position", 16), "key_stream", chacha20_block),
    ),
    Entry::one("gf128mul", "product in GF(2^128) as GHASH has it", || {
        of_bytes(("a", 16), ("b", 16), "product", gf128_multiply)
    }),
];

fn encryption(key: u32, f: for<'b> fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>) -> Built {
    of_bytes(("key", key), ("message", 16), "ciphertext", f)
}

fn decryption(key: u32, f: for<'b> fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>) -> Built {
    of_bytes(("key", key), ("ciphertext", 16), "message", f)
}

fn expanded(round_keys: u32) -> Built {
    of_bytes(("round_keys", 16 * round_keys), ("message", 16), "ciphertext", aes_expanded)
}
