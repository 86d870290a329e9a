//! A hostile line while bands are evaluated side by side: what is collected for a wave is checked like what is streamed.

use std::time::Duration;

use crate::tap::{Plan, Tampering, Way, tapped};
use halfgate::channel::Kind;
use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::{Program, compile};
use halfgate::{Blame, Channel, Error, Limits, Security, Session, Terms, library};

/// Five bands of add64, of 128 lanes at most.
const LANES: usize = 600;

async fn party(channel: Channel, own: Party, program: &Program) -> Result<Vec<u64>, Error> {
    let mut session = Session::open(channel, own, Terms::new(Security::SemiHonest)).await?;
    session.use_threads(2)?;
    let values =
        Values::from_u64s(64, &(0..LANES as u64).map(|lane| lane << 7 | own as u64).collect::<Vec<_>>());
    let mine = |party| (party == own).then_some(&values);
    let inputs = [mine(Party::Garbler), mine(Party::Evaluator)];
    let outputs = session.run(program, LANES, &inputs, Reveal::Both).await?;
    session.finish().await?;
    Ok(outputs.map(|outputs| outputs[0].to_u64s()).unwrap_or_default())
}

type Outcome = (Result<Vec<u64>, Error>, Result<Vec<u64>, Error>, Vec<(Way, Vec<u8>)>);

fn run(plan: Option<Plan>) -> Outcome {
    let program = compile(&library::find("add64").unwrap()).unwrap();
    let limits = Limits { idle: Duration::from_secs(2), ..Limits::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = tapped(limits, plan);
        let (garbler, evaluator) =
            tokio::join!(party(left, Party::Garbler, &program), party(right, Party::Evaluator, &program));
        let frames = log.lock().unwrap().clone();
        (garbler, evaluator, frames)
    })
}

#[test]
fn rows_that_do_not_fit_a_wave_are_the_peers_fault() {
    let (garbler, evaluator, frames) = run(None);
    let sums: Vec<u64> =
        (0..LANES as u64).map(|lane| (lane << 8) + Party::Garbler as u64 + Party::Evaluator as u64).collect();
    assert_eq!((garbler.unwrap(), evaluator.unwrap()), (sums.clone(), sums));
    let to_evaluator = frames.iter().filter(|(way, _)| *way == Way::ToEvaluator).map(|(_, frame)| frame[0]);
    let rows: Vec<usize> = to_evaluator
        .enumerate()
        .filter(|(_, kind)| *kind == Kind::Rows as u8)
        .map(|(index, _)| index)
        .collect();
    assert!(rows.len() >= 5, "a message for each band");
    for frame in [rows[0], rows[2], rows[rows.len() - 1]] {
        for tampering in [Tampering::Shorten, Tampering::Lengthen, Tampering::Drop, Tampering::Repeat] {
            let (_, evaluator, _) = run(Some(Plan { way: Way::ToEvaluator, frame, tampering }));
            let error = evaluator.expect_err("rows that do not fit");
            assert!(
                matches!(error.blame(), Blame::Peer | Blame::Network),
                "{tampering:?} of {frame}: {error}"
            );
        }
    }
}
