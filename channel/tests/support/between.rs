//! Somebody on the wire between two ends, or at one of them.

use std::time::Duration;

use halfgate_channel::{Address, Listener, Stream, dial};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// The end of a connection that listens, and a bare socket to it.
pub(crate) async fn socket_to_listener() -> (TcpStream, Stream) {
    let listener = Listener::bind(&Address::Tcp { host: "127.0.0.1".into(), port: 0 }).await.unwrap();
    let address = listener.address().to_string();
    let (accepted, dialled) = tokio::join!(listener.accept(), TcpStream::connect(address));
    (dialled.unwrap(), accepted.unwrap())
}

/// The end of a connection that dials, and a bare socket from it.
pub(crate) async fn socket_from_dialler() -> (Stream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::Tcp { host: "127.0.0.1".into(), port: listener.local_addr().unwrap().port() };
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(&address, PATIENCE));
    (dialled.unwrap(), accepted.unwrap().0)
}

/// What somebody does to the bytes of one end, counted from the first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Harm {
    /// Flips the lowest bit of this byte, or of the next one that means something: type and version in the head of a TLS
    /// record do not. The version "MUST be ignored for all purposes" (RFC 8446, section 5.1), and rustls goes by the type
    /// inside an encrypted record, which is authenticated.
    Flip(usize),
    /// Closes both connections before this byte.
    Cut(usize),
    /// Nothing.
    None,
}

/// The two ends of a connection with somebody in between, who harms what the dialler, or else the listener, sends.
pub(crate) async fn sockets_through(from_dialler: Harm, from_listener: Harm) -> (Stream, Stream) {
    let ((left, near), (far, right)) = tokio::join!(socket_from_dialler(), socket_to_listener());
    tokio::spawn(async move {
        let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
        // The first cut drops all four ends.
        let _ = tokio::try_join!(
            pass(near_read, far_write, from_dialler),
            pass(far_read, near_write, from_listener)
        );
    });
    (left, right)
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    harm: Harm,
) -> Result<(), ()> {
    let (mut place, mut bytes) = (0, vec![0; 1 << 12]);
    let (mut records, mut flipped) = (Records::default(), false);
    loop {
        let count = match from.read(&mut bytes).await {
            Ok(0) | Err(_) => {
                let _ = to.shutdown().await;
                return Ok(());
            }
            Ok(count) => count,
        };
        if let Harm::Flip(flip) = harm {
            for (at, byte) in bytes[..count].iter_mut().enumerate() {
                let means_something = records.take(*byte);
                if !flipped && place + at >= flip && means_something {
                    *byte ^= 1;
                    flipped = true;
                }
            }
        }
        let passing = match harm {
            Harm::Cut(cut) if place + count > cut => {
                let _ = to.write_all(&bytes[..cut - place]).await;
                return Err(());
            }
            _ => count,
        };
        to.write_all(&bytes[..passing]).await.map_err(drop)?;
        place += count;
    }
}

/// Where in a TLS record a stream stands.
#[derive(Default)]
struct Records {
    /// Bytes of the head that have passed: type, version (two), length (two).
    head: usize,
    /// Bytes of the record that are still to come.
    left: usize,
}

impl Records {
    /// Takes the next byte, as it was sent; false if it is a type or part of a version.
    fn take(&mut self, byte: u8) -> bool {
        if self.head == 5 && self.left == 0 {
            self.head = 0;
        }
        if self.head == 5 {
            self.left -= 1;
            return true;
        }
        self.head += 1;
        match self.head {
            4 => self.left = usize::from(byte) << 8,
            5 => self.left |= usize::from(byte),
            _ => {}
        }
        self.head > 3
    }
}
