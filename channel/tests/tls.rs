//! Encrypted connections: who is let in, and who is not.
#![cfg(test)]

use std::time::Duration;

use halfgate_channel::{
    Address, Agreement, Authorities, Blame, Category, Channel, ChannelError, End, Fingerprint, Identity,
    Kind, Length, Limits, Listener, Role, Secured, Stream, TlsError, Trust, dial, handshake,
};
use halfgate_crypto::Entropy;
use rcgen::{ExtendedKeyUsagePurpose, date_time_ymd};

use authority::Authority;
use secured::{PATIENCE, establish, party, sockets};

#[path = "support/authority.rs"]
mod authority;

#[path = "support/secured.rs"]
mod secured;

fn only(identity: &Identity) -> Trust {
    Trust::Only(vec![identity.fingerprint()])
}

/// What this end learns once it waits for a message.
async fn first_wait(secured: Result<Secured, ChannelError>) -> ChannelError {
    let mut channel = match secured {
        Ok(secured) => secured.open(Limits { idle: PATIENCE, ..Limits::default() }),
        Err(error) => return error,
    };
    channel.receive(Kind::Hello, Length::AtMost(100)).await.unwrap_err()
}

/// What both ends learn if one of them refuses the other.
async fn refusals(
    (left, right): (Stream, Stream),
    (dialler, dialler_trusts): (&Identity, &Trust),
    (listener, listener_trusts): (&Identity, &Trust),
) -> (ChannelError, ChannelError) {
    let left = Secured::establish(left, End::Connecting, dialler, dialler_trusts, PATIENCE);
    let right = Secured::establish(right, End::Listening, listener, listener_trusts, PATIENCE);
    tokio::join!(async { first_wait(left.await).await }, async { first_wait(right.await).await })
}

fn tls(error: &ChannelError) -> &TlsError {
    match error {
        ChannelError::Tls(error) => error,
        other => panic!("not an error of TLS: {other}"),
    }
}

/// The end that judged found something, and blames the peer for it; the other end learns that it was refused.
fn assert_refused(judge: &ChannelError, judged: &ChannelError) {
    assert_eq!((judge.category(), judge.blame()), (Category::Identity, Blame::Peer), "{judge}");
    assert!(matches!(tls(judged), TlsError::Refused { .. }), "{judged}");
    assert_eq!((judged.category(), judged.blame()), (Category::Identity, Blame::Input));
}

/// A session's handshake, a large message each way, and the goodbyes.
async fn session(mut channel: Channel, role: Role) -> Result<[u8; 32], ChannelError> {
    let mut random = Entropy::from_os().expect("the operating system has randomness");
    let agreed = handshake(&mut channel, role, Agreement::new().with("lanes", 3), &mut random).await?;
    let odometer = channel.odometer();
    for _ in 0..8 {
        let rows = channel.exchange(Kind::Rows, vec![7; 1 << 20], Length::Exactly(1 << 20)).await?;
        assert!(rows.iter().all(|byte| *byte == 7));
    }
    channel.flush().await?;
    assert!(odometer.bytes() >= 16 << 20);
    channel.finish().await?;
    Ok(*agreed.sid.as_bytes())
}

async fn unix_sockets(folder: &tempfile::TempDir) -> (Stream, Stream) {
    let listener = Listener::bind(&Address::Unix(folder.path().join("socket"))).await.unwrap();
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(listener.address(), PATIENCE));
    (dialled.unwrap(), accepted.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pinned_parties_meet_over_tcp_and_unix_sockets() {
    let folder = tempfile::tempdir().unwrap();
    let (dialler, listener) = (party(), party());
    for streams in [sockets().await, unix_sockets(&folder).await] {
        let (left, right) =
            establish(streams, (&dialler, &only(&listener)), (&listener, &only(&dialler))).await;
        let (left, right) = (left.unwrap(), right.unwrap());
        assert_eq!((left.end(), right.end()), (End::Connecting, End::Listening));
        assert_eq!((left.own(), left.peer()), (dialler.fingerprint(), listener.fingerprint()));
        assert_eq!((right.own(), right.peer()), (listener.fingerprint(), dialler.fingerprint()));
        assert!(!left.address().is_empty() && !right.address().is_empty());
        let (left, right) = (left.open(Limits::default()), right.open(Limits::default()));
        let (left, right) =
            tokio::join!(tokio::spawn(session(left, Role::Garbler)), session(right, Role::Evaluator));
        assert_eq!(left.unwrap().unwrap(), right.unwrap());
    }
}

#[tokio::test]
async fn one_of_several_pins_is_enough_and_none_is_not() {
    let (dialler, listener) = (party(), party());
    let known = Trust::Only(vec![party().fingerprint(), listener.fingerprint(), party().fingerprint()]);
    let (left, right) = establish(sockets().await, (&dialler, &known), (&listener, &Trust::Anyone)).await;
    assert!(left.is_ok() && right.is_ok());
    let nobody = Trust::Only(Vec::new());
    let (left, right) = refusals(sockets().await, (&dialler, &nobody), (&listener, &Trust::Anyone)).await;
    assert_refused(&left, &right);
}

#[tokio::test]
async fn a_wrong_pin_is_named_with_both_fingerprints_and_ends_both_sides() {
    let (dialler, listener, expected) = (party(), party(), party());
    for (dialler_trusts, listener_trusts) in
        [(only(&expected), only(&dialler)), (only(&listener), only(&expected))]
    {
        let dialler_judges =
            matches!(&dialler_trusts, Trust::Only(pins) if pins[0] == expected.fingerprint());
        let (left, right) =
            refusals(sockets().await, (&dialler, &dialler_trusts), (&listener, &listener_trusts)).await;
        let (judge, judged, presented) = match dialler_judges {
            true => (&left, &right, listener.fingerprint()),
            false => (&right, &left, dialler.fingerprint()),
        };
        assert_refused(judge, judged);
        let expected = TlsError::NotPinned { presented, pinned: vec![expected.fingerprint()] };
        assert_eq!(tls(judge), &expected);
        let message = judge.to_string();
        assert!(message.contains(&presented.to_string()) && message.contains("by voice"), "{message}");
    }
}

#[tokio::test]
async fn anyone_is_let_in_by_name_and_with_proof() {
    let (dialler, listener) = (party(), party());
    let (left, right) =
        establish(sockets().await, (&dialler, &Trust::Anyone), (&listener, &Trust::Anyone)).await;
    assert_eq!(left.unwrap().peer(), listener.fingerprint());
    assert_eq!(right.unwrap().peer(), dialler.fingerprint());
}

fn vouched(authority: &Authority, name: Option<&str>) -> Trust {
    Trust::Authorities(Authorities::new([authority.root()], name).unwrap())
}

#[tokio::test]
async fn a_firms_own_authority_vouches_for_both_sides() {
    let authority = Authority::new("ours");
    let (dialler, listener) =
        (authority.certify("bank.example", |_| {}), authority.certify("shop.example", |_| {}));
    for (expected_listener, expected_dialler) in
        [(None, None), (Some("shop.example"), None), (None, Some("bank.example"))]
    {
        let (dialler_trusts, listener_trusts) =
            (vouched(&authority, expected_listener), vouched(&authority, expected_dialler));
        let (left, right) =
            establish(sockets().await, (&dialler, &dialler_trusts), (&listener, &listener_trusts)).await;
        assert!(right.is_ok(), "{:?}", right.err());
        assert_eq!(left.unwrap().peer(), listener.fingerprint());
    }
    assert!(Authorities::from_pem(authority.root_pem().as_bytes(), Some("10.0.0.1")).is_ok());
}

#[tokio::test]
async fn what_an_authority_does_not_vouch_for_is_refused() {
    let (ours, other, namesake) = (Authority::new("ours"), Authority::new("other"), Authority::new("ours"));
    let good = || ours.certify("shop.example", |_| {});
    let expired = ours.certify("shop.example", |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    });
    let not_yet = ours.certify("shop.example", |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2080, 1, 1), date_time_ymd(2081, 1, 1));
    });
    let no_purpose = ours.certify("shop.example", |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning]
    });
    let cases = [
        (other.certify("shop.example", |_| {}), None, "UnknownIssuer"),
        (namesake.certify("shop.example", |_| {}), None, "BadSignature"),
        (party(), None, "UnknownIssuer"),
        (good(), Some("other.example"), "not valid for name"),
        (expired, None, "expired"),
        (not_yet, None, "not valid yet"),
        (no_purpose, None, "extended key usage"),
    ];
    for (judged, name, reason) in cases {
        let judge = good();
        // Once the listening end is the one judged, once the connecting one.
        let (strict, lax) = (vouched(&ours, name), vouched(&ours, None));
        let (left, right) = refusals(sockets().await, (&judge, &strict), (&judged, &lax)).await;
        assert_refused(&left, &right);
        let (connecting, listening) = refusals(sockets().await, (&judged, &lax), (&judge, &strict)).await;
        assert_refused(&listening, &connecting);
        for error in [left, listening] {
            assert!(matches!(tls(&error), TlsError::Untrusted { .. }), "{error}");
            assert!(error.to_string().contains(reason), "{reason}: {error}");
        }
    }
}

#[tokio::test]
async fn exporters_are_those_of_one_connection_and_one_use() {
    let (dialler, listener) = (party(), party());
    let mut seen: Vec<[u8; 32]> = Vec::new();
    for _ in 0..2 {
        let (left, right) =
            establish(sockets().await, (&dialler, &Trust::Anyone), (&listener, &Trust::Anyone)).await;
        let (left, right) = (left.unwrap(), right.unwrap());
        for (label, context) in [(b"EXPORTER-a", b"".as_slice()), (b"EXPORTER-b", b""), (b"EXPORTER-a", b"c")]
        {
            assert_eq!(left.export(label, context), right.export(label, context));
            seen.push(left.export(label, context));
        }
        seen.push(left.open(Limits::default()).binding().exporter.clone().try_into().unwrap());
        assert_eq!(&right.open(Limits::default()).binding().exporter, &seen[seen.len() - 1]);
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 8);
}

#[tokio::test]
async fn a_silent_peer_is_not_waited_for_beyond_the_limit() {
    let (dialler, listener, limit) = (party(), party(), Duration::from_millis(100));
    let (left, right) = sockets().await;
    let start = std::time::Instant::now();
    let error = Secured::establish(right, End::Listening, &listener, &Trust::Anyone, limit).await.err();
    let error = error.unwrap();
    assert_eq!(tls(&error), &TlsError::Timeout { limit });
    assert_eq!((error.category(), error.blame()), (Category::Network, Blame::Network));
    drop(left);
    let (left, _silent) = sockets().await;
    let error = Secured::establish(left, End::Connecting, &dialler, &Trust::Anyone, limit).await.err();
    assert_eq!(tls(&error.unwrap()), &TlsError::Timeout { limit });
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn what_is_no_identity_is_explained() {
    let pem = |text: &str| text.as_bytes().to_vec();
    let authority = Authority::new("ours");
    for (chain, key) in [
        (pem(""), pem("")),
        (pem("nonsense"), pem("nonsense")),
        (pem(&authority.root_pem()), pem("")),
        (pem(&authority.root_pem()), pem(&rcgen::KeyPair::generate().unwrap().serialize_pem())),
    ] {
        let error = Identity::from_pem(&chain, &key).err().expect("no identity");
        assert!(matches!(error, TlsError::BadIdentity { .. }), "{error}");
        assert_eq!((error.category(), error.blame()), (Category::Input, Blame::Input));
    }
    for (roots, name) in [(pem(""), None), (pem(&authority.root_pem()), Some("no name!"))] {
        let error = Authorities::from_pem(&roots, name).err().expect("no authorities");
        assert!(matches!(error, TlsError::BadAuthorities { .. }), "{error}");
    }
    assert!("12".parse::<Fingerprint>().is_err());
}
