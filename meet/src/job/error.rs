use halfgate::Category;
use halfgate::channel::{Field, Mismatch};
use thiserror::Error;

use crate::JournalError;

/// Why a job could not begin or go on. A job whose journal was opened by either side can be taken up again, unless a
/// journal is damaged or a peer contradicts it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JobError {
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The session ended.
    #[error(transparent)]
    Session(#[from] halfgate::Error),
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness ({0}); nothing can be kept secret without it")]
    NoEntropy(String),
    /// A journal for a job that is not cut into batches, or batches without rows.
    #[error("a job with a journal has rows, and batches of at least one row")]
    NoBatches,
    /// The values of an input group are not one for each row.
    #[error("input group {group} has {got} rows where the job has {rows}")]
    Rows {
        /// The group's place.
        group: usize,
        /// The rows that were given.
        got: usize,
        /// The rows of the job.
        rows: usize,
    },
    /// This side wants another job than the one that the journal is of.
    #[error(
        "the journal is of another job: {what} was {then} when it began and is {now} now; name the journal of this job, or none that exists"
    )]
    OtherJob {
        /// What differs.
        what: &'static str,
        /// As the journal has it.
        then: Field,
        /// As it is now.
        now: Field,
    },
    /// This side's inputs are not those that the job began with.
    #[error(
        "this side's inputs are not those that the job began with, so it cannot go on with them; restore the inputs, or begin a new job"
    )]
    OtherInputs,
    /// The peer wants something else.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// Both sides have a journal, and of different jobs.
    #[error("the two sides' journals are of different jobs; name the right ones on both sides")]
    TwoJobs,
    /// The peer said something that is no standing of a job.
    #[error("the peer misbehaved: what it says about the job cannot be read ({0})")]
    Unreadable(&'static str),
    /// What the peer says cannot be true if this side's journal is.
    #[error(
        "the peer contradicts this side's journal about batch {batch}: {what}. Either it cheats, or one of the two \
         journals was replaced by an older copy; nothing was opened again"
    )]
    Contradiction {
        /// The batch.
        batch: u64,
        /// What the peer says.
        what: &'static str,
    },
    /// A resent result has bits where there are none.
    #[error("the peer misbehaved: the result of batch {batch} that it sent again has stray bits")]
    StrayBits {
        /// The batch.
        batch: u64,
    },
    /// Too many gaps between the batches that are done.
    #[error(
        "the job was interrupted too often to be described in one message; begin a new job with the rows that are left"
    )]
    TooManyGaps,
    /// [`Job::run`](crate::Job::run) without [`Job::agree`](crate::Job::agree) before it, in this session.
    #[error("where the job stands has to be agreed on before it runs, in every session anew")]
    NotAgreed,
}

impl JobError {
    /// What kind of end it is, for exit codes.
    pub fn category(&self) -> Category {
        match self {
            JobError::Journal(error) => error.category(),
            JobError::Session(error) => error.category(),
            JobError::NoEntropy(_) | JobError::NotAgreed | JobError::TooManyGaps => Category::Caller,
            JobError::NoBatches
            | JobError::Rows { .. }
            | JobError::OtherJob { .. }
            | JobError::OtherInputs => Category::Input,
            JobError::Mismatch(_) | JobError::TwoJobs => Category::Agreement,
            JobError::Unreadable(_) | JobError::Contradiction { .. } | JobError::StrayBits { .. } => {
                Category::Cheating
            }
        }
    }
}
