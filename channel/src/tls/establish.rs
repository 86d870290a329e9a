//! The handshake.

use std::{
    io::{self, ErrorKind},
    sync::Arc,
    time::Duration,
};

use rustls::{Connection, Error};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::{Fingerprint, TlsError, config::PROTOCOL};
use crate::{
    ChannelError, Kind, Waiting,
    transport::{ReadHalf, WriteHalf},
};

/// How long a side that gives up waits for the peer to hear why.
const LINGER: Duration = Duration::from_secs(2);

/// What a peer whose handshake failed may still send in that time.
const LAST_WORDS: u64 = 1 << 17;

/// Both hellos with their certificates fit easily.
const BUFFER: usize = 1 << 14;

/// A connection whose handshake is complete, and its socket.
pub(super) struct Established {
    pub(super) connection: Connection,
    pub(super) read: ReadHalf,
    pub(super) write: WriteHalf,
    /// Bytes that came behind the handshake.
    pub(super) received: Vec<u8>,
}

impl Established {
    pub(super) fn peer(&self) -> Result<Fingerprint, TlsError> {
        let certificates = self.connection.peer_certificates().unwrap_or_default();
        certificates.first().map(Fingerprint::of).ok_or(TlsError::NoCertificate)
    }

    /// The DNS names in the peer's certificate.
    pub(super) fn peer_names(&self) -> Vec<String> {
        let certificate = self.connection.peer_certificates().and_then(|chain| chain.first());
        let parsed = certificate.and_then(|certificate| webpki::EndEntityCert::try_from(certificate).ok());
        parsed.map_or_else(Vec::new, |parsed| parsed.valid_dns_names().map(str::to_owned).collect())
    }

    pub(super) fn export(&self, label: &[u8], context: &[u8]) -> [u8; 32] {
        self.connection
            .export_keying_material([0; 32], label, Some(context))
            .expect("a complete handshake has exporters of 32 bytes")
    }
}

/// Makes the handshake. If it fails, the peer is told before the connection is closed.
pub(super) async fn establish(
    connection: Connection,
    read: ReadHalf,
    write: WriteHalf,
    limit: Duration,
) -> Result<Established, ChannelError> {
    let mut established = Established { connection, read, write, received: Vec::new() };
    let outcome = timeout(limit, established.shake_hands()).await;
    match outcome.unwrap_or_else(|_| Err(TlsError::Timeout { limit }.into())) {
        Ok(()) => Ok(established),
        Err(error) => {
            // A peer that does not listen need not be waited for.
            let _ = timeout(LINGER.min(limit), established.close()).await;
            Err(error)
        }
    }
}

impl Established {
    async fn shake_hands(&mut self) -> Result<(), ChannelError> {
        let mut first = Vec::new();
        loop {
            self.flush().await.map_err(broken)?;
            if !self.connection.is_handshaking() {
                break;
            }
            self.hear(&mut first).await?;
        }
        match self.connection.alpn_protocol() {
            Some(PROTOCOL) => Ok(()),
            _ => Err(TlsError::Foreign.into()),
        }
    }

    /// Reads some bytes and lets TLS work on them.
    async fn hear(&mut self, first: &mut Vec<u8>) -> Result<(), ChannelError> {
        let mut buffer = vec![0; BUFFER];
        let count = self.read.read(&mut buffer).await.map_err(broken)?;
        if count == 0 {
            return Err(ChannelError::Closed { waiting: Waiting::ToEncrypt });
        }
        let mut heard = &buffer[..count];
        first.extend(heard.iter().take(8_usize.saturating_sub(first.len())));
        while !heard.is_empty() && self.connection.is_handshaking() {
            self.connection.read_tls(&mut heard).map_err(broken)?;
            self.connection.process_new_packets().map_err(|error| explain(error, first))?;
        }
        self.received = heard.to_vec();
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        while self.connection.wants_write() {
            self.connection.write_tls(&mut bytes)?;
        }
        self.write.write_all(&bytes).await?;
        self.write.flush().await
    }

    /// Sends the alert that says what is wrong. To close with bytes unread would reset the connection, and the peer
    /// might lose it.
    async fn close(&mut self) -> io::Result<()> {
        self.connection.send_close_notify();
        self.flush().await?;
        self.write.shutdown().await?;
        tokio::io::copy(&mut (&mut self.read).take(LAST_WORDS), &mut tokio::io::sink()).await.map(drop)
    }
}

/// What a failed handshake means, by the error and by what the peer said first.
fn explain(error: Error, first: &[u8]) -> ChannelError {
    const HELLO: u8 = Kind::Hello as u8;
    const PROPOSAL: u8 = Kind::Proposal as u8;
    const ABORT: u8 = Kind::Abort as u8;
    match (&error, first) {
        // The frames with which a side begins, or ends, that was started without encryption.
        (Error::InvalidMessage(_), [HELLO | PROPOSAL | ABORT, 0, 0, 0, ..]) => TlsError::PlainPeer.into(),
        (Error::InvalidMessage(_), [a, b, c, d, e, f, g, h]) if !(0x14..=0x17).contains(a) => {
            ChannelError::NotHalfgate { first: [*a, *b, *c, *d, *e, *f, *g, *h] }
        }
        _ => TlsError::of(error, false).into(),
    }
}

fn broken(error: io::Error) -> ChannelError {
    let waiting = Waiting::ToEncrypt;
    match error.kind() {
        ErrorKind::UnexpectedEof => ChannelError::Closed { waiting },
        _ => ChannelError::Broken { waiting, source: Arc::new(error) },
    }
}
