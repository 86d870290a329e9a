//! Every way in which the command fails, and the exit code of each.

use std::io;
use std::path::PathBuf;

use halfgate::channel::{Category, ChannelError};
use halfgate::circuits::bristol::{BristolError, BristolErrorKind, WriteError};
use halfgate::circuits::library::LibraryError;
use halfgate::circuits::library::functions::FunctionError;
use halfgate::circuits::{CircuitError, Fault};
use halfgate::compiler::{EvaluateError, LoadError, ScheduleError};
use halfgate::languages::garble::GarbleError;
use halfgate::languages::{NetlistError, NetlistErrorKind};
use halfgate_meet::{InviteError, JobError, JournalError, KeyError, MeetError, PeersError, QuestionsError};
use thiserror::Error;

use crate::tables::TableError;

/// The exit codes, as `halfgate --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Success = 0,
    Demo = 1,
    Usage = 2,
    BadInput = 10,
    Identity = 11,
    Disagreement = 12,
    Network = 13,
    Cheating = 14,
    Limit = 15,
    Interrupted = 130,
}

/// Why the command stopped. Shown once, by `main`.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error("{name}: cannot be read: {source}")]
    Unreadable { name: String, source: io::Error },
    #[error(transparent)]
    Circuit(#[from] Box<BristolError>),
    #[error(transparent)]
    Program(#[from] GarbleError),
    #[error(transparent)]
    Netlist(Box<NetlistError>),
    #[error("{name}: {source}")]
    Compiled { name: String, source: LoadError },
    #[error(
        "{rows} of {of} rows have no result, as the program stopped: row {row} with {fault}; give it other inputs, or \
         a program that takes these (all others are complete)"
    )]
    Stopped { rows: u64, of: u64, row: u64, fault: Fault },
    /// What is wrong has been shown already, error by error.
    #[error("the circuit has errors")]
    CheckFailed,
    /// In what has been shown already.
    #[error("the circuits differ")]
    Differ,
    #[error(
        "the optimiser changed what {circuit} computes (output `{output}`): a bug of halfgate, nothing was written. \
         Please report it with the circuit; meanwhile a lower --effort may do"
    )]
    Miscompiled { circuit: String, output: String },
    #[error("{0}")]
    NotACircuit(CircuitError),
    #[error("{0} (`halfgate circuit list` shows all)")]
    Library(#[from] LibraryError),
    #[error("{0}")]
    Function(#[from] FunctionError),
    #[error(transparent)]
    TooLarge(#[from] ScheduleError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("{name}: {reason}")]
    Input { name: String, reason: &'static str },
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    #[error("{}: {source}", path.display())]
    Write { path: PathBuf, source: WriteError },
    #[error("{}: the file could not be written: {source}", path.display())]
    WriteFile { path: PathBuf, source: io::Error },
    #[error("the results could not be written to standard output: {0}")]
    Stdout(io::Error),
    #[error(transparent)]
    Channel(#[from] ChannelError),
    #[error(transparent)]
    Session(#[from] halfgate::Error),
    #[error(
        "no peer connected to {address} within {limit:?}: start the other side, or allow more time with --connect-timeout"
    )]
    NoPeer { address: String, limit: std::time::Duration },
    #[error(
        "the peer asks for {asked} lanes, more than this side allows; \
         if that is what you agreed on, start again with `--max-lanes {asked}`"
    )]
    TooManyLanes { asked: u64 },
    #[error("the guest did not say within {limit:?} what it wants")]
    NoProposal { limit: std::time::Duration },
    #[error(transparent)]
    Questions(#[from] QuestionsError),
    #[error(transparent)]
    Meet(#[from] MeetError),
    #[error(
        "the invite expired after {limit:?} and nobody had come; start again for a new one, or allow more time with --expires"
    )]
    InviteUnused { limit: std::time::Duration },
    #[error(
        "the two sides' row ids differ: the same ids have to stand in the same order on both sides; compare how many \
         there are, and their order"
    )]
    OtherIds,
    #[error(
        "the peer proposes batches of no rows, or no rows at all; settle on a number and give it to both sides with --batch"
    )]
    EmptyBatches,
    #[error("one side compares row ids and the other does not: use --id-column on both sides or on none")]
    OneSidedIds,
    #[error("{}: there is no key yet; `halfgate key new` makes one", path.display())]
    NoKey { path: PathBuf },
    #[error(transparent)]
    Job(JobError),
    #[error(
        "the results of {rows} rows ({which}) are lost: they were opened before a crash, so they are never computed \
         again; the others are complete"
    )]
    Lost { rows: u64, which: String },
    #[error(
        "the invite is for `{}`, circuit {invited}, but this side would compute circuit {here}: name the file of the \
         host's circuit, and install the same version of halfgate on both sides",
        function.escape_debug()
    )]
    OtherCircuit { function: String, here: String, invited: String },
    #[error(
        "the invite is for `{}`, which this side does not have: {failure}; if it is a circuit of the host's own, get \
         its file and name it: `halfgate join FILE --invite …`",
        function.escape_debug()
    )]
    Invited { function: String, failure: Box<Failure> },
    #[error(
        "the invite is for a circuit of the host's own, `{}`: get its file and name it: `halfgate join FILE --invite …`",
        function.escape_debug()
    )]
    InvitedToFile { function: String },
    #[error(
        "the invite does not say \"{term}\" in a way that this version knows; use the same version on both sides"
    )]
    OddInvite { term: &'static str },
    #[error("{what} for {lanes} lanes do not fit into memory: split the rows over several runs")]
    Memory { what: &'static str, lanes: u64 },
    #[error("{0}")]
    Demo(String),
    #[error("{0}")]
    Bench(String),
    #[error("{name}: {reason}")]
    Baseline { name: String, reason: String },
    #[error("{name}: cannot be written: {source}")]
    Unwritable { name: String, source: io::Error },
    #[error("the operating system does not let this command {what}: {source}")]
    System { what: &'static str, source: io::Error },
    #[error("the results of this side stand, but the peer may lack its own: {0}")]
    Unfinished(Box<Failure>),
    /// What is wrong has been shown already, line by line.
    #[error("{failed} of these are not as they should be; each says what to do next")]
    Unwell { failed: usize },
    #[error("interrupted")]
    Interrupted,
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Session(error) => error.into(),
            error => Failure::Job(error),
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        JobError::from(error).into()
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        MeetError::from(error).into()
    }
}

impl From<PeersError> for Failure {
    fn from(error: PeersError) -> Self {
        MeetError::from(error).into()
    }
}

impl From<InviteError> for Failure {
    fn from(error: InviteError) -> Self {
        MeetError::from(error).into()
    }
}

impl From<BristolError> for Failure {
    fn from(error: BristolError) -> Self {
        Failure::Circuit(Box::new(error))
    }
}

impl Failure {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) | Failure::NoKey { .. } | Failure::Library(_) | Failure::Function(_) => {
                Exit::Usage
            }
            Failure::Circuit(error) => match &error.kind {
                BristolErrorKind::Read(source) => of_io(source, Exit::BadInput),
                _ => Exit::BadInput,
            },
            Failure::Unreadable { source, .. } => of_io(source, Exit::BadInput),
            Failure::Program(
                GarbleError::NoFunction { .. }
                | GarbleError::MissingConstant { .. }
                | GarbleError::UnknownConstant { .. }
                | GarbleError::BadConstant { .. },
            ) => Exit::Usage,
            Failure::Netlist(error) => match &error.kind {
                NetlistErrorKind::Read(source) => of_io(source, Exit::BadInput),
                _ => Exit::BadInput,
            },
            Failure::Compiled { source: LoadError::Io(source), .. } => of_io(source, Exit::BadInput),
            Failure::CheckFailed
            | Failure::Compiled { .. }
            | Failure::Program(_)
            | Failure::Stopped { .. }
            | Failure::NotACircuit(_)
            | Failure::TooLarge(_)
            | Failure::Table(_)
            | Failure::Input { .. }
            | Failure::Baseline { .. }
            | Failure::Evaluate(_) => Exit::BadInput,
            Failure::Write { source: WriteError::Write(source), .. } => of_io(source, Exit::Usage),
            Failure::Write { .. } => Exit::BadInput,
            Failure::WriteFile { source, .. } => of_io(source, Exit::Usage),
            Failure::Stdout(source) => of_io(source, Exit::Limit),
            Failure::Channel(error) => of_channel(error),
            Failure::Session(error) => of_session(error),
            Failure::Meet(error) => of_category(error.category()),
            Failure::Job(JobError::OtherInputs | JobError::OtherJob { .. }) => Exit::BadInput,
            Failure::Job(error) => of_category(error.category()),
            Failure::Lost { .. } | Failure::InviteUnused { .. } => Exit::Network,
            Failure::OtherIds
            | Failure::OneSidedIds
            | Failure::EmptyBatches
            | Failure::OtherCircuit { .. }
            | Failure::OddInvite { .. }
            | Failure::InvitedToFile { .. } => Exit::Disagreement,
            Failure::Invited { failure, .. } => failure.exit(),
            Failure::NoPeer { .. } | Failure::NoProposal { .. } => Exit::Network,
            Failure::Questions(error) => match error {
                QuestionsError::Unreadable { source, .. } | QuestionsError::Unwritable { source, .. } => {
                    of_io(source, Exit::BadInput)
                }
                QuestionsError::NoEntropy(_) => Exit::Limit,
                _ => Exit::BadInput,
            },
            Failure::TooManyLanes { .. } | Failure::Memory { .. } | Failure::System { .. } => Exit::Limit,
            Failure::Unfinished(failure) => failure.exit(),
            Failure::Demo(_)
            | Failure::Bench(_)
            | Failure::Unwell { .. }
            | Failure::Differ
            | Failure::Miscompiled { .. } => Exit::Demo,
            Failure::Unwritable { source, .. } => of_io(source, Exit::Usage),
            Failure::Interrupted => Exit::Interrupted,
        }
    }
}

fn of_io(error: &io::Error, otherwise: Exit) -> Exit {
    match error.kind() {
        io::ErrorKind::OutOfMemory | io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Exit::Limit,
        _ => otherwise,
    }
}

fn of_channel(error: &ChannelError) -> Exit {
    of_category(error.category())
}

fn of_category(category: Category) -> Exit {
    match category {
        Category::Input => Exit::Usage,
        Category::Caller => Exit::Limit,
        Category::Identity => Exit::Identity,
        Category::Agreement => Exit::Disagreement,
        Category::Network => Exit::Network,
        Category::Cheating => Exit::Cheating,
    }
}

fn of_session(error: &halfgate::Error) -> Exit {
    match (error.channel_error(), error.category()) {
        (Some(error), _) => of_channel(error),
        // A pool that cannot be used.
        (None, Category::Input) => Exit::BadInput,
        (None, category) => of_category(category),
    }
}
