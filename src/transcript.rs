use halfgate_channel::{Agreement, Operation, OperationName, Turn, announce, expect};
use halfgate_circuits::{Party, Reveal};
use halfgate_crypto::SessionId;

use crate::Error;
use crate::side::Side;

/// Who sends messages in an operation, and therefore its header.
#[derive(Clone, Copy)]
pub(crate) enum Speaker {
    Nobody,
    Only(Party),
    Both,
}

impl Speaker {
    /// Values are opened to a party by the other one.
    pub(crate) fn of_reveal(to: Reveal) -> Self {
        match to {
            Reveal::Both => Speaker::Both,
            Reveal::Garbler => Speaker::Only(Party::Evaluator),
            Reveal::Evaluator => Speaker::Only(Party::Garbler),
            Reveal::Shares => Speaker::Nobody,
        }
    }

    fn turn(self) -> Turn {
        match self {
            Speaker::Both => Turn::Crossing,
            Speaker::Nobody | Speaker::Only(_) => Turn::Alone,
        }
    }

    fn includes(self, party: Party) -> bool {
        match self {
            Speaker::Nobody => false,
            Speaker::Only(speaker) => speaker == party,
            Speaker::Both => true,
        }
    }
}

/// The hash over all operations of a session so far.
///
/// Whoever sends something in an operation sends its header first, and whoever receives compares it with its own
/// before it looks at anything else of the operation. Nobody waits for a header that has nothing behind it, so calls
/// need no round trip: the garbler may be calls ahead of the evaluator.
pub(crate) struct Transcript {
    sid: SessionId,
    state: [u8; 32],
}

impl Transcript {
    pub(crate) fn new(sid: SessionId) -> Self {
        Transcript { sid, state: [0; 32] }
    }

    pub(crate) fn sid(&self) -> SessionId {
        self.sid
    }

    /// The hash after the last announced operation.
    pub(crate) fn state(&self) -> [u8; 32] {
        self.state
    }

    /// Enters an operation: says and hears its header as far as its messages go.
    pub(crate) async fn enter(
        &mut self,
        side: &mut Side,
        name: OperationName,
        terms: Agreement,
        speaker: Speaker,
        own: Party,
    ) -> Result<(), Error> {
        let operation = self.note(name, terms);
        if speaker.includes(own) {
            announce(side.channel(), &operation, speaker.turn()).await?;
        }
        if speaker.includes(own.peer()) {
            side.begin().await?;
            expect(side.channel(), &operation, speaker.turn()).await?;
        }
        Ok(())
    }

    /// Says the header of an operation in which both speak. [`Transcript::hear`] has to follow before anything of the
    /// peer's is used.
    pub(crate) async fn say(
        &mut self,
        side: &mut Side,
        name: OperationName,
        terms: Agreement,
    ) -> Result<Operation, Error> {
        let operation = self.note(name, terms);
        announce(side.channel(), &operation, Turn::Crossing).await?;
        Ok(operation)
    }

    /// Hears the header of an operation that was [said](Transcript::say).
    pub(crate) async fn hear(side: &mut Side, operation: &Operation) -> Result<(), Error> {
        side.begin().await?;
        Ok(expect(side.channel(), operation, Turn::Crossing).await?)
    }

    fn note(&mut self, name: OperationName, terms: Agreement) -> Operation {
        let operation = Operation { name, terms, transcript: self.state };
        self.state = operation.transcript_after(&self.sid);
        operation
    }
}
