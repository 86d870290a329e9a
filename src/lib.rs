#![doc = include_str!("../README.md")]
//!
//! # The rooms behind this door
//!
//! [`circuits`] says what is computed, [`compiler`] in which order, [`channel`] carries the bytes. A [`Session`] is
//! one party's side of a computation; with the feature `languages`, programs in other languages become circuits; [`estimate`] says beforehand what it costs. `ARCHITECTURE.md` shows how they fit together.

mod checks;
mod confer;
mod error;
pub mod estimate;
mod prepare;
mod security;
mod session;
mod side;
mod terms;
mod transcript;
mod value;

pub use halfgate_channel as channel;
pub use halfgate_circuits as circuits;
pub use halfgate_compiler as compiler;
/// Circuits from programs in other languages, with the feature `languages`.
///
/// ```
/// use halfgate::{compile, languages::garble};
///
/// let source = "pub fn main(ours: u32, theirs: u32) -> bool { ours > theirs }";
/// let circuit = garble::compile(source, "richer.garble.rs", &garble::Options::default())?;
/// assert_eq!(compile(&circuit)?.and_count(), 32);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "languages")]
pub use halfgate_languages as languages;

pub use error::{Error, Misuse};
pub use halfgate_channel::{Blame, Category, Channel, Limits, Meter};
pub use halfgate_circuits::{Circuit, Party, Reveal, Values, bristol, library};
pub use halfgate_compiler::{Program, compile};
pub use halfgate_crypto::{Backend, Entropy};
pub use halfgate_triples::{NewPool, Pool, PoolError, PoolId, PoolSize, Statistical};
pub use prepare::{check_pool, prepare};
pub use security::Security;
pub use session::Session;
pub use terms::Terms;
pub use value::Value;
