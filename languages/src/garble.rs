//! Source programs in Garble, a small language that looks like Rust (`.garble.rs` files).
//!
//! The `garble_lang` crate reads a program and checks its types; this module makes gates of it with the
//! [`Builder`](halfgate_circuits::Builder). Every parameter of the function becomes a group of inputs with its name and
//! type, and the result a group of outputs.
//!
//! ```
//! use halfgate_circuits::Party;
//! use halfgate_languages::garble::{self, Options};
//!
//! let source = "
//!     enum Richer { Ours, Theirs, Neither }
//!
//!     pub fn main(ours: u64, theirs: u64) -> Richer {
//!         if ours > theirs { Richer::Ours } else if theirs > ours { Richer::Theirs } else { Richer::Neither }
//!     }";
//! let circuit = garble::compile(source, "richer.garble.rs", &Options::default())?;
//! assert_eq!(circuit.inputs()[1].group.name, "theirs");
//! assert_eq!(circuit.inputs()[1].owner, Party::Evaluator);
//! let result = circuit.outputs()[0].group.shape.as_ref().expect("results have types");
//! assert_eq!(result.to_string(), "Richer::{ Ours, Theirs, Neither }");
//! # Ok::<(), garble::GarbleError>(())
//! ```
//!
//! # What a program may do that ends it
//!
//! Overflow, division by zero and an index beyond an array stop a program. Its result is then not a value but the reason
//! and the place in the source, and nothing else: see [`Shape::Checked`](halfgate_circuits::Shape::Checked). Whoever
//! learns the result learns that, so a program that may stop says something about its inputs by stopping.
//!
//! # Where this differs from garble_lang's own circuits
//!
//! Results are the same, but for a few values that garble_lang computes otherwise than Rust: sign extension by more
//! than one step (`i8 as i32`), and overflows at the least number of a signed type (`-x`, `x / -1`, products). The same text
//! always gives the same gates, which theirs does not.

mod error;
mod expressions;
mod generate;
mod join;
mod operations;
mod parse;
mod patterns;
mod places;
mod program;
mod types;

use std::collections::BTreeMap;

use halfgate_circuits::Circuit;

pub use error::{Complaint, GarbleError};
pub use program::Program;

/// The version of garble_lang whose language this is.
pub const GARBLE_LANG: &str = "0.7.0-alpha.1";

/// What file names of programs end in.
pub const EXTENSION: &str = ".garble.rs";

/// Which function of a program becomes a circuit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A public function of the program.
    pub function: String,
    /// Values for the constants that the program takes from outside, by `PARTY::NAME`, or `NAME` alone.
    pub constants: BTreeMap<String, String>,
}

impl Default for Options {
    /// `main`, and no constants.
    fn default() -> Self {
        Options { function: "main".to_owned(), constants: BTreeMap::new() }
    }
}

/// Makes a circuit of a program. The first parameter belongs to the garbler and the others to the evaluator, which
/// [`Circuit::with_owner`] changes. If the only parameter is an array, each element is a group of its own, as
/// garble_lang has it for any number of parties.
///
/// # Errors
/// If the text is no program of the language, has no such public function, or lacks a constant; if it becomes too large.
/// `name` is what errors call the program.
pub fn compile(source: &str, name: &str, options: &Options) -> Result<Circuit, GarbleError> {
    Program::parse(source, name)?.circuit(options)
}
