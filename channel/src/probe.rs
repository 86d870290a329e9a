//! What the connection to the peer can carry, found out by both sides together.

use std::{num::NonZeroU64, time::Duration};

use tokio::time::Instant;

use crate::{Agreement, Channel, ChannelError, Kind, Length, Link, QUEUE};

/// Exchanges of empty messages. Two of them take a round trip.
const PINGS: usize = 7;

/// Bytes of the bursts, each way; a larger one follows only a quick one.
const BURSTS: [usize; 3] = [16 << 10, 128 << 10, 1 << 20];

/// The messages of a burst. As many wait in the queues, so both sides may send them before they read.
const PIECES: usize = QUEUE;

/// A burst that takes this long is the last: the next would take eight times as long.
const LONG: Duration = Duration::from_millis(40);

const RATE: &str = "bytes a second";
const TIME: &str = "time of the burst";
const RTT: &str = "round trip";

/// What both sides know after a [`probe`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The link as measured: the same on both sides. A peer that lies about its part spoils this figure and nothing else.
    pub link: Link,
    /// What the peer had to say beside: such as how fast it computes.
    pub peer: Agreement,
}

/// Measures round trip and rate of the connection, and tells the peer something else on the way. Both sides call it at
/// the same time. It takes about nine round trips, and at most 1.2 MiB each way; on a slow link much less. After the first
/// burst of 16 KiB no burst is larger than `most` bytes, on which the two sides have to agree: a short run needs no exact rate.
///
/// # Errors
/// If the peer sends something else, and as [`Channel::exchange`]. `own` has to fit a message.
pub async fn probe(channel: &mut Channel, own: &Agreement, most: u64) -> Result<Probed, ChannelError> {
    channel.begin_phase("probe");
    let rtt = round_trip(channel).await?;
    let mut link = Link { bytes_per_second: None, rtt };
    let smallest = BURSTS[0];
    for bytes in BURSTS.into_iter().filter(|&bytes| bytes == smallest || bytes as u64 <= most) {
        let (time, rate) = burst(channel, bytes).await?;
        let ours = Agreement::new()
            .with(RTT, nanoseconds(rtt))
            .with(TIME, nanoseconds(time))
            .with(RATE, rate.map_or(0, NonZeroU64::get));
        let theirs = channel.exchange_terms(Kind::Probe, &ours).await?;
        // Of each figure the worse one counts, except for the round trip, in which all errors are delays.
        link.rtt = link.rtt.min(Duration::from_nanos(theirs.number(RTT).unwrap_or(u64::MAX)));
        let slower = [rate, NonZeroU64::new(theirs.number(RATE).unwrap_or(0))].into_iter().flatten().min();
        // The largest burst says most.
        link.bytes_per_second = slower.or(link.bytes_per_second);
        let time = time.max(Duration::from_nanos(theirs.number(TIME).unwrap_or(u64::MAX)));
        if time >= LONG {
            break;
        }
    }
    let peer = channel.exchange_terms(Kind::Probe, own).await?;
    Ok(Probed { link, peer })
}

/// The shortest time of two exchanges that follow each other. In each of them a side waits for a message that the other
/// sent when it had received the one before, so two of them are a way there and back.
async fn round_trip(channel: &mut Channel) -> Result<Duration, ChannelError> {
    let mut times = [Instant::now(); PINGS];
    for time in &mut times {
        channel.exchange(Kind::Probe, Vec::new(), Length::Exactly(0)).await?;
        *time = Instant::now();
    }
    Ok(times.windows(3).map(|times| times[2] - times[0]).min().unwrap_or_default())
}

/// Sends and receives a burst; the time from its first to its last message, and the rate of what came between.
async fn burst(channel: &mut Channel, bytes: usize) -> Result<(Duration, Option<NonZeroU64>), ChannelError> {
    let piece = bytes / PIECES;
    for _ in 0..PIECES {
        let mut payload = channel.take_buffer_of_length(piece);
        // Public, but nothing of an earlier message either.
        payload.fill(0);
        channel.send(Kind::Probe, payload).await?;
    }
    let mut began = None;
    for _ in 0..PIECES {
        let payload = channel.receive_unasked(Kind::Probe, Length::Exactly(piece)).await?;
        channel.recycle(payload);
        began.get_or_insert_with(Instant::now);
    }
    let time = began.map_or(Duration::ZERO, |began| began.elapsed());
    let rate = ((bytes - piece) as f64 / time.as_secs_f64().max(1e-9)) as u64;
    Ok((time, NonZeroU64::new(rate)))
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Misbehaviour};

    fn say(what: u64) -> Agreement {
        Agreement::new().with("what", what)
    }

    #[tokio::test(start_paused = true)]
    async fn both_sides_find_the_link() {
        for text in ["100mbit,30ms", "20mbit,80ms", "1mbit,200ms", "1gbit,100ms"] {
            let link: Link = text.parse().unwrap();
            let (mut left, mut right) = Channel::memory_pair_over(link, Limits::default());
            let began = Instant::now();
            // One of them comes late.
            let (ours, theirs) = (say(1), say(2));
            let late = async {
                tokio::time::sleep(Duration::from_millis(70)).await;
                probe(&mut right, &theirs, u64::MAX).await
            };
            let (a, b) = tokio::join!(probe(&mut left, &ours, u64::MAX), late);
            let (a, b) = (a.unwrap(), b.unwrap());
            assert_eq!((a.link, &a.peer, &b.peer), (b.link, &theirs, &ours), "{text}");
            // The paused clock goes by milliseconds.
            let rtt = a.link.rtt.as_secs_f64();
            assert!((rtt - link.rtt.as_secs_f64()).abs() < 0.004, "{text}: {rtt}");
            let rate = a.link.bytes_per_second.unwrap().get() as f64;
            let ratio = rate / link.bytes_per_second.unwrap().get() as f64;
            assert!((0.8..1.25).contains(&ratio), "{text}: {ratio} of the rate");
            assert!(
                began.elapsed() < 12 * link.rtt + Duration::from_millis(700),
                "{text}: {:?}",
                began.elapsed()
            );
        }
    }

    #[tokio::test]
    async fn a_liar_spoils_the_figures_only() {
        let (mut honest, mut liar) = Channel::memory_pair(Limits::default());
        let lies = async {
            round_trip(&mut liar).await.unwrap();
            burst(&mut liar, BURSTS[0]).await.unwrap();
            let lie = Agreement::new().with(RATE, u64::MAX).with(TIME, u64::MAX).with(RTT, 0);
            liar.exchange_terms(Kind::Probe, &lie).await.unwrap();
            liar.exchange_terms(Kind::Probe, &say(9)).await.unwrap();
        };
        let ours = say(8);
        let (probed, ()) = tokio::join!(probe(&mut honest, &ours, u64::MAX), lies);
        let probed = probed.unwrap();
        assert_eq!((probed.link.rtt, probed.peer), (Duration::ZERO, say(9)));
        assert!(probed.link.bytes_per_second.is_some_and(|rate| rate.get() < u64::MAX));
    }

    #[tokio::test]
    async fn nonsense_ends_the_channel() {
        let (mut honest, mut other) = Channel::memory_pair(Limits::default());
        other.send(Kind::Probe, vec![0; 1]).await.unwrap();
        let error = probe(&mut honest, &say(1), u64::MAX).await.unwrap_err();
        assert!(matches!(error, ChannelError::PeerMisbehaved(Misbehaviour::WrongLength { .. })), "{error}");
    }
}
