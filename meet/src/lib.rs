//! How two firms find and recognise each other, and what they agree to: keys and peers, invites, the terms that both
//! see before anything runs, and the journal of a job.

mod job;
mod journal;

pub use job::{Job, JobError, Outcome, Plan, Progress, Ranges, Standing};
pub use journal::{Header, Journal, JournalError};
