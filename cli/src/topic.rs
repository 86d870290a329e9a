//! Which section of the book's page on troubles belongs to a failure.

use halfgate::channel::{ChannelError, TlsError};
use halfgate_meet::{InviteError, JobError, JournalError, MeetError, Refusal};

use crate::failure::Failure;

/// A section of `docs/book/src/troubleshooting.md`, by its anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Topic(pub(crate) &'static str);

impl Topic {
    const CANNOT_LISTEN: Topic = Topic("cannot-listen");
    const CANNOT_REACH: Topic = Topic("cannot-reach-the-peer");
    const NOT_HALFGATE: Topic = Topic("something-else-answers");
    const VERSIONS: Topic = Topic("different-versions");
    const INVITE_DAMAGED: Topic = Topic("invite-damaged");
    const INVITE_EXPIRED: Topic = Topic("invite-expired");
    const INVITE_USED: Topic = Topic("invite-used-before");
    const INVITE_UNKNOWN: Topic = Topic("invite-unknown");
    const INVITE_LOCKED: Topic = Topic("invite-locked");
    const SOMEBODY_BETWEEN: Topic = Topic("somebody-in-between");
    const KEY_UNKNOWN: Topic = Topic("key-not-on-the-list");
    const WRONG_CERTIFICATE: Topic = Topic("wrong-certificate");
    const PLAINTEXT: Topic = Topic("plaintext-on-one-side");
    const TERMS_DIFFER: Topic = Topic("terms-differ");
    const DECLINED: Topic = Topic("terms-not-accepted");
    const OTHER_CIRCUIT: Topic = Topic("another-circuit");
    const TOO_MANY_ROWS: Topic = Topic("too-many-rows");
    const LOST: Topic = Topic("connection-lost");
    const SILENCE: Topic = Topic("nothing-moves");
    const MISBEHAVED: Topic = Topic("peer-misbehaved");
    const UNFINISHED: Topic = Topic("peer-may-lack-its-results");
    const JOURNAL: Topic = Topic("journal-cannot-be-used");
    const OTHER_JOB: Topic = Topic("journal-of-another-job");
    const POOL: Topic = Topic("pool-cannot-be-used");
    const CONTRADICTION: Topic = Topic("journals-contradict");
    const RESULTS_LOST: Topic = Topic("results-lost");
    const KEYS: Topic = Topic("keys-and-peers-files");
    const PROGRAM: Topic = Topic("program-rejected");
    const NETLIST: Topic = Topic("netlist-rejected");
    const STOPPED: Topic = Topic("program-stopped");

    /// What says more about a failure, if what it says itself is not all there is to say.
    pub(crate) fn of(failure: &Failure) -> Option<Topic> {
        match failure {
            Failure::Channel(error) => of_channel(error),
            Failure::Session(error) => of_session(error),
            Failure::Meet(error) => of_meeting(error),
            Failure::Job(error) => of_job(error),
            Failure::NoPeer { .. } => Some(Topic::CANNOT_REACH),
            Failure::TooManyLanes { .. } | Failure::Memory { .. } => Some(Topic::TOO_MANY_ROWS),
            Failure::OtherCircuit { .. } | Failure::Invited { .. } => Some(Topic::OTHER_CIRCUIT),
            Failure::OddInvite { .. } => Some(Topic::VERSIONS),
            Failure::InviteUnused { .. } => Some(Topic::INVITE_EXPIRED),
            Failure::OtherIds | Failure::OneSidedIds | Failure::EmptyBatches => Some(Topic::TERMS_DIFFER),
            Failure::Program(_) => Some(Topic::PROGRAM),
            Failure::Netlist(_) => Some(Topic::NETLIST),
            Failure::Stopped { .. } => Some(Topic::STOPPED),
            Failure::Lost { .. } => Some(Topic::RESULTS_LOST),
            Failure::Unfinished(_) => Some(Topic::UNFINISHED),
            _ => None,
        }
    }
}

fn of_channel(error: &ChannelError) -> Option<Topic> {
    match error {
        ChannelError::Bind { .. } => Some(Topic::CANNOT_LISTEN),
        ChannelError::Dial { .. } => Some(Topic::CANNOT_REACH),
        ChannelError::NotHalfgate { .. } => Some(Topic::NOT_HALFGATE),
        ChannelError::SameRoles { .. } | ChannelError::Mismatch(_) => Some(Topic::TERMS_DIFFER),
        ChannelError::Tls(error) => of_tls(error),
        ChannelError::Broken { .. }
        | ChannelError::Closed { .. }
        | ChannelError::ClosedInHeader { .. }
        | ChannelError::ClosedInPayload { .. }
        | ChannelError::ConnectionLost { .. }
        | ChannelError::PeerAborted => Some(Topic::LOST),
        ChannelError::IdleTimeout { .. } | ChannelError::TotalTimeout { .. } | ChannelError::Late { .. } => {
            Some(Topic::SILENCE)
        }
        ChannelError::PeerMisbehaved(_) => Some(Topic::MISBEHAVED),
        _ => None,
    }
}

fn of_tls(error: &TlsError) -> Option<Topic> {
    match error {
        TlsError::NotPinned { .. }
        | TlsError::Untrusted { .. }
        | TlsError::NoCertificate
        | TlsError::Refused { .. } => Some(Topic::WRONG_CERTIFICATE),
        TlsError::PlainPeer | TlsError::EncryptedPeer => Some(Topic::PLAINTEXT),
        TlsError::Incompatible { .. } => Some(Topic::VERSIONS),
        TlsError::Foreign => Some(Topic::NOT_HALFGATE),
        TlsError::Timeout { .. } => Some(Topic::SILENCE),
        TlsError::Alerted { .. } => Some(Topic::LOST),
        TlsError::Damaged { .. } | TlsError::Misbehaved { .. } => Some(Topic::MISBEHAVED),
        TlsError::BadIdentity { .. } | TlsError::BadAuthorities { .. } => Some(Topic::KEYS),
        _ => None,
    }
}

fn of_session(error: &halfgate::Error) -> Option<Topic> {
    match error.channel_error() {
        Some(error) => of_channel(error),
        None if error.is_of_pool() => Some(Topic::POOL),
        None => (error.category() == halfgate::channel::Category::Cheating).then_some(Topic::MISBEHAVED),
    }
}

fn of_meeting(error: &MeetError) -> Option<Topic> {
    match error {
        MeetError::Channel(error) => of_channel(error),
        MeetError::Unreachable { .. } => Some(Topic::CANNOT_REACH),
        MeetError::Invite(error) => of_invite(error),
        MeetError::Refused { refusal, .. } => of_refusal(*refusal),
        MeetError::Impostor { .. } => Some(Topic::SOMEBODY_BETWEEN),
        MeetError::OddWelcome { .. } | MeetError::OddAnswer => Some(Topic::VERSIONS),
        MeetError::Mismatch(_) => Some(Topic::TERMS_DIFFER),
        MeetError::Declined { .. } => Some(Topic::DECLINED),
        MeetError::Key(_) | MeetError::Peers(_) => Some(Topic::KEYS),
        _ => None,
    }
}

fn of_invite(error: &InviteError) -> Option<Topic> {
    match error {
        InviteError::NotAnInvite | InviteError::Truncated { .. } | InviteError::Altered { .. } => {
            Some(Topic::INVITE_DAMAGED)
        }
        InviteError::InFile { source, .. } => of_invite(source),
        InviteError::Newer { .. } => Some(Topic::VERSIONS),
        InviteError::Expired { .. } => Some(Topic::INVITE_EXPIRED),
        _ => None,
    }
}

fn of_refusal(refusal: Refusal) -> Option<Topic> {
    match refusal {
        Refusal::Wrong => Some(Topic::SOMEBODY_BETWEEN),
        Refusal::Unknown => Some(Topic::INVITE_UNKNOWN),
        Refusal::Expired => Some(Topic::INVITE_EXPIRED),
        Refusal::Spent => Some(Topic::INVITE_USED),
        Refusal::Locked | Refusal::Busy => Some(Topic::INVITE_LOCKED),
        Refusal::NotListed => Some(Topic::KEY_UNKNOWN),
        Refusal::Version | Refusal::Unreadable => Some(Topic::VERSIONS),
        _ => None,
    }
}

fn of_job(error: &JobError) -> Option<Topic> {
    match error {
        JobError::Journal(error) => of_journal(error),
        JobError::Session(error) => of_session(error),
        JobError::OtherJob { .. } | JobError::OtherInputs | JobError::TwoJobs => Some(Topic::OTHER_JOB),
        JobError::Mismatch(_) => Some(Topic::TERMS_DIFFER),
        JobError::Contradiction { .. } => Some(Topic::CONTRADICTION),
        JobError::Unreadable(_) | JobError::StrayBits { .. } => Some(Topic::MISBEHAVED),
        _ => None,
    }
}

fn of_journal(error: &JournalError) -> Option<Topic> {
    match error {
        JournalError::Locked { .. } | JournalError::Foreign { .. } | JournalError::Damaged { .. } => {
            Some(Topic::JOURNAL)
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "topic/tests.rs"]
mod tests;
