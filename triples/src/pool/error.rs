use std::io;
use std::path::PathBuf;

use halfgate_channel::Category;
use halfgate_circuits::Party;
use thiserror::Error;

use crate::{PoolSize, Statistical};

/// Why a pool of prepared correlations cannot be made or used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PoolError {
    /// The operating system refuses.
    #[error("the pool {} cannot be {doing}: {source}", path.display())]
    Io {
        /// The pool.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the operating system says.
        source: io::Error,
    },
    /// A new pool would take the place of a file.
    #[error("{} exists already, and a pool takes no file's place; name another file for it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// More than a file can hold.
    #[error("no file could hold a pool of {} triples and {} bits; prepare fewer", size.triples, size.bits)]
    TooLarge {
        /// What was asked for.
        size: PoolSize,
    },
    /// Another process works with it.
    #[error("the pool {} is in use by another process; one session has it for itself", path.display())]
    Locked {
        /// The pool.
        path: PathBuf,
    },
    /// Others than its owner may have read or changed it.
    #[error(
        "the pool {} has mode {mode:03o}: others than its owner can use it, and who has read it can read what is \
         computed with it; delete it on both sides and prepare a new one",
        path.display()
    )]
    Exposed {
        /// The pool.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is no pool, or one of another version.
    #[error("{} is no pool that this version of halfgate can read; `halfgate prepare` makes one", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// It is not as it was written.
    #[error(
        "the pool {} is damaged at byte {offset}: {what}; delete it on both sides and prepare a new one",
        path.display()
    )]
    Damaged {
        /// The pool.
        path: PathBuf,
        /// Where the part begins that is not right.
        offset: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A session has begun with it before.
    #[error(
        "the pool {} belongs to a session that has begun before and did not end as it should; a pool serves one session, \
         for what is computed with it a second time could be read; {}; prepare a new one with the peer",
        path.display(), if *destroyed { "it is destroyed now" } else { "delete it" }
    )]
    Spent {
        /// The pool.
        path: PathBuf,
        /// Whether it could be overwritten and removed.
        destroyed: bool,
    },
    /// This side is the other party now.
    #[error(
        "the pool {} was prepared by this side as the {prepared}, and it is the {now} now; take the same part, or \
         prepare a new one",
        path.display()
    )]
    OtherParty {
        /// The pool.
        path: PathBuf,
        /// What this side was.
        prepared: Party,
        /// What it is.
        now: Party,
    },
    /// The session wants another statistical security.
    #[error(
        "the pool {} was prepared with a statistical security of {prepared} bits, and this session has {now}; choose the \
         same, or prepare a new one",
        path.display()
    )]
    OtherStatistical {
        /// The pool.
        path: PathBuf,
        /// That of the pool.
        prepared: Statistical,
        /// That of the session.
        now: Statistical,
    },
    /// The peer is not the one with whom it was prepared.
    #[error(
        "the pool {} was prepared with another peer than this one, or the peer has another key than then; name the pool \
         that was prepared with this one",
        path.display()
    )]
    OtherPeer {
        /// The pool.
        path: PathBuf,
    },
    /// The two sides came to one session with different pools.
    #[error(
        "the peer's pool is not the other half of this one; both are destroyed, for this session has begun: prepare new \
         ones and name the right file on both sides"
    )]
    Different,
}

impl PoolError {
    /// What kind of end it is, for exit codes.
    pub fn category(&self) -> Category {
        match self {
            PoolError::Io { source, .. } => match source.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Category::Input,
                _ => Category::Caller,
            },
            PoolError::Exists { .. }
            | PoolError::TooLarge { .. }
            | PoolError::Locked { .. }
            | PoolError::Exposed { .. }
            | PoolError::Foreign { .. }
            | PoolError::Damaged { .. }
            | PoolError::Spent { .. } => Category::Input,
            PoolError::OtherPeer { .. } => Category::Identity,
            PoolError::OtherParty { .. } | PoolError::OtherStatistical { .. } | PoolError::Different => {
                Category::Agreement
            }
        }
    }
}
