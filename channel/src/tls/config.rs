//! TLS 1.3 between two parties: both show a certificate, nothing is remembered, nothing is sent early.

use std::sync::Arc;

use rustls::{
    ClientConfig, ClientConnection, Connection, ServerConfig, ServerConnection, client::Resumption,
    server::NoServerSessionStorage, version::TLS13,
};
use rustls_pki_types::ServerName;

use super::{Identity, TlsError, Trust, provider, verifier::Verifier};
use crate::End;

/// What both ends say they are going to speak (ALPN). Another program's TLS ends here.
pub(crate) const PROTOCOL: &[u8] = b"halfgate/2";

/// A connection on which nothing was said yet.
pub(crate) fn connection(end: End, identity: &Identity, trust: &Trust) -> Result<Connection, TlsError> {
    let verifier = Verifier::new(trust)?;
    let unusable = |error: rustls::Error| TlsError::Unusable { reason: error.to_string() };
    match end {
        End::Connecting => {
            // Verifiers have their own idea of the name, and it is never sent.
            let name = ServerName::try_from("halfgate.invalid").expect("a well-formed name");
            let config = client(identity, verifier).map_err(unusable)?;
            Ok(ClientConnection::new(config, name).map_err(unusable)?.into())
        }
        End::Listening => {
            let config = server(identity, verifier).map_err(unusable)?;
            Ok(ServerConnection::new(config).map_err(unusable)?.into())
        }
    }
}

fn client(identity: &Identity, verifier: Arc<Verifier>) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(provider::provider())
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_cert_resolver(identity.resolver());
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    config.enable_sni = false;
    Ok(Arc::new(config))
}

fn server(identity: &Identity, verifier: Arc<Verifier>) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider::provider())
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(identity.resolver());
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(Arc::new(config))
}
