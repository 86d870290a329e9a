use halfgate_channel::{Agreement, Operation, OperationName, announce, expect};
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
        let operation = Operation { name, terms, transcript: self.state };
        self.state = operation.transcript_after(&self.sid);
        if speaker.includes(own) {
            announce(side.channel(), &operation).await?;
        }
        if speaker.includes(own.peer()) {
            expect(side.channel(), &operation).await?;
        }
        Ok(())
    }
}
