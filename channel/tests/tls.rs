//! Encrypted connections: who is let in, and what outsiders can do.
#![cfg(test)]

use std::time::Duration;

use halfgate_channel::{
    Address, End, Identity, Kind, Length, Limits, Listener, Secured, Stream, Trust, dial,
};
use rcgen::{CertificateParams, KeyPair, PKCS_ED25519};

const PATIENCE: Duration = Duration::from_secs(20);

fn identity() -> Identity {
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let certificate = CertificateParams::new(vec!["halfgate".to_owned()]).unwrap().self_signed(&key).unwrap();
    Identity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
}

async fn sockets() -> (Stream, Stream) {
    let listener = Listener::bind(&Address::Tcp { host: "127.0.0.1".into(), port: 0 }).await.unwrap();
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(listener.address(), PATIENCE));
    (dialled.unwrap(), accepted.unwrap())
}

#[tokio::test]
async fn first() {
    let (a, b) = (identity(), identity());
    let (left, right) = sockets().await;
    let (trust_a, trust_b) = (Trust::Only(vec![a.fingerprint()]), Trust::Only(vec![b.fingerprint()]));
    let (left, right) = tokio::join!(
        Secured::establish(left, End::Connecting, &a, &trust_b, PATIENCE),
        Secured::establish(right, End::Listening, &b, &trust_a, PATIENCE),
    );
    let (mut left, mut right) =
        (left.unwrap().open(Limits::default()), right.unwrap().open(Limits::default()));
    left.send(Kind::Rows, vec![7; 1 << 20]).await.unwrap();
    assert_eq!(right.receive(Kind::Rows, Length::Exactly(1 << 20)).await.unwrap(), vec![7; 1 << 20]);
    let (left, right) = tokio::join!(left.finish(), right.finish());
    left.unwrap();
    right.unwrap();
}
