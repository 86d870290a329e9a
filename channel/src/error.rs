use std::{fmt, io, sync::Arc, time::Duration};

use crate::{Kind, Length, frame::HEADER};

/// Why two parties could not go on. Every error ends the channel that it came from, except those that
/// [blame](ChannelError::blame) the caller or the input.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// The connection was reset or otherwise broke.
    #[error("the connection broke while {waiting}: {source}; start both sides again")]
    Broken {
        /// What this side was doing.
        waiting: Waiting,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// The peer closed the connection between two messages, where another was due.
    #[error(
        "the peer closed the connection while this side was {waiting}; its own messages say why it ended"
    )]
    Closed {
        /// What this side was doing.
        waiting: Waiting,
    },
    /// The connection was closed within the header of a message.
    #[error("the connection was closed while {waiting}, after {received} of {HEADER} bytes of a header")]
    ClosedInHeader {
        /// What this side was doing.
        waiting: Waiting,
        /// Bytes of the header that came.
        received: usize,
    },
    /// The connection was closed within the payload of a message.
    #[error(
        "the connection was closed while {waiting}, after {received} of {length} bytes of the payload of `{kind}`"
    )]
    ClosedInPayload {
        /// What this side was doing.
        waiting: Waiting,
        /// The message that was cut.
        kind: Kind,
        /// Bytes of its payload that came.
        received: usize,
        /// Bytes that its header promised.
        length: usize,
    },
    /// No byte moved for too long.
    #[error(
        "no byte moved for {limit:?} while {waiting}; is the peer still running and the network up? \
         A longer idle timeout helps if the peer only needs more time"
    )]
    IdleTimeout {
        /// What this side was doing.
        waiting: Waiting,
        /// The limit that was reached.
        limit: Duration,
    },
    /// The session took too long.
    #[error(
        "the session reached its time limit of {limit:?} while {waiting}; a longer total timeout lets it go on"
    )]
    TotalTimeout {
        /// What this side was doing.
        waiting: Waiting,
        /// The limit that was reached.
        limit: Duration,
    },
    /// The peer did what no honest peer does.
    #[error("the peer misbehaved: {0}")]
    PeerMisbehaved(#[from] Misbehaviour),
    /// The peer gave up. It does not say why, so that it reveals nothing.
    #[error("the peer aborted the session; its own messages say why")]
    PeerAborted,
    /// The caller tried to send more than a message of this kind may hold.
    #[error("a `{kind}` message of {length} bytes is over the limit of {limit}; send it in parts")]
    PayloadTooLong {
        /// The kind of message.
        kind: Kind,
        /// The length of the payload in bytes.
        length: usize,
        /// The limit of the kind in bytes.
        limit: usize,
    },
    /// The caller used a channel that it had already ended.
    #[error("the channel was used after this side had ended it")]
    Ended,
    /// The runtime that carried the channel's tasks was shut down.
    #[error("the tokio runtime that carried the connection was shut down before the session ended")]
    RuntimeGone,
}

/// What a side was doing when an error struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// It waited for a message.
    For(Kind),
    /// It waited for room to send a message.
    ToSend(Kind),
    /// It waited for sent messages to leave.
    ToFlush,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Waiting::For(kind) => write!(f, "waiting for `{kind}`"),
            Waiting::ToSend(kind) => write!(f, "sending `{kind}`"),
            Waiting::ToFlush => f.write_str("waiting for sent messages to leave"),
        }
    }
}

/// What the peer did wrong. Its bytes were refused before anything was computed from them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misbehaviour {
    /// No message kind has this number.
    #[error("it sent a frame of unknown kind {} (header {header:02x?})", header[0])]
    UnknownKind {
        /// The header as it came.
        header: [u8; HEADER],
    },
    /// Bytes that must be zero are not.
    #[error("it sent a frame whose reserved bytes are not zero (header {header:02x?})")]
    ReservedBytes {
        /// The header as it came.
        header: [u8; HEADER],
    },
    /// The header promises more than the kind allows.
    #[error("it announced a `{kind}` message of {length} bytes where {limit} are the limit")]
    Oversized {
        /// The kind of message.
        kind: Kind,
        /// The announced length in bytes.
        length: u32,
        /// The limit in bytes.
        limit: usize,
    },
    /// The message is not the one whose turn it is.
    #[error("it sent `{received}` where `{expected}` was due")]
    WrongKind {
        /// The kind whose turn it was.
        expected: Kind,
        /// The kind that came.
        received: Kind,
    },
    /// The message is shorter or longer than the protocol says at this point.
    #[error("it sent {received} bytes of `{kind}` where {expected} were due")]
    WrongLength {
        /// The kind of message.
        kind: Kind,
        /// The length it should have, in bytes.
        expected: Length,
        /// The length it has, in bytes.
        received: usize,
    },
}

/// Who has to do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// What the users of the two sides gave: addresses, terms.
    Input,
    /// The program that called this crate.
    Caller,
    /// The network, or a peer that is gone.
    Network,
    /// The peer, which broke the protocol or gave up.
    Peer,
}

impl ChannelError {
    /// Who has to do something about it.
    pub fn blame(&self) -> Blame {
        match self {
            ChannelError::Broken { .. }
            | ChannelError::Closed { .. }
            | ChannelError::ClosedInHeader { .. }
            | ChannelError::ClosedInPayload { .. }
            | ChannelError::IdleTimeout { .. }
            | ChannelError::TotalTimeout { .. } => Blame::Network,
            ChannelError::PeerMisbehaved(_) | ChannelError::PeerAborted => Blame::Peer,
            ChannelError::PayloadTooLong { .. } | ChannelError::Ended | ChannelError::RuntimeGone => {
                Blame::Caller
            }
        }
    }
}
