use std::io;
use std::path::PathBuf;

use halfgate::Category;
use thiserror::Error;

/// Why a journal cannot be used. Nothing in it was changed, except that after [`JournalError::Io`] its last record may be torn.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The operating system refuses.
    #[error("the journal {} cannot be {doing}: {source}", path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the operating system says.
        source: io::Error,
    },
    /// Another process works with it.
    #[error("the journal {} is in use by another process; a job has one at a time", path.display())]
    Locked {
        /// The journal.
        path: PathBuf,
    },
    /// It is no journal, or one of another version.
    #[error("{} is no journal of a job that this version of halfgate can read; name another file", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// It is not as it was written. It is left as it is.
    #[error(
        "the journal {} is damaged at byte {offset}: {what}; halfgate does not repair it, for what it says about opened \
         batches cannot be trusted any more: restore the newest copy, or begin a new job under new terms",
        path.display()
    )]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// Where the first record begins that is not right.
        offset: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// An earlier write failed.
    #[error("an earlier write to the journal {} failed; open it again", path.display())]
    Failed {
        /// The journal.
        path: PathBuf,
    },
}

impl JournalError {
    /// What kind of end it is, for exit codes.
    pub fn category(&self) -> Category {
        match self {
            JournalError::Io { .. } | JournalError::Failed { .. } => Category::Caller,
            JournalError::Locked { .. } | JournalError::Foreign { .. } | JournalError::Damaged { .. } => {
                Category::Input
            }
        }
    }
}

impl From<JournalError> for io::Error {
    fn from(error: JournalError) -> Self {
        let kind = match &error {
            JournalError::Io { source, .. } => source.kind(),
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
