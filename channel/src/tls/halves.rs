//! The two directions of an encrypted connection, for two tasks.

use std::{
    io::{self, BufRead, ErrorKind, IoSlice, Read, Write},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use rustls::Connection;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{TlsError, establish::Established};
use crate::transport::{ReadHalf, WriteHalf};

/// Bytes that are read from the socket at once.
const READ: usize = 256 << 10;

/// Bytes that are encrypted before they are written: whole records of 16 KiB.
const WRITE: usize = 64 << 10;

/// Bytes that are copied at once. For more the C library may take the instruction `rep movsb`, which on processors of
/// the Zen 3 and Zen 4 families is thirty times slower than a loop if the two places differ by less than 32 bytes modulo
/// 4096 (glibc bug 30994), as those of records and their buffers like to do.
const PIECE: usize = 2 << 10;

/// What both directions need: the keys.
#[derive(Clone)]
struct Shared(Arc<Mutex<Connection>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked has left nothing half done that could be used wrongly: records fail to decrypt then.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The two directions of an established connection.
pub(super) fn halves(established: Established) -> (Decrypted, Encrypted) {
    let Established { mut connection, read, write, received } = established;
    connection.set_buffer_limit(Some(WRITE));
    let shared = Shared(Arc::new(Mutex::new(connection)));
    let decrypted = Decrypted {
        socket: read,
        shared: shared.clone(),
        waiting: received.len(),
        place: 0,
        bytes: received,
        failed: None,
    };
    (decrypted, Encrypted { socket: write, shared, closing: false })
}

/// What the peer sends.
pub(crate) struct Decrypted {
    socket: ReadHalf,
    shared: Shared,
    /// Read from the socket; those from `place` to `waiting` are still to be decrypted.
    bytes: Vec<u8>,
    place: usize,
    waiting: usize,
    failed: Option<TlsError>,
}

/// Bytes that are copied piece by piece.
struct Pieces<'a>(&'a [u8]);

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let (now, rest) = self.0.split_at(self.0.len().min(into.len()));
        into.chunks_mut(PIECE)
            .zip(now.chunks(PIECE))
            .for_each(|(to, from)| to[..from.len()].copy_from_slice(from));
        self.0 = rest;
        Ok(now.len())
    }
}

/// How far decrypting got.
enum Progress {
    /// There is something for the reader, or the reader has enough.
    Some,
    /// It takes more bytes from the socket.
    Starved,
    /// The peer has closed its direction, and said so.
    Closed,
}

impl Decrypted {
    fn decrypt(&mut self, into: &mut ReadBuf<'_>) -> Result<Progress, TlsError> {
        let shared = self.shared.clone();
        let mut connection = shared.lock();
        let before = into.filled().len();
        loop {
            match connection.reader().into_first_chunk() {
                Ok([]) => {
                    return Ok(if into.filled().len() > before { Progress::Some } else { Progress::Closed });
                }
                Ok(chunk) => {
                    let count = chunk.len().min(into.remaining());
                    chunk[..count].chunks(PIECE).for_each(|piece| into.put_slice(piece));
                    connection.reader().consume(count);
                    if into.remaining() == 0 {
                        return Ok(Progress::Some);
                    }
                }
                // Nothing is decrypted yet.
                Err(_) if self.place == self.waiting => {
                    return Ok(if into.filled().len() > before { Progress::Some } else { Progress::Starved });
                }
                Err(_) => self.feed(&mut connection)?,
            }
        }
    }

    /// Hands over some of the bytes, at most a record.
    fn feed(&mut self, connection: &mut Connection) -> Result<(), TlsError> {
        let mut rest = Pieces(&self.bytes[self.place..self.waiting]);
        let damaged = |error: io::Error| TlsError::Damaged { reason: error.to_string() };
        connection.read_tls(&mut rest).map_err(damaged)?;
        self.place = self.waiting - rest.0.len();
        connection.process_new_packets().map_err(|error| TlsError::of(error, true))?;
        Ok(())
    }

    fn poll_socket(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.bytes.resize(READ, 0);
        let mut buffer = ReadBuf::new(&mut self.bytes);
        ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer))?;
        (self.place, self.waiting) = (0, buffer.filled().len());
        Poll::Ready(Ok(self.waiting))
    }
}

impl AsyncRead for Decrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        while self.failed.is_none() {
            match self.decrypt(buffer) {
                Ok(Progress::Some | Progress::Closed) => return Poll::Ready(Ok(())),
                Ok(Progress::Starved) => {
                    if ready!(self.poll_socket(context))? == 0 {
                        return Poll::Ready(Err(cut()));
                    }
                }
                Err(error) => self.failed = Some(error),
            }
        }
        match &self.failed {
            // What came before the failure was decrypted and counts.
            Some(error) if buffer.filled().len() == before => {
                Poll::Ready(Err(io::Error::new(ErrorKind::InvalidData, error.clone())))
            }
            _ => Poll::Ready(Ok(())),
        }
    }
}

/// Without its last record a connection may have been cut by anybody.
fn cut() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "the encrypted connection was cut")
}

/// What this side sends.
pub(crate) struct Encrypted {
    socket: WriteHalf,
    shared: Shared,
    closing: bool,
}

impl Encrypted {
    /// Writes what is encrypted until nothing of it is left.
    fn drain(
        socket: &mut WriteHalf,
        connection: &mut Connection,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while connection.wants_write() {
            match connection.write_tls(&mut Ready { socket, context }) {
                Ok(0) => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// A socket as one that never waits.
struct Ready<'a, 'c> {
    socket: &'a mut WriteHalf,
    context: &'a mut Context<'c>,
}

impl Ready<'_, '_> {
    fn now(polled: Poll<io::Result<usize>>) -> io::Result<usize> {
        match polled {
            Poll::Ready(result) => result,
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }
}

impl Write for Ready<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ready::now(Pin::new(&mut *self.socket).poll_write(self.context, bytes))
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        Ready::now(Pin::new(&mut *self.socket).poll_write_vectored(self.context, slices))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same bytes, or as many of them as are encrypted at once, in pieces.
fn pieces<'a>(slices: &'a [IoSlice<'_>]) -> Vec<IoSlice<'a>> {
    slices.iter().flat_map(|slice| slice.chunks(PIECE)).map(IoSlice::new).take(WRITE / PIECE + 1).collect()
}

impl AsyncWrite for Encrypted {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let mut connection = this.shared.lock();
        ready!(Encrypted::drain(&mut this.socket, &mut connection, context))?;
        let count = connection.writer().write_vectored(&pieces(slices))?;
        match Encrypted::drain(&mut this.socket, &mut connection, context) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            // What has not left yet goes first next time, or with a flush.
            _ => Poll::Ready(Ok(count)),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Encrypted::drain(&mut this.socket, &mut this.shared.lock(), context))?;
        Pin::new(&mut this.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !std::mem::replace(&mut this.closing, true) {
            this.shared.lock().send_close_notify();
        }
        ready!(Encrypted::drain(&mut this.socket, &mut this.shared.lock(), context))?;
        Pin::new(&mut this.socket).poll_shutdown(context)
    }
}
