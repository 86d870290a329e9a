//! Connections that are cut, at every byte of everything: nothing is lost, doubled or changed.

#![cfg(test)]

use std::time::Duration;

use halfgate_channel::{Channel, ChannelError, Kind, Length, Limits, Meter, Patience, QUEUE};

use wires::{Scissors, Way, lasting_pair};

#[path = "support/wires.rs"]
mod wires;

/// The payload of message number `number` on a side.
fn payload(side: u8, number: usize) -> Vec<u8> {
    let length = [0, 1, 7, 40, 16, 8, 9][number % 7];
    (0..length).map(|place| (place as u8).wrapping_mul(31) ^ side ^ number as u8).collect()
}

async fn say(channel: &mut Channel, side: u8, numbers: std::ops::Range<usize>) -> Result<(), ChannelError> {
    for number in numbers {
        channel.send(Kind::Rows, payload(side, number)).await?;
    }
    Ok(())
}

async fn hear(channel: &mut Channel, side: u8, numbers: std::ops::Range<usize>) -> Result<(), ChannelError> {
    for number in numbers {
        let expected = payload(side, number);
        let heard = channel.receive(Kind::Rows, Length::AtMost(64)).await?;
        assert_eq!(heard, expected, "message {number} to side {side}");
        channel.recycle(heard);
    }
    Ok(())
}

/// A session of one side: a question, a burst each way at the same time, a long answer.
async fn script(mut channel: Channel, side: u8) -> Result<Meter, ChannelError> {
    let other = 1 - side;
    match side {
        0 => {
            say(&mut channel, side, 0..1).await?;
            hear(&mut channel, other, 0..1).await?;
        }
        _ => {
            hear(&mut channel, other, 0..1).await?;
            say(&mut channel, side, 0..1).await?;
        }
    }
    say(&mut channel, side, 1..6).await?;
    channel.flush().await?;
    hear(&mut channel, other, 1..6).await?;
    match side {
        0 => say(&mut channel, side, 6..20).await?,
        _ => hear(&mut channel, other, 6..20).await?,
    }
    for number in 20..32 {
        say(&mut channel, side, number..number + 1).await?;
        hear(&mut channel, other, number..number + 1).await?;
    }
    channel.finish().await
}

async fn run(plan: wires::Plan) -> Vec<[usize; 2]> {
    let (left, right, log) = lasting_pair(plan, Patience::default(), Limits::default());
    let (left, right) = tokio::join!(script(left, 0), script(right, 1));
    let (left, right) = (left.unwrap(), right.unwrap());
    assert_eq!((left.sent, left.received), (right.received, right.sent));
    let log = log.lock().unwrap();
    log.clone()
}

#[tokio::test(start_paused = true)]
async fn a_cut_at_any_byte_changes_nothing() {
    let [uncut] = run(Box::new(|_| None)).await[..] else { panic!("more than one connection") };
    for (way, total) in [(Way::Up, uncut[0]), (Way::Down, uncut[1])] {
        for bytes in 0..=total {
            let log = run(Box::new(move |number| (number == 0).then_some(Scissors { way, bytes }))).await;
            assert!(log.len() <= 2 || bytes + 20 > total, "{way:?} {bytes}: {log:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cut_at_any_byte_of_the_resume_changes_nothing() {
    for first in [Scissors { way: Way::Up, bytes: 100 }, Scissors { way: Way::Down, bytes: 70 }] {
        for way in [Way::Up, Way::Down] {
            for bytes in 0..400 {
                run(Box::new(move |number| match number {
                    0 => Some(first),
                    1 => Some(Scissors { way, bytes }),
                    _ => None,
                }))
                .await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn connections_that_never_live_long_are_enough() {
    for way in [Way::Up, Way::Down] {
        for bytes in 210..290 {
            let log = run(Box::new(move |_| Some(Scissors { way, bytes }))).await;
            assert!(log.len() > 2, "{way:?} {bytes}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn both_sides_may_fill_the_queue_across_a_cut() {
    let fill = async |channel: &mut Channel| -> Result<(), ChannelError> {
        for _ in 0..QUEUE {
            channel.send(Kind::Rows, vec![7; 1 << 20]).await?;
        }
        channel.flush().await?;
        for _ in 0..QUEUE {
            assert_eq!(channel.receive(Kind::Rows, Length::Exactly(1 << 20)).await?, vec![7; 1 << 20]);
        }
        Ok(())
    };
    let scissors = |number| (number < 3).then_some(Scissors { way: Way::Up, bytes: 5 << 20 });
    let patience = Patience { keep_alive: Duration::ZERO, ..Patience::default() };
    let (mut left, mut right, _) = lasting_pair(Box::new(scissors), patience, Limits::default());
    let (left, right) = tokio::join!(fill(&mut left), fill(&mut right));
    left.unwrap();
    right.unwrap();
}
