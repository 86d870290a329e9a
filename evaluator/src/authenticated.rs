//! Authenticated garbling: the evaluator that is private, and gets right outputs or none, against a garbler that does
//! anything.
//!
//! The file names are those of the garbler's crate; the protocol stands there.

mod calls;
mod kernel;
mod outputs;
mod party;
mod stream;

pub use kernel::{AndRows, AuthenticatedEvaluating, AuthenticatedStart, EvaluatedAnds, MaskedLabels};
pub use party::AuthenticatedEvaluator;
