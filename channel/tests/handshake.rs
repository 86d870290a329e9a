//! Both sides agree on everything, or both learn why not.

use halfgate_channel::{
    Agreed, Agreement, Binding, Blame, Category, Channel, ChannelError, Field, Kind, Length, Limits,
    Misbehaviour, Operation, OperationName, Role, Turn, announce, expect, handshake,
};
use halfgate_crypto::Entropy;

use support::{frame, raw_peer, say_and_close};

#[path = "support/wire.rs"]
mod support;

type Outcome = Result<Agreed, ChannelError>;

fn terms() -> Agreement {
    Agreement::new().with("mode", "semi-honest").with("program", [9; 32]).with("lanes", 3)
}

/// A handshake of two sides with a role and terms each.
async fn meet(left: (Role, Agreement), right: (Role, Agreement)) -> (Outcome, Outcome) {
    let plain = || (Binding::default(), 1);
    meet_bound(left, right, plain(), Binding::default()).await
}

/// As [`meet`], on a connection that says who the two are; the left side's randomness has a seed.
async fn meet_bound(
    left: (Role, Agreement),
    right: (Role, Agreement),
    (left_binding, seed): (Binding, u64),
    right_binding: Binding,
) -> (Outcome, Outcome) {
    let (a, b) = Channel::memory_pair(Limits::default());
    let (mut a, mut b) = (a.bound_to(left_binding), b.bound_to(right_binding));
    let (mut random_a, mut random_b) = (Entropy::fixed(seed), Entropy::fixed(2));
    tokio::join!(
        handshake(&mut a, left.0, left.1, &mut random_a),
        handshake(&mut b, right.0, right.1, &mut random_b),
    )
}

/// The two ends of a connection with this exporter, on which the left side has proved one key and the right another.
fn bindings(exporter: &[u8], left: &[u8], right: &[u8]) -> (Binding, Binding) {
    let binding = |own: &[u8], peer: &[u8]| Binding {
        exporter: exporter.to_vec(),
        own_key: own.to_vec(),
        peer_key: peer.to_vec(),
    };
    (binding(left, right), binding(right, left))
}

async fn meet_as_parties(garbler: Agreement, evaluator: Agreement) -> (Outcome, Outcome) {
    meet((Role::Garbler, garbler), (Role::Evaluator, evaluator)).await
}

#[tokio::test]
async fn equal_terms_give_both_the_same_session() {
    let (garbler, evaluator) = meet_as_parties(terms(), terms()).await;
    let (garbler, evaluator) = (garbler.unwrap(), evaluator.unwrap());
    assert_eq!(garbler, evaluator);
    assert_eq!(garbler.agreement, terms());
}

#[tokio::test]
async fn the_session_id_is_that_of_the_specification() {
    let (garbler, evaluator) = bindings(b"tls", b"a key", b"another");
    let (garbler, _) =
        meet_bound((Role::Garbler, terms()), (Role::Evaluator, terms()), (garbler, 1), evaluator).await;
    let expected = halfgate_crypto::Oracle::unbound("halfgate session id")
        .number(3)
        .field(&Entropy::fixed(1).bytes::<32>())
        .field(&Entropy::fixed(2).bytes::<32>())
        .field(b"a key")
        .field(b"another")
        .field(b"tls")
        .field(&terms().canonical_bytes())
        .digest();
    assert_eq!(garbler.unwrap().sid.as_bytes(), &expected);
}

#[tokio::test]
async fn everything_agreed_on_is_in_the_session_id() {
    let mut ids = Vec::new();
    let variants = [
        (terms(), bindings(b"", b"", b""), 1),
        (terms().with("tile", 16), bindings(b"", b"", b""), 1),
        (Agreement::new(), bindings(b"", b"", b""), 1),
        (terms(), bindings(b"exporter", b"", b""), 1),
        (terms(), bindings(b"", b"a key", b""), 1),
        (terms(), bindings(b"", b"", b"a key"), 1),
        (terms(), bindings(b"", b"", b""), 3),
    ];
    for (terms, (left, right), seed) in variants {
        let (a, b) =
            meet_bound((Role::Garbler, terms.clone()), (Role::Evaluator, terms), (left, seed), right).await;
        assert_eq!(a.as_ref().unwrap(), b.as_ref().unwrap());
        ids.push(*a.unwrap().sid.as_bytes());
    }
    // Roles are in it, too: the same nonces the other way round.
    let (a, _) = meet((Role::Evaluator, terms()), (Role::Garbler, terms())).await;
    ids.push(*a.unwrap().sid.as_bytes());
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 8);
}

#[tokio::test]
async fn a_key_that_was_not_proved_is_refused() {
    // The right side proved another key on the connection than it names, as somebody in between would.
    for (left, right) in [
        (bindings(b"", b"left", b"right").0, bindings(b"", b"left", b"other").1),
        (bindings(b"", b"left", b"right").0, Binding::default()),
        (Binding::default(), bindings(b"", b"left", b"right").1),
    ] {
        let (left, right) =
            meet_bound((Role::Garbler, terms()), (Role::Evaluator, terms()), (left, 1), right).await;
        let error = left.unwrap_err();
        assert!(matches!(error, ChannelError::PeerMisbehaved(Misbehaviour::OtherKey)), "{error}");
        assert!(right.is_err());
    }
}

#[tokio::test]
async fn what_one_side_leaves_open_the_other_fills_in() {
    let open = Agreement::new()
        .with("mode", Field::Unspecified)
        .with("program", [9; 32])
        .with("lanes", Field::Unspecified);
    for (garbler, evaluator) in [(terms(), open.clone()), (open.clone(), terms())] {
        let (garbler, evaluator) = meet_as_parties(garbler, evaluator).await;
        assert_eq!(garbler.unwrap().agreement, terms());
        assert_eq!(evaluator.unwrap().agreement, terms());
    }
}

#[tokio::test]
async fn each_term_that_differs_is_named_on_both_sides_with_both_values() {
    let others: [(&str, Field); 6] = [
        ("mode", "malicious".into()),
        ("mode", 1.into()),
        ("program", [8; 32].into()),
        ("program", "none".into()),
        ("lanes", 4.into()),
        ("lanes", [0; 32].into()),
    ];
    for (name, value) in others {
        let other = terms().fields().fold(Agreement::new(), |others, (field, ours)| {
            others.with(field, if field == name { value.clone() } else { ours.clone() })
        });
        let (garbler, evaluator) = meet_as_parties(terms(), other).await;
        let ours = terms().field(name).unwrap().clone();
        for (outcome, here, there) in [(garbler, &ours, &value), (evaluator, &value, &ours)] {
            let error = outcome.unwrap_err();
            assert_eq!((error.blame(), error.category()), (Blame::Input, Category::Agreement));
            assert!(
                error.to_string().contains(&format!("on {name}: {here} here, {there} at the peer")),
                "{error}"
            );
            let ChannelError::Mismatch(mismatch) = error else { panic!("{error}") };
            assert_eq!((mismatch.field.as_str(), &mismatch.ours, &mismatch.theirs), (name, here, there));
        }
    }
}

#[tokio::test]
async fn the_first_difference_comes_first() {
    let other = Agreement::new().with("mode", "malicious").with("program", [8; 32]).with("lanes", 4);
    let (garbler, _) = meet_as_parties(terms(), other).await;
    assert!(matches!(garbler, Err(ChannelError::Mismatch(mismatch)) if mismatch.field == "mode"));
}

#[tokio::test]
async fn lists_of_different_terms_are_a_mismatch() {
    for other in [Agreement::new(), terms().with("tile", 16)] {
        let (garbler, evaluator) = meet_as_parties(terms(), other).await;
        assert!(matches!(garbler, Err(ChannelError::Mismatch(_))));
        assert!(matches!(evaluator, Err(ChannelError::Mismatch(_))));
    }
}

#[tokio::test]
async fn two_of_a_role_are_told_so() {
    for (role, message) in
        [(Role::Garbler, "both sides are garblers"), (Role::Evaluator, "both sides are evaluators")]
    {
        // Other terms differ as well, but that is not the point.
        let (left, right) = meet((role, terms()), (role, Agreement::new())).await;
        for outcome in [left, right] {
            let error = outcome.unwrap_err();
            assert!(matches!(error, ChannelError::SameRoles { role: r } if r == role));
            assert_eq!(error.category(), Category::Agreement);
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}

#[tokio::test]
async fn two_ends_of_different_connections_are_found_out() {
    let (here, _) = bindings(b"here", b"left", b"right");
    let (_, there) = bindings(b"there", b"left", b"right");
    let (garbler, evaluator) =
        meet_bound((Role::Garbler, terms()), (Role::Evaluator, terms()), (here, 1), there).await;
    for outcome in [garbler, evaluator] {
        assert!(matches!(outcome, Err(ChannelError::PeerMisbehaved(Misbehaviour::Unconfirmed))));
    }
}

#[tokio::test]
async fn terms_too_long_for_a_message_are_the_callers_mistake() {
    let long = terms().with("circuit", "x".repeat(2000).as_str());
    let (garbler, evaluator) = meet_as_parties(long, terms()).await;
    assert!(
        matches!(&garbler, Err(error @ ChannelError::TermsTooLong { .. }) if error.blame() == Blame::Caller)
    );
    assert!(matches!(evaluator, Err(ChannelError::PeerAborted)));
}

#[tokio::test]
async fn a_handshake_is_one_round_trip() {
    let (mut a, mut b) = Channel::memory_pair(Limits::default());
    let (mut random_a, mut random_b) = (Entropy::fixed(1), Entropy::fixed(2));
    let (left, right) = tokio::join!(
        handshake(&mut a, Role::Garbler, Agreement::new(), &mut random_a),
        handshake(&mut b, Role::Evaluator, Agreement::new(), &mut random_b),
    );
    assert_eq!(left.unwrap(), right.unwrap());
    for meter in [a.meter(), b.meter()] {
        assert_eq!((meter.round_trips, meter.exchanges, meter.phases.len()), (0, 2, 1));
        assert_eq!(meter.phases[0].name, "handshake");
        // A hello of 8 + 4 + 1 + 32 + 1 + 1 bytes and a confirmation of 32, with a header each.
        assert_eq!((meter.sent.bytes, meter.received.bytes), (95, 95));
    }
}

#[tokio::test]
async fn operations_are_compared_before_they_begin() {
    let ours = Operation { name: OperationName::Call, terms: terms(), transcript: [3; 32] };
    let (mut a, mut b) = Channel::memory_pair(Limits::default());
    announce(&mut a, &ours, Turn::Alone).await.unwrap();
    expect(&mut b, &ours, Turn::Alone).await.unwrap();
    let theirs = Operation { transcript: [4; 32], ..ours.clone() };
    announce(&mut b, &theirs, Turn::Alone).await.unwrap();
    let Err(ChannelError::Mismatch(mismatch)) = expect(&mut a, &ours, Turn::Alone).await else {
        panic!("no mismatch")
    };
    assert_eq!((mismatch.field.as_str(), mismatch.ours), ("earlier operations", [3; 32].into()));
    let dead = a.receive(Kind::Rows, Length::Exactly(0)).await;
    assert!(matches!(dead, Err(ChannelError::Mismatch(_))), "{dead:?}");
}

#[tokio::test]
async fn an_operation_that_cannot_be_read_is_misbehaviour() {
    let (mut channel, peer) = raw_peer(1 << 17, Limits::default());
    tokio::spawn(async move { say_and_close(peer, &frame(3, &[9; 40])).await });
    let ours = Operation { name: OperationName::Run, terms: terms(), transcript: [0; 32] };
    assert!(matches!(
        expect(&mut channel, &ours, Turn::Alone).await,
        Err(ChannelError::PeerMisbehaved(Misbehaviour::Undecodable { kind: Kind::Operation, .. }))
    ));
}
