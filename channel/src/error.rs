use std::{
    fmt,
    io::{self, ErrorKind},
    sync::Arc,
    time::Duration,
};

use crate::{Address, CodecError, Cut, Kind, Misbehaviour, Mismatch, Role, TlsError, frame::HEADER};

/// Why two parties could not go on. Every error ends the channel that it came from, except those that
/// [blame](ChannelError::blame) the caller.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// An address that cannot be understood.
    #[error("`{}` is no address: {problem}; write `host:port`, `[ipv6]:port` or `unix:/path`", text.escape_debug())]
    BadAddress {
        /// The text.
        text: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A link that cannot be understood.
    #[error("`{}` is no link: {problem}; write `100mbit,30ms`, or `none` for no limit", text.escape_debug())]
    BadLink {
        /// The text.
        text: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// This side cannot listen where it was told to.
    #[error("cannot listen on {address}: {source}; {}", bind_advice(source.kind()))]
    Bind {
        /// Where to listen.
        address: Address,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// Listening failed.
    #[error("cannot accept a connection on {address}: {source}")]
    Accept {
        /// Where this side listens.
        address: Address,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// Nobody could be reached.
    #[error(
        "cannot reach {address} ({attempts} attempts in {waited:.1?}, the last: {source}); {}",
        dial_advice(source.kind())
    )]
    Dial {
        /// Whom to reach.
        address: Address,
        /// How often it was tried.
        attempts: u32,
        /// For how long.
        waited: Duration,
        /// What the operating system said last.
        source: Arc<io::Error>,
    },
    /// Something answers that is not halfgate.
    #[error(
        "the other end does not speak halfgate's protocol{}: its first bytes are \"{}\"; check address and port, and \
         that both sides use the same kind of connection",
        guess(first), first.escape_ascii()
    )]
    NotHalfgate {
        /// What it said first.
        first: [u8; 8],
    },
    /// Both sides were started in the same role.
    #[error("both sides are {role}s; start one of them as the {}", role.other())]
    SameRoles {
        /// The role of both.
        role: Role,
    },
    /// The two sides were started with different terms.
    #[error(transparent)]
    Mismatch(Box<Mismatch>),
    /// The caller's own terms do not fit a control message.
    #[error("the terms do not fit a message: {reason}; send the digest of what is long")]
    TermsTooLong {
        /// Which limit they exceed.
        #[source]
        reason: CodecError,
    },
    /// The connection could not be encrypted, or the peer is not who it should be.
    #[error(transparent)]
    Tls(#[from] TlsError),
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
    /// A single message took too long to come or to leave.
    #[error(
        "{waiting} took longer than {limit:?}; is the network very slow, or the other end not halfgate at all?"
    )]
    Late {
        /// What this side was doing.
        waiting: Waiting,
        /// The limit that was reached.
        limit: Duration,
    },
    /// The connection was lost, and no other took its place in time.
    #[error(
        "the connection was lost while {waiting} ({cut}) and did not come back within {waited:.0?}{}; see that the \
         network is up and that the other side still runs, then start both sides again (a longer reconnect time gives \
         them more patience)",
        last_attempt(attempt.as_deref())
    )]
    ConnectionLost {
        /// What this side was doing.
        waiting: Waiting,
        /// What happened to the connection.
        cut: Cut,
        /// For how long another was tried.
        waited: Duration,
        /// Why the last attempt failed, if one did.
        attempt: Option<Box<ChannelError>>,
    },
    /// The other end of a new connection is not the peer of this session, or not any more.
    #[error("the other end of the new connection does not prove that it continues this session")]
    Unproven,
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
    /// A [`Stopper`](crate::Stopper) ended the channel.
    #[error("stopped while {waiting}, as this side's user asked")]
    Stopped {
        /// What this side was doing.
        waiting: Waiting,
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
    /// It made the TLS handshake.
    ToEncrypt,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Waiting::For(kind) => write!(f, "waiting for `{kind}`"),
            Waiting::ToSend(kind) => write!(f, "sending `{kind}`"),
            Waiting::ToFlush => f.write_str("waiting for sent messages to leave"),
            Waiting::ToEncrypt => f.write_str("setting up encryption"),
        }
    }
}

/// Who has to do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// What the users of the two sides gave: addresses, roles, terms.
    Input,
    /// The program that called this crate, or the machine it runs on.
    Caller,
    /// The network, or a peer that is gone.
    Network,
    /// The peer, which broke the protocol or gave up.
    Peer,
}

/// What kind of end an error is, for exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Bad input: an address that is none.
    Input,
    /// A mistake in the calling program.
    Caller,
    /// The peer is not who it should be, or takes this side for somebody else.
    Identity,
    /// The two sides want different things.
    Agreement,
    /// The network failed, nobody answered in time, or the peer went away.
    Network,
    /// The peer sent what no honest peer sends.
    Cheating,
}

impl ChannelError {
    /// Who has to do something about it.
    pub fn blame(&self) -> Blame {
        match (self, self.category()) {
            (ChannelError::Tls(error), _) => error.blame(),
            (ChannelError::NotHalfgate { .. } | ChannelError::Bind { .. }, _) => Blame::Input,
            (ChannelError::PeerAborted, _) | (_, Category::Cheating | Category::Identity) => Blame::Peer,
            (_, Category::Input | Category::Agreement) => Blame::Input,
            (_, Category::Network) => Blame::Network,
            (_, Category::Caller) => Blame::Caller,
        }
    }

    /// What kind of end it is.
    pub fn category(&self) -> Category {
        match self {
            ChannelError::BadAddress { .. } | ChannelError::BadLink { .. } => Category::Input,
            ChannelError::Tls(error) => error.category(),
            ChannelError::SameRoles { .. } | ChannelError::Mismatch(_) => Category::Agreement,
            ChannelError::PeerMisbehaved(_) => Category::Cheating,
            ChannelError::Bind { .. }
            | ChannelError::Accept { .. }
            | ChannelError::Dial { .. }
            | ChannelError::NotHalfgate { .. }
            | ChannelError::Broken { .. }
            | ChannelError::Closed { .. }
            | ChannelError::ClosedInHeader { .. }
            | ChannelError::ClosedInPayload { .. }
            | ChannelError::IdleTimeout { .. }
            | ChannelError::TotalTimeout { .. }
            | ChannelError::Late { .. }
            | ChannelError::ConnectionLost { .. }
            | ChannelError::Unproven
            | ChannelError::PeerAborted => Category::Network,
            ChannelError::TermsTooLong { .. }
            | ChannelError::PayloadTooLong { .. }
            | ChannelError::Stopped { .. }
            | ChannelError::Ended
            | ChannelError::RuntimeGone => Category::Caller,
        }
    }
}

impl ChannelError {
    /// What an error of the connection means: one that encryption has found says more.
    pub(crate) fn broken(waiting: Waiting, source: io::Error) -> Self {
        match source.get_ref().and_then(|cause| cause.downcast_ref::<TlsError>()) {
            Some(error) => error.clone().into(),
            None => ChannelError::Broken { waiting, source: Arc::new(source) },
        }
    }

    /// A first frame that is none at all comes from another program, not from a bad peer.
    pub(crate) fn of_a_stranger(self) -> Self {
        match self {
            ChannelError::PeerMisbehaved(
                Misbehaviour::UnknownKind { header } | Misbehaviour::ReservedBytes { header },
            ) => match header {
                // The first record of TLS: a handshake or an alert.
                [0x15 | 0x16, 0x03, ..] => TlsError::EncryptedPeer.into(),
                first => ChannelError::NotHalfgate { first },
            },
            other => other,
        }
    }
}

impl From<Mismatch> for ChannelError {
    fn from(mismatch: Mismatch) -> Self {
        ChannelError::Mismatch(Box::new(mismatch))
    }
}

fn bind_advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => "another program listens there: stop it or choose another address",
        ErrorKind::AddrNotAvailable => {
            "this machine has no such address: listen on one of its own, or on 0.0.0.0"
        }
        ErrorKind::PermissionDenied => {
            "it takes more rights: choose a port above 1023, or a folder of your own"
        }
        _ => "choose another address",
    }
}

fn dial_advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ConnectionRefused | ErrorKind::NotFound => {
            "nobody listens there: start the other side, and check address and port"
        }
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            "check the address, and that no firewall stands between"
        }
        ErrorKind::PermissionDenied => "this user may not connect there: check the rights of the socket",
        _ => "check the address",
    }
}

fn last_attempt(error: Option<&ChannelError>) -> String {
    error.map_or_else(String::new, |error| format!(" (the last attempt: {error})"))
}

fn guess(first: &[u8; 8]) -> &'static str {
    match first {
        [b'H', b'T', b'T', b'P', ..] => " (a web server, it seems)",
        [b'G', b'E', b'T', b' ', ..] | [b'P', b'O', b'S', b'T', ..] => " (a web browser, it seems)",
        [b'S', b'S', b'H', b'-', ..] => " (an SSH server, it seems)",
        _ => "",
    }
}
