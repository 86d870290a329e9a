//! A party that failed uses its Δ no more.

use std::io;

use halfgate::circuits::{BitRows, Party, Reveal, Values};
use halfgate::compiler::{Program, compile};
use halfgate::{Backend, Channel, Entropy, Limits, Statistical};
use halfgate_crypto::SessionId;
use halfgate_evaluator::{AuthenticatedEvaluator, EvaluatorError};
use halfgate_garbler::{AuthenticatedGarbler, GarblerError};

fn program() -> Program {
    compile(&halfgate::library::find("lt8").unwrap()).unwrap()
}

/// This party's inputs of one lane.
fn inputs(program: &Program, own: Party) -> Vec<Option<Values>> {
    let groups = program.inputs().iter();
    groups.map(|input| (input.owner == own).then(|| Values::new(input.group.width, 1))).collect()
}

fn hook(fails: bool) -> io::Result<()> {
    if fails { Err(io::Error::other("the disk is full")) } else { Ok(()) }
}

async fn pair() -> (AuthenticatedGarbler, AuthenticatedEvaluator) {
    let (left, right) = Channel::memory_pair(Limits::default());
    let sid = SessionId::new([5; 32]);
    let backend = Backend::detect();
    let entropy = || Entropy::from_os().unwrap();
    let (garbler, evaluator) = tokio::join!(
        AuthenticatedGarbler::start(left, sid, Statistical::Bits40, backend, entropy()),
        AuthenticatedEvaluator::start(right, sid, Statistical::Bits40, backend, entropy()),
    );
    (garbler.unwrap(), evaluator.unwrap())
}

#[tokio::test]
async fn a_party_that_failed_before_it_opened_opens_nothing_and_does_nothing_more() {
    for failing in [Party::Garbler, Party::Evaluator] {
        let (mut garbler, mut evaluator) = pair().await;
        let program = program();
        let own = [Party::Garbler, Party::Evaluator].map(|party| inputs(&program, party));
        let [ours, theirs] =
            [0, 1].map(|party: usize| own[party].iter().map(Option::as_ref).collect::<Vec<_>>());
        let garbles = async {
            let fails = failing == Party::Garbler;
            let result = garbler.run(&program, 1, &ours, Reveal::Both, b"run", || hook(fails)).await;
            if fails {
                assert!(matches!(result, Err(GarblerError::BeforeOpening(_))), "{}", result.is_ok());
                let again = garbler.input(&BitRows::new(8, 1), 1).await;
                assert!(matches!(again, Err(GarblerError::Spent)));
                let again = garbler.run(&program, 1, &ours, Reveal::Both, b"run", || Ok(())).await;
                assert!(matches!(again, Err(GarblerError::Spent)));
            }
            drop(garbler);
            result.is_ok()
        };
        let evaluates = async {
            let fails = failing == Party::Evaluator;
            let result = evaluator.run(&program, 1, &theirs, Reveal::Both, b"run", || hook(fails)).await;
            if fails {
                assert!(matches!(result, Err(EvaluatorError::BeforeOpening(_))), "{}", result.is_ok());
                let again = evaluator.input(&BitRows::new(8, 1), 1).await;
                assert!(matches!(again, Err(EvaluatorError::Spent)));
                let again = evaluator.run(&program, 1, &theirs, Reveal::Both, b"run", || Ok(())).await;
                assert!(matches!(again, Err(EvaluatorError::Spent)));
            }
            drop(evaluator);
            result.is_ok()
        };
        assert_eq!(tokio::join!(garbles, evaluates), (false, false), "{failing} fails, nobody has outputs");
    }
}

#[tokio::test]
async fn a_garbler_without_ids_left_takes_none() {
    let (mut garbler, mut evaluator) = pair().await;
    let program = program();
    assert!(matches!(garbler.call(&program, &[], 1 << 60).await, Err(GarblerError::TooManyGates)));
    assert!(matches!(garbler.input(&BitRows::new(8, 1), 1).await, Err(GarblerError::Spent)));
    assert!(matches!(evaluator.call(&program, &[], 1 << 60).await, Err(EvaluatorError::TooManyGates)));
    assert!(matches!(evaluator.input(&BitRows::new(8, 1), 1).await, Err(EvaluatorError::Spent)));
}
