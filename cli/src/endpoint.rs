//! The way to the peer.

use std::time::Duration;

use halfgate::Channel;
use halfgate::channel::{Address, Limits, Listener, Stream, dial};

use crate::args::{EndpointArgs, LimitArgs};
use crate::failure::Failure;
use crate::{interrupt, notes};

/// How long a dialler tries if nothing else is said.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Before the peer is there: bound already, or knowing where to connect to.
pub(crate) enum Endpoint {
    Listening(Listener),
    Dialling(Address),
}

/// The connection, before anything was said on it.
pub(crate) struct Connection {
    pub(crate) channel: Channel,
    /// Where the peer is, for people to read.
    pub(crate) peer: String,
}

impl Endpoint {
    /// Binds if this side listens, so that the peer can connect while files are read.
    pub(crate) async fn prepare(args: &EndpointArgs) -> Result<Self, Failure> {
        match (&args.listen, &args.connect) {
            (Some(address), _) => {
                let listener = Listener::bind(address).await?;
                notes::say(format_args!("listening on {}", listener.address()));
                Ok(Endpoint::Listening(listener))
            }
            (None, Some(address)) => Ok(Endpoint::Dialling(address.clone())),
            (None, None) => Err(Failure::Usage("one of --listen and --connect is needed".to_owned())),
        }
    }

    /// Waits for the peer.
    pub(crate) async fn meet(self, args: &LimitArgs) -> Result<Connection, Failure> {
        let stream = match self {
            Endpoint::Listening(listener) => accept(&listener, args.connect_timeout).await?,
            Endpoint::Dialling(address) => {
                notes::say(format_args!("connecting to {address}"));
                dial(&address, args.connect_timeout.unwrap_or(CONNECT_TIMEOUT)).await?
            }
        };
        let limits = Limits { idle: args.idle_timeout, total: Some(args.timeout), ..Limits::default() };
        let peer = stream.peer();
        Ok(Connection { channel: interrupt::obeyed_by(stream.open(limits)), peer })
    }
}

async fn accept(listener: &Listener, limit: Option<Duration>) -> Result<Stream, Failure> {
    let Some(limit) = limit else { return Ok(listener.accept().await?) };
    let stream = tokio::time::timeout(limit, listener.accept()).await;
    let stream = stream.map_err(|_| Failure::NoPeer { address: listener.address().to_string(), limit })?;
    Ok(stream?)
}
