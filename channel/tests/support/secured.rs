//! Parties with certificates, and connections between them.

use std::time::Duration;

use halfgate_channel::{Address, ChannelError, End, Identity, Listener, Secured, Stream, Trust, dial};
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519};

/// A test that hangs should not hang for long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody with a certificate of their own making.
pub(crate) fn party() -> Identity {
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let certificate = CertificateParams::new(vec!["a party".to_owned()]).unwrap().self_signed(&key).unwrap();
    Identity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
}

/// The two ends of a connection: the dialler's first.
pub(crate) async fn sockets() -> (Stream, Stream) {
    let listener = Listener::bind(&Address::Tcp { host: "127.0.0.1".into(), port: 0 }).await.unwrap();
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(listener.address(), PATIENCE));
    (dialled.unwrap(), accepted.unwrap())
}

/// What comes of establishing at each end: the dialler's outcome first.
pub(crate) async fn establish(
    (left, right): (Stream, Stream),
    (dialler, dialler_trusts): (&Identity, &Trust),
    (listener, listener_trusts): (&Identity, &Trust),
) -> (Result<Secured, ChannelError>, Result<Secured, ChannelError>) {
    tokio::join!(
        Secured::establish(left, End::Connecting, dialler, dialler_trusts, PATIENCE),
        Secured::establish(right, End::Listening, listener, listener_trusts, PATIENCE),
    )
}
