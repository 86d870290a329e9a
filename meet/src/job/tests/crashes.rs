//! Crashes of one side or both at every write to a journal, and cuts at every frame.

use halfgate::channel::Kind;
use halfgate::{Blame, Category, Party, Reveal};

use super::pair::{BATCHES, Pair, both, sides};
use super::wire::Cut;
use crate::JobError;
use crate::job::verdict::State;
use crate::journal::{Fault, Part};

const REVEALS: [Reveal; 4] = [Reveal::Garbler, Reveal::Evaluator, Reveal::Both, Reveal::Shares];

/// What has to be lost after this, by the rule as `job.md` has it: a batch that either side opened, unless all for whom
/// its result is meant have it, or can get it from the other.
fn lost(reveal: Reveal, states: &[Vec<State>; 2]) -> Vec<bool> {
    let one = |batch: usize| {
        let [garbler, evaluator] = [states[0][batch], states[1][batch]];
        let spent = garbler != State::Untouched || evaluator != State::Untouched;
        let saved = match reveal {
            Reveal::Garbler => garbler == State::Held,
            Reveal::Evaluator => evaluator == State::Held,
            Reveal::Both => garbler == State::Held || evaluator == State::Held,
            Reveal::Shares => garbler == State::Held && evaluator == State::Held,
        };
        spent && !saved
    };
    (0..BATCHES).map(one).collect()
}

/// The frames that each party sends in a job that nothing happens to.
fn frames(reveal: Reveal) -> [usize; 2] {
    let pair = Pair::new(reveal);
    let (done, log) = pair.with(|[garbler, evaluator]| both(garbler, evaluator));
    assert!(done.into_iter().all(|side| side.unwrap().to_run.count() == BATCHES as u64));
    pair.check_end(&[false; BATCHES]);
    let count = |own| log.lock().unwrap().iter().filter(|(sender, _)| *sender == own).count();
    [Party::Garbler, Party::Evaluator].map(count)
}

fn cut_everywhere(reveal: Reveal) {
    let mut seen = 0;
    for (sender, count) in [Party::Garbler, Party::Evaluator].into_iter().zip(frames(reveal)) {
        for frames in 0..count {
            let pair = Pair::new(reveal);
            let sides = pair.session(Some(Cut { sender, frames }), [None, None]);
            assert!(sides.iter().any(Result::is_err), "{reveal}: {sender} {frames} of {count}");
            let lost = lost(reveal, &pair.states());
            assert!(lost.iter().filter(|lost| **lost).count() <= 1, "no more than was under way");
            seen += usize::from(lost.contains(&true));
            pair.finish(&lost);
        }
    }
    assert!(seen > 0, "{reveal}: some cut must cost a batch");
}

#[test]
fn cut_at_every_frame_with_outputs_for_the_garbler() {
    cut_everywhere(Reveal::Garbler);
}

#[test]
fn cut_at_every_frame_with_outputs_for_the_evaluator() {
    cut_everywhere(Reveal::Evaluator);
}

#[test]
fn cut_at_every_frame_with_outputs_for_both() {
    cut_everywhere(Reveal::Both);
}

#[test]
fn cut_at_every_frame_with_shares() {
    cut_everywhere(Reveal::Shares);
}

/// The processes live on and meet again with what they have in memory.
#[test]
fn cut_without_a_restart() {
    for (sender, count) in [Party::Garbler, Party::Evaluator].into_iter().zip(frames(Reveal::Both)) {
        for frames in (0..count).step_by(3) {
            let pair = Pair::new(Reveal::Both);
            let lost = pair.with(|[garbler, evaluator]| {
                let (first, _) = sides(garbler, evaluator, Some(Cut { sender, frames }), false);
                assert!(first.iter().any(Result::is_err));
                let lost = lost(Reveal::Both, &[garbler.states.clone(), evaluator.states.clone()]);
                let (second, _) = both(garbler, evaluator);
                assert!(second.iter().all(Result::is_ok));
                lost
            });
            pair.check_end(&lost);
        }
    }
}

/// One side crashes at its n-th write, the other sees the connection end.
#[test]
fn crash_at_every_write() {
    for reveal in REVEALS {
        for side in 0..2 {
            for (part, polite) in [(Part::Nothing, true), (Part::Half, false), (Part::All, false)] {
                let mut after = 0;
                loop {
                    let pair = Pair { polite, ..Pair::new(reveal) };
                    let mut faults = [None, None];
                    faults[side] = Some(Fault { after, part });
                    let sides = pair.session(None, faults);
                    if sides.iter().all(Result::is_ok) {
                        break;
                    }
                    let lost = lost(reveal, &pair.states());
                    pair.finish(&lost);
                    after += 1;
                }
                // The header, three openings, and the goodbye at least.
                assert!(after >= 5, "{reveal}: {after} writes");
            }
        }
    }
}

/// Both sides crash, each at any of its writes, and again in the session after it.
#[test]
fn crash_of_both_and_again() {
    for first in 0..7 {
        for second in 0..7 {
            let fault = |after| Some(Fault { after, part: Part::Half });
            let pair = Pair::new(Reveal::Both);
            let _ = pair.session(None, [fault(first), fault(second)]);
            let _ = pair.session(None, [fault(second), fault(first)]);
            let lost = lost(Reveal::Both, &pair.states());
            pair.finish(&lost);
        }
    }
}

/// A result that only one side could note is sent again, and marked as the peer's word.
#[test]
fn what_one_side_has_the_other_gets() {
    for (side, own) in [Party::Garbler, Party::Evaluator].into_iter().enumerate() {
        // With a full disk, what was sent still arrives.
        let pair = Pair { polite: true, ..Pair::new(Reveal::Both) };
        let mut faults = [None, None];
        // The header, an opening, a result, an opening; the next is the second result.
        faults[side] = Some(Fault { after: 4, part: Part::Nothing });
        let sides = pair.session(None, faults);
        assert!(sides[side].is_err());
        let states = pair.states();
        assert_eq!((states[side][1], states[1 - side][1]), (State::Opened, State::Held), "{own}");
        let standings = pair.session(None, [None, None]).map(|side| side.unwrap());
        assert!(standings[side].received.iter().eq([1]) && standings[1 - side].sent.iter().eq([1]));
        pair.check_end(&[false; BATCHES]);
        pair.with(|jobs| {
            let resent = jobs.map(|job| job.resent.clone());
            assert_eq!(resent[side], [false, true, false]);
            assert_eq!(resent[1 - side], [false; BATCHES]);
        });
    }
}

/// A disk that is full ends the session before an output leaves, and the peer is told that it ended.
#[test]
fn a_full_disk_opens_nothing() {
    for (own, kind) in [(Party::Garbler, Kind::OutputColours), (Party::Evaluator, Kind::OutputLabels)] {
        let pair = Pair::new(Reveal::Both);
        let log = pair.with(|[garbler, evaluator]| {
            let jobs = [&mut *garbler, &mut *evaluator];
            // The header, and no more.
            let fault = Fault { after: 1, part: Part::Nothing };
            jobs[own as usize].journal.as_mut().unwrap().inject(Some(fault));
            let (ended, log) = both(garbler, evaluator);
            let (ours, theirs) = (&ended[own as usize], &ended[own.peer() as usize]);
            let error = ours.as_ref().unwrap_err();
            assert!(matches!(error, JobError::Session(_)) && error.category() == Category::Caller, "{error}");
            assert!(error.to_string().contains("cannot be written"), "{error}");
            assert!(
                matches!(theirs, Err(JobError::Session(error)) if error.blame() == Blame::Peer),
                "{theirs:?}"
            );
            log
        });
        let sent = log.lock().unwrap();
        assert!(!sent.iter().any(|(sender, frame)| *sender == own && frame[0] == kind as u8), "{own}");
    }
}
