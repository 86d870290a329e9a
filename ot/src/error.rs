use halfgate_channel::{Category, ChannelError};
use thiserror::Error;

/// Why oblivious transfer stopped.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OtError {
    /// The peer is to blame. There is one variant for every failed check, on purpose: which check failed, and where,
    /// depends on secrets, and an attacker who learns it learns bits of Δ.
    #[error(
        "the peer's oblivious-transfer messages fail a check: it, or someone on the line, departs from the protocol. \
         All that was derived with this peer's help is destroyed; do not try again with the same secrets"
    )]
    Cheating,

    /// The caller is to blame: it went on after a failure.
    #[error(
        "this oblivious-transfer state was destroyed by an earlier failure; end the session and set up a new one"
    )]
    Destroyed,

    /// A counter of the session is used up.
    #[error("this session has made as many correlated OTs as its counters allow; set up a new session")]
    Exhausted,

    /// The network or the peer is to blame, as the cause says.
    #[error(transparent)]
    Channel(#[from] ChannelError),
}

impl OtError {
    /// What kind of end it is.
    pub fn category(&self) -> Category {
        match self {
            OtError::Cheating => Category::Cheating,
            OtError::Destroyed | OtError::Exhausted => Category::Caller,
            OtError::Channel(error) => error.category(),
        }
    }

    /// The failure of the channel behind this error, if there is one.
    pub fn channel_error(&self) -> Option<&ChannelError> {
        match self {
            OtError::Channel(error) => Some(error),
            OtError::Cheating | OtError::Destroyed | OtError::Exhausted => None,
        }
    }
}
