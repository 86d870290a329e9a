//! Connections that outsiders cannot read and on which both sides prove who they are: TLS 1.3, no other version.
//!
//! - Both ends show a certificate, always; [`Trust`] says whose are taken.
//! - Keys are agreed on with X25519MLKEM768 alone: what is recorded today stays closed to one who has a quantum computer
//!   tomorrow. No other group is on offer, so nobody on the way can make the two fall back to one.
//! - Records are AES-GCM where the processor has it, otherwise ChaCha20-Poly1305.
//! - There are no tickets, no resumption and no early data: every connection is a new handshake, and none can be replayed.
//! - A connection that ends without the peer's `close_notify` was cut; it is never taken for a clean end.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `identity.rs`, `fingerprint.rs` | who a side is |
//! | `trust.rs`, `verifier.rs` | whom it takes for its peer |
//! | `provider.rs`, `config.rs` | algorithms and settings |
//! | `establish.rs` | the handshake, and how a failed one ends on both sides |
//! | `halves.rs` | records, on two tasks at once |
//! | `line.rs` | a connection under a lasting channel |
//! | `error.rs` | what can go wrong and who is to blame |

mod config;
mod error;
mod establish;
mod fingerprint;
mod halves;
mod identity;
mod line;
mod provider;
mod trust;
mod verifier;

use std::time::Duration;

pub use self::{
    error::TlsError,
    fingerprint::Fingerprint,
    identity::Identity,
    trust::{Authorities, Trust},
};
use self::{establish::Established, halves::halves};
use crate::{Binding, Channel, ChannelError, End, Limits, Stream};

/// The label of the value that binds a session to its connection.
const SESSION_LABEL: &[u8] = b"EXPORTER-halfgate-session";

/// An encrypted connection to a peer that has proved who it is, before anything was said on it.
pub struct Secured {
    established: Established,
    end: End,
    own: Fingerprint,
    peer: Fingerprint,
    names: Vec<String>,
    address: String,
}

impl Secured {
    /// Encrypts a connection and finds out who the peer is.
    ///
    /// The connecting end is done before the listening one has seen its certificate. Should that refuse it, the
    /// connecting end learns so with the first message that it waits for, as [`TlsError::Refused`].
    ///
    /// A connection on which this fails is closed, in such a way that the peer gets to know why.
    ///
    /// # Errors
    /// [`ChannelError::Tls`] if the peer is not who it should be, does not speak TLS, or takes longer than `limit`;
    /// [`ChannelError::Closed`] and [`ChannelError::Broken`] if the connection ends.
    pub async fn establish(
        stream: Stream,
        end: End,
        identity: &Identity,
        trust: &Trust,
        limit: Duration,
    ) -> Result<Self, ChannelError> {
        let connection = config::connection(end, identity, trust)?;
        let address = stream.peer();
        let (read, write) = stream.into_halves();
        let established = establish::establish(connection, read, write, limit).await?;
        let peer = established.peer()?;
        let names = match trust {
            Trust::Authorities(_) => established.peer_names(),
            Trust::Anyone | Trust::Only(_) => Vec::new(),
        };
        Ok(Secured { established, end, own: identity.fingerprint(), peer, names, address })
    }

    /// Which end this side is.
    pub fn end(&self) -> End {
        self.end
    }

    /// Who this side is.
    pub fn own(&self) -> Fingerprint {
        self.own
    }

    /// Who the peer is.
    pub fn peer(&self) -> Fingerprint {
        self.peer
    }

    /// The DNS names that an authority has certified the peer to have. None if no authority was asked: a certificate that
    /// nobody vouches for may say what it likes.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where the peer is, for people to read.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A value that the two ends of this connection have and nobody else (RFC 8446, section 7.5), another one for each
    /// label and context. It is a secret if what it is used for needs one.
    pub fn export(&self, label: &[u8], context: &[u8]) -> [u8; 32] {
        self.established.export(label, context)
    }

    /// A channel over the connection, which binds its sessions to it.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn open(self, limits: Limits) -> Channel {
        let binding = self.binding();
        let (read, write) = halves(self.established);
        Channel::over_halves(read, write, limits).bound_to(binding)
    }

    /// What ties a session to the connection.
    pub fn binding(&self) -> Binding {
        Binding {
            exporter: self.export(SESSION_LABEL, b"").to_vec(),
            own_key: self.own.0.to_vec(),
            peer_key: self.peer.0.to_vec(),
        }
    }
}
