//! What the first message looks like, and peers that begin with another one.

use halfgate_channel::{
    Agreement, Blame, Category, Channel, ChannelError, Field, Kind, Limits, Misbehaviour, PROTOCOL_VERSION,
    Role, TlsError, handshake,
};
use halfgate_crypto::Entropy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use support::{frame, raw_peer, say_and_close};

#[path = "support/wire.rs"]
mod support;

fn terms() -> Agreement {
    Agreement::new().with("mode", "semi-honest").with("program", [9; 32]).with("lanes", 3)
}

/// The outcome of a handshake of the garbler with a peer that says this and closes.
async fn outcome_of(bytes: Vec<u8>) -> ChannelError {
    let (mut channel, peer) = raw_peer(1 << 17, Limits::default());
    let heard = tokio::spawn(async move { say_and_close(peer, &bytes).await });
    let outcome = handshake(&mut channel, Role::Garbler, terms(), &mut Entropy::fixed(1)).await;
    drop(channel);
    // Whatever the peer is, it got our hello before the connection closed.
    assert!(
        heard
            .await
            .is_ok_and(|heard| heard.starts_with(&[1, 0, 0, 0]) && heard[8..].starts_with(b"halfgate"))
    );
    outcome.expect_err("no such peer is agreed with")
}

/// A hello by hand, with no terms.
fn hello(version: u32, role: u8) -> Vec<u8> {
    [b"halfgate".as_slice(), &version.to_le_bytes(), &[role], &[7; 32], &[0], &[0]].concat()
}

#[tokio::test]
async fn a_hello_looks_as_documented() {
    let (mut channel, mut peer) = raw_peer(1 << 17, Limits::default());
    let terms = Agreement::new().with("a", Field::Unspecified).with("b", "t").with("c", 5).with("d", [6; 32]);
    let nonce = Entropy::fixed(1).bytes::<32>();
    let fields =
        [b"\x01a\x00".as_slice(), b"\x01b\x01\x01t", b"\x01c\x02\x05", b"\x01d\x03", &[6; 32]].concat();
    let payload = [b"halfgate\x03\0\0\0\x00".as_slice(), &nonce, b"\x00\x04", &fields].concat();
    let expected = frame(1, &payload);
    let mut heard = vec![0; expected.len()];
    let mut random = Entropy::fixed(1);
    let (_, outcome) = tokio::join!(
        async {
            peer.read_exact(&mut heard).await.unwrap();
            drop(peer);
        },
        handshake(&mut channel, Role::Garbler, terms, &mut random)
    );
    assert_eq!(heard, expected);
    assert!(matches!(outcome, Err(ChannelError::Closed { .. })));
}

#[tokio::test]
async fn another_version_is_named_before_anything_else() {
    let mut future = hello(PROTOCOL_VERSION + 1, 0);
    future.extend_from_slice(b"whatever that version may bring");
    let ChannelError::Mismatch(mismatch) = outcome_of(frame(1, &future)).await else { panic!() };
    assert_eq!(mismatch.field, "the protocol version");
    assert_eq!(
        (mismatch.ours, mismatch.theirs),
        (u64::from(PROTOCOL_VERSION).into(), u64::from(PROTOCOL_VERSION + 1).into())
    );
}

#[tokio::test]
async fn what_is_not_halfgate_is_recognised() {
    let foreign = [
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "web browser"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "web server"),
        (b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), "SSH"),
        (b"\x1b[2J\x1b[H Welcome".to_vec(), "\\x1b[2J"),
        (frame(1, b"halfmoon is another program"), "halfmoon"),
        (frame(1, b"hi"), "hi"),
        (frame(1, b""), "does not speak"),
        (frame(1, b"halfgate"), "halfgate"),
    ];
    for (bytes, hint) in foreign {
        let error = outcome_of(bytes).await;
        assert!(matches!(error, ChannelError::NotHalfgate { .. }), "{error}");
        assert_eq!(error.category(), Category::Network);
        let message = error.to_string();
        assert!(message.contains(hint) && !message.contains('\x1b'), "{message}");
    }
}

#[tokio::test]
async fn tls_on_a_plain_connection_is_recognised() {
    let client_hello = vec![0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
    let alert = vec![0x15, 3, 3, 0, 2, 2, 70, 0, 0];
    for bytes in [client_hello, alert] {
        let error = outcome_of(bytes).await;
        assert!(matches!(error, ChannelError::Tls(TlsError::EncryptedPeer)), "{error}");
        assert_eq!((error.blame(), error.category()), (Blame::Input, Category::Agreement));
        assert!(error.to_string().contains("both with or both without --insecure-plaintext"), "{error}");
    }
}

#[tokio::test]
async fn a_hello_that_cannot_be_read_is_misbehaviour() {
    let honest = hello(PROTOCOL_VERSION, 1);
    let long_key = [&honest[..45], &[251, 1, 1], &[0; 257], &[0]].concat();
    let bad = [
        honest[..honest.len() - 1].to_vec(),
        [&honest[..], &[0]].concat(),
        hello(PROTOCOL_VERSION, 2),
        long_key,
        [&honest[..46], &[65], &[0, 0].repeat(65)].concat(),
        [&honest[..46], &[1, 2, 0xff, 0xfe, 0]].concat(),
        [&honest[..46], &[253, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].concat(),
    ];
    for payload in bad {
        let error = outcome_of(frame(1, &payload)).await;
        assert!(
            matches!(
                error,
                ChannelError::PeerMisbehaved(Misbehaviour::Undecodable { kind: Kind::Hello, .. })
            ),
            "{payload:?}: {error}"
        );
    }
    // The honest one is only refused for its terms, of which it has none.
    assert!(matches!(outcome_of(frame(1, &honest)).await, ChannelError::Mismatch(_)));
}

#[tokio::test]
async fn our_own_hello_sent_back_is_recognised() {
    let (mut channel, mut echo) = raw_peer(1 << 17, Limits::default());
    let echo = tokio::spawn(async move {
        let mut bytes = [0; 256];
        while let Ok(read @ 1..) = echo.read(&mut bytes).await {
            let _ = echo.write_all(&bytes[..read]).await;
        }
    });
    let outcome = handshake(&mut channel, Role::Garbler, terms(), &mut Entropy::fixed(1)).await;
    assert!(matches!(outcome, Err(ChannelError::PeerMisbehaved(Misbehaviour::Reflected))));
    echo.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_other_side_gets_our_hello_even_if_it_is_slow_and_ours_knows_already() {
    let (read, mut to_us) = tokio::io::duplex(1024);
    let (write, mut from_us) = tokio::io::duplex(16);
    let mut channel = Channel::over_halves(read, write, Limits::default());
    to_us.write_all(&frame(1, &hello(PROTOCOL_VERSION, 1))).await.unwrap();
    let ours = async move {
        let outcome = handshake(&mut channel, Role::Garbler, terms(), &mut Entropy::fixed(1)).await;
        assert!(matches!(outcome, Err(ChannelError::Mismatch(_))));
    };
    let theirs = async {
        tokio::time::sleep(Limits::default().linger / 2).await;
        let mut heard = Vec::new();
        from_us.read_to_end(&mut heard).await.unwrap();
        heard
    };
    let (_, heard) = tokio::join!(ours, theirs);
    let (hello, abort) = heard.split_at(heard.len() - 8);
    assert_eq!(hello.len(), 8 + usize::from(hello[4]));
    assert_eq!(abort, frame(14, b""));
}
