//! What each side says about a job at the beginning of a session.

use halfgate::channel::{Field, Mismatch};
use serde::{Deserialize, Serialize};

use super::error::JobError;
use super::ranges::Ranges;
use super::verdict::State;

/// The most ranges in one of a claim's lists; more do not fit into a message.
const MOST_RANGES: usize = 1000;

/// The terms of a job, which have to be the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Frame {
    pub(crate) terms: [u8; 32],
    pub(crate) program: [u8; 32],
    pub(crate) rows: u64,
    pub(crate) batch: u64,
    pub(crate) reveal: u8,
}

impl Frame {
    /// The first difference, if there is one.
    fn require_equal(&self, theirs: &Frame) -> Result<(), Mismatch> {
        let pairs: [(&str, Field, Field); 5] = [
            ("the terms of the job", self.terms.into(), theirs.terms.into()),
            ("program", self.program.into(), theirs.program.into()),
            ("rows", self.rows.into(), theirs.rows.into()),
            ("rows in a batch", self.batch.into(), theirs.batch.into()),
            ("who learns the outputs", u64::from(self.reveal).into(), u64::from(theirs.reveal).into()),
        ];
        let differing = pairs.into_iter().find(|(_, ours, theirs)| ours != theirs);
        differing
            .map_or(Ok(()), |(field, ours, theirs)| Err(Mismatch { field: field.to_owned(), ours, theirs }))
    }
}

/// Where one side stands, as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) frame: Frame,
    /// The job that this side's journal is of; nothing if it has none yet.
    pub(crate) job: Option<[u8; 16]>,
    /// Goes into the name of a new job.
    pub(crate) nonce: [u8; 16],
    pub(crate) batches: Vec<State>,
}

/// A claim as it travels: of each batch in no list nothing was opened.
#[derive(Serialize, Deserialize)]
struct Message {
    frame: Frame,
    job: Option<[u8; 16]>,
    nonce: [u8; 16],
    opened: Vec<(u64, u64)>,
    held: Vec<(u64, u64)>,
    lost: Vec<(u64, u64)>,
}

impl Claim {
    pub(crate) fn encode(&self) -> Result<Vec<u8>, JobError> {
        let list = |state| {
            let steps = of_state(&self.batches, state).steps();
            if steps.len() > MOST_RANGES { Err(JobError::TooManyGaps) } else { Ok(steps) }
        };
        let message = Message {
            frame: self.frame.clone(),
            job: self.job,
            nonce: self.nonce,
            opened: list(State::Opened)?,
            held: list(State::Held)?,
            lost: list(State::Lost)?,
        };
        Ok(postcard::to_allocvec(&message).expect("lists have lengths"))
    }

    /// Reads a peer's claim, which has to be about the same terms.
    pub(crate) fn decode(bytes: &[u8], ours: &Frame) -> Result<Self, JobError> {
        let (message, rest) = postcard::take_from_bytes::<Message>(bytes)
            .map_err(|_| JobError::Unreadable("it is no claim of this version"))?;
        if !rest.is_empty() {
            return Err(JobError::Unreadable("something follows it"));
        }
        ours.require_equal(&message.frame)?;
        // No larger than our own, now that both are about the same number of batches.
        let count = ours.rows.div_ceil(ours.batch);
        let mut batches = vec![State::Untouched; count as usize];
        for (steps, state) in
            [(&message.opened, State::Opened), (&message.held, State::Held), (&message.lost, State::Lost)]
        {
            let ranges = Ranges::from_steps(steps, count).filter(|_| steps.len() <= MOST_RANGES);
            for batch in ranges.ok_or(JobError::Unreadable("its lists are no lists of batches"))?.iter() {
                let place = &mut batches[batch as usize];
                if std::mem::replace(place, state) != State::Untouched {
                    return Err(JobError::Unreadable("it says two things about a batch"));
                }
            }
        }
        Ok(Claim { frame: message.frame, job: message.job, nonce: message.nonce, batches })
    }
}

/// The batches in this state.
pub(crate) fn of_state(batches: &[State], state: State) -> Ranges {
    (0..).zip(batches).filter(|(_, other)| **other == state).map(|(batch, _)| batch).collect()
}

#[cfg(test)]
mod tests {
    use halfgate::Session;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn frame(rows: u64) -> Frame {
        Frame { terms: [1; 32], program: [2; 32], rows, batch: 1, reveal: 2 }
    }

    fn claim(batches: Vec<State>) -> Claim {
        Claim { frame: frame(batches.len() as u64), job: Some([3; 16]), nonce: [4; 16], batches }
    }

    fn state() -> impl Strategy<Value = State> {
        prop_oneof![Just(State::Untouched), Just(State::Opened), Just(State::Held), Just(State::Lost)]
    }

    proptest! {
        #[test]
        fn claims_pass_through(batches in vec(state(), 1..50)) {
            let claim = claim(batches);
            prop_assert_eq!(Claim::decode(&claim.encode().unwrap(), &claim.frame).unwrap(), claim);
        }

        #[test]
        fn any_bytes_are_refused_or_a_claim(bytes: Vec<u8>, flip in 0usize..2000) {
            let _ = Claim::decode(&bytes, &frame(9));
            let mut damaged = claim(vec![State::Held; 9]).encode().unwrap();
            let bit = flip % (8 * damaged.len());
            damaged[bit / 8] ^= 1 << (bit % 8);
            let _ = Claim::decode(&damaged, &frame(9));
        }
    }

    #[test]
    fn the_worst_claim_fits_a_message() {
        let of = |batch: usize| [State::Untouched, State::Opened, State::Held, State::Lost][batch % 4];
        let worst = claim((0..4 * MOST_RANGES).map(of).collect());
        assert!(worst.encode().unwrap().len() <= Session::MAX_NOTE);
        // Twenty bytes for each range, were the batches numbered as high as can be.
        const { assert!(3 * MOST_RANGES * 20 + 200 <= Session::MAX_NOTE) };
        let more = claim((0..4 * MOST_RANGES + 4).map(of).collect());
        assert!(matches!(more.encode(), Err(JobError::TooManyGaps)));
    }

    #[test]
    fn overlapping_lists_are_refused() {
        let message = Message {
            frame: frame(4),
            job: None,
            nonce: [0; 16],
            opened: vec![(0, 2)],
            held: vec![(1, 1)],
            lost: Vec::new(),
        };
        let bytes = postcard::to_allocvec(&message).unwrap();
        assert!(matches!(Claim::decode(&bytes, &frame(4)), Err(JobError::Unreadable(_))));
    }

    #[test]
    fn every_term_is_compared() {
        let bytes = claim(vec![State::Untouched; 4]).encode().unwrap();
        let ours = frame(4);
        for (other, field) in [
            (Frame { terms: [9; 32], ..ours.clone() }, "the terms of the job"),
            (Frame { program: [9; 32], ..ours.clone() }, "program"),
            (Frame { rows: 5, ..ours.clone() }, "rows"),
            (Frame { batch: 2, ..ours.clone() }, "rows in a batch"),
            (Frame { reveal: 0, ..ours.clone() }, "who learns the outputs"),
        ] {
            assert!(
                matches!(Claim::decode(&bytes, &other), Err(JobError::Mismatch(mismatch)) if mismatch.field == field)
            );
        }
    }
}
