//! Hash functions: compression functions and permutations, and the hashes of messages of fixed length.

mod ascon;
mod blake3;
mod hmac;
mod keccak;
mod md5;
mod padding;
mod sha1;
mod sha2;
mod sha2_constants;

pub use ascon::ascon_p;
pub use blake3::{blake3, blake3_compress};
pub use hmac::{hmac_sha256, hmac_sha512};
pub use keccak::{keccak_f, sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256};
pub use md5::{md5, md5_compress};
pub use sha1::{sha1, sha1_compress};
pub use sha2::{sha224, sha256, sha256_compress, sha384, sha512, sha512_compress};
