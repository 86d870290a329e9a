//! A job of many batches that survives a crash or reboot of either side.

use halfgate::channel::Field;
use halfgate::{Party, Program, Reveal, Values};
use halfgate_crypto::{Entropy, SessionId};

mod agree;
mod claim;
mod error;
#[cfg(test)]
mod model;
mod outputs;
mod ranges;
mod replay;
mod run;
#[cfg(test)]
mod tests;
mod verdict;

use crate::Ids;
use crate::journal::{FORMAT, Header, Journal, Record, reveal_number};
pub use agree::Standing;
use claim::{Frame, of_state};
pub use error::JobError;
use outputs::Outputs;
pub use ranges::Ranges;
pub use run::Progress;
use verdict::{State, is_entitled};

/// What one side wants computed: one lane for each row.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// What is computed.
    pub program: &'a Program,
    /// This side's part.
    pub own: Party,
    /// Who learns the outputs.
    pub reveal: Reveal,
    /// Whether a side that lost a result in a crash may get it from the other, as that side's word. Not where neither side's word
    /// counts, as in malicious security: there the result is lost. Both sides have to mean the same.
    pub resend: bool,
    /// How many rows there are.
    pub rows: usize,
    /// How many rows are run at once, which both sides have to agree on; with nothing, all of them are one run, and a failure
    /// means to begin anew.
    pub batch: Option<usize>,
    /// One entry per input group: the values of all rows of those that this side owns.
    pub inputs: &'a [Option<&'a Values>],
    /// The ids of the rows, if they have any.
    pub ids: Option<&'a Ids>,
}

impl Plan<'_> {
    /// How many rows a batch has unless somebody wants it otherwise: up to 65,536, and not more than about 512 MiB of garbled
    /// rows. A crash loses what was opened of one batch at most; each batch costs its round trips and two short waits
    /// for the disk.
    pub fn default_batch(program: &Program) -> usize {
        const MOST_ROWS: usize = 1 << 16;
        const MOST_ANDS: usize = 1 << 24;
        (MOST_ANDS / program.and_count().max(1)).clamp(64, MOST_ROWS)
    }
}

#[doc = include_str!("job.md")]
pub struct Job<'a> {
    plan: Plan<'a>,
    journal: Option<Journal>,
    /// What the journal says first; also of a job without one, from its first session on.
    header: Option<Header>,
    states: Vec<State>,
    /// Of the batches that are held, those that are the peer's word.
    resent: Vec<bool>,
    outputs: Option<Outputs>,
    /// The session in which the two sides agreed where they stand, and what they found to be run.
    agreed: Option<(SessionId, Ranges)>,
    entropy: Entropy,
}

/// What a job has given to this side.
pub struct JobOutcome {
    /// One entry per output group, with all rows, if anything is meant for this side. Rows of lost batches are zero.
    pub outputs: Option<Vec<Values>>,
    /// The batches whose result is lost to somebody for whom it was meant.
    pub lost: Ranges,
    /// The batches whose outputs are the peer's word, given after a crash.
    pub resent: Ranges,
    batch: u64,
    rows: u64,
}

impl JobOutcome {
    /// The rows of lost batches.
    pub fn lost_rows(&self) -> Ranges {
        self.lost.scaled(self.batch, self.rows)
    }

    /// The rows of batches whose outputs are the peer's word.
    pub fn resent_rows(&self) -> Ranges {
        self.resent.scaled(self.batch, self.rows)
    }
}

impl<'a> Job<'a> {
    /// A job that begins, or that goes on where its journal says. Nothing is sent: what is wrong here is found out before
    /// there is a peer.
    ///
    /// # Errors
    /// If the journal is of another job, or began with other inputs; if it says what cannot be; if the plan is none.
    pub fn new(plan: Plan<'a>, journal: Option<Journal>) -> Result<Self, JobError> {
        if plan.batch == Some(0) || plan.rows == 0 || journal.is_some() && plan.batch.is_none() {
            return Err(JobError::NoBatches);
        }
        for (group, values) in plan.inputs.iter().enumerate() {
            match values.map(Values::lanes) {
                Some(got) if got != plan.rows => return Err(JobError::Rows { group, got, rows: plan.rows }),
                _ => {}
            }
        }
        let entropy = Entropy::from_os().map_err(|error| JobError::NoEntropy(error.to_string()))?;
        let count = plan.rows.div_ceil(plan.batch.unwrap_or(plan.rows));
        let mut job = Job {
            plan,
            journal: None,
            header: None,
            states: vec![State::Untouched; count],
            resent: vec![false; count],
            outputs: (plan.batch.is_some() && is_entitled(plan.own, plan.reveal))
                .then(|| Outputs::new(plan.program, plan.rows)),
            agreed: None,
            entropy,
        };
        if let Some(mut journal) = journal {
            if let Some(header) = journal.header() {
                job.require_same(header)?;
            }
            job.replay(&mut journal)?;
            job.header = journal.header().cloned();
            job.journal = Some(journal);
        }
        Ok(job)
    }

    /// How many batches the job has.
    pub fn batches(&self) -> usize {
        self.states.len()
    }

    /// Where the job stands as far as this side knows.
    pub fn progress(&self) -> Progress {
        let done = (0..self.states.len()).filter(|&batch| self.states[batch] != State::Untouched);
        let (batches_done, rows_done) =
            done.fold((0, 0), |(batches, rows), batch| (batches + 1, rows + self.rows_of(batch).len()));
        Progress { batches_done, batches: self.states.len(), rows_done, rows: self.plan.rows }
    }

    /// Whether nothing is left to do for this side: every batch is lost, or its result here if it is meant for this side. The peer may
    /// still lack something, if the last session did not end with a goodbye.
    pub fn is_complete(&self) -> bool {
        let entitled = is_entitled(self.plan.own, self.plan.reveal);
        self.states.iter().all(|state| match state {
            State::Untouched => false,
            State::Opened => !entitled,
            State::Held | State::Lost => true,
        })
    }

    /// Notes in the journal that both sides have said goodbye; to be called after [`Session::finish`](halfgate::Session::finish). Without
    /// this note nothing is lost.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn finished(&mut self) -> Result<(), JobError> {
        Ok(self.note(&[Record::Finished])?)
    }

    /// What the job has given so far.
    pub fn into_outcome(self) -> JobOutcome {
        let resent = (0..).zip(&self.resent).filter(|(_, resent)| **resent).map(|(batch, _)| batch).collect();
        JobOutcome {
            lost: of_state(&self.states, State::Lost),
            resent,
            batch: self.plan.batch.unwrap_or(self.plan.rows) as u64,
            rows: self.plan.rows as u64,
            outputs: self.outputs.map(Outputs::into_values),
        }
    }

    fn rows_of(&self, batch: usize) -> std::ops::Range<usize> {
        let size = self.plan.batch.unwrap_or(self.plan.rows);
        batch * size..((batch + 1) * size).min(self.plan.rows)
    }

    fn note(&mut self, records: &[Record]) -> Result<(), crate::JournalError> {
        match &mut self.journal {
            Some(journal) if !records.is_empty() => journal.append(records),
            _ => Ok(()),
        }
    }

    /// What both sides have to see alike.
    fn frame(&self, terms: [u8; 32]) -> Frame {
        Frame {
            terms,
            program: self.plan.program.digest(),
            rows: self.plan.rows as u64,
            batch: self.plan.batch.unwrap_or(self.plan.rows) as u64,
            reveal: reveal_number(self.plan.reveal),
        }
    }

    /// Compares with what the journal says first; the terms and the peer are not known yet.
    fn require_same(&self, header: &Header) -> Result<(), JobError> {
        let now = self.frame(header.terms);
        let role = |garbler| Field::from(if garbler { "garbler" } else { "evaluator" });
        require("the role of this side", role(header.garbler), role(self.plan.own == Party::Garbler))?;
        require("the program", header.program.into(), now.program.into())?;
        require("the number of rows", header.rows.into(), now.rows.into())?;
        require("the number of rows in a batch", header.batch.into(), now.batch.into())?;
        let reveal = |number| Field::from(u64::from(number));
        require("who learns the outputs", reveal(header.reveal), reveal(now.reveal))?;
        if header.inputs != self.inputs_under(&header.salt) { Err(JobError::OtherInputs) } else { Ok(()) }
    }

    fn new_header(&mut self, job: [u8; 16], frame: &Frame, peer: Option<[u8; 32]>) -> Header {
        let salt = self.entropy.bytes();
        Header {
            format: FORMAT,
            job,
            garbler: self.plan.own == Party::Garbler,
            reveal: frame.reveal,
            terms: frame.terms,
            program: frame.program,
            rows: frame.rows,
            batch: frame.batch,
            peer,
            salt,
            inputs: self.inputs_under(&salt),
        }
    }

    /// A digest by which a restarted side finds out whether it still means the same inputs.
    fn inputs_under(&self, salt: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(salt);
        for (group, values) in (0u64..).zip(self.plan.inputs) {
            let Some(values) = values else { continue };
            for number in [group, u64::from(values.width()), values.lanes() as u64] {
                hasher.update(&number.to_le_bytes());
            }
            for word in (0..values.lanes()).flat_map(|lane| values.lane(lane)) {
                hasher.update(&word.to_le_bytes());
            }
        }
        // Results of batches before a crash and after it stand beside the same ids.
        if let Some(ids) = self.plan.ids {
            hasher.update(&ids.digest(salt));
        }
        *hasher.finalize().as_bytes()
    }
}

/// Whether the job is still what it was when its journal began.
fn require(what: &'static str, then: Field, now: Field) -> Result<(), JobError> {
    if then == now { Ok(()) } else { Err(JobError::OtherJob { what, then, now }) }
}
