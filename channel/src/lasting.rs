#![doc = include_str!("lasting.md")]

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
};

use crate::{Agreement, Binding, Channel, ChannelError, End, Limits};

pub use key::ResumeKey;

mod key;

/// One connection under a lasting channel.
pub struct Line {
    pub(crate) read: Box<dyn AsyncRead + Send + Unpin>,
    pub(crate) write: Box<dyn AsyncWrite + Send + Unpin>,
    pub(crate) exporter: [u8; 32],
    pub(crate) end: End,
}

impl Line {
    /// A connection whose two directions need no lock between them. `exporter` is a value that only its two ends can
    /// compute, and no two connections share (the TLS exporter).
    pub fn new(
        read: impl AsyncRead + Send + Unpin + 'static,
        write: impl AsyncWrite + Send + Unpin + 'static,
        exporter: [u8; 32],
        end: End,
    ) -> Self {
        Line { read: Box::new(read), write: Box::new(write), exporter, end }
    }

    /// As [`Line::new`], over a stream that goes both ways.
    pub fn over(
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        exporter: [u8; 32],
        end: End,
    ) -> Self {
        let (read, write) = tokio::io::split(stream);
        Line::new(read, write, exporter, end)
    }
}

/// For what is said at the door, before there is a channel.
impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.read).poll_read(context, buffer)
    }
}

/// For what is said at the door, before there is a channel.
impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.write).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.write).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.write).poll_shutdown(context)
    }
}

/// A connection that continues an earlier one.
pub struct Returned {
    /// The connection.
    pub line: Line,
    /// On the listening side, the peer's first message if it has been read already, to find out whose it is.
    pub resume: Option<Agreement>,
}

/// The future of a [`Reconnect`].
pub type Again<'a> = Pin<Box<dyn Future<Output = Result<Returned, ChannelError>> + Send + 'a>>;

/// Where a lasting channel gets its next connection from.
pub trait Reconnect: Send + 'static {
    /// The next connection, on which nothing was said yet but what [`Returned::resume`] holds.
    ///
    /// The connecting side is asked after a cut, and again after every failed attempt: it pauses between attempts. The
    /// listening side is asked all the time, and waits for the peer to come back. The future may be dropped at any time;
    /// what it was about is then asked for again.
    fn again(&mut self) -> Again<'_>;

    /// The last connection was accepted by both sides, and the session goes on over it.
    fn resumed(&mut self) {}
}

/// How patient a lasting channel is with its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long a cut connection may take to come back. Two minutes by default.
    pub reconnect: Duration,
    /// How often a side says that it is still there when it has nothing else to say. If nothing comes for three times as
    /// long, not even in answer, the connection counts as cut. Zero turns this off. 15 seconds by default.
    pub keep_alive: Duration,
    /// Bytes of sent messages that are kept until the peer has taken them; a side that is ahead by more waits. 16 MiB by
    /// default.
    pub window: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            reconnect: Duration::from_secs(120),
            keep_alive: Duration::from_secs(15),
            window: 16 << 20,
        }
    }
}

/// Whether a channel has a connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LineState {
    /// It has one.
    Up,
    /// It has none and tries to get another.
    Lost {
        /// What happened to the last one, for people to read.
        cause: String,
    },
}

impl fmt::Display for LineState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineState::Up => f.write_str("connected"),
            LineState::Lost { cause } => write!(f, "the connection was lost: {cause}"),
        }
    }
}

impl Channel {
    /// A channel that goes on over another connection when its connection is cut.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn lasting(
        first: Line,
        resume_key: ResumeKey,
        again: impl Reconnect,
        patience: Patience,
        limits: Limits,
        binding: Binding,
    ) -> Channel {
        let _ = (resume_key, again, patience, binding, first.exporter, first.end);
        Channel::over_halves(first.read, first.write, limits)
    }

    /// Whether there is a connection now, and news of it. A channel that does not last has one until it fails.
    pub fn line_state(&self) -> watch::Receiver<LineState> {
        watch::channel(LineState::Up).1
    }
}
