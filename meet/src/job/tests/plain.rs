//! Jobs without a journal, and the bytes of jobs that are one run.

use halfgate::channel::Kind;
use halfgate::{Category, Party, Reveal, Values};

use super::lies::with_sessions;
use super::pair::{BATCH, BATCHES, PEER, ROWS, both, inputs, open, plan, program, sums, terms};
use super::wire::wire;
use crate::job::agree::digest_of;
use crate::job::claim::{Claim, Frame};
use crate::job::verdict::State;
use crate::{Job, JobError, Plan};

const MODES: [Reveal; 3] = [Reveal::Garbler, Reveal::Evaluator, Reveal::Both];

/// Who sent what.
type Frames = Vec<(Party, Vec<u8>)>;

fn run(reveal: Reveal, batch: Option<usize>) -> ([Option<Vec<u64>>; 2], Frames) {
    let values = [Party::Garbler, Party::Evaluator].map(inputs);
    let refs = values.each_ref().map(|values| values.each_ref().map(Option::as_ref));
    let job = |own, inputs| Job::new(Plan { batch, ..plan(own, reveal, inputs) }, None).unwrap();
    let (mut garbler, mut evaluator) = (job(Party::Garbler, &refs[0]), job(Party::Evaluator, &refs[1]));
    let (sides, log) = both(&mut garbler, &mut evaluator);
    assert!(sides.iter().all(Result::is_ok));
    let outputs = [garbler, evaluator].map(|job| {
        assert!(job.is_complete());
        let outcome = job.into_outcome();
        assert!(outcome.lost.is_empty() && outcome.resent.is_empty());
        outcome.outputs.map(|outputs| outputs[0].to_u64s())
    });
    let log = log.lock().unwrap().clone();
    (outputs, log)
}

#[test]
fn batches_need_no_journal() {
    for reveal in MODES {
        for batch in [Some(1), Some(BATCH), Some(100), None] {
            let (outputs, _) = run(reveal, batch);
            for (own, outputs) in [Party::Garbler, Party::Evaluator].into_iter().zip(outputs) {
                assert_eq!(outputs, reveal.reaches(own).then(sums), "{reveal} {batch:?}");
            }
        }
    }
}

#[test]
fn one_run_is_byte_for_byte_what_it_was() {
    let direct = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (left, right, log) = wire(None);
            let party = |own, channel| async move {
                let values = inputs(own);
                let refs: Vec<Option<&Values>> = values.iter().map(Option::as_ref).collect();
                let mut session = open(own, channel).await.unwrap();
                session.run(program(), sums().len(), &refs, Reveal::Both).await.unwrap();
                session.finish().await.unwrap();
            };
            tokio::join!(party(Party::Garbler, left), party(Party::Evaluator, right));
            log.lock().unwrap().clone()
        })
    };
    let (_, job) = run(Reveal::Both, None);
    let direct = direct();
    for own in [Party::Garbler, Party::Evaluator] {
        let of = |log: &[(Party, Vec<u8>)]| -> Vec<Vec<u8>> {
            log.iter().filter(|(sender, _)| *sender == own).map(|(_, frame)| frame.clone()).collect()
        };
        assert!(of(&job) == of(&direct), "{own}");
    }
    assert!(job.iter().all(|(_, frame)| frame[0] != Kind::Journal as u8));
}

#[test]
fn plans_that_are_none() {
    let values = inputs(Party::Garbler);
    let refs = values.each_ref().map(Option::as_ref);
    let plan = plan(Party::Garbler, Reveal::Both, &refs);
    assert!(matches!(Job::new(Plan { batch: Some(0), ..plan }, None), Err(JobError::NoBatches)));
    assert!(matches!(Job::new(Plan { rows: 0, ..plan }, None), Err(JobError::NoBatches)));
    assert!(matches!(
        Job::new(Plan { rows: 8, ..plan }, None),
        Err(JobError::Rows { group: 0, got: 7, rows: 8 })
    ));
}

#[test]
fn nothing_runs_before_it_is_agreed() {
    let values = [Party::Garbler, Party::Evaluator].map(inputs);
    let refs = values.each_ref().map(|values| values.each_ref().map(Option::as_ref));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, _) = wire(None);
        let (a, b) = tokio::join!(open(Party::Garbler, left), open(Party::Evaluator, right));
        let (mut first, mut peer) = (a.unwrap(), b.unwrap());
        let mut job = Job::new(plan(Party::Garbler, Reveal::Both, &refs[0]), None).unwrap();
        assert!(matches!(job.run(&mut first, |_| ()).await, Err(JobError::NotAgreed)));
        let mut other = Job::new(plan(Party::Evaluator, Reveal::Both, &refs[1]), None).unwrap();
        let terms = terms();
        let (ours, theirs) =
            tokio::join!(job.agree(&mut first, &terms, PEER), other.agree(&mut peer, &terms, PEER));
        assert_eq!(ours.unwrap(), theirs.unwrap());
        // What was agreed in one session holds in no other.
        let (left, right, _) = wire(None);
        let (a, b) = tokio::join!(
            halfgate::Session::open(
                left,
                Party::Garbler,
                halfgate::Terms::new(halfgate::Security::SemiHonest)
            ),
            halfgate::Session::open(
                right,
                Party::Evaluator,
                halfgate::Terms::new(halfgate::Security::SemiHonest)
            )
        );
        assert!(matches!(job.run(&mut a.unwrap(), |_| ()).await, Err(JobError::NotAgreed)));
        drop(b);
    });
}

#[test]
fn a_default_batch_is_bounded_both_ways() {
    assert_eq!(Plan::default_batch(program()), 1 << 16);
    let aes = halfgate::compile(&halfgate::library::find("aes128").unwrap()).unwrap();
    assert!((64..4000).contains(&Plan::default_batch(&aes)));
}

/// What the peer says about rows is compared, and never counted with.
#[test]
fn a_peer_that_proposes_no_rows_or_empty_batches_is_refused() {
    let values = inputs(Party::Garbler);
    let refs = values.each_ref().map(Option::as_ref);
    let mut job = Job::new(plan(Party::Garbler, Reveal::Both, &refs), None).unwrap();
    for (rows, batch, field) in [(0, BATCH, "rows"), (ROWS, 0, "rows in a batch"), (0, 0, "rows")] {
        let frame = job.frame(digest_of(&terms()));
        let frame = Frame { rows: rows as u64, batch: batch as u64, ..frame };
        for batches in [Vec::new(), vec![State::Held]] {
            let claim = Claim { frame: frame.clone(), job: None, nonce: [0; 16], batches }.encode().unwrap();
            with_sessions(async |mut a, mut b| {
                let terms = terms();
                let (error, _) = tokio::join!(job.agree(&mut a, &terms, PEER), b.exchange_notes(claim));
                let Err(error) = error else { panic!("{rows} rows in batches of {batch} are agreed on") };
                assert_eq!(error.category(), Category::Agreement, "{error}");
                assert!(matches!(&error, JobError::Mismatch(mismatch) if mismatch.field == field), "{error}");
            });
            assert!(job.header.is_none() && job.states == [State::Untouched; BATCHES]);
        }
    }
}
