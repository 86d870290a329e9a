//! Who the peer is. The signature over the handshake is verified in every case.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor, verify_server_name,
    },
    crypto::verify_tls13_signature,
    server::{
        ParsedCertificate, WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::{Authorities, Fingerprint, TlsError, Trust, provider};

/// A verifier of the certificates of either end.
#[derive(Debug)]
pub(crate) struct Verifier(Rule);

enum Rule {
    Anyone,
    Only(Vec<Fingerprint>),
    Authorities { known: Authorities, clients: Arc<dyn ClientCertVerifier> },
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Rule::Anyone => "Anyone",
            Rule::Only(_) => "Only",
            Rule::Authorities { .. } => "Authorities",
        })
    }
}

impl Verifier {
    pub(crate) fn new(trust: &Trust) -> Result<Arc<Self>, TlsError> {
        Ok(Arc::new(Verifier(match trust {
            Trust::Anyone => Rule::Anyone,
            Trust::Only(pinned) => Rule::Only(pinned.clone()),
            Trust::Authorities(known) => {
                let roots = Arc::clone(&known.roots);
                let clients =
                    WebPkiClientVerifier::builder_with_provider(roots, provider::provider()).build();
                let clients =
                    clients.map_err(|error| TlsError::BadAuthorities { reason: error.to_string() })?;
                Rule::Authorities { known: known.clone(), clients }
            }
        })))
    }

    /// Holds the certificate of either end to the rule; `path` validates one of a PKI.
    fn check(
        &self,
        certificate: &CertificateDer<'_>,
        path: impl FnOnce(&Authorities, &dyn ClientCertVerifier) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match &self.0 {
            Rule::Anyone => Ok(()),
            Rule::Only(pinned) => {
                let presented = Fingerprint::of(certificate);
                if presented.is_among(pinned) {
                    return Ok(());
                }
                let pinned = pinned.clone();
                let reason = OtherError(Arc::new(TlsError::NotPinned { presented, pinned }));
                Err(CertificateError::Other(reason).into())
            }
            Rule::Authorities { known, clients } => {
                path(known, clients.as_ref())?;
                match &known.name {
                    Some(name) => verify_server_name(&ParsedCertificate::try_from(certificate)?, name),
                    None => Ok(()),
                }
            }
        }
    }

    fn verify_signature(
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &provider::algorithms())
    }
}

/// The connecting end looks at the certificate of the listening one.
impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _placeholder: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(certificate, |known, _| {
            let parsed = ParsedCertificate::try_from(certificate)?;
            let algorithms = provider::algorithms().all;
            verify_server_cert_signed_by_trust_anchor(&parsed, &known.roots, intermediates, now, algorithms)
        })
        .map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(no_tls12())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Verifier::verify_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider::algorithms().supported_schemes()
    }
}

/// The listening end looks at the certificate of the connecting one.
impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // A hint would tell strangers whom this side trusts; a party has one certificate and needs none.
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(certificate, |_, clients| {
            clients.verify_client_cert(certificate, intermediates, now).map(drop)
        })
        .map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(no_tls12())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Verifier::verify_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider::algorithms().supported_schemes()
    }
}

/// The configuration has no other version than TLS 1.3, so nothing asks.
fn no_tls12() -> Error {
    rustls::PeerIncompatible::Tls12NotOfferedOrEnabled.into()
}
