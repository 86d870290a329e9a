use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{mpsc, oneshot, watch},
    time::{Instant, timeout},
};

use crate::{
    Binding, ChannelError, Kind, Length, Limits, LineState, Meter, Misbehaviour, Odometer, Stopper, Waiting,
    frame::Frame,
    limits::Watch,
    meter::Recorder,
    pause::pause,
    pool::Pool,
    pump::{Order, ReadEnd, Task, read_frames, write_frames},
};

mod farewell;
mod terms;

/// Frames that wait in each direction. Both sides may send this many without either of them reading.
pub const QUEUE: usize = 16;

/// Messages to and from the peer, over any stream of bytes.
///
/// A writer and a reader task own the connection and move frames between it and two queues of [`QUEUE`] frames, so
/// computing and the network overlap (on a multi-threaded runtime, on different cores). Sent messages leave at once:
/// nobody has to flush before waiting for an answer.
///
/// After an error that blames the peer or the network the channel is dead and repeats that error. Dropping a channel
/// ends its tasks and closes the connection; what was queued may be lost then, so end with [`Channel::finish`] or
/// [`Channel::abort`].
///
/// ```
/// use halfgate_channel::{Channel, ChannelError, Kind, Length, Limits};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ChannelError> {
/// let (mut garbler, mut evaluator) = Channel::memory_pair(Limits::default());
/// garbler.send(Kind::Rows, vec![0; 64]).await?;
/// let rows = evaluator.receive(Kind::Rows, Length::Exactly(64)).await?;
/// evaluator.recycle(rows);
/// let (ours, theirs) = tokio::join!(garbler.finish(), evaluator.finish());
/// assert_eq!(ours?.sent, theirs?.received);
/// # Ok(())
/// # }
/// ```
pub struct Channel {
    orders: Option<mpsc::Sender<Order>>,
    frames: mpsc::Receiver<Frame>,
    writer: Task<io::Result<()>>,
    reader: Task<ReadEnd>,
    aborted: Arc<AtomicBool>,
    pool: Pool,
    watch: Watch,
    recorder: Recorder,
    binding: Binding,
    said_goodbye: bool,
    failed: Option<ChannelError>,
    /// News of the connection, if the channel outlasts it.
    line_state: Option<watch::Receiver<LineState>>,
    /// Says goodbye to a channel that lasts past all that still waits to be sent.
    give_up: Option<GiveUp>,
}

/// Has the writer of a lasting channel end with an abort.
pub(crate) type GiveUp = Box<dyn Fn() + Send + Sync>;

/// The tasks of a channel, and the queues to them.
pub(crate) struct Tasks {
    pub(crate) orders: mpsc::Sender<Order>,
    pub(crate) frames: mpsc::Receiver<Frame>,
    pub(crate) writer: Task<io::Result<()>>,
    pub(crate) reader: Task<ReadEnd>,
    pub(crate) aborted: Arc<AtomicBool>,
    pub(crate) line_state: Option<watch::Receiver<LineState>>,
    pub(crate) give_up: Option<GiveUp>,
}

impl Channel {
    /// A channel over a stream of bytes, such as a TLS connection.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn over(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, limits: Limits) -> Self {
        let (read, write) = tokio::io::split(stream);
        Channel::over_halves(read, write, limits)
    }

    /// A channel over two directions that need no lock between them, such as the owned halves of a socket. Dropping both
    /// has to close the connection; otherwise the peer learns of a dropped channel only by its idle timeout.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn over_halves(
        read: impl AsyncRead + Send + Unpin + 'static,
        write: impl AsyncWrite + Send + Unpin + 'static,
        limits: Limits,
    ) -> Self {
        let (pool, watch, aborted) = (Pool::default(), Watch::new(limits), Arc::default());
        let (orders, ordered) = mpsc::channel(QUEUE);
        let (received, frames) = mpsc::channel(QUEUE);
        let writer = Task::spawn(write_frames(write, ordered, pool.clone(), watch.activity()));
        let reader = read_frames(read, received, Arc::clone(&aborted), pool.clone(), watch.activity());
        let reader = Task::spawn(reader);
        let tasks = Tasks { orders, frames, writer, reader, aborted, line_state: None, give_up: None };
        Channel::of_tasks(tasks, pool, watch)
    }

    pub(crate) fn of_tasks(tasks: Tasks, pool: Pool, watch: Watch) -> Self {
        Channel {
            orders: Some(tasks.orders),
            frames: tasks.frames,
            writer: tasks.writer,
            reader: tasks.reader,
            aborted: tasks.aborted,
            pool,
            watch,
            recorder: Recorder::new(),
            binding: Binding::default(),
            said_goodbye: false,
            failed: None,
            line_state: tasks.line_state,
            give_up: tasks.give_up,
        }
    }

    /// Whether there is a connection now, and news of it. A channel that does not [last](Channel::lasting) has one until
    /// it fails.
    pub fn line_state(&self) -> watch::Receiver<LineState> {
        self.line_state.clone().unwrap_or_else(|| watch::channel(LineState::Up).1)
    }

    /// The channel with what its sessions are bound to.
    #[must_use]
    pub fn bound_to(self, binding: Binding) -> Self {
        Channel { binding, ..self }
    }

    /// What a session on this channel is bound to; empty on a plain connection.
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// Queues a message and has it written; waits only while the queue is full.
    ///
    /// # Errors
    /// If the payload is over the limit of its kind, the connection broke, the peer aborted, or a time limit passed.
    pub async fn send(&mut self, kind: Kind, payload: Vec<u8>) -> Result<(), ChannelError> {
        let (length, limit) = (payload.len(), kind.limit());
        if length > limit {
            return Err(ChannelError::PayloadTooLong { kind, length, limit });
        }
        self.order(Order::Send(Frame { kind, payload }), Waiting::ToSend(kind)).await?;
        self.recorder.sent(length);
        pause().await;
        Ok(())
    }

    /// The payload of the next message, which has to be of this kind and length. Who receives keys wipes them: the
    /// buffer belongs to the caller, who may give it back with [`Channel::recycle`].
    ///
    /// # Errors
    /// If another message came, the peer sent nonsense or aborted, the connection ended, or a time limit passed.
    pub async fn receive(&mut self, kind: Kind, length: Length) -> Result<Vec<u8>, ChannelError> {
        self.recorder.waits();
        self.take(kind, length).await
    }

    /// As [`Channel::receive`], for a message that answers nothing: the peer has sent it on its own account.
    ///
    /// # Errors
    /// As [`Channel::receive`].
    pub async fn receive_unasked(&mut self, kind: Kind, length: Length) -> Result<Vec<u8>, ChannelError> {
        self.take(kind, length).await
    }

    /// Sends a message and takes the one of the same kind that the peer sends at the same time, without waiting for
    /// ours. It takes half a round trip and is metered as such.
    ///
    /// # Errors
    /// As [`Channel::send`] and [`Channel::receive`].
    pub async fn exchange(
        &mut self,
        kind: Kind,
        payload: Vec<u8>,
        length: Length,
    ) -> Result<Vec<u8>, ChannelError> {
        self.send_crossing(kind, payload).await?;
        self.receive_crossing(kind, length).await
    }

    /// The first half of [`Channel::exchange`]: sends a message that crosses one of the peer's.
    ///
    /// # Errors
    /// As [`Channel::send`].
    pub async fn send_crossing(&mut self, kind: Kind, payload: Vec<u8>) -> Result<(), ChannelError> {
        self.send(kind, payload).await?;
        self.recorder.sent_crossing();
        Ok(())
    }

    /// The second half of [`Channel::exchange`]: takes the message that crosses ours.
    ///
    /// # Errors
    /// As [`Channel::receive`].
    pub async fn receive_crossing(&mut self, kind: Kind, length: Length) -> Result<Vec<u8>, ChannelError> {
        self.recorder.crosses();
        self.take(kind, length).await
    }

    /// Waits until everything that was sent has been handed to the operating system.
    ///
    /// Only needed before the process ends. While the peer has no more than [`QUEUE`] messages of ours unread this ends
    /// even if the peer is not reading; otherwise it waits for the peer, at most for the idle timeout.
    ///
    /// # Errors
    /// If the connection broke or a time limit passed.
    pub async fn flush(&mut self) -> Result<(), ChannelError> {
        let (done, flushed) = oneshot::channel();
        self.order(Order::Flush(done), Waiting::ToFlush).await?;
        let since = Instant::now();
        let flushed = self.watch.guard(Waiting::ToFlush, flushed).await;
        self.recorder.waited(since);
        match flushed {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.writer_ended(Waiting::ToFlush).await),
            Err(error) => Err(self.fail(error)),
        }
    }

    /// Lets `stopper` end the channel.
    pub fn obey(&mut self, stopper: &Stopper) {
        self.watch.obey(stopper);
    }

    /// Changes how long a wait may be idle ([`Limits::idle`]) from here on, and returns how long it was. For waits in which
    /// people read and think.
    pub fn set_idle_limit(&mut self, idle: Duration) -> Duration {
        self.watch.set_idle(idle)
    }

    /// Names what happens from here on, for the [`Meter`]. A phase that comes again is continued.
    pub fn begin_phase(&mut self, name: &'static str) {
        self.recorder.begin(name);
    }

    /// Counts anew from here on.
    pub fn restart_meter(&mut self) {
        self.recorder = Recorder::new();
    }

    /// What crossed the channel so far.
    pub fn meter(&self) -> Meter {
        self.recorder.snapshot()
    }

    /// A counter of the bytes that pass.
    pub fn odometer(&self) -> Odometer {
        self.watch.odometer()
    }

    /// An empty buffer for the next payload, with the memory of an earlier one if possible.
    pub fn take_buffer(&self) -> Vec<u8> {
        self.pool.take()
    }

    /// A buffer of this length for one who fills it: its bytes may be those of earlier messages, which were public or
    /// have been wiped. Saves the time of clearing it.
    pub fn take_buffer_of_length(&self, length: usize) -> Vec<u8> {
        self.pool.take_of_length(length)
    }

    /// Gives back the buffer of a received payload, from which secrets have been wiped.
    pub fn recycle(&self, buffer: Vec<u8>) {
        self.pool.put(buffer);
    }

    async fn order(&mut self, order: Order, waiting: Waiting) -> Result<(), ChannelError> {
        self.check(waiting)?;
        if self.aborted.load(Ordering::Relaxed) {
            return Err(self.fail(ChannelError::PeerAborted));
        }
        let Some(orders) = &self.orders else { return Err(ChannelError::Ended) };
        let order = match orders.try_send(order) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Full(order)) => order,
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(self.writer_ended(waiting).await),
        };
        let since = Instant::now();
        let sent = self.watch.guard(waiting, orders.send(order)).await;
        self.recorder.waited(since);
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.writer_ended(waiting).await),
            Err(error) => Err(self.fail(error)),
        }
    }

    async fn take(&mut self, kind: Kind, length: Length) -> Result<Vec<u8>, ChannelError> {
        let waiting = Waiting::For(kind);
        self.check(waiting)?;
        let frame = match self.frames.try_recv() {
            Ok(frame) => frame,
            Err(_) => self.next_frame(waiting).await?,
        };
        let received = frame.payload.len();
        if frame.kind != kind {
            let wrong = Misbehaviour::WrongKind { expected: kind, received: frame.kind };
            return Err(self.fail(wrong.into()));
        }
        if !length.allows(received) {
            return Err(self.fail(Misbehaviour::WrongLength { kind, expected: length, received }.into()));
        }
        self.recorder.received(received);
        Ok(frame.into_payload())
    }

    async fn next_frame(&mut self, waiting: Waiting) -> Result<Frame, ChannelError> {
        let since = Instant::now();
        let frame = self.watch.guard(waiting, self.frames.recv()).await;
        self.recorder.waited(since);
        match frame {
            Ok(Some(frame)) => Ok(frame),
            Ok(None) => Err(self.reader_ended(waiting).await),
            Err(error) => Err(self.fail(error)),
        }
    }

    fn check(&mut self, waiting: Waiting) -> Result<(), ChannelError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.watch.check(waiting).map_err(|error| self.fail(error))
    }

    /// Makes an error the last word of this channel.
    fn fail(&mut self, error: ChannelError) -> ChannelError {
        self.failed.get_or_insert(error).clone()
    }

    async fn reader_ended(&mut self, waiting: Waiting) -> ChannelError {
        let error = match self.reader.end().await {
            Some(ReadEnd::Closed) => ChannelError::Closed { waiting },
            Some(ReadEnd::ClosedInHeader { received }) => ChannelError::ClosedInHeader { waiting, received },
            Some(ReadEnd::ClosedInPayload { kind, received, length }) => {
                ChannelError::ClosedInPayload { waiting, kind, received, length }
            }
            Some(ReadEnd::Broken(source)) => ChannelError::broken(waiting, source),
            Some(ReadEnd::Aborted) => ChannelError::PeerAborted,
            Some(ReadEnd::Misbehaved(misbehaviour)) => misbehaviour.into(),
            Some(ReadEnd::Lost { cut, waited, attempt }) => {
                ChannelError::ConnectionLost { waiting, cut, waited, attempt }
            }
            Some(ReadEnd::Unwanted) => ChannelError::Ended,
            None => ChannelError::RuntimeGone,
        };
        self.fail(error)
    }

    /// A writer ends early only when the connection does. If that is because the peer gave up, the peer's abort stands
    /// behind the frames that are still to be read, and is the better explanation.
    async fn writer_ended(&mut self, waiting: Waiting) -> ChannelError {
        if self.line_state.is_some() {
            // One task owns both directions and tells the reason there.
            return self.reader_ended(waiting).await;
        }
        let error = match self.writer.end().await {
            Some(Err(source)) => ChannelError::broken(waiting, source),
            Some(Ok(())) => ChannelError::Ended,
            None => ChannelError::RuntimeGone,
        };
        let unread = async { while self.frames.recv().await.is_some() {} };
        // A peer that stays silent has no better explanation.
        let _ = timeout(self.watch.linger(), unread).await;
        let aborted = self.aborted.load(Ordering::Relaxed);
        self.fail(if aborted { ChannelError::PeerAborted } else { error })
    }
}
