//! The two tasks of a channel, which alone touch the connection.

use std::{
    io::{self, ErrorKind, IoSlice},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    ChannelError, Cut, Kind, Misbehaviour,
    frame::{Frame, HEADER, Header},
    limits::Activity,
    pool::Pool,
};

/// What the owner of a channel asks of its writer.
pub(crate) enum Order {
    /// Send this.
    Send(Frame),
    /// Say when everything before this has left.
    Flush(oneshot::Sender<()>),
}

/// Why the reader ended.
pub(crate) enum ReadEnd {
    /// The peer closed the connection between two frames.
    Closed,
    /// The peer closed the connection after `received` bytes of a header.
    ClosedInHeader { received: usize },
    /// The peer closed the connection after `received` bytes of a payload.
    ClosedInPayload { kind: Kind, received: usize, length: usize },
    /// The connection broke.
    Broken(io::Error),
    /// The peer gave up.
    Aborted,
    /// The peer sent what no peer may send.
    Misbehaved(Misbehaviour),
    /// The connection of a lasting channel was cut, and no other came in time.
    Lost { cut: Cut, waited: Duration, attempt: Option<Box<ChannelError>> },
    /// Nobody wants more frames.
    Unwanted,
}

impl From<io::Error> for ReadEnd {
    fn from(error: io::Error) -> Self {
        ReadEnd::Broken(error)
    }
}

/// A task that ends with its owner.
pub(crate) struct Task<T>(Option<JoinHandle<T>>);

impl<T: Send + 'static> Task<T> {
    /// Starts it on the current runtime.
    pub(crate) fn spawn(future: impl Future<Output = T> + Send + 'static) -> Self {
        Task(Some(tokio::spawn(future)))
    }

    /// What the task ended with; `None` if its runtime was shut down or this was asked before.
    pub(crate) async fn end(&mut self) -> Option<T> {
        let end = self.0.as_mut()?.await.ok();
        self.0 = None;
        end
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            handle.abort();
        }
    }
}

/// Sends what is ordered until there are no more orders, then closes this direction.
pub(crate) async fn write_frames<W: AsyncWrite + Unpin>(
    mut stream: W,
    mut orders: mpsc::Receiver<Order>,
    pool: Pool,
    activity: Activity,
) -> io::Result<()> {
    while let Some(order) = orders.recv().await {
        match order {
            Order::Send(frame) => {
                write_frame(&mut stream, &frame, &activity).await?;
                pool.put(frame.into_buffer());
            }
            Order::Flush(done) => {
                stream.flush().await?;
                // The one who asked may have given up waiting.
                let _ = done.send(());
            }
        }
        if orders.is_empty() {
            stream.flush().await?;
        }
    }
    stream.shutdown().await
}

async fn write_frame<W: AsyncWrite + Unpin>(
    stream: &mut W,
    frame: &Frame,
    activity: &Activity,
) -> io::Result<()> {
    let header = frame.header();
    write_slices(stream, &mut [IoSlice::new(&header), IoSlice::new(&frame.payload)], activity).await
}

/// Writes all these bytes, with as few system calls as may be.
pub(crate) async fn write_slices<W: AsyncWrite + Unpin>(
    stream: &mut W,
    mut rest: &mut [IoSlice<'_>],
    activity: &Activity,
) -> io::Result<()> {
    while !rest.is_empty() {
        let written = stream.write_vectored(rest).await?;
        if written == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        activity.moved(written);
        IoSlice::advance_slices(&mut rest, written);
    }
    Ok(())
}

/// Receives frames until the peer aborts or the connection ends, however it does. An abort also raises the flag, for
/// those who send much and read little.
pub(crate) async fn read_frames<R: AsyncRead + Unpin>(
    stream: R,
    frames: mpsc::Sender<Frame>,
    aborted: Arc<AtomicBool>,
    pool: Pool,
    activity: Activity,
) -> ReadEnd {
    let mut reader = FrameReader::new(stream, pool, Clocks { bytes: activity, frames: None });
    loop {
        match reader.next().await {
            Ok(frame) if frame.kind == Kind::Abort => {
                aborted.store(true, Ordering::Relaxed);
                return ReadEnd::Aborted;
            }
            Ok(frame) => {
                if frames.send(frame).await.is_err() {
                    return ReadEnd::Unwanted;
                }
            }
            Err(end) => return end,
        }
    }
}

/// Cuts a stream of bytes into frames.
pub(crate) struct FrameReader<R> {
    stream: R,
    header: [u8; HEADER],
    filled: usize,
    /// The frame whose payload comes in, and the length that its header promised.
    begun: Option<(Frame, usize)>,
    pool: Pool,
    clocks: Clocks,
}

/// What notes the bytes that come in.
pub(crate) struct Clocks {
    /// All bytes.
    pub(crate) bytes: Activity,
    /// Those of frames, without what keeps a connection alive; `None` if nobody asks.
    pub(crate) frames: Option<Activity>,
}

impl Clocks {
    fn count(&self, kind: Kind, bytes: usize) {
        if let Some(frames) = self.frames.as_ref().filter(|_| kind != Kind::Ack) {
            frames.moved(bytes);
        }
    }
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    pub(crate) fn new(stream: R, pool: Pool, clocks: Clocks) -> Self {
        FrameReader { stream, header: [0; HEADER], filled: 0, begun: None, pool, clocks }
    }

    /// The next frame. Who drops the future loses nothing and may ask again.
    pub(crate) async fn next(&mut self) -> Result<Frame, ReadEnd> {
        loop {
            match self.begun.take() {
                None => {
                    let Header { kind, length } = self.read_header().await?;
                    let mut payload = self.pool.take();
                    if length > 0 {
                        payload.reserve_exact(length + HEADER);
                    }
                    self.begun = Some((Frame { kind, payload }, length));
                }
                Some((frame, length)) if frame.payload.len() < length => {
                    self.begun = Some((frame, length));
                    self.read_payload().await?;
                }
                Some((frame, length)) => return Ok(self.cut_off(frame, length)),
            }
        }
    }

    async fn read_header(&mut self) -> Result<Header, ReadEnd> {
        while self.filled < HEADER {
            match self.stream.read(&mut self.header[self.filled..]).await? {
                0 if self.filled == 0 => return Err(ReadEnd::Closed),
                0 => return Err(self.closed_in_header()),
                bytes => {
                    self.filled += bytes;
                    self.clocks.bytes.moved(bytes);
                }
            }
        }
        self.filled = 0;
        let header = Header::parse(self.header).map_err(ReadEnd::Misbehaved)?;
        self.clocks.count(header.kind, HEADER);
        Ok(header)
    }

    /// What little came may show that it is no header at all: an alert of TLS has seven bytes.
    fn closed_in_header(&mut self) -> ReadEnd {
        self.header[self.filled..].fill(0);
        match Header::parse(self.header) {
            Err(wrong @ Misbehaviour::ReservedBytes { .. }) => ReadEnd::Misbehaved(wrong),
            _ => ReadEnd::ClosedInHeader { received: self.filled },
        }
    }

    /// Reads some of a payload straight into its buffer. Each read may take up to a header more, which saves the system
    /// call for the next one.
    async fn read_payload(&mut self) -> Result<(), ReadEnd> {
        let Some((frame, length)) = &mut self.begun else { return Ok(()) };
        let (payload, length) = (&mut frame.payload, *length);
        let room = (length + HEADER - payload.len()) as u64;
        let count = (&mut self.stream).take(room).read_buf(payload).await?;
        if count == 0 {
            let (kind, received) = (frame.kind, payload.len());
            return Err(ReadEnd::ClosedInPayload { kind, received, length });
        }
        self.clocks.bytes.moved(count);
        self.clocks.count(frame.kind, count - payload.len().saturating_sub(length));
        Ok(())
    }

    /// Keeps what was read behind a payload.
    fn cut_off(&mut self, mut frame: Frame, length: usize) -> Frame {
        let payload = &mut frame.payload;
        self.filled = payload.len() - length;
        self.header[..self.filled].copy_from_slice(&payload[length..]);
        payload.truncate(length);
        frame
    }
}
