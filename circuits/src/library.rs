//! Circuits that come with the crate.
//!
//! Each is an ordinary function over the builder, to be used inside larger circuits: the operators of
//! [`Uint`](crate::Uint) and [`Int`](crate::Int), and the functions of this module. [`find`] makes whole circuits of
//! them by name; in those `a`, `key` and `block` are the garbler's and `b`, `message` and `state` the evaluator's.
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

mod aes;
mod aes_sbox;
mod error;
pub mod functions;
mod integers;
mod sha256;
mod spelling;

use std::ops::RangeInclusive;

use crate::{Bits, Builder, Circuit, CircuitError, Party};

pub use aes::aes128;
pub use error::LibraryError;
pub use integers::compare;
pub use sha256::sha256_compress;

/// A circuit of the library, or a family of them that differ in width.
pub struct Entry {
    name: &'static str,
    about: &'static str,
    build: Build,
}

enum Build {
    One(fn() -> Result<Circuit, CircuitError>),
    Family(u32, fn(u32) -> Result<Circuit, CircuitError>),
}

impl Entry {
    /// The name; for a family the part before the width.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name as a pattern: a family's width is shown as `N`.
    pub fn pattern(&self) -> String {
        format!("{}{}", self.name, if self.widths().is_some() { "N" } else { "" })
    }

    /// What the circuit computes, in one line.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// The widths of a family.
    pub fn widths(&self) -> Option<RangeInclusive<u32>> {
        match self.build {
            Build::One(_) => None,
            Build::Family(widest, _) => Some(1..=widest),
        }
    }
}

/// Widest member of a family whose gates grow with the width.
const LINEAR: u32 = 4096;
/// Widest member of a family whose gates grow with the square of the width.
const QUADRATIC: u32 = 1024;

#[rustfmt::skip]
static ENTRIES: [Entry; 16] = [
    family("add", "sum of two numbers modulo 2^N", LINEAR, integers::sum),
    family("sub", "difference of two numbers modulo 2^N", LINEAR, integers::difference),
    family("mul", "product of two numbers modulo 2^N", QUADRATIC, integers::product),
    family("widemul", "whole product of two numbers, 2N bits", QUADRATIC, integers::wide_product),
    family("div", "unsigned quotient; all ones where the divisor is 0", QUADRATIC, integers::quotient),
    family("rem", "unsigned remainder; the dividend where the divisor is 0", QUADRATIC, integers::remainder),
    family("sdiv", "signed quotient, toward zero; -1 where the divisor is 0", QUADRATIC, integers::quotient_signed),
    family("srem", "signed remainder with the sign of the dividend", QUADRATIC, integers::remainder_signed),
    family("lt", "whether the garbler's number is less, unsigned", LINEAR, integers::less),
    family("slt", "whether the garbler's number is less, signed", LINEAR, integers::less_signed),
    family("eq", "whether the two numbers are equal", LINEAR, integers::equal),
    family("compare", "whether the garbler's number is greater, and whether they are equal", LINEAR, integers::compared),
    family("min", "the smaller of two unsigned numbers", LINEAR, integers::minimum),
    family("max", "the larger of two unsigned numbers", LINEAR, integers::maximum),
    one("aes128", "AES-128 encryption of the evaluator's block under the garbler's key", aes128_circuit),
    one("sha256", "SHA-256 compression of the garbler's block into the evaluator's state", sha256_circuit),
];

const fn family(
    name: &'static str,
    about: &'static str,
    widest: u32,
    build: fn(u32) -> Result<Circuit, CircuitError>,
) -> Entry {
    Entry { name, about, build: Build::Family(widest, build) }
}

const fn one(name: &'static str, about: &'static str, build: fn() -> Result<Circuit, CircuitError>) -> Entry {
    Entry { name, about, build: Build::One(build) }
}

/// All circuits and families of the library.
pub fn list() -> &'static [Entry] {
    &ENTRIES
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
    for entry in &ENTRIES {
        match entry.build {
            Build::One(build) if entry.name == name => return Ok(build()?),
            Build::Family(widest, build) if entry.name == stem => {
                return Ok(build(parse_width(entry.name, digits, widest)?)?);
            }
            _ => {}
        }
    }
    let example = if digits.is_empty() { "64" } else { digits };
    let names = ENTRIES.iter().map(|entry| match entry.build {
        Build::One(_) => entry.name.to_owned(),
        Build::Family(..) => format!("{}{example}", entry.name),
    });
    let names = names.chain(functions::functions().iter().map(|function| function.name.to_owned()));
    Err(LibraryError::Unknown { name: name.to_owned(), close: spelling::closest(name, names) })
}

fn parse_width(family: &'static str, digits: &str, widest: u32) -> Result<u32, LibraryError> {
    let widths = 1..=widest;
    match digits.parse() {
        // One circuit has one name, so no leading zeros.
        Ok(width) if widths.contains(&width) && !digits.starts_with('0') => Ok(width),
        _ => Err(LibraryError::Width { family, given: digits.to_owned(), widths }),
    }
}

fn aes128_circuit() -> Result<Circuit, CircuitError> {
    of_bytes(("key", 128), ("message", 128), "ciphertext", aes128)
}

fn sha256_circuit() -> Result<Circuit, CircuitError> {
    of_bytes(("block", 512), ("state", 256), "next_state", sha256_compress)
}

/// A circuit of byte strings: the first input is the garbler's, the second the evaluator's.
fn of_bytes(
    garbler: (&str, u32),
    evaluator: (&str, u32),
    output: &str,
    f: for<'b> fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>,
) -> Result<Circuit, CircuitError> {
    let builder = Builder::new();
    let first = builder.input_bytes(garbler.0, garbler.1, Party::Garbler);
    let second = builder.input_bytes(evaluator.0, evaluator.1, Party::Evaluator);
    builder.output_bytes(output, &f(&first, &second));
    builder.finish()
}
