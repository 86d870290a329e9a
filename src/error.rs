use halfgate_channel::{Blame, Category, ChannelError};
use halfgate_evaluator::EvaluatorError;
use halfgate_garbler::GarblerError;
use halfgate_triples::{PoolError, TripleError};
use thiserror::Error;

/// Why a session ended, or was not begun. [`Error::blame`] says whose doing it is.
///
/// After any of these but [`Error::Misuse`] and [`Error::NoThreads`] the session has ended and its keys are gone; [`Value`](crate::Value)s that
/// are still held wipe themselves when they are dropped.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection failed, the peer broke the protocol, or the two do not agree.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The garbler's side failed.
    #[error(transparent)]
    Garbler(#[from] GarblerError),
    /// The evaluator's side failed.
    #[error(transparent)]
    Evaluator(#[from] EvaluatorError),
    /// Correlations could not be prepared, or not be used as prepared.
    #[error(transparent)]
    Preparation(#[from] TripleError),
    /// The caller asked for what cannot be; nothing was sent and the session goes on.
    #[error(transparent)]
    Misuse(#[from] Misuse),
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness ({0}); nothing can be kept secret without it")]
    NoEntropy(String),
    /// The operating system starts no threads. The session goes on without.
    #[error("cannot start threads ({0}); the session goes on with the one it has")]
    NoThreads(String),
    /// An earlier operation failed or was cancelled.
    #[error("the session has ended: an earlier operation failed or was cancelled; open a new one")]
    Ended,
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Error::Preparation(error.into())
    }
}

/// What a caller got wrong, found before anything was sent.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// A pool in a mode that needs none.
    #[error(
        "a session of semi-honest security needs nothing that could be prepared; leave the pool away, or choose malicious \
         security"
    )]
    NothingToPrepare,
    /// A pool is to be prepared on terms that are not those of one.
    #[error("these are not the terms of a pool: `Terms::for_pool` makes them")]
    NoPoolTerms,
    /// An operation on no lanes.
    #[error("there are no lanes; a value has at least one")]
    NoLanes,
    /// More bits than this machine could hold.
    #[error(
        "{wires} wires in {lanes} lanes are more than a session can hold; split the lanes over several operations"
    )]
    TooLarge {
        /// The wires asked for.
        wires: u64,
        /// The lanes asked for.
        lanes: usize,
    },
    /// A value of another session.
    #[error("input {index} belongs to another session; values cannot move between sessions")]
    ForeignValue {
        /// Its place among the arguments.
        index: usize,
    },
    /// A call or run with another number of inputs than the program has groups.
    #[error("the program has {expected} input groups, and {got} were given")]
    InputCount {
        /// What the program has.
        expected: usize,
        /// What the caller gave.
        got: usize,
    },
    /// A value of another width than its group.
    #[error("input `{group}` is {expected} wires wide, and {got} were given")]
    InputWidth {
        /// The group's name.
        group: String,
        /// The width of the group.
        expected: usize,
        /// The width of the value.
        got: usize,
    },
    /// A value of another number of lanes than the call.
    #[error("input `{group}` has {got} lanes where the call has {expected}")]
    InputLanes {
        /// The group's name.
        group: String,
        /// The lanes of the call.
        expected: usize,
        /// The lanes of the value.
        got: usize,
    },
    /// A run without values for a group that this party owns.
    #[error("input `{group}` is this party's, and no values were given for it")]
    MissingInput {
        /// The group's name.
        group: String,
    },
    /// A run with values for a group that the peer owns.
    #[error("input `{group}` is the peer's; values for it cannot be given here")]
    PeersInput {
        /// The group's name.
        group: String,
    },
}

impl Error {
    /// Who is to blame.
    pub fn blame(&self) -> Blame {
        match (self.channel_error(), self.category()) {
            (Some(error), _) => error.blame(),
            (None, Category::Cheating | Category::Identity) => Blame::Peer,
            (None, Category::Input | Category::Agreement) => Blame::Input,
            (None, _) => Blame::Caller,
        }
    }

    /// What kind of end it is, for exit codes.
    pub fn category(&self) -> Category {
        match self {
            Error::Channel(error) => error.category(),
            Error::Garbler(error) => error.category(),
            Error::Evaluator(error) => error.category(),
            Error::Preparation(error) => error.category(),
            Error::Misuse(_) | Error::NoEntropy(_) | Error::NoThreads(_) | Error::Ended => Category::Caller,
        }
    }

    /// Whether the pool of prepared correlations is the matter.
    pub fn is_of_pool(&self) -> bool {
        let cause = match self {
            Error::Preparation(error)
            | Error::Garbler(GarblerError::Authenticated(error))
            | Error::Evaluator(EvaluatorError::Authenticated(error)) => error,
            _ => return false,
        };
        matches!(cause, TripleError::Pool(_))
    }

    /// The failure of the channel behind this error, if there is one.
    pub fn channel_error(&self) -> Option<&ChannelError> {
        match self {
            Error::Channel(error) => Some(error),
            Error::Garbler(error) => error.channel_error(),
            Error::Evaluator(error) => error.channel_error(),
            Error::Preparation(error) => error.channel_error(),
            _ => None,
        }
    }
}
