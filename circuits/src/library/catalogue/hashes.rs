//! Hash functions as named circuits.

use super::byte_circuits::{of_bytes, of_shares};
use crate::Bits;
use crate::library::entry::{Built, Entry, LINEAR};
use crate::library::{
    ascon_p, blake3, blake3_compress, hmac_sha256, hmac_sha512, keccak_f, md5, md5_compress, sha1,
    sha1_compress, sha3_224, sha3_256, sha3_384, sha3_512, sha224, sha256, sha256_compress, sha384, sha512,
    sha512_compress, shake128, shake256,
};

/// Bytes of the only chunk.
const CHUNK: u32 = 1024;

#[rustfmt::skip]
pub(super) static ENTRIES: [Entry; 22] = [
    Entry::one("sha256", "SHA-256 compression of the garbler's block into the evaluator's state",
        || compression(64, 32, sha256_compress)),
    Entry::one("sha512", "SHA-512 compression of the garbler's block into the evaluator's state",
        || compression(128, 64, sha512_compress)),
    Entry::one("sha1", "SHA-1 compression of the garbler's block into the evaluator's state",
        || compression(64, 20, sha1_compress)),
    Entry::one("md5", "MD5 compression of the garbler's block into the evaluator's state",
        || compression(64, 16, md5_compress)),
    Entry::one("blake3", "BLAKE3 compression of the garbler's block; the evaluator's state ends with counter, length, flags",
        || of_bytes(("block", 64), ("state", 48), "next_state", blake3_compress)),
    Entry::one("keccak-f", "Keccak-f[1600] of the exclusive or of both inputs",
        || of_shares(200, "next_state", keccak_f)),
    Entry::one("ascon-p", "the 12 rounds of Ascon-p of the exclusive or of both inputs",
        || of_shares(40, "next_state", |state| ascon_p(state, 12))),
    Entry::of_bytes("sha256-of", "SHA-256 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha256)),
    Entry::of_bytes("sha224-of", "SHA-224 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha224)),
    Entry::of_bytes("sha512-of", "SHA-512 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha512)),
    Entry::of_bytes("sha384-of", "SHA-384 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha384)),
    Entry::of_bytes("sha1-of", "SHA-1 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha1)),
    Entry::of_bytes("md5-of", "MD5 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, md5)),
    Entry::of_bytes("sha3-224-of", "SHA3-224 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha3_224)),
    Entry::of_bytes("sha3-256-of", "SHA3-256 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha3_256)),
    Entry::of_bytes("sha3-384-of", "SHA3-384 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha3_384)),
    Entry::of_bytes("sha3-512-of", "SHA3-512 digest of N bytes, the exclusive or of both inputs", LINEAR, |n| digest(n, sha3_512)),
    Entry::of_bytes("shake128-of", "32 bytes of SHAKE128 of N bytes, the exclusive or of both inputs", LINEAR, |n| of_shares(n, "digest", |message| shake128(message, 32))),
    Entry::of_bytes("shake256-of", "64 bytes of SHAKE256 of N bytes, the exclusive or of both inputs", LINEAR, |n| of_shares(n, "digest", |message| shake256(message, 64))),
    Entry::of_bytes("blake3-of", "BLAKE3 digest of N bytes, the exclusive or of both inputs", CHUNK, |n| digest(n, blake3)),
    Entry::of_bytes("hmac-sha256-of", "HMAC-SHA-256 of the evaluator's N bytes under the garbler's key, zeros behind it",
        LINEAR, |n| of_bytes(("key", 64), ("message", n), "tag", hmac_sha256)),
    Entry::of_bytes("hmac-sha512-of", "HMAC-SHA-512 of the evaluator's N bytes under the garbler's key, zeros behind it",
        LINEAR, |n| of_bytes(("key", 128), ("message", n), "tag", hmac_sha512)),
];

fn compression(block: u32, state: u32, f: for<'b> fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>) -> Built {
    of_bytes(("block", block), ("state", state), "next_state", f)
}

fn digest(bytes: u32, f: for<'b> fn(&Bits<'b>) -> Bits<'b>) -> Built {
    of_shares(bytes, "digest", f)
}
