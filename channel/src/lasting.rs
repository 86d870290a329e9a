#![doc = include_str!("lasting.md")]

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, atomic::AtomicBool},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{Mutex, mpsc, oneshot, watch},
    time::Instant,
};

use crate::{
    Agreement, Binding, Channel, ChannelError, End, Limits, QUEUE,
    channel::{GiveUp, Tasks},
    limits::{Activity, Watch},
    pool::Pool,
    pump::{ReadEnd, Task},
};

use incoming::Incoming;
use ledger::Ledger;
use outgoing::Outgoing;
use supervisor::Supervisor;
use window::Window;

pub use dialler::Dialler;
pub(crate) use dialler::LONGEST_PAUSE;
pub use inbox::Inbox;
pub use key::ResumeKey;

mod dialler;
mod inbox;
mod incoming;
mod key;
mod ledger;
mod outgoing;
mod resume;
mod supervisor;
mod window;

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
    /// It has none and waits for another.
    Lost {
        /// What happened to the last one.
        cause: Cut,
    },
}

/// What happened to a connection that ended before its session.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cut {
    /// The other end, or somebody on the way, closed it.
    #[error("it was closed without a goodbye")]
    Closed,
    /// It broke.
    #[error("{source}")]
    Broken {
        /// What the operating system or TLS says.
        source: Arc<io::Error>,
    },
    /// Not a sign of life came.
    #[error("nothing came for {limit:.0?}")]
    Silent {
        /// For how long.
        limit: Duration,
    },
    /// For the peer it had ended.
    #[error("the peer came back on another one")]
    Replaced,
}

impl Channel {
    /// A channel that goes on over another connection when its connection is cut.
    ///
    /// `first` is a connection on which both sides have come to the same point; `resume_key` is known to its two ends
    /// and used for this channel only. The other side has to open a lasting channel, too. It behaves as any other
    /// channel does, but that it fails of a cut connection only when [`Patience::reconnect`] has passed.
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
        let (pool, watch, aborted) = (Pool::of_lasting(), Watch::new(limits), Arc::<AtomicBool>::default());
        let (orders, ordered) = mpsc::channel(QUEUE);
        let (received, frames) = mpsc::channel(QUEUE);
        let (state, line_state) = watch::channel(LineState::Up);
        let (work, heard) = (watch.activity(), Activity::new(Instant::now()));
        let (ledger, clocks) = (Arc::<Ledger>::default(), (work.clone(), heard.clone()));
        let window = Window::new(patience.window, pool.clone());
        let limit = window.limit();
        let outgoing =
            Outgoing::new(ordered, window, Arc::clone(&ledger), clocks.clone(), patience.keep_alive);
        let incoming =
            Incoming::new(received, Arc::clone(&aborted), limit, Arc::clone(&ledger), pool.clone(), clocks);
        let giving_up = Arc::clone(&ledger);
        let give_up: GiveUp = Box::new(move || giving_up.give_up());
        let supervisor = Supervisor {
            key: resume_key,
            again,
            end: first.end,
            patience,
            linger: limits.linger,
            incoming: Arc::new(Mutex::new(incoming)),
            outgoing: Arc::new(Mutex::new(outgoing)),
            ledger,
            work,
            heard,
            state,
        };
        let (why, ended) = oneshot::channel();
        let writer = Task::spawn(supervisor.run(first, why));
        let reader = Task::spawn(async { ended.await.unwrap_or(ReadEnd::Unwanted) });
        let (line_state, give_up) = (Some(line_state), Some(give_up));
        let tasks = Tasks { orders, frames, writer, reader, aborted, line_state, give_up };
        Channel::of_tasks(tasks, pool, watch).bound_to(binding)
    }
}
