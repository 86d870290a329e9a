//! How often the parties wait for each other, on a line with a second of delay each way: the clock is the runtime's, and
//! computing takes none of its time.

#![cfg(test)]

#[path = "support/slow_line.rs"]
mod slow_line;

use std::time::Duration;

use halfgate::circuits::{Party, Reveal, Values};
use halfgate::{Channel, Limits, Meter, Security, Session, Statistical, Terms, compile, library};
use tokio::time::Instant;

use slow_line::{DELAY, slow_line};

/// The times from the connection to the end and the meters of both parties, for a comparison of `lanes` pairs.
async fn comparison(security: Security, lanes: usize) -> [(Duration, Meter); 2] {
    let program = compile(&library::find("lt64").unwrap()).unwrap();
    let (left, right) = slow_line();
    let party = async |stream, own: Party| {
        let began = Instant::now();
        let channel = Channel::over(stream, Limits::default());
        let mut session = Session::open(channel, own, Terms::new(security)).await.unwrap();
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
    for (time, meter) in comparison(Security::SemiHonest, 1).await {
        assert!(round_trips(time) < 3.01, "{}", round_trips(time));
        assert_eq!(meter.round_trips as f64 + meter.exchanges as f64 / 2.0, 3.0, "as metered");
    }
}

/// The set-up of the extension adds one: its points, and the trees that answer them, before the first batch.
#[tokio::test(start_paused = true)]
async fn many_comparisons_take_one_more() {
    for (time, _) in comparison(Security::SemiHonest, 1000).await {
        assert!(round_trips(time) < 4.01, "{}", round_trips(time));
    }
}

/// Handshake and set-up, the masks of inputs, a block of triples, and what a portion of ANDs and its outputs take.
#[tokio::test(start_paused = true)]
async fn where_nobody_is_trusted_one_takes_eleven_and_a_half() {
    for statistical in [Statistical::Bits40, Statistical::Bits64] {
        for (time, _) in comparison(Security::Malicious { statistical }, 1).await {
            assert!(round_trips(time) < 11.51, "{}", round_trips(time));
        }
    }
}

/// More rows take more only because pieces of a block of triples wait for each other.
#[tokio::test(start_paused = true)]
async fn where_nobody_is_trusted_many_take_a_few_more() {
    let security = Security::Malicious { statistical: Statistical::Bits40 };
    for (time, _) in comparison(security, 1000).await {
        assert!(round_trips(time) < 18.51, "{}", round_trips(time));
    }
}
