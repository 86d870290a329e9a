//! What sockets of this machine carry, without anything of halfgate's own above them.

use std::cell::OnceCell;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};
use std::{fs, thread};

use halfgate::channel::{Address, ChannelError, Listener, Stream, dial};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;

use super::context::Bench;
use super::limits::{Cipher, ROW_BYTES};
use super::report::Unit;
use super::statistics::Figure;
use crate::failure::Failure;

/// The size of the writes that rows leave in.
pub(crate) const CHUNK: usize = 256 << 10;

/// Two ends on one machine find each other at once.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Transport {
    Tcp,
    /// TCP with TLS above it, as sessions use it.
    Tls,
    Unix,
}

impl Transport {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Transport::Tcp => "TCP loopback",
            Transport::Tls => "TLS over TCP loopback",
            Transport::Unix => "Unix socket",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
            Transport::Unix => "unix",
        }
    }

    /// An address of this machine that is free now; should it be taken in the next moment, the listener says so.
    pub(crate) fn free_address(self) -> io::Result<Address> {
        Ok(match self {
            Transport::Tcp | Transport::Tls => {
                let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
                Address::Tcp { host: "127.0.0.1".to_owned(), port }
            }
            Transport::Unix => {
                let name = format!("halfgate-bench-{}.socket", std::process::id());
                Address::Unix(std::env::temp_dir().join(name))
            }
        })
    }
}

/// Both ends of a connection with the socket options that sessions have.
pub(crate) fn connect(runtime: &Handle, transport: Transport) -> Result<(Stream, Stream), Failure> {
    let address = transport.free_address().map_err(no_socket)?;
    runtime
        .block_on(async {
            let listener = Listener::bind(&address).await?;
            let (accepted, dialled) = tokio::join!(listener.accept(), dial(listener.address(), PATIENCE));
            Ok::<_, ChannelError>((accepted?, dialled?))
        })
        .map_err(Failure::from)
}

/// A connected socket that blocks.
enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    fn of(stream: Stream) -> io::Result<Self> {
        Ok(match stream {
            // Only made on request, which nobody here makes.
            Stream::Shaped(..) => return Err(io::ErrorKind::Unsupported.into()),
            Stream::Tcp(stream) => {
                let stream = stream.into_std()?;
                stream.set_nonblocking(false)?;
                Socket::Tcp(stream)
            }
            Stream::Unix(stream) => {
                let stream = stream.into_std()?;
                stream.set_nonblocking(false)?;
                Socket::Unix(stream)
            }
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Socket::Tcp(stream) => stream.write_all(bytes),
            Socket::Unix(stream) => stream.write_all(bytes),
        }
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        match self {
            Socket::Tcp(stream) => stream.read_exact(bytes),
            Socket::Unix(stream) => stream.read_exact(bytes),
        }
    }
}

/// What the 32 bytes of an AND take, in ns.
pub(crate) struct Carriage {
    /// From end to end.
    pub(crate) through: f64,
    /// Of the sender's processor.
    pub(crate) send: f64,
    /// Of the receiver's processor.
    pub(crate) receive: f64,
}

/// One run: time from end to end, and of the processor on each side, which is 0 if the system does not tell.
#[derive(Clone, Copy)]
struct Passage {
    seconds: f64,
    sender_seconds: f64,
    receiver_seconds: f64,
}

impl Bench {
    /// ns for the bytes of an AND in writes of 256 KiB.
    pub(crate) fn carriage(&self, transport: Transport) -> Result<Carriage, Failure> {
        match transport {
            Transport::Tcp | Transport::Unix => self.plain_carriage(transport),
            Transport::Tls => {
                let plain = self.plain_carriage(Transport::Tcp)?;
                let send = plain.send + self.record_cipher(Cipher::Seal)?;
                let receive = plain.receive + self.record_cipher(Cipher::Open)?;
                Ok(Carriage { through: plain.through.max(send).max(receive), send, receive })
            }
        }
    }

    fn plain_carriage(&self, transport: Transport) -> Result<Carriage, Failure> {
        // More runs than a row has: one that counts takes two idle cores for a moment. Measured once for all three.
        let runs = OnceCell::new();
        let limit = |suffix: &str, kind: &str, seconds: fn(&Passage) -> f64| {
            let id = format!("transport.{}{suffix}", transport.id());
            let what = format!("{}, 256 KiB writes, plain: 32 bytes, {kind}", transport.name());
            self.limit(&id, &what, Unit::NsPerAnd, || {
                if runs.get().is_none() {
                    let _first = runs.set(self.passages(transport, CHUNK, 3 * self.pace.sessions)?);
                }
                let ands = self.pace.transport_bytes as f64 / ROW_BYTES;
                let times = runs.get().into_iter().flatten().map(|run| seconds(run) * 1e9 / ands);
                Ok(Figure::of(times.collect()))
            })
        };
        Ok(Carriage {
            through: limit("", "from end to end", |run| run.seconds)?,
            send: limit(".send", "processor of the sender", |run| run.sender_seconds)?,
            receive: limit(".receive", "processor of the receiver", |run| run.receiver_seconds)?,
        })
    }

    /// µs of 32 bytes there and 32 bytes back.
    pub(crate) fn round_trip(&self, transport: Transport) -> Result<f64, Failure> {
        let id = format!("round-trip.{}", transport.id());
        let what = format!("{}, 32 bytes there and back", transport.name());
        self.limit(&id, &what, Unit::Microseconds, || {
            let (ours, theirs) = self.sockets(transport)?;
            let times = ping_pong(ours, theirs, 200 * self.pace.sessions).map_err(no_socket)?;
            Ok(Figure::of_each(&times, |seconds| seconds * 1e6))
        })
    }

    /// Sends the suite's bytes in writes of one size, some times.
    fn passages(&self, transport: Transport, write: usize, runs: usize) -> Result<Vec<Passage>, Failure> {
        (0..runs)
            .map(|_| {
                let (ours, theirs) = self.sockets(transport)?;
                pass(ours, theirs, write, self.pace.transport_bytes / write).map_err(no_socket)
            })
            .collect()
    }

    /// MB/s of such runs.
    pub(crate) fn throughput(&self, transport: Transport, write: usize) -> Result<Figure, Failure> {
        let bytes = self.pace.transport_bytes as f64;
        let runs = self.passages(transport, write, self.pace.sessions)?;
        Ok(Figure::of(runs.iter().map(|run| bytes / 1e6 / run.seconds).collect()))
    }

    fn sockets(&self, transport: Transport) -> Result<(Socket, Socket), Failure> {
        let (ours, theirs) = connect(&self.runtime, transport)?;
        Ok((Socket::of(ours).map_err(no_socket)?, Socket::of(theirs).map_err(no_socket)?))
    }
}

/// Sends `count` writes from a thread to another.
fn pass(mut from: Socket, mut to: Socket, write: usize, count: usize) -> io::Result<Passage> {
    let start = Instant::now();
    let (sent, received) = thread::scope(|scope| {
        let sender = scope.spawn(move || {
            let bytes = vec![0x5a; write];
            (0..count).try_for_each(|_| from.write_all(&bytes)).map(|()| processor_seconds())
        });
        let receiver = scope.spawn(move || {
            let mut bytes = vec![0; write];
            (0..count).try_for_each(|_| to.read_exact(&mut bytes)).map(|()| processor_seconds())
        });
        (joined(sender), joined(receiver))
    });
    let seconds = start.elapsed().as_secs_f64();
    Ok(Passage { seconds, sender_seconds: sent?, receiver_seconds: received? })
}

fn ping_pong(mut ours: Socket, mut theirs: Socket, count: usize) -> io::Result<Vec<f64>> {
    let mut times = Vec::with_capacity(count);
    thread::scope(|scope| {
        let echo = scope.spawn(move || {
            let mut bytes = [0; 32];
            (0..count).try_for_each(|_| {
                theirs.read_exact(&mut bytes)?;
                theirs.write_all(&bytes)
            })
        });
        let mut bytes = [0; 32];
        for _ in 0..count {
            let start = Instant::now();
            ours.write_all(&bytes)?;
            ours.read_exact(&mut bytes)?;
            times.push(start.elapsed().as_secs_f64());
        }
        drop(ours);
        joined(echo)
    })?;
    Ok(times)
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The time that this thread has had of a processor, as Linux counts it; 0 elsewhere.
fn processor_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

fn no_socket(source: io::Error) -> Failure {
    Failure::System { what: "measure its sockets", source }
}
