//! How many came, and what became of them.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Outcome;

/// How many visits a [`Reception`](crate::Reception) has seen the end of, by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Guests who were let in.
    pub admitted: u64,
    /// Guests who only wanted to know whether a meeting would work.
    pub examined: u64,
    /// Connections that continue a session.
    pub resumed: u64,
    /// Those who knocked and were not let in.
    pub refused: u64,
    /// Connections that wanted to continue a session that is not there.
    pub nothing_to_resume: u64,
    /// Connections that did not get as far as knocking.
    pub failed: u64,
    /// Connections that were one too many.
    pub crowded: u64,
    /// Connections that the operating system could not accept.
    pub not_accepted: u64,
}

/// The tally while it is counted.
#[derive(Default)]
pub(super) struct Counts([AtomicU64; 8]);

impl Counts {
    pub(super) fn add(&self, outcome: &Outcome) {
        let place = match outcome {
            Outcome::Admitted => 0,
            Outcome::Resumed => 1,
            Outcome::Refused(_) => 2,
            Outcome::NothingToResume => 3,
            Outcome::Failed(_) => 4,
            Outcome::Crowded => 5,
            Outcome::NotAccepted(_) => 6,
            Outcome::Examined => 7,
        };
        self.0[place].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn tally(&self) -> Tally {
        let [admitted, resumed, refused, nothing_to_resume, failed, crowded, not_accepted, examined] =
            std::array::from_fn(|place| self.0[place].load(Ordering::Relaxed));
        Tally { admitted, examined, resumed, refused, nothing_to_resume, failed, crowded, not_accepted }
    }
}
