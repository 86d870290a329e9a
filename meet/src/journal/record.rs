use std::ops::Range;

use halfgate::{Party, Reveal};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The version of the records.
pub(crate) const FORMAT: u32 = 1;

/// What a journal says first: which job it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the records.
    pub(crate) format: u32,
    /// The same on both sides, and another in every job.
    pub(crate) job: [u8; 16],
    /// Whether this side garbles.
    pub(crate) garbler: bool,
    /// Who learns the outputs, as a number.
    pub(crate) reveal: u8,
    /// Digest of the agreed terms.
    pub(crate) terms: [u8; 32],
    /// Digest of the program.
    pub(crate) program: [u8; 32],
    /// The rows of the job.
    pub(crate) rows: u64,
    /// The rows of a batch.
    pub(crate) batch: u64,
    /// The peer's fingerprint, unless the connection was plain.
    pub(crate) peer: Option<[u8; 32]>,
    /// Random bytes that go into the digest of the inputs.
    pub(crate) salt: [u8; 32],
    /// Digest of the inputs of this side.
    pub(crate) inputs: [u8; 32],
}

impl Header {
    /// The rows of the job.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The rows of a batch.
    pub fn batch(&self) -> u64 {
        self.batch
    }

    /// This side's part in the job.
    pub fn party(&self) -> Party {
        if self.garbler { Party::Garbler } else { Party::Evaluator }
    }

    /// The fingerprint of the peer that the job was begun with, unless the connection was plain.
    pub fn peer(&self) -> Option<[u8; 32]> {
        self.peer
    }
}

/// The number that stands for a reveal in a journal and in claims.
pub(crate) fn reveal_number(reveal: Reveal) -> u8 {
    match reveal {
        Reveal::Garbler => 0,
        Reveal::Evaluator => 1,
        Reveal::Both => 2,
        Reveal::Shares => 3,
    }
}

/// What happened, without the values of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Note {
    Header(Box<Header>),
    Opening(u64),
    Result { batch: u64, resent: bool },
    Lost { from: u64, to: u64 },
    Finished,
}

/// What happened.
pub(crate) enum Record {
    /// The first record.
    Header(Box<Header>),
    /// Outputs of this batch are about to be opened: whatever comes, it is spent.
    Opening(u64),
    /// This side's outputs of a batch, eight bits to a byte, wire by wire.
    Result {
        /// Which batch.
        batch: u64,
        /// Whether they are the peer's word, given after a crash.
        resent: bool,
        /// The outputs.
        values: Zeroizing<Vec<u8>>,
    },
    /// These batches are spent, and nobody has their results.
    Lost(Range<u64>),
    /// Both sides have said goodbye.
    Finished,
}

impl Record {
    /// The bytes of the record without the values of results, and these.
    pub(crate) fn encode(&self) -> (Vec<u8>, &[u8]) {
        let (note, values): (_, &[u8]) = match self {
            Record::Header(header) => (Note::Header(header.clone()), &[]),
            Record::Opening(batch) => (Note::Opening(*batch), &[]),
            Record::Result { batch, resent, values } => {
                (Note::Result { batch: *batch, resent: *resent }, values)
            }
            Record::Lost(batches) => (Note::Lost { from: batches.start, to: batches.end }, &[]),
            Record::Finished => (Note::Finished, &[]),
        };
        (postcard::to_allocvec(&note).expect("notes have lengths and no maps"), values)
    }

    /// Reads what [`Record::encode`] wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (note, values) = postcard::take_from_bytes(bytes).ok()?;
        Some(match note {
            Note::Result { batch, resent } => {
                Record::Result { batch, resent, values: Zeroizing::new(values.to_vec()) }
            }
            _ if !values.is_empty() => return None,
            Note::Header(header) => Record::Header(header),
            Note::Opening(batch) => Record::Opening(batch),
            Note::Lost { from, to } => Record::Lost(from..to),
            Note::Finished => Record::Finished,
        })
    }
}
