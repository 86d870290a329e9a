use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, ReadBuf, duplex},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::Instant,
};

use super::{Link, alarm::wait_until};
use crate::pump::Task;

/// The largest piece that is held back at once.
const LARGEST_PIECE: usize = 64 << 10;

/// The smallest, unless fewer bytes come: about a packet.
const SMALLEST_PIECE: usize = 1460;

/// A piece of a link's bytes lasts no longer than this, so that what comes first in it is not late.
const PIECE_TIME: Duration = Duration::from_micros(500);

/// What lies in a link beyond what is under way, in time: enough that it never runs dry between two wake-ups.
const SLACK_TIME: Duration = Duration::from_millis(4);

/// The most bytes that a link holds, whatever its rate and delay. One that would hold more is slower than it says.
const MOST_HELD: usize = 256 << 20;

/// The rate that a link without one is taken to have when its buffer is sized: 20 Gbit/s.
const ASSUMED_RATE: u64 = 2_500_000_000;

/// Bytes on their way over an emulated [`Link`]: each comes out half a round trip after it went in, and not faster than
/// the link's rate.
///
/// A task takes bytes from the source as they come, as far as the link's buffer goes: what is under way at full rate and a
/// bit more. When that is full the source is left alone, so that its writer feels the link. It needs no rights and no
/// other process. Both ends of a connection have to be shaped for both directions, each where it reads: what a process
/// has sent is then safe with the operating system when it ends.
pub struct Shaped {
    out: DuplexStream,
    failure: Failure,
    _tasks: [Task<()>; 2],
}

/// Why the source ended, if not well.
type Failure = Arc<Mutex<Option<io::Error>>>;

/// Bytes, when they are to come out, and the room that they take until then.
struct Piece {
    bytes: Vec<u8>,
    due: Instant,
    room: OwnedSemaphorePermit,
}

impl Shaped {
    /// Puts a link behind a source.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn new(source: impl AsyncRead + Send + Unpin + 'static, link: Link) -> Self {
        let (far, out) = duplex(2 * LARGEST_PIECE);
        let (pieces, under_way) = mpsc::unbounded_channel();
        let failure = Failure::default();
        let take = take_in(source, link, pieces, Arc::clone(&failure));
        Shaped { out, failure, _tasks: [Task::spawn(take), Task::spawn(give_out(under_way, far))] }
    }
}

/// Takes bytes in and notes when they are due. Memory is bounded by the room, so the queue need not be.
async fn take_in(
    mut source: impl AsyncRead + Unpin,
    link: Link,
    pieces: mpsc::UnboundedSender<Piece>,
    failure: Failure,
) {
    let (size, room) = (piece_size(&link), Arc::new(Semaphore::new(capacity(&link))));
    let mut free_at = Instant::now();
    loop {
        let Ok(mut room) = Arc::clone(&room).acquire_many_owned(size as u32).await else { return };
        let mut bytes = Vec::with_capacity(size);
        match (&mut source).take(size as u64).read_buf(&mut bytes).await {
            Ok(0) => return,
            Ok(count) => {
                drop(room.split(size - count));
                free_at = free_at.max(Instant::now()) + link.time_of(count as u64);
                if pieces.send(Piece { bytes, due: free_at + link.one_way(), room }).is_err() {
                    return;
                }
            }
            Err(error) => {
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                return;
            }
        }
    }
}

async fn give_out(mut under_way: mpsc::UnboundedReceiver<Piece>, mut out: DuplexStream) {
    while let Some(Piece { bytes, due, room }) = under_way.recv().await {
        wait_until(due).await;
        if out.write_all(&bytes).await.is_err() {
            return;
        }
        drop(room);
    }
}

fn piece_size(link: &Link) -> usize {
    let in_time = |rate| (u128::from(rate) * PIECE_TIME.as_nanos() / 1_000_000_000) as usize;
    link.bytes_per_second
        .map_or(LARGEST_PIECE, |rate| in_time(rate.get()).clamp(SMALLEST_PIECE, LARGEST_PIECE))
}

fn capacity(link: &Link) -> usize {
    let rate = link.bytes_per_second.map_or(ASSUMED_RATE, |rate| rate.get());
    let under_way = u128::from(rate) * (link.one_way() + SLACK_TIME).as_nanos() / 1_000_000_000;
    usize::try_from(under_way).unwrap_or(MOST_HELD).saturating_add(LARGEST_PIECE).min(MOST_HELD)
}

impl AsyncRead for Shaped {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.out).poll_read(context, buffer))?;
        let ended = buffer.filled().len() == before && buffer.remaining() > 0;
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take_if(|_| ended);
        Poll::Ready(failure.map_or(Ok(()), Err))
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    fn link(text: &str) -> Link {
        text.parse().unwrap()
    }

    /// The times at which the first and the last of so many bytes come out, written at once.
    async fn times(text: &str, bytes: usize) -> [f64; 2] {
        let (mut near, far) = duplex(bytes.max(1));
        let began = Instant::now();
        near.write_all(&vec![7; bytes]).await.unwrap();
        drop(near);
        let mut shaped = Shaped::new(far, link(text));
        assert_eq!(shaped.read_u8().await.unwrap(), 7);
        let first = began.elapsed();
        let mut rest = Vec::new();
        shaped.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, vec![7; bytes - 1]);
        [first, began.elapsed()].map(|time| time.as_secs_f64())
    }

    /// The paused clock goes by milliseconds.
    fn close(got: f64, expected: f64, what: &str) {
        let excess = got - expected;
        assert!(
            (-0.001..0.001 + 0.02 * expected).contains(&excess),
            "{what}: {got} s where {expected} s were expected"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn rate_and_delay_are_those_of_the_link() {
        for (text, bytes, first, last) in [
            ("100mbit,30ms", 12_500_000, 0.0155, 1.015),
            ("20mbit,80ms", 2_500_000, 0.0406, 1.040),
            ("1gbit,200ms", 62_500_000, 0.1005, 0.6),
            ("56kbit,1s", 70_000, 0.7086, 10.5),
            ("none,100ms", 1_000_000, 0.050, 0.050),
        ] {
            let [began, ended] = times(text, bytes).await;
            close(began, first, text);
            close(ended, last, text);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_not_made_up_for() {
        let (mut near, far) = duplex(1 << 20);
        let mut shaped = Shaped::new(far, link("8mbit,0ms"));
        tokio::time::sleep(Duration::from_secs(100)).await;
        let began = Instant::now();
        near.write_all(&[0; 1_000_000]).await.unwrap();
        shaped.read_exact(&mut [0; 1_000_000]).await.unwrap();
        close(began.elapsed().as_secs_f64(), 1.0, "after a pause");
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_stops_stops_the_writer() {
        let (mut near, far) = duplex(1 << 10);
        let shaped = Shaped::new(far, link("100mbit,30ms"));
        let mut written = 0;
        let writing = async {
            while near.write_all(&[0; 1000]).await.is_ok() {
                written += 1000;
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(60), writing).await;
        // Half a round trip, the slack, a piece, and what stands between this and the reader.
        assert!((200_000..600_000).contains(&written), "{written} bytes");
        drop(shaped);
        assert_eq!(near.write_all(&[0; 1 << 12]).await.unwrap_err().kind(), ErrorKind::BrokenPipe);
    }

    #[tokio::test(start_paused = true)]
    async fn both_ends_of_a_pair_are_far_away() {
        let limits = crate::Limits::default();
        let (mut left, mut right) = crate::Channel::memory_pair_over(link("100mbit,300ms"), limits);
        let began = Instant::now();
        let (kind, length) = (crate::Kind::Rows, crate::Length::Exactly(64));
        let there = async {
            left.send(kind, vec![0; 64]).await.unwrap();
            left.receive(kind, length).await.unwrap();
        };
        let back = async {
            let bytes = right.receive(kind, length).await.unwrap();
            right.send(kind, bytes).await.unwrap();
        };
        tokio::join!(there, back);
        close(began.elapsed().as_secs_f64(), 0.3, "there and back");
    }

    #[tokio::test]
    async fn an_error_of_the_source_arrives() {
        struct Broken;
        impl AsyncRead for Broken {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                _: &mut ReadBuf<'_>,
            ) -> Poll<io::Result<()>> {
                Poll::Ready(Err(ErrorKind::ConnectionReset.into()))
            }
        }
        let error = Shaped::new(Broken, Link::UNLIMITED).read_u8().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }
}
