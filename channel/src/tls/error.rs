use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

use super::Fingerprint;
use crate::{Blame, Category};

/// Why a connection could not be encrypted, or not any longer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// This side's own certificate and key are of no use.
    #[error(
        "this side's certificate and key cannot be used: {reason}; give the certificate and the key that belongs to it, both as PEM"
    )]
    BadIdentity {
        /// What is wrong with them.
        reason: String,
    },
    /// The authorities that this side should trust are of no use.
    #[error(
        "the authorities to trust cannot be used: {reason}; give their certificates as PEM, and a DNS name or IP address as name"
    )]
    BadAuthorities {
        /// What is wrong with them.
        reason: String,
    },
    /// A text that is no fingerprint.
    #[error("`{}` is no fingerprint; write the 64 hexadecimal digits of a SHA-256 digest", text.escape_debug())]
    BadFingerprint {
        /// The text.
        text: String,
    },
    /// The cryptography of this machine cannot be set up.
    #[error("TLS cannot be used on this machine: {reason}")]
    Unusable {
        /// What the TLS library says.
        reason: String,
    },
    /// The peer is not the one that is pinned.
    #[error(
        "the peer's certificate is not the one that it should be: its fingerprint is {presented}, expected is {}; \
         either somebody else answers, or the peer has a new key: compare fingerprints by voice, and go on only if they are the same",
        list(pinned)
    )]
    NotPinned {
        /// Of the certificate that the peer showed, whose key it may or may not have.
        presented: Fingerprint,
        /// What this side was told to expect.
        pinned: Vec<Fingerprint>,
    },
    /// No authority that this side trusts stands behind the peer's certificate, or the certificate is not valid.
    #[error(
        "the peer's certificate is not accepted: {reason}; check that it is the right peer, that its certificate is valid today, and that both sides have the same authorities"
    )]
    Untrusted {
        /// What is wrong with it.
        reason: String,
    },
    /// The peer has no certificate.
    #[error("the peer shows no certificate, so nobody knows who it is; start it with a key of its own")]
    NoCertificate,
    /// The peer does not take this side for who it should be.
    #[error(
        "the peer does not accept this side's certificate ({alert}); its own messages say why: it may have pinned another one, or trust other authorities"
    )]
    Refused {
        /// How it said so.
        alert: String,
    },
    /// The other side was started without encryption.
    #[error(
        "the other side speaks plaintext; start both with or both without --insecure-plaintext, and check address and port"
    )]
    PlainPeer,
    /// The other side was started with encryption, this one without.
    #[error(
        "the other side speaks TLS and this one plaintext; start both with or both without --insecure-plaintext, and check address and port"
    )]
    EncryptedPeer,
    /// The peer has no algorithm or version in common with this side.
    #[error(
        "the peer does not offer the encryption that halfgate insists on, TLS 1.3 with X25519MLKEM768 ({reason}); install the same version of halfgate on both sides"
    )]
    Incompatible {
        /// What is missing.
        reason: String,
    },
    /// The peer speaks TLS, but not for halfgate.
    #[error(
        "the other end speaks TLS but not halfgate's protocol: another program answers, or an older version; check address and port"
    )]
    Foreign,
    /// The bytes do not decrypt, or make no handshake.
    #[error(
        "the bytes on the connection are damaged ({reason}): something on the way changes them; nothing that came after was used"
    )]
    Damaged {
        /// What the TLS library says.
        reason: String,
    },
    /// The peer, having proved who it is, broke the rules of TLS.
    #[error("the peer broke the rules of TLS: {reason}")]
    Misbehaved {
        /// What the TLS library says.
        reason: String,
    },
    /// The peer ended the connection with an alert.
    #[error("the peer ended the encrypted connection ({alert}); its own messages say why")]
    Alerted {
        /// Which one.
        alert: String,
    },
    /// The handshake took too long.
    #[error(
        "the connection was not encrypted within {limit:?}: the peer is slow, or does not speak TLS; check address and port, or allow more time"
    )]
    Timeout {
        /// The limit that was reached.
        limit: std::time::Duration,
    },
}

impl TlsError {
    /// What kind of end it is.
    pub fn category(&self) -> Category {
        match self {
            TlsError::BadIdentity { .. }
            | TlsError::BadAuthorities { .. }
            | TlsError::BadFingerprint { .. } => Category::Input,
            TlsError::Unusable { .. } => Category::Caller,
            TlsError::NotPinned { .. }
            | TlsError::Untrusted { .. }
            | TlsError::NoCertificate
            | TlsError::Refused { .. } => Category::Identity,
            TlsError::PlainPeer | TlsError::EncryptedPeer | TlsError::Incompatible { .. } => {
                Category::Agreement
            }
            TlsError::Foreign
            | TlsError::Damaged { .. }
            | TlsError::Alerted { .. }
            | TlsError::Timeout { .. } => Category::Network,
            TlsError::Misbehaved { .. } => Category::Cheating,
        }
    }

    /// Who has to do something about it.
    pub fn blame(&self) -> Blame {
        match self {
            // The other side says that this one is not who it should be, and it may be right.
            TlsError::Refused { .. } | TlsError::Foreign => Blame::Input,
            TlsError::Alerted { .. } => Blame::Peer,
            _ => match self.category() {
                Category::Identity | Category::Cheating => Blame::Peer,
                Category::Input | Category::Agreement => Blame::Input,
                Category::Network => Blame::Network,
                Category::Caller => Blame::Caller,
            },
        }
    }

    /// What the TLS library found. Before the handshake is complete nobody knows who sent the bytes, so they are taken
    /// for damaged; afterwards only the peer can have.
    pub(crate) fn of(error: Error, established: bool) -> Self {
        let reason = error.to_string();
        match error {
            Error::InvalidCertificate(CertificateError::Other(other)) => {
                other.0.downcast_ref().cloned().unwrap_or(TlsError::Untrusted { reason })
            }
            Error::InvalidCertificate(_) => TlsError::Untrusted { reason },
            Error::NoCertificatesPresented => TlsError::NoCertificate,
            Error::AlertReceived(alert) => TlsError::of_alert(alert),
            Error::PeerIncompatible(PeerIncompatible::ServerRejectedEncryptedClientHello(_)) => {
                TlsError::Damaged { reason }
            }
            Error::PeerIncompatible(_) => TlsError::Incompatible { reason },
            Error::NoApplicationProtocol => TlsError::Foreign,
            Error::DecryptError | Error::InvalidMessage(_) | Error::PeerSentOversizedRecord => {
                TlsError::Damaged { reason }
            }
            Error::FailedToGetRandomBytes | Error::FailedToGetCurrentTime | Error::EncryptError => {
                TlsError::Unusable { reason }
            }
            _ if established => TlsError::Misbehaved { reason },
            _ => TlsError::Damaged { reason },
        }
    }

    fn of_alert(alert: AlertDescription) -> Self {
        use AlertDescription as Alert;
        let text = format!("TLS alert {alert:?}");
        match alert {
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::CertificateRequired
            // A signature did not verify: that of the certificate, or the one made with its key.
            | Alert::DecryptError => TlsError::Refused { alert: text },
            Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity => {
                TlsError::Incompatible { reason: text }
            }
            Alert::NoApplicationProtocol => TlsError::Foreign,
            Alert::BadRecordMac | Alert::DecodeError => {
                TlsError::Damaged { reason: format!("the peer says: {text}") }
            }
            _ => TlsError::Alerted { alert: text },
        }
    }
}

fn list(fingerprints: &[Fingerprint]) -> String {
    match fingerprints {
        [] => "none, as none is pinned".to_owned(),
        [one] => one.to_string(),
        [first, others @ ..] => format!("{first} or one of {} others", others.len()),
    }
}
