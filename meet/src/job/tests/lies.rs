//! Peers that claim what is not so, journals that are not the ones they should be.

use std::fs;

use halfgate::channel::Agreement;
use halfgate::{Category, Party, Reveal, Session, Values};

use super::pair::{BATCH, BATCHES, PEER, Pair, ROWS, inputs, open, plan, program, terms};
use super::wire::wire;
use crate::job::agree::digest_of;
use crate::job::claim::Claim;
use crate::job::verdict::State;
use crate::journal::{Fault, Part};
use crate::{Ids, Job, JobError, Journal, JournalError, Plan, Standing};

const WORDS: [State; 4] = [State::Untouched, State::Opened, State::Held, State::Lost];

/// A pair whose second batch was interrupted right after the garbler had opened it.
fn interrupted(reveal: Reveal) -> Pair {
    let pair = Pair::new(reveal);
    let writes = if reveal.reaches(Party::Garbler) { 4 } else { 3 };
    let sides = pair.session(None, [Some(Fault { after: writes, part: Part::Nothing }), None]);
    assert!(sides[0].is_err());
    pair
}

/// The garbler agrees with an evaluator that says this of its batches.
fn agree_with(pair: &Pair, claimed: &[State]) -> Result<Standing, JobError> {
    let before = fs::read(pair.path(Party::Garbler)).unwrap();
    let mut outcome = None;
    pair.with(|[garbler, evaluator]| {
        let claim = Claim {
            frame: evaluator.frame(digest_of(&terms())),
            job: garbler.header.as_ref().map(|header| header.job),
            nonce: [0; 16],
            batches: claimed.to_vec(),
        };
        with_sessions(async |mut a, mut b| {
            let (terms, claim) = (terms(), claim.encode().unwrap());
            let ours = async {
                outcome = Some(garbler.agree(&mut a, &terms, PEER).await);
                a.abort().await;
            };
            let theirs = async {
                b.exchange_notes(claim).await.unwrap();
                // Should the garbler wait for a result: here is one.
                let _ = b.send_note(vec![0; BATCH]).await;
                while b.receive_note(BATCH).await.is_ok() {}
            };
            tokio::join!(ours, theirs);
        });
    });
    let outcome = outcome.unwrap();
    if outcome.is_err() {
        assert!(fs::read(pair.path(Party::Garbler)).unwrap() == before, "of a lie nothing is noted");
    }
    outcome
}

fn agree(
    garbler: &mut Job<'_>,
    evaluator: &mut Job<'_>,
    terms_of_garbler: &Agreement,
    peer: Option<[u8; 32]>,
) -> Result<Standing, JobError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, _) = wire(None);
        let ours = async {
            let mut session = open(Party::Garbler, left).await?;
            let standing = garbler.agree(&mut session, terms_of_garbler, peer).await;
            session.abort().await;
            standing
        };
        let theirs = async {
            let mut session = open(Party::Evaluator, right).await?;
            let standing = evaluator.agree(&mut session, &terms(), PEER).await;
            // As long as the garbler likes.
            let _ = session.receive_note(1).await;
            standing
        };
        tokio::join!(ours, theirs).0
    })
}

/// Whatever the evaluator says: what the garbler has opened is never run again.
#[test]
fn no_claim_makes_an_opened_batch_run_again() {
    for reveal in [Reveal::Garbler, Reveal::Evaluator, Reveal::Both] {
        for claimed in WORDS.into_iter().flat_map(|a| WORDS.map(|b| [a, b, State::Untouched])) {
            let pair = interrupted(reveal);
            let ours = pair.states()[0].clone();
            let opened: Vec<u64> =
                (0..BATCHES as u64).filter(|&b| ours[b as usize] != State::Untouched).collect();
            assert_eq!(opened, [0, 1], "{reveal} {ours:?}");
            match agree_with(&pair, &claimed) {
                Ok(standing) => {
                    assert!(standing.to_run.iter().eq([2]), "{reveal} {claimed:?}: {}", standing.to_run);
                    let after = pair.states()[0].clone();
                    assert!(after[..2].iter().all(|state| *state != State::Untouched), "{after:?}");
                }
                Err(error) => assert!(
                    matches!(
                        error,
                        JobError::Contradiction { .. } | JobError::Session(_) | JobError::StrayBits { .. }
                    ),
                    "{reveal} {claimed:?}: {error}"
                ),
            }
        }
    }
}

#[test]
fn a_result_of_what_was_never_opened_is_a_contradiction() {
    for reveal in [Reveal::Evaluator, Reveal::Both] {
        let pair = interrupted(reveal);
        let error = agree_with(&pair, &[State::Opened, State::Opened, State::Held]).unwrap_err();
        assert!(matches!(error, JobError::Contradiction { batch: 2, .. }), "{error}");
        assert_eq!(error.category(), Category::Cheating);
    }
    let pair = interrupted(Reveal::Garbler);
    let error = agree_with(&pair, &[State::Held, State::Opened, State::Untouched]).unwrap_err();
    assert!(matches!(error, JobError::Contradiction { batch: 0, .. }), "{error}");
}

/// The evaluator goes back to a copy of its journal from before the first batch.
#[test]
fn an_older_copy_of_a_journal_opens_nothing() {
    let pair = Pair::new(Reveal::Both);
    let stop = |after| [None, Some(Fault { after, part: Part::Nothing })];
    assert!(pair.session(None, stop(1)).iter().any(Result::is_err));
    let copy = fs::read(pair.path(Party::Evaluator)).unwrap();
    assert!(pair.session(None, stop(2)).iter().any(Result::is_err));
    fs::write(pair.path(Party::Evaluator), &copy).unwrap();
    let states = pair.states();
    let [garbler, evaluator] = pair.session(None, [None, None]);
    // Its own side finds out, if the garbler has a result: it must have been there.
    match states[0].contains(&State::Held) {
        true => {
            assert!(matches!(evaluator, Err(JobError::Contradiction { .. })), "{evaluator:?}");
            assert!(!garbler.is_ok_and(|standing| standing.forgotten.is_empty()));
        }
        false => assert!(garbler.is_ok() && evaluator.is_ok()),
    }
    let opened = |states: &[State]| states.iter().filter(|state| **state != State::Untouched).count();
    assert!(opened(&pair.states()[0]) >= opened(&states[0]));
}

/// A side that has lost its journal has no part in what was opened before.
#[test]
fn a_lost_journal_loses_what_was_under_way() {
    let pair = interrupted(Reveal::Evaluator);
    assert_eq!(pair.states()[0][..2], [State::Opened; 2]);
    fs::remove_file(pair.path(Party::Evaluator)).unwrap();
    pair.finish(&[true, true, false]);
}

#[test]
fn other_inputs_are_refused_before_contact() {
    let pair = interrupted(Reveal::Both);
    let other = Values::from_u64s(8, &[1, 20, 33, 41, 255, 66, 7]);
    let journal = Journal::open(&pair.path(Party::Garbler)).unwrap();
    let inputs = [Some(&other), None];
    let job = Job::new(plan(Party::Garbler, Reveal::Both, &inputs), Some(journal));
    assert!(matches!(job.err().unwrap(), JobError::OtherInputs));
}

#[test]
fn other_row_ids_are_refused_before_contact() {
    let ids = |texts: &str| {
        let mut ids = Ids::new("account", ROWS);
        texts.split(' ').for_each(|text| ids.push(text));
        ids
    };
    let ours = ids("a b c d e f g");
    let values = inputs(Party::Garbler);
    let refs = values.each_ref().map(Option::as_ref);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("job");
    let open = |ids| {
        let plan = Plan { ids, ..plan(Party::Garbler, Reveal::Both, &refs) };
        Job::new(plan, Some(Journal::open(&path).unwrap()))
    };
    let mut job = open(Some(&ours)).unwrap();
    let header = job.new_header([1; 16], &job.frame(digest_of(&terms())), PEER);
    job.journal.as_mut().unwrap().begin(header).unwrap();
    drop(job);
    assert!(open(Some(&ours)).is_ok());
    let (swapped, shifted) = (ids("b a c d e f g"), ids("ab  c d e f g"));
    for other in [None, Some(&swapped), Some(&shifted)] {
        let error = open(other).err().unwrap();
        assert!(matches!(error, JobError::OtherInputs), "{other:?}: {error}");
    }
}

#[test]
fn another_job_than_the_journals_is_refused_before_contact() {
    let pair = interrupted(Reveal::Both);
    let values = inputs(Party::Garbler);
    let refs = values.each_ref().map(Option::as_ref);
    let plan = plan(Party::Garbler, Reveal::Both, &refs);
    let sub = halfgate::compile(&halfgate::library::find("sub8").unwrap()).unwrap();
    for (plan, what) in [
        (Plan { reveal: Reveal::Garbler, ..plan }, "who learns the outputs"),
        (Plan { batch: Some(BATCH + 1), ..plan }, "the number of rows in a batch"),
        (Plan { program: &sub, ..plan }, "the program"),
        (Plan { own: Party::Evaluator, ..plan }, "the role of this side"),
    ] {
        let journal = Journal::open(&pair.path(Party::Garbler)).unwrap();
        let error = Job::new(plan, Some(journal)).err().unwrap();
        assert!(matches!(&error, JobError::OtherJob { what: found, .. } if *found == what), "{error}");
        assert_eq!(error.category(), Category::Input);
    }
}

#[test]
fn other_terms_and_other_peers_are_refused() {
    for (terms, peer, what) in [
        (terms().with("purpose", "another"), PEER, "the digest of the terms"),
        (terms(), Some([8; 32]), "the peer's fingerprint"),
        (terms(), None, "the peer's fingerprint"),
    ] {
        let pair = interrupted(Reveal::Both);
        let error = pair.with(|[garbler, evaluator]| agree(garbler, evaluator, &terms, peer)).unwrap_err();
        assert!(matches!(&error, JobError::OtherJob { what: found, .. } if *found == what), "{error}");
    }
    // Of a job that begins, the peer's terms are compared.
    let pair = Pair::new(Reveal::Both);
    let other = terms().with("purpose", "another");
    let error = pair.with(|[garbler, evaluator]| agree(garbler, evaluator, &other, PEER)).unwrap_err();
    assert!(matches!(&error, JobError::Mismatch(_)) && error.category() == Category::Agreement, "{error}");
    assert!(!pair.path(Party::Garbler).exists(), "a job that never began has no journal");
}

#[test]
fn journals_of_two_jobs_do_not_meet() {
    let (one, other) = (interrupted(Reveal::Both), interrupted(Reveal::Both));
    fs::copy(other.path(Party::Evaluator), one.path(Party::Evaluator)).unwrap();
    let sides = one.session(None, [None, None]);
    assert!(sides.iter().all(|side| matches!(side, Err(JobError::TwoJobs))), "{sides:?}");
}

#[test]
fn a_journal_that_says_the_impossible_is_damaged() {
    use crate::journal::Record;
    let past: [&[Record]; 4] = [
        &[Record::Lost(1..u64::MAX)],
        &[Record::Opening(0), Record::Opening(0)],
        &[Record::Opening(BATCHES as u64)],
        &[Record::Result { batch: 1, resent: false, values: vec![0; 3].into() }],
    ];
    for records in past {
        let pair = interrupted(Reveal::Garbler);
        let path = pair.path(Party::Garbler);
        let header = Journal::open(&path).unwrap().header().unwrap().clone();
        fs::remove_file(&path).unwrap();
        let mut journal = Journal::open(&path).unwrap();
        journal.begin(header).unwrap();
        journal.append(records).unwrap();
        drop(journal);
        let values = inputs(Party::Garbler);
        let refs = values.each_ref().map(Option::as_ref);
        let job = Job::new(plan(Party::Garbler, Reveal::Garbler, &refs), Some(Journal::open(&path).unwrap()));
        assert!(matches!(job.err().unwrap(), JobError::Journal(JournalError::Damaged { .. })));
    }
}

/// Results of more than one message.
#[test]
fn long_results_are_sent_in_pieces() {
    const ROWS: usize = 70_001;
    let numbers: Vec<u64> = (0..ROWS as u64).map(|row| row % 251).collect();
    let values = Values::from_u64s(8, &numbers);
    let inputs = [[Some(&values), None], [None, Some(&values)]];
    let job = |own: Party| {
        let inputs = &inputs[own as usize];
        let plan = Plan {
            resend: true,
            program: program(),
            own,
            reveal: Reveal::Both,
            rows: ROWS,
            batch: Some(ROWS),
            inputs,
            ids: None,
        };
        Job::new(plan, None).unwrap()
    };
    let (mut garbler, mut evaluator) = (job(Party::Garbler), job(Party::Evaluator));
    garbler.outputs.as_mut().unwrap().write(0, std::slice::from_ref(&values));
    garbler.states[0] = State::Held;
    evaluator.states[0] = State::Opened;
    with_sessions(async |mut a, mut b| {
        let terms = terms();
        let (sent, got) =
            tokio::join!(garbler.agree(&mut a, &terms, PEER), evaluator.agree(&mut b, &terms, PEER));
        assert!(sent.unwrap().sent.contains(0) && got.unwrap().received.contains(0));
    });
    let outcome = evaluator.into_outcome();
    assert_eq!(outcome.resent_rows().count(), ROWS as u64);
    assert!(outcome.outputs.unwrap()[0] == values);
}

#[test]
fn a_resent_result_with_stray_bits_is_refused() {
    let lt = halfgate::compile(&halfgate::library::find("lt8").unwrap()).unwrap();
    let values = inputs(Party::Garbler);
    let refs = values.each_ref().map(Option::as_ref);
    let mut job = Job::new(Plan { program: &lt, ..plan(Party::Garbler, Reveal::Both, &refs) }, None).unwrap();
    job.states[0] = State::Opened;
    with_sessions(async |mut a, mut b| {
        let frame = job.frame(digest_of(&terms()));
        let batches = vec![State::Held, State::Untouched, State::Untouched];
        let claim = Claim { frame, job: None, nonce: [0; 16], batches }.encode().unwrap();
        let terms = terms();
        let peer = async {
            b.exchange_notes(claim).await.unwrap();
            // Three rows of one bit.
            b.send_note(vec![0b1_011]).await.unwrap();
        };
        let (error, ()) = tokio::join!(job.agree(&mut a, &terms, PEER), peer);
        assert!(matches!(error, Err(JobError::StrayBits { batch: 0 })), "{error:?}");
    });
    assert_eq!(job.states[0], State::Opened);
}

/// What is no claim at all.
#[test]
fn a_claim_that_cannot_be_read_ends_the_session() {
    let values = inputs(Party::Garbler);
    let refs = values.each_ref().map(Option::as_ref);
    for bytes in [Vec::new(), vec![0xff; 1000]] {
        let mut job = Job::new(plan(Party::Garbler, Reveal::Both, &refs), None).unwrap();
        with_sessions(async |mut a, mut b| {
            let terms = terms();
            let (error, _) = tokio::join!(job.agree(&mut a, &terms, PEER), b.exchange_notes(bytes));
            assert!(matches!(&error, Err(error) if error.category() == Category::Cheating), "{error:?}");
        });
    }
}

pub(super) fn with_sessions(work: impl AsyncFnOnce(Session, Session)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, _) = wire(None);
        let (a, b) = tokio::join!(open(Party::Garbler, left), open(Party::Evaluator, right));
        work(a.unwrap(), b.unwrap()).await;
    });
}
