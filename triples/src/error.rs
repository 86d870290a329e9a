use halfgate_channel::{Category, ChannelError};
use halfgate_ot::OtError;
use thiserror::Error;

use crate::PoolError;

/// Why preprocessing stopped. All that was made with this peer is gone with it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TripleError {
    /// The peer is to blame. There is one variant for every failed check, on purpose: which of them failed, and where, may
    /// depend on secrets.
    #[error(
        "the peer's messages fail a check: it, or someone on the line, departs from the protocol. Nothing more is released, \
         and all that was made with this peer is destroyed; do not try again with the same inputs before you know why"
    )]
    Cheating,
    /// Oblivious transfer failed or its check did not pass.
    #[error(transparent)]
    Ot(#[from] OtError),
    /// The network or the peer is to blame, as the cause says.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// A pool of correlations that were prepared ahead cannot be made or used.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// A counter of the session is used up.
    #[error("this session has made as many AND triples as its counters allow; open a new session")]
    Exhausted,
    /// The caller is to blame: it went on after a failure.
    #[error("these correlations were destroyed by an earlier failure; open a new session")]
    Destroyed,
}

impl TripleError {
    /// What kind of end it is.
    pub fn category(&self) -> Category {
        match self {
            TripleError::Cheating => Category::Cheating,
            TripleError::Ot(error) => error.category(),
            TripleError::Channel(error) => error.category(),
            TripleError::Pool(error) => error.category(),
            TripleError::Exhausted | TripleError::Destroyed => Category::Caller,
        }
    }

    /// The failure of the channel behind this error, if there is one.
    pub fn channel_error(&self) -> Option<&ChannelError> {
        match self {
            TripleError::Ot(error) => error.channel_error(),
            TripleError::Channel(error) => Some(error),
            TripleError::Cheating
            | TripleError::Pool(_)
            | TripleError::Exhausted
            | TripleError::Destroyed => None,
        }
    }
}
