//! A hostile peer or line: every message of a session cut, changed, moved. Each ends in a typed error on the side that
//! has to notice, within its time limits, and never in a panic.

use std::time::Duration;

use crate::tap::{Plan, Tampering, Way, tapped};
use halfgate::channel::Kind;
use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::{Program, compile};
use halfgate::{Blame, Channel, Error, Limits, Security, Session, Terms, library};

const LANES: usize = 3;
const GARBLER: [u64; LANES] = [5, 200, 77];
const EVALUATOR: [u64; LANES] = [6, 100, 77];
const LESS: [u64; LANES] = [1, 0, 0];

/// A message that never comes is given up soon, except where nothing is missing.
fn limits(plan: Option<Plan>) -> Limits {
    let idle = if plan.is_some() { Duration::from_millis(400) } else { Duration::from_secs(20) };
    Limits { idle, total: Some(Duration::from_secs(20)), ..Limits::default() }
}

/// A run with a call on reused values behind it, so that every kind of message crosses, some of them twice.
async fn party(channel: Channel, own: Party, program: &Program) -> Result<Vec<u64>, Error> {
    let mut session = Session::open(channel, own, Terms::new(Security::SemiHonest)).await?;
    let own_values = match own {
        Party::Garbler => Values::from_u64s(8, &GARBLER),
        Party::Evaluator => Values::from_u64s(8, &EVALUATOR),
    };
    let mine = |party| (party == own).then_some(&own_values);
    let inputs = [mine(Party::Garbler), mine(Party::Evaluator)];
    let outputs = session.run(program, LANES, &inputs, Reveal::Both).await?;
    // The labels of the run come straight from base OTs; with these there are too many for that.
    let _wide = match own {
        Party::Garbler => session.peer_input(64, 2).await?,
        Party::Evaluator => session.input(&Values::from_u64s(64, &[1, 2])).await?,
    };
    let (a, b) = match own {
        Party::Garbler => (session.input(&own_values).await?, session.peer_input(8, LANES).await?),
        Party::Evaluator => (session.peer_input(8, LANES).await?, session.input(&own_values).await?),
    };
    let again = session.call(program, &[&a, &b]).await?;
    let again = session.reveal(&again[0], Reveal::Both).await?.map(|values| values.to_u64s());
    session.finish().await?;
    let outputs = outputs.map(|outputs| outputs[0].to_u64s());
    assert!(outputs.is_some() && again.is_some(), "both parties learn");
    Ok([outputs.unwrap_or_default(), again.unwrap_or_default()].concat())
}

struct Outcome {
    garbler: Result<Vec<u64>, Error>,
    evaluator: Result<Vec<u64>, Error>,
    frames: Vec<(Way, Vec<u8>)>,
}

fn run(plan: Option<Plan>) -> Outcome {
    let program = compile(&library::find("lt8").unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = tapped(limits(plan), plan);
        let sides = async {
            tokio::join!(party(left, Party::Garbler, &program), party(right, Party::Evaluator, &program))
        };
        let ended = tokio::time::timeout(Duration::from_secs(30), sides).await;
        let (garbler, evaluator) = ended.unwrap_or_else(|_| panic!("hangs under {plan:?}"));
        let frames = log.lock().unwrap().clone();
        Outcome { garbler, evaluator, frames }
    })
}

/// Every frame of an honest run: way, index on that way, kind.
fn frames() -> Vec<(Way, usize, Kind)> {
    let outcome = run(None);
    let expected = [LESS, LESS].concat();
    assert_eq!((outcome.garbler.unwrap(), outcome.evaluator.unwrap()), (expected.clone(), expected));
    let mut counts = [0; 2];
    let mut list = Vec::new();
    for (way, frame) in &outcome.frames {
        let count = &mut counts[usize::from(*way == Way::ToGarbler)];
        let kind = Kind::ALL[usize::from(frame[0]) - 1];
        list.push((*way, *count, kind));
        *count += 1;
    }
    // What comes behind an abort in the list is said before or between sessions.
    for kind in Kind::ALL.into_iter().take_while(|kind| *kind != Kind::Abort) {
        assert!(list.iter().any(|(_, _, other)| *other == kind), "`{kind}` crosses in this test");
    }
    list
}

/// Runs under a plan; one side at least has to fail, and nobody may be told a wrong answer by it.
fn must_fail(way: Way, frame: usize, kind: Kind, tampering: Tampering) {
    let outcome = run(Some(Plan { way, frame, tampering }));
    let place = format!("{tampering:?} of frame {frame} (`{kind}`) {way:?}");
    let errors = [outcome.garbler.as_ref().err(), outcome.evaluator.as_ref().err()];
    for told in [&outcome.garbler, &outcome.evaluator].into_iter().flatten() {
        assert_eq!(*told, [LESS, LESS].concat(), "a wrong answer was believed: {place}");
    }
    assert!(errors.iter().any(Option::is_some), "nobody noticed: {place}");
    for error in errors.into_iter().flatten() {
        // A changed term reads like another one, and a first message that makes no sense like another program.
        let fits = match error.blame() {
            Blame::Peer | Blame::Network => true,
            Blame::Input => matches!(kind, Kind::Hello | Kind::Operation),
            Blame::Caller => false,
        };
        assert!(fits, "{place} is blamed on {:?}: {error}", error.blame());
    }
}

#[test]
fn lengths_kinds_and_order() {
    for (way, frame, kind) in frames() {
        for tampering in [Tampering::Lengthen, Tampering::Oversize, Tampering::Rename(99), Tampering::Repeat]
        {
            // Behind the goodbye nobody reads any more.
            if kind != Kind::Bye || tampering != Tampering::Repeat {
                must_fail(way, frame, kind, tampering);
            }
        }
        if kind != Kind::Bye {
            must_fail(way, frame, kind, Tampering::Shorten);
        }
        let other = if kind == Kind::Rows { Kind::OtBatch } else { Kind::Rows };
        must_fail(way, frame, kind, Tampering::Rename(other as u8));
    }
}

#[test]
fn missing_and_swapped_messages() {
    let frames = frames();
    for &(way, frame, kind) in &frames {
        must_fail(way, frame, kind, Tampering::Drop);
        let next = frames.iter().find(|other| (other.0, other.1) == (way, frame + 1));
        if next.is_some_and(|next| next.2 != kind) {
            must_fail(way, frame, kind, Tampering::Swap);
        }
    }
}

#[test]
fn a_cut_at_every_frame_boundary_and_inside_every_frame() {
    for (way, frame, kind) in frames() {
        must_fail(way, frame, kind, Tampering::Cut);
        if kind != Kind::Bye {
            must_fail(way, frame, kind, Tampering::CutInside);
        }
    }
}

#[test]
fn flipped_bits_where_the_protocol_has_to_notice() {
    for (way, frame, kind) in frames() {
        let noticed = matches!(
            kind,
            Kind::Hello
                | Kind::Confirm
                | Kind::Operation
                | Kind::BaseOtPoints
                | Kind::OtSetup
                | Kind::OtBatch
                | Kind::OutputLabels
        );
        for bit in [0, 5, 127, 1_000, 100_003, usize::MAX] {
            if noticed {
                must_fail(way, frame, kind, Tampering::Flip(bit));
            } else {
                // The semi-honest mode leaves these to the channel; what it must not do is panic or hang.
                run(Some(Plan { way, frame, tampering: Tampering::Flip(bit) }));
            }
        }
    }
}

#[test]
fn a_garbler_that_is_lied_to_about_outputs_stops() {
    let (way, frame, _) = frames()
        .into_iter()
        .find(|(way, _, kind)| (*way, *kind) == (Way::ToGarbler, Kind::OutputLabels))
        .unwrap();
    let outcome = run(Some(Plan { way, frame, tampering: Tampering::Flip(0) }));
    let error = outcome.garbler.unwrap_err();
    assert_eq!(error.blame(), Blame::Peer);
    assert!(error.to_string().contains("proof of the outputs"), "{error}");
}
