//! Whole sessions over a channel in memory, against the plaintext machine.

#![cfg(test)]

#[path = "support/bristol_folder.rs"]
mod bristol_folder;

use halfgate::channel::{Kind, Length};
use halfgate::circuits::{BitRows, Circuit, Party, Reveal, Values};
use halfgate::compiler::random::{self, Shape};
use halfgate::compiler::{Program, compile, evaluate};
use halfgate::{
    Backend, Channel, Entropy, Error, Limits, Misuse, Security, Session, Statistical, Terms, Value,
};
use halfgate_crypto::SessionId;
use halfgate_garbler::{Garbler, GarblerError};
use proptest::prelude::*;

/// What each party ends up with.
type Results = (Option<Vec<Values>>, Option<Vec<Values>>);

const MODES: [Security; 3] = [
    Security::SemiHonest,
    Security::Malicious { statistical: Statistical::Bits40 },
    Security::Malicious { statistical: Statistical::Bits64 },
];

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn party(
    channel: Channel,
    own: Party,
    security: Security,
    program: &Program,
    inputs: &[Values],
    lanes: usize,
    to: Reveal,
) -> Result<Option<Vec<Values>>, Error> {
    let mut session = Session::open(channel, own, Terms::new(security)).await?;
    let owned: Vec<Option<&Values>> = program
        .inputs()
        .iter()
        .zip(inputs)
        .map(|(input, values)| (input.owner == own).then_some(values))
        .collect();
    let outputs = session.run(program, lanes, &owned, to).await?;
    session.finish().await?;
    Ok(outputs)
}

fn run(security: Security, program: &Program, inputs: &[Values], lanes: usize, to: Reveal) -> Results {
    block_on(async {
        let (left, right) = Channel::memory_pair(Limits::default());
        let garbler = party(left, Party::Garbler, security, program, inputs, lanes, to);
        let evaluator = party(right, Party::Evaluator, security, program, inputs, lanes, to);
        let (garbler, evaluator) = tokio::join!(garbler, evaluator);
        (garbler.unwrap(), evaluator.unwrap())
    })
}

/// Both modes give what the plaintext machine gives.
fn check(circuit: &Circuit, inputs: &[Values], lanes: usize, to: Reveal) {
    for security in &MODES[..2] {
        check_mode(*security, circuit, inputs, lanes, to);
    }
}

fn check_mode(security: Security, circuit: &Circuit, inputs: &[Values], lanes: usize, to: Reveal) {
    let program = compile(circuit).unwrap();
    let expected = evaluate(&program, inputs).unwrap();
    let (garbler, evaluator) = run(security, &program, inputs, lanes, to);
    match (to, garbler, evaluator) {
        (Reveal::Both, Some(garbler), Some(evaluator)) => {
            assert!(garbler == expected && evaluator == expected);
        }
        (Reveal::Garbler, Some(garbler), None) => assert!(garbler == expected),
        (Reveal::Evaluator, None, Some(evaluator)) => assert!(evaluator == expected),
        (Reveal::Shares, Some(garbler), Some(evaluator)) => {
            for ((left, right), value) in garbler.iter().zip(&evaluator).zip(&expected) {
                for lane in 0..lanes {
                    let xor = left.lane(lane).iter().zip(right.lane(lane)).map(|(a, b)| a ^ b);
                    assert!(xor.eq(value.lane(lane).iter().copied()), "shares add up to the value");
                }
            }
        }
        (to, garbler, evaluator) => {
            panic!("revealed to {to}: garbler {}, evaluator {}", garbler.is_some(), evaluator.is_some())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn random_circuits_and_lanes(seed: u64, lanes in 1usize..100, to in 0usize..4, mode in 0usize..3) {
        let circuit = random::circuit(seed, &Shape::of_seed(seed));
        // Without inputs the plaintext machine has nothing to take the number of lanes from.
        let lanes = if circuit.inputs().is_empty() { 1 } else { lanes };
        let inputs = random::inputs(seed, &circuit, lanes);
        let to = [Reveal::Both, Reveal::Garbler, Reveal::Evaluator, Reveal::Shares][to];
        check_mode(MODES[mode], &circuit, &inputs, lanes, to);
    }
}

#[test]
fn many_chunks_overlap_and_come_back_in_order() {
    // 2,016 lanes make a chunk of a 64-bit comparison; this is more than the look-ahead of two.
    let circuit = halfgate::library::find("lt64").unwrap();
    let lanes = 9_000;
    let inputs = random::inputs(5, &circuit, lanes);
    for to in [Reveal::Both, Reveal::Shares] {
        check(&circuit, &inputs, lanes, to);
    }
}

#[test]
fn inputs_too_wide_to_look_ahead_do_not_deadlock() {
    // Chunks of 16 lanes with 2^19 evaluator bits each: many more messages than the queues hold.
    let shape = Shape { inputs: vec![8, 1 << 15], gates: 2_000, outputs: vec![64] };
    let circuit = random::circuit(1, &shape);
    let circuit = circuit.with_owner(0, Party::Garbler).unwrap().with_owner(1, Party::Evaluator).unwrap();
    let inputs = random::inputs(2, &circuit, 40);
    check(&circuit, &inputs, 40, Reveal::Both);
}

/// Each chunk has few enough bits of the evaluator for direct OTs, which wait for an answer: not with chunks ahead.
#[test]
fn chunks_with_few_bits_of_the_evaluator_overlap_as_well() {
    let shape = Shape { inputs: vec![1 << 15, 3], gates: 2_000, outputs: vec![8] };
    let circuit = random::circuit(6, &shape);
    let circuit = circuit.with_owner(0, Party::Garbler).unwrap().with_owner(1, Party::Evaluator).unwrap();
    let inputs = random::inputs(7, &circuit, 70);
    check(&circuit, &inputs, 70, Reveal::Both);
}

#[test]
fn outputs_too_wide_to_look_ahead_do_not_deadlock() {
    // A tile of 16 lanes has 2^23 output bits, whose proof takes more messages than the queues hold.
    let shape = Shape { inputs: vec![8, 8], gates: 30_000, outputs: vec![1 << 19] };
    let circuit = random::circuit(4, &shape);
    let circuit = circuit.with_owner(0, Party::Garbler).unwrap().with_owner(1, Party::Evaluator).unwrap();
    let inputs = random::inputs(5, &circuit, 80);
    check(&circuit, &inputs, 80, Reveal::Garbler);
}

#[test]
fn published_circuits_with_their_vectors_as_lanes() {
    for case in bristol_folder::cases() {
        check(&case.circuit, &case.inputs, case.lanes, Reveal::Both);
        let program = compile(&case.circuit).unwrap();
        for security in MODES {
            let (garbler, _) = run(security, &program, &case.inputs, case.lanes, Reveal::Garbler);
            assert!(garbler.is_some_and(|outputs| outputs == case.outputs), "{} {security}", case.name);
        }
    }
}

/// Both parties of a reactive session: `script` gets the session and whether it is the garbler's.
fn both<A, B>(garbler: A, evaluator: B) -> (A::Output, B::Output)
where
    A: AsyncScript,
    B: AsyncScript,
{
    both_in(Security::SemiHonest, garbler, evaluator)
}

fn both_in<A, B>(security: Security, garbler: A, evaluator: B) -> (A::Output, B::Output)
where
    A: AsyncScript,
    B: AsyncScript,
{
    block_on(async {
        let (left, right) = Channel::memory_pair(Limits::default());
        let terms = || Terms::new(security);
        tokio::join!(
            async { garbler.play(Session::open(left, Party::Garbler, terms()).await.unwrap()).await },
            async { evaluator.play(Session::open(right, Party::Evaluator, terms()).await.unwrap()).await }
        )
    })
}

/// One party's part in a reactive session.
trait AsyncScript {
    type Output;
    async fn play(self, session: Session) -> Self::Output;
}

impl<T, F: AsyncFnOnce(Session) -> T> AsyncScript for F {
    type Output = T;
    async fn play(self, session: Session) -> T {
        self(session).await
    }
}

#[test]
fn values_survive_across_calls() {
    // acc := acc + x, ten times, on values that nobody sees until the end.
    let add = compile(&halfgate::library::find("add64").unwrap()).unwrap();
    let lanes: Vec<u64> = (0..20).collect();
    let program = &add;
    let play = async |mut session: Session| {
        let (mine, theirs) = match session.party() {
            Party::Garbler => {
                let mine = session.input(&Values::from_u64s(64, &lanes)).await.unwrap();
                (mine, session.peer_input(64, 20).await.unwrap())
            }
            Party::Evaluator => {
                let theirs = session.peer_input(64, 20).await.unwrap();
                (theirs, session.input(&Values::from_u64s(64, &[1_000; 20])).await.unwrap())
            }
        };
        let mut sum = mine;
        for _ in 0..10 {
            sum = session.call(program, &[&sum, &theirs]).await.unwrap().remove(0);
        }
        let total = session.reveal(&sum, Reveal::Both).await.unwrap().unwrap().to_u64s();
        session.finish().await.unwrap();
        total
    };
    for security in MODES {
        let (garbler, evaluator) = both_in(security, play, play);
        assert_eq!(garbler, (0..20).map(|lane| lane + 10_000).collect::<Vec<u64>>());
        assert_eq!(evaluator, garbler);
    }
}

#[test]
fn the_first_different_operation_is_named_on_the_side_that_hears_of_it() {
    let garbler = async |mut session: Session| {
        session.input(&Values::from_u64s(8, &[1])).await.unwrap();
        session.finish().await.is_err()
    };
    let evaluator = async |mut session: Session| {
        let error = session.peer_input(9, 1).await.err().unwrap();
        let message = error.to_string();
        assert!(message.contains("wires") && message.contains('8') && message.contains('9'), "{message}");
        assert!(matches!(session.peer_input(8, 1).await, Err(Error::Ended)), "the session is gone");
    };
    assert!(both(garbler, evaluator).0);
}

/// Both bring in two values, then `act`; true if the session was fine to its end.
async fn two_inputs(
    mut session: Session,
    act: impl AsyncFnOnce(&mut Session, Value, Value),
) -> Result<(), Error> {
    let values = Values::from_u64s(8, &[200]);
    let (a, b) = match session.party() {
        Party::Garbler => (session.input(&values).await?, session.peer_input(8, 1).await?),
        Party::Evaluator => (session.peer_input(8, 1).await?, session.input(&values).await?),
    };
    act(&mut session, a, b).await;
    session.finish().await.map(drop)
}

#[test]
fn calls_on_other_values_and_openings_of_others_are_found() {
    let sub = compile(&halfgate::library::find("sub8").unwrap()).unwrap();
    let program = &sub;
    let (garbler, evaluator) = both(
        async |session| {
            two_inputs(session, async |session, a, b| drop(session.call(program, &[&a, &b]).await)).await
        },
        async |session| {
            two_inputs(session, async |session, a, b| drop(session.call(program, &[&b, &a]).await)).await
        },
    );
    assert!(garbler.is_err() && evaluator.is_err());
    // Nothing follows an opening to shares that would say what was opened, but the end of the session.
    let (garbler, evaluator) = both(
        async |session| {
            two_inputs(session, async |session, a, _| drop(session.reveal(&a, Reveal::Shares).await)).await
        },
        async |session| {
            two_inputs(session, async |session, _, b| drop(session.reveal(&b, Reveal::Shares).await)).await
        },
    );
    assert!(garbler.is_err() && evaluator.is_err());
}

#[test]
fn numbers_that_no_machine_holds_are_misuse() {
    let play = async |mut session: Session| {
        for (width, lanes) in [(64, 1 << 58), (u32::MAX, 1 << 40), (1, usize::MAX)] {
            let error = session.peer_input(width, lanes).await.err().unwrap();
            assert!(matches!(error, Error::Misuse(Misuse::TooLarge { .. })), "{error}");
        }
        session.finish().await.unwrap();
    };
    both(play, play);
}

#[test]
fn misuse_is_found_before_anything_is_sent_and_the_session_goes_on() {
    let add = compile(&halfgate::library::find("add8").unwrap()).unwrap();
    let program = &add;
    let play = async |mut session: Session| {
        let input = match session.party() {
            Party::Garbler => session.input(&Values::from_u64s(8, &[1])).await.unwrap(),
            Party::Evaluator => session.peer_input(8, 1).await.unwrap(),
        };
        let error = session.call(program, &[&input]).await.err().unwrap();
        assert!(matches!(error, Error::Misuse(Misuse::InputCount { expected: 2, got: 1 })), "{error}");
        let empty = session.peer_input(8, 0).await.err().unwrap();
        assert!(matches!(empty, Error::Misuse(Misuse::NoLanes)), "{empty}");
        let twice = session.call(program, &[&input, &input]).await.unwrap().remove(0);
        let twice = session.reveal(&twice, Reveal::Both).await.unwrap().unwrap().to_u64s();
        session.finish().await.unwrap();
        (twice, input)
    };
    let ((left, foreign), (right, _)) = both(play, play);
    assert_eq!((left, right), (vec![2], vec![2]));
    let other = async |mut session: Session| {
        let error = session.reveal(&foreign, Reveal::Both).await.err().unwrap();
        assert!(matches!(error, Error::Misuse(Misuse::ForeignValue { index: 0 })), "{error}");
        session.finish().await.unwrap();
    };
    both(other, async |session: Session| session.finish().await.unwrap());
}

#[test]
fn a_garbler_without_ids_left_or_after_a_failure_uses_its_delta_no_more() {
    let add = compile(&halfgate::library::find("add64").unwrap()).unwrap();
    block_on(async {
        let (left, mut right) = Channel::memory_pair(Limits::default());
        let sid = SessionId::new([1; 32]);
        let mut garbler =
            Garbler::start(left, sid, Backend::detect(), Entropy::from_os().unwrap()).await.unwrap();
        // Ids are taken before anything else is looked at.
        let error = garbler.call(&add, &[], 1 << 60).await.err().unwrap();
        assert!(matches!(error, GarblerError::TooManyGates), "{error}");
        let bits = BitRows::new(8, 1);
        assert!(matches!(garbler.input(&bits, 1).await, Err(GarblerError::Spent)));
        assert!(matches!(garbler.peer_input(&[8], 1).await, Err(GarblerError::Spent)));
        assert!(matches!(garbler.call(&add, &[], 1).await, Err(GarblerError::Spent)));
        right.receive(Kind::Start, Length::Exactly(32)).await.unwrap();
        drop(garbler);
        assert!(right.receive(Kind::InputSeed, Length::Exactly(16)).await.is_err(), "nothing more was sent");
    });
}
