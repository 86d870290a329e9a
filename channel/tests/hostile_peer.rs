//! A peer may send any bytes at any time: a typed error follows, in time, in bounded memory.

use std::time::Duration;

use halfgate_channel::{
    Blame, Category, ChannelError, Kind, Length, Limits, MAX_FRAME, Misbehaviour, QUEUE, Waiting,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout},
};

use support::{frame, raw_peer, say_and_close};

#[path = "support/wire.rs"]
mod support;

const ROWS: Length = Length::Exactly(40);

/// Two messages as a peer sends them.
fn dialogue() -> Vec<u8> {
    [frame(10, &[5; 40]), frame(2, &[6; 32])].concat()
}

async fn listen(channel: &mut halfgate_channel::Channel) -> Result<(), ChannelError> {
    assert_eq!(channel.receive(Kind::Rows, ROWS).await?, [5; 40]);
    assert_eq!(channel.receive(Kind::Confirm, Length::Exactly(32)).await?, [6; 32]);
    channel.receive(Kind::Bye, Length::Exactly(0)).await.map(drop)
}

#[tokio::test]
async fn a_connection_closed_at_any_byte_says_where() {
    let dialogue = dialogue();
    for cut in 0..=dialogue.len() {
        let (mut channel, peer) = raw_peer(1024, Limits::default());
        let peer = tokio::spawn(async move { say_and_close(peer, &self::dialogue()[..cut]).await });
        let error = listen(&mut channel).await.unwrap_err();
        assert_eq!(error.blame(), Blame::Network);
        // Frames start at 0, 48 and 88.
        let (kind, start) = match cut {
            0..48 => (Kind::Rows, 0),
            48..88 => (Kind::Confirm, 48),
            _ => (Kind::Bye, 88),
        };
        let awaited = Waiting::For(kind);
        match (cut - start, &error) {
            (0, ChannelError::Closed { waiting }) => assert_eq!(*waiting, awaited),
            (in_header @ 1..8, ChannelError::ClosedInHeader { waiting, received }) => {
                assert_eq!((*waiting, *received), (awaited, in_header));
            }
            (in_frame @ 8.., ChannelError::ClosedInPayload { waiting, kind: cut_kind, received, length }) => {
                assert_eq!((*waiting, *cut_kind, *received), (awaited, kind, in_frame - 8));
                assert_eq!(*length, if kind == Kind::Rows { 40 } else { 32 });
            }
            _ => panic!("cut at {cut}: {error}"),
        }
        let again = channel.receive(Kind::Rows, ROWS).await.unwrap_err();
        assert_eq!(again.to_string(), error.to_string());
        drop(channel);
        peer.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn silence_after_any_byte_is_a_timeout() {
    let dialogue = dialogue();
    for cut in 0..=dialogue.len() {
        let limits = Limits { idle: Duration::from_secs(7), ..Limits::default() };
        let (mut channel, mut peer) = raw_peer(1024, limits);
        peer.write_all(&dialogue[..cut]).await.unwrap();
        let start = Instant::now();
        let error = listen(&mut channel).await.unwrap_err();
        assert!(matches!(error, ChannelError::IdleTimeout { .. }), "cut at {cut}: {error}");
        assert_eq!(error.category(), Category::Network);
        assert_eq!(start.elapsed().as_secs(), 7);
    }
}

#[tokio::test(start_paused = true)]
async fn a_trickle_of_bytes_ends_with_the_session() {
    let limits = Limits { total: Some(Duration::from_secs(90)), ..Limits::default() };
    let (mut channel, mut peer) = raw_peer(1024, limits);
    let trickle = tokio::spawn(async move {
        peer.write_all(&frame(10, &[0; 40])[..8]).await.unwrap();
        while peer.write_all(&[0]).await.is_ok() {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    });
    let start = Instant::now();
    let error = channel.receive(Kind::Rows, ROWS).await.unwrap_err();
    assert!(matches!(error, ChannelError::TotalTimeout { .. }), "{error}");
    assert_eq!(start.elapsed().as_secs(), 90);
    drop(channel);
    trickle.await.unwrap();
}

#[tokio::test]
async fn no_malformed_header_gets_past_the_reader() {
    for kind in (0..=u8::MAX).filter(|byte| !(1..=Kind::ALL.len() as u8).contains(byte)) {
        let misbehaviour = answer_to(&[kind, 0, 0, 0, 0, 0, 0, 0]).await;
        assert!(matches!(misbehaviour, Misbehaviour::UnknownKind { header } if header[0] == kind));
    }
    for (place, bit) in (1..4).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut header = [10, 0, 0, 0, 40, 0, 0, 0];
        header[place] = 1 << bit;
        assert!(matches!(answer_to(&header).await, Misbehaviour::ReservedBytes { header: h } if h == header));
    }
    for kind in Kind::ALL {
        for length in [kind.limit() as u32 + 1, u32::MAX] {
            let header = [&[kind as u8, 0, 0, 0], &length.to_le_bytes()[..]].concat();
            let misbehaviour = answer_to(&header).await;
            assert!(
                matches!(misbehaviour, Misbehaviour::Oversized { kind: k, length: l, limit }
                    if (k, l, limit) == (kind, length, kind.limit())),
                "{misbehaviour}"
            );
        }
    }
}

/// How a channel that waits for rows takes these bytes.
async fn answer_to(bytes: &[u8]) -> Misbehaviour {
    let (mut channel, peer) = raw_peer(1024, Limits::default());
    let bytes = bytes.to_vec();
    tokio::spawn(async move { say_and_close(peer, &bytes).await });
    misbehaviour(channel.receive(Kind::Rows, ROWS).await.expect_err("these bytes are no message"))
}

fn misbehaviour(error: ChannelError) -> Misbehaviour {
    assert_eq!((error.blame(), error.category()), (Blame::Peer, Category::Cheating));
    match error {
        ChannelError::PeerMisbehaved(misbehaviour) => misbehaviour,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn every_kind_out_of_turn_is_refused() {
    for expected in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Abort) {
        for sent in Kind::ALL.into_iter().filter(|kind| *kind != expected) {
            let (mut channel, mut peer) = raw_peer(1024, Limits::default());
            peer.write_all(&frame(sent as u8, &[])).await.unwrap();
            let error = channel.receive(expected, Length::AtMost(8)).await.unwrap_err();
            if sent == Kind::Abort {
                assert!(matches!(error, ChannelError::PeerAborted));
                continue;
            }
            assert!(matches!(misbehaviour(error), Misbehaviour::WrongKind { expected: e, received: r }
                    if (e, r) == (expected, sent)));
        }
    }
}

#[tokio::test]
async fn wrong_lengths_are_refused() {
    let refused = [(ROWS, 39), (ROWS, 41), (ROWS, 0), (Length::AtMost(40), 41)];
    let accepted = [(ROWS, 40), (Length::AtMost(40), 0), (Length::AtMost(40), 40)];
    for (length, sent) in refused {
        let (mut channel, mut peer) = raw_peer(1024, Limits::default());
        peer.write_all(&frame(10, &vec![0; sent])).await.unwrap();
        let error = channel.receive(Kind::Rows, length).await.unwrap_err();
        assert!(
            matches!(misbehaviour(error), Misbehaviour::WrongLength { kind: Kind::Rows, expected, received }
                if (expected, received) == (length, sent))
        );
    }
    for (length, sent) in accepted {
        let (mut channel, mut peer) = raw_peer(1024, Limits::default());
        peer.write_all(&frame(10, &vec![0; sent])).await.unwrap();
        assert_eq!(channel.receive(Kind::Rows, length).await.unwrap().len(), sent);
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_held_back() {
    let capacity = 1 << 16;
    let (channel, mut peer) = raw_peer(capacity, Limits::default());
    let flood = vec![0; MAX_FRAME];
    let mut taken = 0;
    let hour = Duration::from_secs(3600);
    while timeout(hour, peer.write_all(&frame(10, &flood))).await.is_ok() {
        taken += 1;
    }
    assert_eq!(taken, QUEUE + 1, "one queue, and one frame in the hands of the reader");
    drop(channel);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_held_against_it() {
    let limits = Limits { idle: Duration::from_secs(7), ..Limits::default() };
    let (mut channel, _peer) = raw_peer(1024, limits);
    let mut sent = 0;
    let error = loop {
        match channel.send(Kind::Rows, vec![0; 4096]).await {
            Ok(()) => sent += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, ChannelError::IdleTimeout { waiting: Waiting::ToSend(Kind::Rows), .. }));
    assert_eq!(sent, QUEUE + 1);

    let (mut channel, _peer) = raw_peer(1024, limits);
    channel.send(Kind::Rows, vec![0; 4096]).await.unwrap();
    let error = channel.flush().await.unwrap_err();
    assert!(matches!(error, ChannelError::IdleTimeout { waiting: Waiting::ToFlush, .. }));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_gone_is_noticed_by_the_sender() {
    let (mut channel, peer) = raw_peer(1024, Limits::default());
    drop(peer);
    let error = loop {
        if let Err(error) = channel.send(Kind::Rows, vec![0; 64]).await {
            break error;
        }
        tokio::task::yield_now().await;
    };
    assert!(matches!(error, ChannelError::Broken { waiting: Waiting::ToSend(Kind::Rows), .. }), "{error}");
    assert!(matches!(channel.flush().await, Err(ChannelError::Broken { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_abort_reaches_a_side_that_only_sends() {
    let (mut channel, mut peer) = raw_peer(1 << 20, Limits::default());
    peer.write_all(&frame(14, &[])).await.unwrap();
    let error = loop {
        if let Err(error) = channel.send(Kind::Rows, vec![0; 64]).await {
            break error;
        }
        tokio::task::yield_now().await;
    };
    assert!(matches!(error, ChannelError::PeerAborted), "{error}");
    assert_eq!((error.blame(), error.category()), (Blame::Peer, Category::Network));
}

#[tokio::test(start_paused = true)]
async fn an_abort_explains_a_closed_connection() {
    let (mut channel, mut peer) = raw_peer(64, Limits::default());
    // The abort stands behind more frames than the queue holds, and the connection closes after it.
    let mut bytes = frame(11, &[0; 8]).repeat(QUEUE + 4);
    bytes.extend(frame(14, &[]));
    let peer = tokio::spawn(async move {
        peer.write_all(&bytes).await.unwrap();
    });
    let error = loop {
        if let Err(error) = channel.send(Kind::Rows, vec![0; 64]).await {
            break error;
        }
    };
    assert!(matches!(error, ChannelError::PeerAborted), "{error}");
    peer.await.unwrap();
}

#[tokio::test]
async fn an_abort_says_nothing_but_that() {
    let (mut channel, mut peer) = raw_peer(1024, Limits::default());
    let heard = tokio::spawn(async move {
        let mut heard = Vec::new();
        peer.read_to_end(&mut heard).await.unwrap();
        heard
    });
    channel.send(Kind::Rows, vec![1; 3]).await.unwrap();
    channel.abort().await;
    assert_eq!(heard.await.unwrap(), [frame(10, &[1; 3]), frame(14, &[])].concat());
    assert!(matches!(channel.send(Kind::Rows, vec![]).await, Err(ChannelError::Ended)));
    assert!(matches!(channel.receive(Kind::Rows, ROWS).await, Err(ChannelError::Ended)));
    channel.abort().await;
}
