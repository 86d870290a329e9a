//! Who may continue a session, and from where: proofs that do not fit, counters that cannot be, and whatever else comes
//! in at the door.

use std::time::Duration;

use halfgate_channel::{
    Category, Channel, ChannelError, End, Kind, Length, Limits, LineState, Misbehaviour, Patience,
};

use crate::stranger::{
    ABORT, RESUME, ROWS, Wire, connecting, frame, listening, proof, resume, resume_of, session,
};

const BYTE: Length = Length::Exactly(1);

/// Has the channel send rows numbered in their only byte.
async fn send(channel: &mut Channel, numbers: std::ops::Range<u8>) {
    for number in numbers {
        channel.send(Kind::Rows, vec![number]).await.unwrap();
    }
}

async fn hear(wire: &mut Wire, numbers: std::ops::Range<u8>) {
    for number in numbers {
        wire.expect(ROWS, &[number]).await;
    }
}

fn defaults() -> (Patience, Limits) {
    (Patience::default(), Limits::default())
}

#[tokio::test(start_paused = true)]
async fn the_listening_side_sends_what_did_not_arrive_and_no_more() {
    let (mut side, mut first) = listening(defaults().0, defaults().1);
    send(&mut side.channel, 0..5).await;
    hear(&mut first, 0..3).await;
    first.say(ROWS, &[9]).await;
    first.acknowledge(2).await;
    drop(first);
    let mut second = side.visit(1).await;
    assert_eq!(second.resume(3, 1).await, (1, 5));
    hear(&mut second, 3..5).await;
    send(&mut side.channel, 5..6).await;
    hear(&mut second, 5..6).await;
    assert_eq!(side.channel.receive(Kind::Rows, BYTE).await.unwrap(), [9]);
}

#[tokio::test(start_paused = true)]
async fn the_connecting_side_sends_what_did_not_arrive_and_no_more() {
    let (mut channel, mut first, mut wires) = connecting(defaults().0, defaults().1);
    send(&mut channel, 0..5).await;
    hear(&mut first, 0..3).await;
    first.say(ROWS, &[9]).await;
    assert_eq!(channel.receive(Kind::Rows, BYTE).await.unwrap(), [9]);
    drop(first);
    let mut second = wires.recv().await.unwrap();
    assert_eq!(second.answer_resume(2, 1).await, (1, 5));
    hear(&mut second, 2..5).await;
    assert!(matches!(*channel.line_state().borrow(), LineState::Up));
}

#[tokio::test(start_paused = true)]
async fn a_proof_that_does_not_fit_is_sent_away_and_the_session_waits_on() {
    let (mut side, mut first) = listening(defaults().0, defaults().1);
    send(&mut side.channel, 0..2).await;
    hear(&mut first, 0..2).await;
    drop(first);
    // The first entry would be right.
    let right = (session(), 1, 0, proof(End::Connecting, [1; 32], 1, 0, None));
    let wrong = [
        ([0; 32], 1, 0, right.3),
        (right.0, 2, 0, right.3),
        (right.0, 1, 1, right.3),
        (right.0, 1, 0, [0; 32]),
        (right.0, 1, 0, proof(End::Connecting, [0; 32], 1, 0, None)), // of an earlier connection
        (right.0, 1, 0, proof(End::Listening, [1; 32], 1, 0, None)),  // of the other end
        (right.0, 1, 0, proof(End::Listening, [1; 32], 1, 0, Some([0; 32]))),
        (right.0, 1, 0, proof(End::Connecting, [1; 32], 1, 0, Some([0; 32]))),
    ];
    let flipped = (0..256).map(|bit| {
        let mut mac = right.3;
        mac[bit / 8] ^= 1 << (bit % 8);
        (right.0, right.1, right.2, mac)
    });
    for (session, received, sent, mac) in wrong.into_iter().chain(flipped) {
        let mut wire = side.visit(1).await;
        wire.say(RESUME, &resume_of(session, received, sent, mac)).await;
        wire.expect_end().await;
    }
    let mut second = side.visit(1).await;
    second.say(RESUME, &resume_of(right.0, right.1, right.2, right.3)).await;
    assert!(matches!(second.hear().await, Some((RESUME, _))));
    hear(&mut second, 1..2).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_fit_is_not_believed() {
    let (mut channel, mut first, mut wires) = connecting(defaults().0, defaults().1);
    send(&mut channel, 0..2).await;
    hear(&mut first, 0..2).await;
    drop(first);
    // Our own words come back.
    let mut mirror = wires.recv().await.unwrap();
    let (_, request) = mirror.hear().await.unwrap();
    mirror.say(RESUME, &request).await;
    mirror.expect_end().await;
    // An answer to another request, to none, and on another connection.
    for (exporter, request) in [(None, Some([7; 32])), (None, None), (Some([1; 32]), None)] {
        let mut wire = wires.recv().await.unwrap();
        wire.hear().await.unwrap();
        let mac = proof(End::Listening, exporter.unwrap_or(wire.exporter), 1, 0, request);
        wire.say(RESUME, &resume(1, 0, mac)).await;
        wire.expect_end().await;
    }
    let mut last = wires.recv().await.unwrap();
    last.answer_resume(1, 0).await;
    hear(&mut last, 1..2).await;
}

#[tokio::test(start_paused = true)]
async fn whatever_else_comes_in_at_the_door_is_sent_away() {
    let (mut side, first) = listening(defaults().0, defaults().1);
    drop(first);
    let nonsense = [
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        frame(ABORT, &[]),
        frame(18, &[0; 8]),
        frame(1, &[0; 64]),
        frame(15, &[0; 64]),
        frame(RESUME, &[]),
        frame(RESUME, &[0xff; 100]),
        frame(RESUME, &[0; 512]),
        frame(RESUME, &[0; 600]),
        [&[RESUME, 0, 0, 1, 4, 0, 0, 0][..], &[0; 4]].concat(),
    ];
    for bytes in nonsense {
        let mut wire = side.visit(1).await;
        wire.say_bytes(&bytes).await;
        wire.expect_end().await;
    }
    // One who says nothing is not waited for for ever, nor one who stops half way.
    for bytes in [&[][..], &frame(RESUME, &[0; 300])[..200]] {
        let mut wire = side.visit(1).await;
        wire.say_bytes(bytes).await;
        wire.expect_end().await;
    }
    side.visit(2).await.resume(0, 0).await;
    assert!(side.channel.send(Kind::Rows, vec![]).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn terms_that_are_not_exactly_a_resume_are_none() {
    let (side, first) = listening(defaults().0, defaults().1);
    drop(first);
    let mac = proof(End::Connecting, [1; 32], 0, 0, None);
    let terms = |name: &str| {
        let terms = halfgate_channel::Agreement::new().with(name, session());
        terms.with("received", 0).with("sent", 0).with("mac", mac)
    };
    let mixed = halfgate_channel::Agreement::new().with("received", 0).with("session", session());
    for terms in [terms("sessions"), terms("session").with("more", 1), mixed.with("sent", 0).with("mac", mac)]
    {
        let mut wire = side.visit(1).await;
        wire.say(RESUME, &terms.encode().unwrap()).await;
        wire.expect_end().await;
    }
    let mut wire = side.visit(1).await;
    wire.say(RESUME, &terms("session").encode().unwrap()).await;
    assert!(matches!(wire.hear().await, Some((RESUME, _))));
}

/// Counters that the peer proves to be its own and that cannot be: with 3 frames sent to it, of which it acknowledged
/// 2, and 1 received from it.
const IMPOSSIBLE: [(u64, u64); 4] = [(4, 1), (1, 1), (3, 0), (u64::MAX, u64::MAX)];

fn is_impossible(error: &ChannelError) -> bool {
    error.category() == Category::Cheating
        && matches!(error, ChannelError::PeerMisbehaved(Misbehaviour::ImpossibleResume { .. }))
}

#[tokio::test(start_paused = true)]
async fn impossible_counters_end_the_session_of_the_listening_side() {
    for (received, sent) in IMPOSSIBLE {
        let (mut side, mut first) = listening(defaults().0, defaults().1);
        send(&mut side.channel, 0..3).await;
        hear(&mut first, 0..3).await;
        first.say(ROWS, &[9]).await;
        first.acknowledge(2).await;
        drop(first);
        let mut second = side.visit(1).await;
        let mac = proof(End::Connecting, [1; 32], received, sent, None);
        second.say(RESUME, &resume(received, sent, mac)).await;
        second.expect_end().await;
        side.channel.receive(Kind::Rows, BYTE).await.unwrap();
        let error = side.channel.receive(Kind::Rows, BYTE).await.unwrap_err();
        assert!(is_impossible(&error), "{received} {sent}: {error}");
        assert!(is_impossible(&side.channel.send(Kind::Rows, vec![]).await.unwrap_err()));
    }
}

#[tokio::test(start_paused = true)]
async fn impossible_counters_end_the_session_of_the_connecting_side() {
    for (received, sent) in IMPOSSIBLE {
        let (mut channel, mut first, mut wires) = connecting(defaults().0, defaults().1);
        send(&mut channel, 0..3).await;
        hear(&mut first, 0..3).await;
        first.say(ROWS, &[9]).await;
        first.acknowledge(2).await;
        channel.receive(Kind::Rows, BYTE).await.unwrap();
        drop(first);
        let mut second = wires.recv().await.unwrap();
        second.answer_resume(received, sent).await;
        second.expect_end().await;
        let error = channel.receive(Kind::Rows, BYTE).await.unwrap_err();
        assert!(is_impossible(&error), "{received} {sent}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_comes_back_replaces_a_connection_that_still_seems_alive() {
    let (mut side, mut first) = listening(defaults().0, defaults().1);
    send(&mut side.channel, 0..3).await;
    hear(&mut first, 0..3).await;
    let mut second = side.visit(1).await;
    assert_eq!(second.resume(1, 0).await, (0, 3));
    first.expect_end().await;
    hear(&mut second, 1..3).await;
    // And again, while the second is in use.
    let mut third = side.visit(2).await;
    assert_eq!(third.resume(3, 0).await, (0, 3));
    second.expect_end().await;
    send(&mut side.channel, 3..4).await;
    hear(&mut third, 3..4).await;
}

#[tokio::test(start_paused = true)]
async fn a_stranger_does_not_disturb_a_connection() {
    let (mut side, mut first) = listening(defaults().0, defaults().1);
    let news = side.channel.line_state();
    for mac in [[0; 32], proof(End::Connecting, [9; 32], 0, 0, None)] {
        let mut stranger = side.visit(1).await;
        stranger.say(RESUME, &resume(0, 0, mac)).await;
        stranger.expect_end().await;
    }
    let mut silent = side.visit(2).await;
    send(&mut side.channel, 0..2).await;
    hear(&mut first, 0..2).await;
    silent.expect_end().await;
    assert!(!news.has_changed().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_an_answer_is_left_for_another() {
    let (mut channel, first, mut wires) = connecting(defaults().0, defaults().1);
    drop(first);
    let start = tokio::time::Instant::now();
    let mut silent = wires.recv().await.unwrap();
    let mut second = wires.recv().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(12), "10 s of silence, and a second for each connection");
    assert!(matches!(silent.hear().await, Some((RESUME, _))));
    silent.expect_end().await;
    second.answer_resume(0, 0).await;
    send(&mut channel, 0..1).await;
    hear(&mut second, 0..1).await;
}
