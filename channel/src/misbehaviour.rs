use crate::{CodecError, Kind, Length, frame::HEADER};

/// What the peer did wrong. Its bytes were refused before anything was computed from them.
#[derive(Clone, Debug, thiserror::Error)]
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
    /// The payload is not the message that its kind promises.
    #[error("its `{kind}` message cannot be read: {reason}")]
    Undecodable {
        /// The kind of message.
        kind: Kind,
        /// What is wrong with its bytes.
        #[source]
        reason: CodecError,
    },
    /// The peer's hello carries our own nonce.
    #[error(
        "it sent our own hello back: either the address leads to an echo service or to this process itself, or \
         somebody reflects what we send; check the address"
    )]
    Reflected,
    /// The key that the peer names as its own is not the one that it proved to have on the connection.
    #[error(
        "its hello names another key than that of its certificate: somebody may sit between the two sides, or one of \
         them is not on an encrypted connection"
    )]
    OtherKey,
    /// The peer's confirmation is not that of our session id.
    #[error(
        "it did not confirm the session id although the terms are the same: somebody may sit between the two sides, \
         or they are different builds of halfgate"
    )]
    Unconfirmed,
    /// An acknowledgement that no count of received frames leads to.
    #[error(
        "it acknowledges {acknowledged} frames, having acknowledged {before} of the {sent} that were sent"
    )]
    ImpossibleAck {
        /// What it says.
        acknowledged: u64,
        /// What it said before.
        before: u64,
        /// Frames that were sent.
        sent: u64,
    },
    /// Counters that no cut of a connection leads to, under a proof that they are the peer's own.
    #[error(
        "after a cut it says that it sent {their_sent} frames and received {their_received}, where {received} were \
         received and {sent} sent, of which it had acknowledged {acknowledged}"
    )]
    ImpossibleResume {
        /// Frames that it says it sent.
        their_sent: u64,
        /// Frames that it says it received.
        their_received: u64,
        /// Frames that this side received.
        received: u64,
        /// Frames that this side sent.
        sent: u64,
        /// Frames that the peer acknowledged before the cut.
        acknowledged: u64,
    },
}
