use std::io;

use halfgate_channel::{Category, ChannelError};
use halfgate_crypto::HalfGates;
use halfgate_ot::OtError;
use halfgate_triples::TripleError;
use thiserror::Error;

/// Why the evaluator stopped. The state behind it is gone: nothing may be retried with it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EvaluatorError {
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
    /// A message of rows that does not end where a batch of ANDs ends.
    #[error(
        "the peer sent {got} bytes of rows where the program's next batches take {used}: it is broken or cheats"
    )]
    MisalignedRows {
        /// The bytes that came.
        got: usize,
        /// The bytes that were used.
        used: usize,
    },
    /// What the caller does before outputs are opened failed. Nothing of them has left this side or was taken in.
    #[error("outputs were not opened, for what has to come before it failed on this machine: {0}")]
    BeforeOpening(#[source] io::Error),
    /// An operation after one that failed or was cancelled. The caller is to blame.
    #[error("an earlier operation of this evaluator failed or was cancelled; open a new session")]
    Spent,
    /// More ANDs than hash tweaks in one session.
    #[error("the session has used up its {} gate ids; open a new session", HalfGates::ID_BOUND)]
    TooManyGates,
}

impl EvaluatorError {
    /// What kind of end it is.
    pub fn category(&self) -> Category {
        match self {
            EvaluatorError::Channel(error) => error.category(),
            EvaluatorError::Ot(error) => error.category(),
            EvaluatorError::Authenticated(error) => error.category(),
            EvaluatorError::StrayBits { .. } | EvaluatorError::MisalignedRows { .. } => Category::Cheating,
            EvaluatorError::BeforeOpening(_) | EvaluatorError::Spent | EvaluatorError::TooManyGates => {
                Category::Caller
            }
        }
    }

    /// The failure of the channel behind this error, if there is one.
    pub fn channel_error(&self) -> Option<&ChannelError> {
        match self {
            EvaluatorError::Channel(error) => Some(error),
            EvaluatorError::Ot(error) => error.channel_error(),
            EvaluatorError::Authenticated(error) => error.channel_error(),
            EvaluatorError::StrayBits { .. }
            | EvaluatorError::MisalignedRows { .. }
            | EvaluatorError::BeforeOpening(_)
            | EvaluatorError::Spent
            | EvaluatorError::TooManyGates => None,
        }
    }
}
