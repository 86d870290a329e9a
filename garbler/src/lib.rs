//! The garbler: garbles programs with half-gates, sends rows, and learns outputs only from labels.
//!
//! [`Garbling`] is the pure kernel, [`Garbler`] the thin driver over a channel; [`AuthenticatedGarbling`] and
//! [`AuthenticatedGarbler`] are those against an evaluator that may cheat. The evaluator's crate has the same
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
    AuthenticatedGarbler, AuthenticatedGarbling, AuthenticatedSource, GarbledAnds, MaskedWalk,
};
pub use calls::Call;
pub use error::GarblerError;
pub use inputs::own_labels;
pub use kernel::{Garbling, LabelSource, ROW_BYTES};
pub use outputs::{open_outputs, permute_bits};
pub use party::Garbler;
