use std::{
    io::{self, ErrorKind},
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, Join, join},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
};

use crate::{Address, Channel, ChannelError, Limits, Link, Shaped};

/// Kernel buffers of a Unix socket in bytes; its default holds less than one frame of rows. TCP sizes its own.
const UNIX_BUFFER: usize = 4 << 20;

/// One direction of a connection.
pub(crate) type ReadHalf = Box<dyn AsyncRead + Send + Unpin>;

/// The other.
pub(crate) type WriteHalf = Box<dyn AsyncWrite + Send + Unpin>;

/// A connection to the peer, before anything was said on it.
pub enum Stream {
    /// Over TCP, small messages leaving at once.
    Tcp(TcpStream),
    /// Over a socket in the file system.
    Unix(UnixStream),
    /// Over one of these, as slow as an emulated link; with where the peer is.
    Shaped(Join<Shaped, WriteHalf>, String),
}

impl Stream {
    pub(crate) fn tcp(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Stream::Tcp(stream))
    }

    pub(crate) fn unix(stream: UnixStream) -> io::Result<Self> {
        let socket = SockRef::from(&stream);
        socket.set_send_buffer_size(UNIX_BUFFER)?;
        socket.set_recv_buffer_size(UNIX_BUFFER)?;
        Ok(Stream::Unix(stream))
    }

    /// A channel over the connection as it is: neither encrypted nor authenticated.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn open(self, limits: Limits) -> Channel {
        match self {
            Stream::Tcp(stream) => {
                let (read, write) = stream.into_split();
                Channel::over_halves(read, write, limits)
            }
            Stream::Unix(stream) => {
                let (read, write) = stream.into_split();
                Channel::over_halves(read, write, limits)
            }
            Stream::Shaped(stream, _) => {
                let (read, write) = stream.into_inner();
                Channel::over_halves(read, write, limits)
            }
        }
    }

    /// The two directions, for one who puts something between them and a channel.
    pub(crate) fn into_halves(self) -> (ReadHalf, WriteHalf) {
        match self {
            Stream::Tcp(stream) => {
                let (read, write) = stream.into_split();
                (Box::new(read), Box::new(write))
            }
            Stream::Unix(stream) => {
                let (read, write) = stream.into_split();
                (Box::new(read), Box::new(write))
            }
            Stream::Shaped(stream, _) => {
                let (read, write) = stream.into_inner();
                (Box::new(read), write)
            }
        }
    }

    /// Makes what arrives here as slow as over a link. The other end has to do the same for the other direction.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    #[must_use]
    pub fn shaped(self, link: Link) -> Self {
        if link == Link::UNLIMITED {
            return self;
        }
        let peer = self.peer();
        let (read, write) = self.into_halves();
        Stream::Shaped(join(Shaped::new(read, link), write), peer)
    }

    /// Where the peer is, for people to read.
    pub fn peer(&self) -> String {
        match self {
            Stream::Tcp(stream) => {
                stream.peer_addr().map_or_else(|_| "a peer that left".into(), |a| a.to_string())
            }
            Stream::Unix(_) => "a process on this machine".into(),
            Stream::Shaped(_, peer) => peer.clone(),
        }
    }
}

/// Waits for the peer to connect. It is bound from the start, so a peer may connect while this side is still busy.
///
/// Whoever connects first is the peer: a stray connection fails the handshake, and with it the run. Dropping a listener
/// on a Unix socket removes the socket's file.
pub struct Listener {
    socket: Socket,
    address: Address,
}

enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    /// Starts to listen. A Unix socket that a dead process left behind is replaced.
    ///
    /// # Errors
    /// [`ChannelError::Bind`] if the address is taken, not ours, or not allowed.
    pub async fn bind(address: &Address) -> Result<Self, ChannelError> {
        let bound = match address {
            Address::Tcp { host, port } => bind_tcp(host, *port).await,
            Address::Unix(path) => bind_unix(path).await,
        };
        bound.map_err(|source| ChannelError::Bind { address: address.clone(), source: Arc::new(source) })
    }

    /// Where it listens; the port is the real one even if it was bound to port 0.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The next peer to connect.
    ///
    /// # Errors
    /// [`ChannelError::Accept`] if the operating system is out of something.
    pub async fn accept(&self) -> Result<Stream, ChannelError> {
        loop {
            match self.next().await {
                Ok(stream) => return Ok(stream),
                // It connected and left before we looked.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(source) => {
                    let (address, source) = (self.address.clone(), Arc::new(source));
                    return Err(ChannelError::Accept { address, source });
                }
            }
        }
    }

    async fn next(&self) -> io::Result<Stream> {
        match &self.socket {
            Socket::Tcp(listener) => Stream::tcp(listener.accept().await?.0),
            Socket::Unix(listener) => Stream::unix(listener.accept().await?.0),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Address::Unix(path) = &self.address {
            // A file that stays behind is replaced by the next listener.
            let _ = std::fs::remove_file(path);
        }
    }
}

async fn bind_tcp(host: &str, port: u16) -> io::Result<Listener> {
    let listener = TcpListener::bind((host, port)).await?;
    let address = Address::Tcp { host: host.to_owned(), port: listener.local_addr()?.port() };
    Ok(Listener { socket: Socket::Tcp(listener), address })
}

async fn bind_unix(path: &Path) -> io::Result<Listener> {
    let listener = match UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse && is_abandoned(path).await => {
            std::fs::remove_file(path)?;
            UnixListener::bind(path)?
        }
        bound => bound?,
    };
    Ok(Listener { socket: Socket::Unix(listener), address: Address::Unix(PathBuf::from(path)) })
}

/// Whether a path is a socket that nobody listens on.
async fn is_abandoned(path: &Path) -> bool {
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    is_socket
        && matches!(UnixStream::connect(path).await, Err(error) if error.kind() == ErrorKind::ConnectionRefused)
}
