//! Time and memory: signs of life, silence, patience, the window, and how a lasting channel ends.

use std::time::Duration;

use halfgate_channel::{
    Blame, Category, Channel, ChannelError, Cut, Kind, Length, Limits, LineState, Misbehaviour, Patience,
};
use tokio::time::{Instant, timeout};

use crate::stranger::{ABORT, ACK, BYE, ROWS, connecting, listening};

const SECOND: Duration = Duration::from_secs(1);
const BYTE: Length = Length::Exactly(1);
const HOUR: Duration = Duration::from_secs(3600);

fn patient() -> Limits {
    Limits { idle: 24 * HOUR, ..Limits::default() }
}

#[tokio::test(start_paused = true)]
async fn a_side_with_nothing_to_say_says_that_it_is_there() {
    let (side, mut wire) = listening(Patience::default(), patient());
    let start = Instant::now();
    for number in 1..=10 {
        assert_eq!(wire.hear_any().await, Some((ACK, vec![0; 8])));
        assert_eq!(start.elapsed(), 15 * SECOND * number);
        wire.acknowledge(0).await;
    }
    drop(side);
}

#[tokio::test(start_paused = true)]
async fn a_black_hole_is_found_out() {
    let (side, wire) = listening(Patience::default(), patient());
    let mut news = side.channel.line_state();
    let start = Instant::now();
    news.changed().await.unwrap();
    assert_eq!(start.elapsed(), 45 * SECOND);
    let LineState::Lost { cause } = news.borrow().clone() else { panic!("not lost") };
    assert!(matches!(cause, Cut::Silent { limit } if limit == 45 * SECOND), "{cause}");
    drop(wire);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_keeps_still_is_asked_and_answers() {
    let (left, mut wire) = listening(Patience::default(), patient());
    // We say nothing of our own accord, but answer what is asked.
    let answers = tokio::spawn(async move {
        let mut asked = 0;
        while let Some((kind, payload)) = wire.hear_any().await {
            if (kind, payload.len()) == (ACK, 0) {
                wire.acknowledge(0).await;
                asked += 1;
            }
        }
        asked
    });
    assert!(timeout(1000 * SECOND, left.channel.line_state().changed()).await.is_err());
    drop(left);
    assert_eq!(answers.await.unwrap(), 44, "every 22.5 seconds");
}

#[tokio::test(start_paused = true)]
async fn a_question_is_answered_at_once_and_signs_of_life_can_be_turned_off() {
    let patience = Patience { keep_alive: Duration::ZERO, ..Patience::default() };
    let (side, mut wire) = listening(patience, patient());
    assert!(timeout(HOUR, wire.hear_any()).await.is_err(), "not a word");
    let start = Instant::now();
    wire.say(ACK, &[]).await;
    assert_eq!(wire.hear_any().await, Some((ACK, vec![0; 8])));
    assert_eq!(start.elapsed(), Duration::ZERO);
    drop(side);
}

#[tokio::test(start_paused = true)]
async fn signs_of_life_are_not_progress() {
    let limits = Limits { idle: 100 * SECOND, ..Limits::default() };
    let (mut side, mut wire) = listening(Patience::default(), limits);
    tokio::spawn(async move {
        loop {
            wire.acknowledge(0).await;
            tokio::time::sleep(SECOND).await;
        }
    });
    let start = Instant::now();
    let error = side.channel.receive(Kind::Rows, BYTE).await.unwrap_err();
    assert!(matches!(error, ChannelError::IdleTimeout { .. }), "{error}");
    assert_eq!(start.elapsed(), 100 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_not_idle_and_is_given_up_in_time() {
    let patience = Patience { reconnect: 300 * SECOND, ..Patience::default() };
    let (mut side, wire) = listening(patience, Limits { idle: 10 * SECOND, ..Limits::default() });
    drop(wire);
    let start = Instant::now();
    let error = side.channel.receive(Kind::Rows, BYTE).await.unwrap_err();
    assert_eq!(start.elapsed(), 300 * SECOND);
    assert_eq!((error.category(), error.blame()), (Category::Network, Blame::Network));
    assert!(
        matches!(&error, ChannelError::ConnectionLost { waited, attempt: None, cut: Cut::Closed, .. }
            if *waited == 300 * SECOND),
        "{error}"
    );
    assert!(
        error.to_string().contains("waiting for `rows`") && error.to_string().contains("300s"),
        "{error}"
    );
    assert!(matches!(side.channel.send(Kind::Rows, vec![]).await, Err(ChannelError::ConnectionLost { .. })));
}

#[tokio::test(start_paused = true)]
async fn the_error_names_the_last_attempt() {
    let (mut channel, wire, wires) = connecting(Patience::default(), Limits::default());
    // Whoever answers is gone at once.
    drop((wire, wires));
    let start = Instant::now();
    let error = loop {
        if let Err(error) = channel.send(Kind::Rows, vec![0]).await {
            break error;
        }
    };
    assert_eq!(start.elapsed(), 120 * SECOND);
    assert!(matches!(&error, ChannelError::ConnectionLost { attempt: Some(_), .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_whole_session_has_its_time_all_the_same() {
    let limits = Limits { total: Some(30 * SECOND), ..Limits::default() };
    let (mut side, wire) = listening(Patience::default(), limits);
    drop(wire);
    let error = side.channel.receive(Kind::Rows, BYTE).await.unwrap_err();
    assert!(matches!(error, ChannelError::TotalTimeout { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_acknowledges_nothing_stops_the_sender_at_the_window() {
    let window = 5 << 20;
    let patience = Patience { window, ..Patience::default() };
    let (mut side, mut wire) = listening(patience, Limits::default());
    let reader = tokio::spawn(async move {
        let mut bytes = 0;
        while let Some((kind, payload)) = wire.hear_any().await {
            bytes += payload.len();
            if kind == ACK {
                wire.acknowledge(0).await; // there, but not taking anything
            }
        }
        bytes
    });
    let error = loop {
        if let Err(error) = side.channel.send(Kind::Rows, vec![0; 1 << 16]).await {
            break error;
        }
    };
    assert!(matches!(error, ChannelError::IdleTimeout { .. }), "{error}");
    drop(side);
    let bytes = reader.await.unwrap();
    assert!((window..window + (1 << 17)).contains(&bytes), "{bytes}");
}

#[tokio::test(start_paused = true)]
async fn small_frames_are_bounded_by_their_number() {
    let (mut side, mut wire) = listening(Patience::default(), Limits::default());
    let reader = tokio::spawn(async move {
        let mut frames = 0;
        while let Some((kind, _)) = wire.hear_any().await {
            frames += usize::from(kind == ROWS);
            if kind == ACK {
                wire.acknowledge(0).await;
            }
        }
        frames
    });
    while side.channel.send(Kind::Rows, vec![0; 8]).await.is_ok() {}
    drop(side);
    assert_eq!(reader.await.unwrap(), 1024);
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_held_back() {
    let patience = Patience { window: 4 << 20, ..Patience::default() };
    let (side, mut wire) = listening(patience, patient());
    let flood = crate::stranger::frame(ROWS, &vec![0; 1 << 20]);
    let mut taken = 0;
    while timeout(HOUR, wire.say_bytes(&flood)).await.is_ok() {
        taken += 1;
    }
    assert_eq!(taken, 16 + 4, "one queue and one window");
    assert!(matches!(*side.channel.line_state().borrow(), LineState::Up), "this side does not listen");
}

/// How a channel that has sent two rows, one of which is acknowledged, takes this.
async fn misbehaviour(kind: u8, payload: &[u8]) -> Misbehaviour {
    let (mut side, mut wire) = listening(Patience::default(), Limits::default());
    for _ in 0..2 {
        side.channel.send(Kind::Rows, vec![0]).await.unwrap();
        wire.expect(ROWS, &[0]).await;
    }
    wire.acknowledge(1).await;
    wire.say(kind, payload).await;
    let error = side.channel.receive(Kind::Rows, BYTE).await.unwrap_err();
    // The peer is told, so that it does not try to come back.
    wire.expect(ABORT, &[]).await;
    wire.expect_end().await;
    match error {
        ChannelError::PeerMisbehaved(misbehaviour) => misbehaviour,
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn impossible_acknowledgements_end_the_session() {
    for count in [0, 3, u64::MAX] {
        let misbehaviour = misbehaviour(ACK, &u64::to_le_bytes(count)).await;
        assert!(matches!(misbehaviour, Misbehaviour::ImpossibleAck { acknowledged, before: 1, sent: 2 }
                if acknowledged == count));
    }
    for length in 1..8 {
        let misbehaviour = misbehaviour(ACK, &vec![0; length]).await;
        assert!(matches!(misbehaviour, Misbehaviour::WrongLength { kind: Kind::Ack, .. }));
    }
    assert!(matches!(misbehaviour(99, &[]).await, Misbehaviour::UnknownKind { .. }));
}

#[tokio::test(start_paused = true)]
async fn an_abort_is_no_cut() {
    let (mut channel, mut wire, mut wires) = connecting(Patience::default(), Limits::default());
    wire.say(ROWS, &[5]).await;
    wire.say(ABORT, &[]).await;
    drop(wire);
    assert_eq!(channel.receive(Kind::Rows, BYTE).await.unwrap(), [5]);
    let error = channel.receive(Kind::Rows, BYTE).await.unwrap_err();
    assert!(matches!(error, ChannelError::PeerAborted), "{error}");
    assert!(matches!(channel.send(Kind::Rows, vec![]).await, Err(ChannelError::PeerAborted)));
    assert!(wires.try_recv().is_err(), "it was not dialled again");
}

#[tokio::test(start_paused = true)]
async fn an_abort_is_said_and_the_connection_closed() {
    let (mut side, mut wire) = listening(Patience::default(), Limits::default());
    side.channel.send(Kind::Rows, vec![1]).await.unwrap();
    let heard = tokio::spawn(async move {
        wire.expect(ROWS, &[1]).await;
        wire.expect(ABORT, &[]).await;
        wire.expect_end().await;
    });
    let start = Instant::now();
    side.channel.abort().await;
    heard.await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(matches!(side.channel.send(Kind::Rows, vec![]).await, Err(ChannelError::Ended)));
}

#[tokio::test(start_paused = true)]
async fn an_abort_without_a_connection_does_not_wait_long() {
    let (mut side, wire) = listening(Patience::default(), Limits::default());
    drop(wire);
    side.channel.line_state().changed().await.unwrap();
    let start = Instant::now();
    side.channel.abort().await;
    assert_eq!(start.elapsed(), Limits::default().linger);
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_is_seen_off_but_not_for_ever() {
    for acknowledged in [true, false] {
        let (side, mut wire) = listening(Patience::default(), Limits::default());
        let start = Instant::now();
        let finish = tokio::spawn(side.channel.finish());
        wire.expect(BYE, &[]).await;
        wire.say(BYE, &[]).await;
        assert_eq!(wire.hear_any().await, Some((ACK, 1u64.to_le_bytes().to_vec())));
        if acknowledged {
            wire.acknowledge(1).await;
        }
        finish.await.unwrap().unwrap();
        let took = if acknowledged { Duration::ZERO } else { Limits::default().linger };
        assert_eq!(start.elapsed(), took);
        wire.expect_end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_that_was_cut_is_said_again() {
    let (side, mut wire) = listening(Patience::default(), Limits::default());
    let inbox = side.inbox.clone();
    let finish = tokio::spawn(side.channel.finish());
    wire.say(BYE, &[]).await;
    wire.expect(BYE, &[]).await;
    drop(wire);
    let (mut again, line) = crate::stranger::Wire::new(1, halfgate_channel::End::Listening);
    inbox.send(halfgate_channel::Returned { line, resume: None }).await.unwrap();
    assert_eq!(again.resume(0, 1).await, (1, 1));
    again.expect(BYE, &[]).await;
    again.acknowledge(1).await;
    finish.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_dropped_channel_closes_its_connection_whatever_its_tasks_do() {
    let (side, mut wire) = listening(Patience::default(), Limits::default());
    drop(side);
    wire.expect_end().await;
    // The writer waits for room, and the reader for somebody to take frames.
    let (mut side, mut wire) = listening(Patience::default(), Limits::default());
    for _ in 0..4 {
        side.channel.send(Kind::Rows, vec![0; 1 << 16]).await.unwrap();
    }
    for _ in 0..100 {
        wire.say(ROWS, &[0; 8]).await;
    }
    drop(side);
    while wire.hear_any().await.is_some() {}
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_does_not_hold_up_what_the_peer_has_taken() {
    // The peer sends more than the queue holds, and then takes a lot: its acknowledgements stand behind its own frames.
    let (mut side, mut wire) = listening(Patience::default(), Limits::default());
    for _ in 0..64 {
        wire.say(ROWS, &[1; 1000]).await;
    }
    let peer = tokio::spawn(async move {
        for taken in 1..=64 {
            wire.expect(ROWS, &vec![2; 1 << 20]).await;
            wire.acknowledge(taken).await;
        }
        wire
    });
    for _ in 0..64 {
        side.channel.send(Kind::Rows, vec![2; 1 << 20]).await.unwrap();
    }
    for _ in 0..64 {
        side.channel.receive(Kind::Rows, Length::Exactly(1000)).await.unwrap();
    }
    drop(peer.await.unwrap());
}

#[tokio::test]
async fn a_plain_channel_has_no_news_of_its_line() {
    let (channel, _) = Channel::memory_pair(Limits::default());
    let mut news = channel.line_state();
    assert!(matches!(*news.borrow(), LineState::Up));
    assert!(news.changed().await.is_err());
}
