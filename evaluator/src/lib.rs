//! The evaluator: gets the labels of its input by oblivious transfer and evaluates the garbler's rows.
//!
//! [`Evaluating`] is the pure kernel, [`Evaluator`] the thin driver over a channel; [`AuthenticatedEvaluating`] and
//! [`AuthenticatedEvaluator`] are those against a garbler that may cheat. The garbler's crate has the same
//! file names on purpose: read them in pairs.

mod authenticated;
mod calls;
mod error;
mod inputs;
mod kernel;
mod outputs;
mod party;
mod stream;

pub use authenticated::{
    AndRows, AuthenticatedEvaluating, AuthenticatedEvaluator, AuthenticatedStart, EvaluatedAnds, MaskedLabels,
};
pub use calls::Call;
pub use error::EvaluatorError;
pub use inputs::peer_labels;
pub use kernel::{Evaluating, HashStart};
pub use outputs::{colours, label_digest};
pub use party::Evaluator;
