use std::{io, path::PathBuf, time::Duration};

/// Why an invite is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InviteError {
    /// It is something else.
    #[error("this is no invite: an invite begins with `HALFGATE1:`; copy all of it, from there to its end")]
    NotAnInvite,
    /// A newer halfgate made it.
    #[error(
        "this invite has version {version}, and this halfgate knows version 1: upgrade it, or ask for an invite from \
         the same version"
    )]
    Newer {
        /// The version it says it has.
        version: u32,
    },
    /// It ends too early.
    #[error("this invite is incomplete: {got} of its {expected} characters have come; copy all of it")]
    Truncated {
        /// How many characters it should have after its beginning.
        expected: usize,
        /// How many it has.
        got: usize,
    },
    /// Something in it is not what it was.
    #[error("this invite is damaged: {what}; ask for it again, on a way that leaves text as it is")]
    Altered {
        /// What was found.
        what: &'static str,
    },
    /// Its time is over.
    #[error("this invite expired {} ago; ask for a new one (or set this machine's clock)", humantime::format_duration(Duration::from_secs(since.as_secs())))]
    Expired {
        /// How long ago.
        since: Duration,
    },
    /// What an invite is to carry does not fit.
    #[error("an invite cannot carry {count} {what}; {limit} are the limit")]
    TooMuch {
        /// Of what there is too much.
        what: &'static str,
        /// How much.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// It does not say where the host is.
    #[error("an invite without an address leads nowhere")]
    NoAddress,
    /// Something is wrong with the invite in this file.
    #[error("{}: {source}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Box<InviteError>,
    },
    /// The file cannot be read.
    #[error("{}: the invite cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file cannot be written, or is there already.
    #[error("{}: the invite cannot be written: {source}{}", path.display(), write_advice(source))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

fn write_advice(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::AlreadyExists => {
            "; an invite is never written over a file: choose another name or remove it"
        }
        _ => "",
    }
}
