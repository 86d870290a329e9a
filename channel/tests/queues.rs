//! Frames in flight: order, back-pressure without deadlock, recycling, metering, and the end of the tasks.

use std::time::Duration;

use halfgate_channel::{Channel, ChannelError, Kind, Length, Limits, MAX_FRAME, Meter, QUEUE, Traffic};
use tokio::io::AsyncReadExt;

use support::{frame, raw_peer, say_and_close};

#[path = "support/wire.rs"]
mod support;

fn pair() -> (Channel, Channel) {
    Channel::memory_pair(Limits::default())
}

/// Two channels over pipes that hold next to nothing.
fn narrow_pair() -> (Channel, Channel) {
    let (left, right) = tokio::io::duplex(16);
    (Channel::over(left, Limits::default()), Channel::over(right, Limits::default()))
}

#[tokio::test]
async fn messages_arrive_whole_and_in_order_at_any_length() {
    let lengths = [0, 1, 7, 8, 9, 4095, 4096, 262_144, MAX_FRAME - 1, MAX_FRAME];
    let (mut left, mut right) = pair();
    let payload = |length: usize| (0..length).map(|i| (i * 7 + length) as u8).collect::<Vec<_>>();
    let send = async {
        for length in lengths {
            left.send(Kind::Rows, payload(length)).await.unwrap();
        }
        left.finish().await.unwrap()
    };
    let receive = async {
        for length in lengths {
            let rows = right.receive(Kind::Rows, Length::Exactly(length)).await.unwrap();
            assert!(rows == payload(length), "{length}");
            right.recycle(rows);
        }
        right.finish().await.unwrap()
    };
    let (sent, received) = tokio::join!(send, receive);
    let payloads: usize = lengths.iter().sum();
    let expected = Traffic { bytes: (payloads + 8 * 11) as u64, messages: 11 };
    assert_eq!((sent.sent, received.received), (expected, expected));
}

async fn fill_then_read(channel: &mut Channel, length: usize) -> Result<(), ChannelError> {
    for i in 0..QUEUE {
        channel.send(Kind::Rows, vec![i as u8; length]).await?;
    }
    channel.flush().await?;
    for i in 0..QUEUE {
        let rows = channel.receive(Kind::Rows, Length::Exactly(length)).await?;
        assert!(rows.iter().all(|byte| *byte == i as u8));
    }
    Ok(())
}

#[tokio::test]
async fn both_sides_may_fill_the_queue_and_flush_before_they_read() {
    for (length, (mut left, mut right)) in [(4096, narrow_pair()), (MAX_FRAME, pair())] {
        for _ in 0..2 {
            let both = tokio::join!(fill_then_read(&mut left, length), fill_then_read(&mut right, length));
            assert!(matches!(both, (Ok(()), Ok(()))), "{both:?}");
        }
    }
}

#[tokio::test]
async fn a_full_queue_can_be_flushed_though_nobody_ever_reads() {
    let (mut left, _right) = narrow_pair();
    for _ in 0..QUEUE {
        left.send(Kind::Rows, vec![0; 1000]).await.unwrap();
    }
    left.flush().await.unwrap();
}

#[tokio::test]
async fn buffers_come_back() {
    let (mut left, mut right) = pair();
    let buffer = Vec::with_capacity(10_000);
    let address = buffer.as_ptr();
    left.send(Kind::Rows, buffer).await.unwrap();
    right.receive(Kind::Rows, Length::Exactly(0)).await.unwrap();
    left.flush().await.unwrap();
    let again = left.take_buffer();
    assert_eq!((again.as_ptr(), again.len(), again.capacity()), (address, 0, 10_000));

    let big = vec![1; 100_000];
    let address = big.as_ptr();
    right.recycle(big);
    left.send(Kind::Rows, vec![2; 50_000]).await.unwrap();
    let rows = right.receive(Kind::Rows, Length::Exactly(50_000)).await.unwrap();
    assert_eq!(rows.as_ptr(), address);
}

#[tokio::test]
async fn too_long_a_payload_is_the_callers_mistake_and_harms_nothing() {
    let (mut left, mut right) = pair();
    for kind in Kind::ALL {
        let error = left.send(kind, vec![0; kind.limit() + 1]).await.unwrap_err();
        assert!(matches!(error, ChannelError::PayloadTooLong { kind: k, .. } if k == kind));
    }
    left.send(Kind::Rows, vec![1]).await.unwrap();
    assert_eq!(right.receive(Kind::Rows, Length::Exactly(1)).await.unwrap(), [1]);
}

#[tokio::test]
async fn dropping_a_channel_closes_the_connection_whatever_its_tasks_do() {
    // The reader waits for bytes, and the writer for orders.
    let (channel, mut peer) = raw_peer(16, Limits::default());
    tokio::task::yield_now().await;
    drop(channel);
    assert_eq!(peer.read(&mut [0; 1]).await.unwrap(), 0);
    // The writer waits for room, and the reader for somebody to take frames.
    let (mut channel, peer) = raw_peer(16, Limits::default());
    for _ in 0..4 {
        channel.send(Kind::Rows, vec![0; 1000]).await.unwrap();
    }
    let flood = tokio::spawn(async move { say_and_close(peer, &frame(10, &[0; 8]).repeat(2 * QUEUE)).await });
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    drop(channel);
    flood.await.unwrap();
}

#[tokio::test]
async fn a_side_that_finishes_early_is_told_so() {
    let (left, mut right) = pair();
    right.send(Kind::Rows, vec![0; 8]).await.unwrap();
    let (left, right) = tokio::join!(left.finish(), right.receive(Kind::OutputLabels, Length::Exactly(16)));
    assert!(left.unwrap_err().to_string().contains("sent `rows` where `goodbye` was due"));
    assert!(right.unwrap_err().to_string().contains("sent `goodbye` where `output labels` was due"));
}

#[tokio::test(start_paused = true)]
async fn the_meter_is_exact() {
    let (mut left, mut right) = pair();
    let ask = async {
        left.begin_phase("ask");
        for _ in 0..3 {
            left.send(Kind::Rows, vec![0; 100]).await.unwrap();
        }
        left.receive(Kind::OutputLabels, Length::AtMost(50)).await.unwrap();
        left.receive(Kind::OutputColours, Length::AtMost(50)).await.unwrap();
        left.begin_phase("end");
        left.finish().await.unwrap()
    };
    let answer = async {
        right.begin_phase("ask");
        for _ in 0..3 {
            right.receive(Kind::Rows, Length::AtMost(100)).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
        right.send(Kind::OutputLabels, vec![0; 16]).await.unwrap();
        right.send(Kind::OutputColours, vec![0; 1]).await.unwrap();
        right.begin_phase("end");
        right.finish().await.unwrap()
    };
    let (asked, answered): (Meter, Meter) = tokio::join!(ask, answer);
    let [ask, end] = &asked.phases[..] else { panic!("{asked:?}") };
    assert_eq!((ask.name, ask.sent), ("ask", Traffic { bytes: 324, messages: 3 }));
    assert_eq!(ask.received, Traffic { bytes: 33, messages: 2 });
    assert_eq!((ask.round_trips, ask.exchanges), (1, 0));
    assert_eq!((ask.duration.as_secs(), ask.waited.as_secs()), (5, 5));
    assert_eq!((end.name, end.sent, end.received), ("end", one_frame(), one_frame()));
    assert_eq!((end.round_trips, end.exchanges), (0, 1));
    assert_eq!((asked.sent.bytes, asked.received.bytes), (332, 41));
    assert_eq!((asked.round_trips, asked.exchanges), (1, 1));
    assert_eq!((asked.duration.as_secs(), asked.waited.as_secs()), (5, 5));
    assert_eq!((answered.sent, answered.received), (asked.received, asked.sent));
    assert_eq!((answered.round_trips, answered.waited.as_secs()), (0, 0));
}

fn one_frame() -> Traffic {
    Traffic { bytes: 8, messages: 1 }
}
