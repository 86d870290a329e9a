//! How two sides agree where they stand, on a new connection.

use std::time::Duration;

use super::{Line, key::Claim};
use crate::{Agreement, ChannelError, End, Kind, Misbehaviour, ResumeKey, read_single, write_single};

/// How long one message of the exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Frames, counted from the opening of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counters {
    /// They came in whole and in order.
    pub(super) received: u64,
    /// They were sent, or begun to be sent.
    pub(super) sent: u64,
}

impl Counters {
    /// Holds what the peer says against what this side knows.
    pub(super) fn check(self, theirs: Counters, acknowledged: u64) -> Result<(), Misbehaviour> {
        let possible = (acknowledged..=self.sent).contains(&theirs.received) && theirs.sent >= self.received;
        if possible {
            return Ok(());
        }
        Err(Misbehaviour::ImpossibleResume {
            their_sent: theirs.sent,
            their_received: theirs.received,
            received: self.received,
            sent: self.sent,
            acknowledged,
        })
    }
}

/// A connection of the peer's that has proved to continue this session.
pub(super) struct Arrival {
    pub(super) line: Line,
    claim: Claim,
}

impl Arrival {
    /// Lets the connecting side speak, unless it has spoken already, and sees whether it is the peer.
    pub(super) async fn hear(
        mut line: Line,
        spoken: Option<Agreement>,
        key: &ResumeKey,
    ) -> Result<Self, ChannelError> {
        let terms = match spoken {
            Some(terms) => terms,
            None => read_single(&mut line.read, Kind::Resume, PATIENCE).await?,
        };
        let claim = Claim::read(&terms).ok_or(ChannelError::Unproven)?;
        if !claim.is_proved(key, End::Connecting, &line.exporter, None) {
            return Err(ChannelError::Unproven);
        }
        Ok(Arrival { line, claim })
    }

    /// What the peer says.
    pub(super) fn counters(&self) -> Counters {
        self.claim.counters
    }

    /// Answers it.
    pub(super) async fn answer(mut self, key: &ResumeKey, ours: Counters) -> Result<Line, ChannelError> {
        let claim = Claim::new(key, End::Listening, &self.line.exporter, ours, Some(&self.claim.proof));
        write_single(&mut self.line.write, Kind::Resume, &claim.terms(), PATIENCE).await?;
        Ok(self.line)
    }
}

/// Asks the listening side to continue. Gives what it says, once it has proved to be the peer.
pub(super) async fn ask(line: &mut Line, key: &ResumeKey, ours: Counters) -> Result<Counters, ChannelError> {
    let request = Claim::new(key, End::Connecting, &line.exporter, ours, None);
    write_single(&mut line.write, Kind::Resume, &request.terms(), PATIENCE).await?;
    let terms = read_single(&mut line.read, Kind::Resume, PATIENCE).await?;
    let answer = Claim::read(&terms).ok_or(ChannelError::Unproven)?;
    if !answer.is_proved(key, End::Listening, &line.exporter, Some(&request.proof)) {
        return Err(ChannelError::Unproven);
    }
    Ok(answer.counters)
}
