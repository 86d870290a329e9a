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
    /// Flips the lowest bit of this byte.
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
    loop {
        let count = match from.read(&mut bytes).await {
            Ok(0) | Err(_) => {
                let _ = to.shutdown().await;
                return Ok(());
            }
            Ok(count) => count,
        };
        let passing = match harm {
            Harm::Flip(flip) if (place..place + count).contains(&flip) => {
                bytes[flip - place] ^= 1;
                count
            }
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
