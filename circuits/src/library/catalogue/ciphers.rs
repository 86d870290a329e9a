//! Ciphers and hash functions as named circuits.

use super::super::entry::{Built, Entry};
use super::super::{aes128, sha256_compress};
use crate::{Bits, Builder, Party};

pub(super) static ENTRIES: [Entry; 2] = [
    Entry::one("aes128", "AES-128 encryption of the evaluator's block under the garbler's key", || {
        of_bytes(("key", 128), ("message", 128), "ciphertext", aes128)
    }),
    Entry::one("sha256", "SHA-256 compression of the garbler's block into the evaluator's state", || {
        of_bytes(("block", 512), ("state", 256), "next_state", sha256_compress)
    }),
];

/// A circuit of byte strings: the first input is the garbler's, the second the evaluator's.
fn of_bytes(
    garbler: (&str, u32),
    evaluator: (&str, u32),
    output: &str,
    f: for<'b> fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>,
) -> Built {
    let builder = Builder::new();
    let first = builder.input_bytes(garbler.0, garbler.1, Party::Garbler);
    let second = builder.input_bytes(evaluator.0, evaluator.1, Party::Evaluator);
    builder.output_bytes(output, &f(&first, &second));
    builder.finish()
}
