//! Circuits that come with the crate.
//!
//! Each is an ordinary function over the builder, to be used inside larger circuits: the operators of
//! [`Uint`](crate::Uint) and [`Int`](crate::Int), and the functions of this module. [`find`] makes whole circuits of
//! them by name; in those `a`, `key` and `block` are the garbler's and `b`, `message` and `state` the evaluator's. Where
//! neither party has all of an input, as with `sha256-of64`, it is the exclusive or of two shares.
//!
//! ```
//! use halfgate_circuits::{Builder, Party, library};
//!
//! // By name: the garbler's number, the evaluator's number, and whether the first is less.
//! let circuit = library::find("lt64")?;
//! assert_eq!(circuit.input_width(), 128);
//!
//! // As a part of something else: the exclusive or of two encryptions.
//! let builder = Builder::new();
//! let key = builder.input_bytes("key", 128, Party::Garbler);
//! let [left, right] = ["left", "right"].map(|name| builder.input_bytes(name, 128, Party::Evaluator));
//! builder.output_bytes("mixed", &(library::aes128(&key, &left) ^ library::aes128(&key, &right)));
//! assert!(builder.finish().is_ok());
//! # Ok::<(), library::LibraryError>(())
//! ```

mod binary_field;
mod byte_strings;
mod catalogue;
mod ciphers;
mod entry;
mod error;
pub mod functions;
mod hashes;
mod integers;
mod sorting;
mod sorting_networks;
mod spelling;
mod tables;

use crate::Circuit;

pub use binary_field::{BinaryField, gf128_multiply, ghash};
pub use ciphers::{
    aes_expand_key, aes_expanded, aes_s_box, aes128, aes128_decrypt, aes192, aes192_decrypt, aes256,
    aes256_decrypt, chacha20_block,
};
pub use entry::Entry;
pub use error::LibraryError;
pub use hashes::{
    ascon_p, blake3, blake3_compress, hmac_sha256, hmac_sha512, keccak_f, md5, md5_compress, sha1,
    sha1_compress, sha3_224, sha3_256, sha3_384, sha3_512, sha224, sha256, sha256_compress, sha384, sha512,
    sha512_compress, shake128, shake256,
};
pub use integers::compare;
pub use sorting::{argmax, argmin, sort, sort_by};
pub use tables::{lookup, lookup_constants, one_hot, permutation_switches, permute, switches_of_permutation};

use catalogue::THEMES;

/// All circuits and families of the library.
pub fn list() -> impl Iterator<Item = &'static Entry> + Clone {
    THEMES.iter().copied().flatten()
}

/// The circuit of this name, such as `aes128`, `lt64` or `mul32`, or of a [comparison function](functions) with its
/// settings, such as `greater-than` or `closest threshold=5`.
///
/// # Errors
/// If there is none; the error lists names that are spelled nearly the same.
pub fn find(name: &str) -> Result<Circuit, LibraryError> {
    let word = name.split_ascii_whitespace().next().unwrap_or_default();
    if functions::function(word).is_ok() {
        return Ok(name.parse::<functions::Choice>()?.build()?);
    }
    let (stem, digits) = name.split_at(name.trim_end_matches(|letter: char| letter.is_ascii_digit()).len());
    list().find_map(|entry| entry.find(stem, digits)).unwrap_or_else(|| {
        // Such as `sha3-256`, which wants a length behind it.
        let begun =
            |entry: &&Entry| entry.name().strip_prefix(name).is_some_and(|rest| rest.starts_with('-'));
        let mut close: Vec<String> = list().filter(begun).map(|entry| entry.example("")).collect();
        if close.is_empty() {
            let names = list().map(|entry| entry.example(digits));
            let functions = functions::functions().iter().map(|function| function.name.to_owned());
            close = spelling::closest(name, names.chain(functions));
        }
        Err(LibraryError::Unknown { name: name.to_owned(), close })
    })
}
