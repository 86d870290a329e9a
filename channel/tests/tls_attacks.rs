//! What outsiders, other programs and damaged lines can do to an encrypted connection: nothing but end it.
#![cfg(test)]

use std::{sync::Arc, time::Duration};

use halfgate_channel::{
    Agreement, Binding, Blame, Category, Channel, ChannelError, End, Hello, Identity, Kind, Length, Limits,
    Misbehaviour, Role, Secured, TlsError, Trust, handshake,
};
use halfgate_crypto::Entropy;
use proptest::{prelude::*, test_runner::Config};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs::{default_provider, kx_group},
    version::TLS13,
};
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use between::{Harm, socket_from_dialler, socket_to_listener, sockets_through};
use secured::{PATIENCE, establish, party, sockets};

#[path = "support/between.rs"]
mod between;

#[path = "support/secured.rs"]
mod secured;

fn limits() -> Limits {
    Limits { idle: PATIENCE, ..Limits::default() }
}

/// The two ends of an encrypted connection between two that trust anyone, the dialler's first.
async fn channels() -> (Channel, Channel) {
    let (dialler, listener) = (party(), party());
    let (left, right) =
        establish(sockets().await, (&dialler, &Trust::Anyone), (&listener, &Trust::Anyone)).await;
    (left.unwrap().open(limits()), right.unwrap().open(limits()))
}

async fn shake(channel: &mut Channel, role: Role) -> Result<(), ChannelError> {
    let mut random = Entropy::from_os().expect("the operating system has randomness");
    handshake(channel, role, Agreement::new(), &mut random).await.map(drop)
}

/// A session's handshake and messages each way, over what becomes of two connections.
async fn session(secured: Result<Secured, ChannelError>, role: Role) -> Result<(), ChannelError> {
    let mut channel = secured?.open(limits());
    shake(&mut channel, role).await?;
    for _ in 0..3 {
        let rows = channel.exchange(Kind::Rows, vec![5; 40_000], Length::Exactly(40_000)).await?;
        assert!(rows.iter().all(|byte| *byte == 5), "what passes is what was sent");
    }
    channel.finish().await.map(drop)
}

async fn sessions_through(from_dialler: Harm, from_listener: Harm) -> [Result<(), ChannelError>; 2] {
    let (dialler, listener) = (party(), party());
    let streams = sockets_through(from_dialler, from_listener).await;
    let (left, right) = establish(streams, (&dialler, &Trust::Anyone), (&listener, &Trust::Anyone)).await;
    let both = async { tokio::join!(session(left, Role::Garbler), session(right, Role::Evaluator)) };
    let (left, right) = timeout(PATIENCE, both).await.expect("nobody hangs");
    [left, right]
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What passes each way in a session: some 122 kB.
const BYTES: usize = 122_000;

#[test]
fn without_harm_a_session_through_a_relay_succeeds() {
    let [left, right] = block_on(sessions_through(Harm::None, Harm::None));
    assert!(left.is_ok() && right.is_ok());
}

proptest! {
    #![proptest_config(Config::with_cases(48))]

    #[test]
    fn a_flipped_bit_anywhere_ends_both_sides(place in 0..BYTES, early in 0..3000_usize, dialler: bool, at_start: bool) {
        let flip = Harm::Flip(if at_start { early } else { place });
        let (from_dialler, from_listener) = if dialler { (flip, Harm::None) } else { (Harm::None, flip) };
        let outcomes = block_on(sessions_through(from_dialler, from_listener));
        for outcome in outcomes {
            let error = outcome.expect_err("nobody gets through");
            prop_assert_ne!(error.category(), Category::Caller, "{:?}: {}", flip, error);
        }
    }

    #[test]
    fn a_cut_anywhere_is_the_networks_fault(cut in 0..BYTES, dialler: bool) {
        let cut = Harm::Cut(cut);
        let (from_dialler, from_listener) = if dialler { (cut, Harm::None) } else { (Harm::None, cut) };
        for outcome in block_on(sessions_through(from_dialler, from_listener)) {
            let error = outcome.expect_err("nobody gets through");
            prop_assert_eq!(error.category(), Category::Network, "{:?}: {}", cut, error);
        }
    }
}

#[tokio::test]
async fn a_changed_record_is_never_delivered() {
    let [left, right] = sessions_through(Harm::Flip(60_000), Harm::None).await;
    let error = right.unwrap_err();
    assert!(matches!(&error, ChannelError::Tls(TlsError::Damaged { .. })), "{error}");
    assert_eq!(error.blame(), Blame::Network);
    assert!(left.is_err());
}

#[tokio::test]
async fn a_connection_that_ends_without_goodbye_was_cut() {
    // A whole session passes, and its last bytes are missing: those with which TLS says that this was all.
    let (dialler, listener) = (party(), party());
    let ((left, near), (far, right)) = tokio::join!(socket_from_dialler(), socket_to_listener());
    let relay = tokio::spawn(async move {
        let (mut near, mut far) = (near, far);
        // Both sides are still open when the relay is told to go.
        let _ = timeout(Duration::from_millis(500), tokio::io::copy_bidirectional(&mut near, &mut far)).await;
    });
    let (left, right) =
        establish((left, right), (&dialler, &Trust::Anyone), (&listener, &Trust::Anyone)).await;
    let (mut left, mut right) = (left.unwrap().open(limits()), right.unwrap().open(limits()));
    left.send(Kind::Rows, vec![1; 100]).await.unwrap();
    assert_eq!(right.receive(Kind::Rows, Length::Exactly(100)).await.unwrap(), [1; 100]);
    relay.await.unwrap();
    for channel in [&mut left, &mut right] {
        let error = channel.receive(Kind::Rows, Length::Exactly(100)).await.unwrap_err();
        assert!(matches!(error, ChannelError::Broken { .. }), "{error}");
        assert!(error.to_string().contains("was cut"), "{error}");
    }
}

#[tokio::test]
async fn a_side_that_gives_up_closes_cleanly() {
    let (mut left, mut right) = channels().await;
    let (_, error) = tokio::join!(left.abort(), right.receive(Kind::Rows, Length::Exactly(100)));
    assert!(matches!(error, Err(ChannelError::PeerAborted)));
}

/// Somebody between two sides, with a certificate for each. Passes hellos on after having changed them.
async fn meet_through_an_attacker(change: impl Fn(Hello, &Identity) -> Hello) -> [ChannelError; 2] {
    let (dialler, listener, attacker) = (party(), party(), party());
    let ((left, near), (far, right)) = tokio::join!(sockets(), sockets());
    let anyone = &Trust::Anyone;
    let ((left, near), (far, right)) = tokio::join!(
        establish((left, near), (&dialler, anyone), (&attacker, anyone)),
        establish((far, right), (&attacker, anyone), (&listener, anyone)),
    );
    let (left, near, far, right) = (left.unwrap(), near.unwrap(), far.unwrap(), right.unwrap());
    assert_ne!(left.peer(), listener.fingerprint());
    assert_ne!(left.export(b"EXPORTER-test", b""), right.export(b"EXPORTER-test", b""));
    let (mut left, mut right) = (left.open(limits()), right.open(limits()));
    let (mut near, mut far) = (near.open(limits()), far.open(limits()));
    let attack = async {
        let changed = |payload: Vec<u8>| {
            change(Hello::decode_body(&payload[12..]).unwrap(), &attacker).encode().unwrap()
        };
        let length = Length::AtMost(4000);
        let (a, b) = tokio::join!(near.receive(Kind::Hello, length), far.receive(Kind::Hello, length));
        let _ = far.send(Kind::Hello, changed(a.unwrap())).await;
        let _ = near.send(Kind::Hello, changed(b.unwrap())).await;
        let length = Length::Exactly(32);
        let (a, b) = tokio::join!(near.receive(Kind::Confirm, length), far.receive(Kind::Confirm, length));
        if let (Ok(a), Ok(b)) = (a, b) {
            let _ = tokio::join!(far.send(Kind::Confirm, a), near.send(Kind::Confirm, b));
        }
        // Stays until both have had enough.
        let _ = tokio::join!(near.receive(Kind::Bye, length), far.receive(Kind::Bye, length));
    };
    let (a, b, ()) =
        tokio::join!(shake(&mut left, Role::Garbler), shake(&mut right, Role::Evaluator), attack);
    [a.unwrap_err(), b.unwrap_err()]
}

#[tokio::test]
async fn somebody_in_the_middle_is_found_out() {
    // Passed on as they are, the hellos name keys that the connections do not have.
    for error in meet_through_an_attacker(|hello, _| hello).await {
        assert!(matches!(error, ChannelError::PeerMisbehaved(Misbehaviour::OtherKey)), "{error}");
    }
    // With the attacker's key in them, the two sides are in two sessions.
    let forge =
        |hello: Hello, attacker: &Identity| Hello { static_key: attacker.fingerprint().0.to_vec(), ..hello };
    for error in meet_through_an_attacker(forge).await {
        assert!(matches!(error, ChannelError::PeerMisbehaved(Misbehaviour::Unconfirmed)), "{error}");
        assert_eq!(error.category(), Category::Cheating);
    }
}

#[tokio::test]
async fn a_peer_that_names_another_key_than_its_certificates_is_refused() {
    let (left, mut right) = channels().await;
    let honest = left.binding().clone();
    let mut left = left.bound_to(Binding { own_key: party().fingerprint().0.to_vec(), ..honest });
    let (left, right) = tokio::join!(shake(&mut left, Role::Garbler), shake(&mut right, Role::Evaluator));
    let error = right.unwrap_err();
    assert!(matches!(error, ChannelError::PeerMisbehaved(Misbehaviour::OtherKey)), "{error}");
    assert_eq!(error.blame(), Blame::Peer);
    assert!(left.is_err());
}

fn assert_mixed(error: &ChannelError) {
    assert!(matches!(error, ChannelError::Tls(TlsError::PlainPeer | TlsError::EncryptedPeer)), "{error}");
    assert_eq!((error.category(), error.blame()), (Category::Agreement, Blame::Input));
    let message = error.to_string();
    assert!(message.contains("start both with or both without --insecure-plaintext"), "{message}");
}

#[tokio::test]
async fn plaintext_meets_tls_and_both_sides_say_so() {
    for plain_dials in [true, false] {
        let (left, right) = sockets().await;
        let (plain, secured, end) = match plain_dials {
            true => (left, right, End::Listening),
            false => (right, left, End::Connecting),
        };
        let (mut plain, identity) = (plain.open(limits()), party());
        let (plain, secured) = tokio::join!(
            shake(&mut plain, Role::Garbler),
            Secured::establish(secured, end, &identity, &Trust::Anyone, PATIENCE)
        );
        assert_mixed(&secured.err().unwrap());
        assert_mixed(&plain.unwrap_err());
    }
}

#[tokio::test]
async fn other_programs_are_recognised() {
    for (said, hint) in [("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "browser"), ("SSH-2.0-OpenSSH_9.6\r\n", "SSH")]
    {
        let (mut socket, stream) = socket_to_listener().await;
        socket.write_all(said.as_bytes()).await.unwrap();
        let outcome = Secured::establish(stream, End::Listening, &party(), &Trust::Anyone, PATIENCE).await;
        let error = outcome.err().unwrap();
        assert!(matches!(&error, ChannelError::NotHalfgate { .. }), "{error}");
        assert!(error.to_string().contains(hint), "{error}");
    }
}

/// A client of another make: what this side says of it, and what it says of this side.
async fn met_by(config: ClientConfig) -> (ChannelError, std::io::Error) {
    let (socket, stream) = socket_to_listener().await;
    let identity = party();
    let stranger = async {
        let name = ServerName::try_from("halfgate.invalid").unwrap();
        let mut tls: tokio_rustls::client::TlsStream<TcpStream> =
            TlsConnector::from(Arc::new(config)).connect(name, socket).await?;
        tls.read_u8().await.map(drop)
    };
    let (ours, theirs) = tokio::join!(
        Secured::establish(stream, End::Listening, &identity, &Trust::Anyone, PATIENCE),
        stranger
    );
    (ours.err().expect("it is not let in"), theirs.expect_err("it learns so"))
}

/// A client that takes any server; it has no certificate.
fn stranger(
    groups: Vec<&'static dyn rustls::crypto::SupportedKxGroup>,
    protocol: Option<&str>,
) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::CryptoProvider { kx_groups: groups, ..default_provider() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.dangerous().set_certificate_verifier(Arc::new(gullible::Gullible));
    config.alpn_protocols = protocol.into_iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

#[tokio::test]
async fn a_client_without_certificate_is_refused() {
    let (ours, theirs) = met_by(stranger(vec![kx_group::X25519MLKEM768], Some("halfgate/2"))).await;
    assert!(matches!(ours, ChannelError::Tls(TlsError::NoCertificate)), "{ours}");
    assert_eq!((ours.category(), ours.blame()), (Category::Identity, Blame::Peer));
    assert!(theirs.to_string().contains("CertificateRequired"), "{theirs}");
}

#[tokio::test]
async fn weaker_key_exchange_is_refused() {
    let groups = [kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1, kx_group::MLKEM768];
    for group in groups {
        let (ours, theirs) = met_by(stranger(vec![group], Some("halfgate/2"))).await;
        assert!(matches!(ours, ChannelError::Tls(TlsError::Incompatible { .. })), "{ours}");
        assert_eq!(ours.category(), Category::Agreement);
        assert!(theirs.to_string().contains("HandshakeFailure"), "{theirs}");
    }
}

#[tokio::test]
async fn another_protocol_over_tls_is_refused() {
    let (ours, theirs) = met_by(stranger(vec![kx_group::X25519MLKEM768], Some("h2"))).await;
    assert!(matches!(ours, ChannelError::Tls(TlsError::Foreign)), "{ours}");
    assert!(theirs.to_string().contains("NoApplicationProtocol"), "{theirs}");
}

/// The hello of a client that knows TLS 1.2 and nothing newer: one cipher suite, no extensions.
fn tls12_hello() -> Vec<u8> {
    let body = [&[3, 3], &[9; 32][..], &[0], &[0, 2, 0xc0, 0x2b], &[1, 0]].concat();
    let message = [&[1, 0, 0, body.len() as u8], &body[..]].concat();
    [&[0x16, 3, 1, 0, message.len() as u8], &message[..]].concat()
}

#[tokio::test]
async fn tls_1_2_is_refused() {
    let (mut socket, stream) = socket_to_listener().await;
    socket.write_all(&tls12_hello()).await.unwrap();
    let identity = party();
    let mut answer = Vec::new();
    let (outcome, read) = tokio::join!(
        Secured::establish(stream, End::Listening, &identity, &Trust::Anyone, PATIENCE),
        async {
            let mut first = [0; 7];
            let read = socket.read_exact(&mut first).await;
            answer.extend(first);
            drop(socket);
            read
        }
    );
    let error = outcome.err().unwrap();
    assert!(matches!(&error, ChannelError::Tls(TlsError::Incompatible { .. })), "{error}");
    // An alert, fatal: `handshake_failure`.
    assert!(read.is_ok());
    assert_eq!((answer[0], &answer[5..]), (0x15, &[2, 40][..]));
}

/// Takes any certificate, as no sensible program does.
mod gullible {
    use rustls::{
        DigitallySignedStruct, Error, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::aws_lc_rs::default_provider,
    };
    use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

    #[derive(Debug)]
    pub(super) struct Gullible;

    impl ServerCertVerifier for Gullible {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn verify_tls13_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            default_provider().signature_verification_algorithms.supported_schemes()
        }
    }
}
