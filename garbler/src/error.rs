use std::io;

use halfgate_channel::{Category, ChannelError};
use halfgate_crypto::HalfGates;
use halfgate_ot::OtError;
use halfgate_triples::TripleError;
use thiserror::Error;

/// Why the garbler stopped. The state behind it is gone: nothing may be retried with it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GarblerError {
    /// The channel failed, or what came over it is not the message that was due.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// Oblivious transfer failed or its check did not pass.
    #[error(transparent)]
    Ot(#[from] OtError),
    /// Preprocessing failed, or any check of authenticated garbling.
    #[error(transparent)]
    Authenticated(#[from] TripleError),
    /// A message of the right kind and length has stray bits behind its last.
    #[error("the peer sent {what} with bits set behind the last one: it is broken or cheats")]
    StrayBits {
        /// Which bits.
        what: &'static str,
    },
    /// The evaluator does not hold the labels of the outputs it claims.
    #[error("the evaluator's proof of the outputs is wrong: it cheats, or its memory is damaged")]
    ForgedOutputs,
    /// What the caller does before outputs are opened failed. Nothing of them has left this side.
    #[error("outputs were not opened, for what has to come before it failed on this machine: {0}")]
    BeforeOpening(#[source] io::Error),
    /// An operation after one that failed or was cancelled. The caller is to blame.
    #[error(
        "an earlier operation of this garbler failed or was cancelled, so its Δ may not be used again; open a new session"
    )]
    Spent,
    /// More ANDs than hash tweaks in one session.
    #[error("the session has used up its {} gate ids; open a new session", HalfGates::ID_BOUND)]
    TooManyGates,
}

impl GarblerError {
    /// What kind of end it is.
    pub fn category(&self) -> Category {
        match self {
            GarblerError::Channel(error) => error.category(),
            GarblerError::Ot(error) => error.category(),
            GarblerError::Authenticated(error) => error.category(),
            GarblerError::StrayBits { .. } | GarblerError::ForgedOutputs => Category::Cheating,
            GarblerError::BeforeOpening(_) | GarblerError::Spent | GarblerError::TooManyGates => {
                Category::Caller
            }
        }
    }

    /// The failure of the channel behind this error, if there is one.
    pub fn channel_error(&self) -> Option<&ChannelError> {
        match self {
            GarblerError::Channel(error) => Some(error),
            GarblerError::Ot(error) => error.channel_error(),
            GarblerError::Authenticated(error) => error.channel_error(),
            GarblerError::StrayBits { .. }
            | GarblerError::ForgedOutputs
            | GarblerError::BeforeOpening(_)
            | GarblerError::Spent
            | GarblerError::TooManyGates => None,
        }
    }
}
