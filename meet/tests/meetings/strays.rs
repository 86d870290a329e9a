//! Connections that do not come to meet: they neither stop the host nor keep its guest waiting.

use std::{sync::Arc, time::Duration};

use halfgate::channel::{Channel, ChannelError, Kind, Limits, TlsError};
use halfgate_meet::{MeetSettings, Outcome, Tally};
use rustls::{
    ClientConfig, RootCertStore,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::house::{Host, SOON, assert_connected, somebody};

/// How long a stray may stand at the door in these tests.
const HANDSHAKE: Duration = Duration::from_secs(3);

async fn host(visitors: usize, visitors_per_source: usize) -> Host {
    let settings = MeetSettings { handshake: HANDSHAKE, visitors, visitors_per_source, ..somebody() };
    Host::with(settings).await
}

async fn tcp(host: &Host) -> TcpStream {
    TcpStream::connect(host.address().to_string()).await.unwrap()
}

/// Takes every certificate and shows none.
#[derive(Debug)]
struct Anything;

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

async fn without_certificate(host: &Host) {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.dangerous().set_certificate_verifier(Arc::new(Anything));
    config.alpn_protocols = vec![b"halfgate/2".to_vec()];
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("halfgate.invalid").unwrap();
    let Ok(mut stream) = connector.connect(name, tcp(host).await).await else { return };
    // In TLS 1.3 the client hears of it with the first bytes from the host.
    assert!(stream.read_u8().await.is_err());
}

#[tokio::test]
async fn strays_are_told_apart_and_the_guest_gets_in() {
    let mut host = host(64, 64).await;
    let mut visits = host.reception.visits().unwrap();
    let mut next = async || timeout(SOON, visits.recv()).await.unwrap().unwrap().outcome;

    let mut garbage = tcp(&host).await;
    garbage.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let outcome = next().await;
    assert!(matches!(outcome, Outcome::Failed(ChannelError::NotHalfgate { .. })), "{outcome:?}");

    drop(tcp(&host).await);
    let outcome = next().await;
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");

    let mut plain = Channel::over(tcp(&host).await, Limits::default());
    plain.send(Kind::Hello, vec![0; 64]).await.unwrap();
    let outcome = next().await;
    assert!(matches!(outcome, Outcome::Failed(ChannelError::Tls(TlsError::PlainPeer))), "{outcome:?}");

    without_certificate(&host).await;
    let outcome = next().await;
    assert!(matches!(outcome, Outcome::Failed(ChannelError::Tls(TlsError::NoCertificate))), "{outcome:?}");

    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    assert_connected(&mut arrival, &mut meeting).await;
    assert!(matches!(next().await, Outcome::Admitted));
    let expected = Tally { admitted: 1, failed: 4, ..Tally::default() };
    assert_eq!(host.reception.tally(), expected);
}

#[tokio::test]
async fn the_silent_and_the_slow_are_sent_away_in_time() {
    let mut host = host(64, 64).await;
    let mut visits = host.reception.visits().unwrap();
    let start = Instant::now();
    let silent = tcp(&host).await;
    let secured = host.connect().await;
    let mut slow = tcp(&host).await;
    let drip = tokio::spawn(async move {
        // The header of a TLS record of 512 bytes, then one byte at a time.
        slow.write_all(&[0x16, 3, 1, 2, 0]).await.unwrap();
        while slow.write_all(&[1]).await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    assert!(start.elapsed() < HANDSHAKE, "the guest had to wait for strays");
    assert_connected(&mut arrival, &mut meeting).await;
    let mut gone = 0;
    while gone < 3 {
        match timeout(SOON, visits.recv()).await.unwrap().unwrap().outcome {
            Outcome::Failed(_) => gone += 1,
            Outcome::Admitted => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(start.elapsed() >= HANDSHAKE && start.elapsed() < HANDSHAKE + SOON / 2);
    drop((silent, secured));
    timeout(SOON, drip).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_crowd_from_one_place_is_turned_away() {
    let mut host = host(64, 3).await;
    let mut visits = host.reception.visits().unwrap();
    let standing = [tcp(&host).await, tcp(&host).await, tcp(&host).await];
    let mut fourth = tcp(&host).await;
    assert_eq!(fourth.read(&mut [0]).await.unwrap_or(0), 0);
    let visit = timeout(SOON, visits.recv()).await.unwrap().unwrap();
    assert!(matches!(visit.outcome, Outcome::Crowded), "{visit:?}");
    drop(standing);
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    assert_connected(&mut arrival, &mut meeting).await;
}

#[tokio::test]
async fn when_all_places_are_taken_the_oldest_stranger_leaves() {
    let mut host = host(2, 64).await;
    let mut visits = host.reception.visits().unwrap();
    let _silent = [tcp(&host).await, tcp(&host).await];
    let start = Instant::now();
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    assert!(start.elapsed() < HANDSHAKE / 2, "the guest had to wait for strangers");
    let visit = timeout(SOON, visits.recv()).await.unwrap().unwrap();
    assert!(matches!(visit.outcome, Outcome::Crowded), "{visit:?}");
    assert_connected(&mut arrival, &mut meeting).await;
}

#[tokio::test]
async fn visits_that_nobody_reads_are_forgotten() {
    let mut host = host(64, 64).await;
    for _ in 0..50 {
        drop(tcp(&host).await);
    }
    let _ = host.meet(&somebody()).await;
}

#[tokio::test]
async fn a_reception_that_is_dropped_listens_no_more() {
    let Host { reception, .. } = host(64, 64).await;
    let address = reception.addresses()[0].to_string();
    drop(reception);
    let closed = async {
        while TcpStream::connect(&address).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, closed).await.unwrap();
}
