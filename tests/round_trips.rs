//! How often the parties wait for each other, on a line with a second of delay each way: the clock is the runtime's, and
//! computing takes none of its time.

#![cfg(test)]

use std::time::Duration;

use halfgate::circuits::{Party, Reveal, Values};
use halfgate::{Channel, Limits, Meter, Security, Session, Terms, compile, library};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

const DELAY: Duration = Duration::from_secs(1);

/// Both ends of a line that holds every byte back for [`DELAY`].
fn slow_line() -> (DuplexStream, DuplexStream) {
    let ((left, left_far), (right, right_far)) = (duplex(1 << 20), duplex(1 << 20));
    let ((left_read, left_write), (right_read, right_write)) = (split(left_far), split(right_far));
    tokio::spawn(carry(left_read, right_write));
    tokio::spawn(carry(right_read, left_write));
    (left, right)
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin + Send + 'static) {
    let (sender, mut under_way) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((due, bytes)) = under_way.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if sender.send((Instant::now() + DELAY, buffer[..count].to_vec())).is_err() {
            return;
        }
    }
}

/// The times from the connection to the end and the meters of both parties, for a comparison of `lanes` pairs.
async fn comparison(lanes: usize) -> [(Duration, Meter); 2] {
    let program = compile(&library::find("lt64").unwrap()).unwrap();
    let (left, right) = slow_line();
    let party = async |stream, own: Party| {
        let began = Instant::now();
        let channel = Channel::over(stream, Limits::default());
        let mut session = Session::open(channel, own, Terms::new(Security::SemiHonest)).await.unwrap();
        let values = Values::from_u64s(64, &vec![7 + own as u64; lanes]);
        let mine = |party| (party == own).then_some(&values);
        let inputs = [mine(Party::Garbler), mine(Party::Evaluator)];
        let outputs = session.run(&program, lanes, &inputs, Reveal::Both).await.unwrap().unwrap();
        assert_eq!(
            outputs[0].to_u64s(),
            vec![u64::from((Party::Garbler as u64) < Party::Evaluator as u64); lanes]
        );
        let meter = session.finish().await.unwrap();
        (began.elapsed(), meter)
    };
    let (garbler, evaluator) = tokio::join!(party(left, Party::Garbler), party(right, Party::Evaluator));
    [garbler, evaluator]
}

fn round_trips(time: Duration) -> f64 {
    time.as_secs_f64() / (2.0 * DELAY.as_secs_f64())
}

#[tokio::test(start_paused = true)]
async fn one_comparison_takes_three() {
    for (time, meter) in comparison(1).await {
        assert!(round_trips(time) < 3.01, "{}", round_trips(time));
        assert_eq!(meter.round_trips as f64 + meter.exchanges as f64 / 2.0, 3.0, "as metered");
    }
}

/// The set-up of the extension adds one: its points, and the trees that answer them, before the first batch.
#[tokio::test(start_paused = true)]
async fn many_comparisons_take_one_more() {
    for (time, _) in comparison(1000).await {
        assert!(round_trips(time) < 4.01, "{}", round_trips(time));
    }
}
