use std::fmt;

use crate::frame::{MAX_CONTROL, MAX_FRAME};

/// What a message is; the first byte of its frame.
///
/// The protocol of a session is a fixed order of kinds, so a receiver always names the one it expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// First message of both sides: version, role, nonce and the fields of the agreement.
    Hello = 1,
    /// Proof that both sides computed the same session id, or have prepared the same pool.
    Confirm = 2,
    /// The terms of an input, call or reveal, compared before its first secret.
    Operation = 3,
    /// Group elements of the base OT.
    BaseOtPoints = 4,
    /// Punctured trees and their check: the setup of the OT extension.
    OtSetup = 5,
    /// Corrections, challenge or check of one batch of the OT extension.
    OtBatch = 6,
    /// The start point of the garbling hash, and what else is said before a session's preprocessing.
    Start = 7,
    /// The seed that both sides expand to the active labels of the garbler's inputs; in malicious mode one for each input group,
    /// of either party.
    InputSeed = 8,
    /// The evaluator's masked choices, or the garbler's answer to them.
    InputChoices = 9,
    /// Garbled rows.
    Rows = 10,
    /// Permute bits of output wires.
    OutputColours = 11,
    /// Active labels of output wires, or hashes of them.
    OutputLabels = 12,
    /// The session is over and was complete.
    Bye = 13,
    /// The session is over because a side gave up; it says no more than that.
    Abort = 14,
    /// What the connecting side says first on an encrypted connection: why it should be let in.
    Knock = 15,
    /// The listening side's answer to a knock.
    Welcome = 16,
    /// What the connecting side says instead if the connection continues an earlier one, and the answer to it.
    Resume = 17,
    /// How many frames have arrived, so that the peer need not keep them; also a sign of life.
    Ack = 18,
    /// The terms as one side means them, to be shown to people on both sides.
    Proposal = 19,
    /// Whether one side goes ahead on the terms.
    Answer = 20,
    /// Bytes that measure the link.
    Probe = 21,
    /// Where a job of several batches stands.
    Journal = 22,
    /// The tables of leaky ANDs.
    LeakyTables = 23,
    /// The bits that make the products of leaky ANDs.
    LeakyBits = 24,
    /// Commitments to what the two compare and toss.
    Commitments = 25,
    /// What was committed to.
    Openings = 26,
    /// Differences inside the buckets of triples, with their proof.
    TripleOpenings = 27,
    /// Differences of masks from triples, with their proof.
    AndOpenings = 28,
    /// Shares of masks that are opened, with their proof.
    MaskShares = 29,
    /// Masked values of wires.
    MaskedValues = 30,
    /// A digest of the evaluator's labels of the ANDs whose masked values it has just sent.
    LabelDigest = 31,
    /// The garbler's proof that all ANDs are right.
    CheckAnswer = 32,
}

impl Kind {
    /// All kinds, in the order of their bytes, which start at 1.
    pub const ALL: [Kind; 32] = [
        Kind::Hello,
        Kind::Confirm,
        Kind::Operation,
        Kind::BaseOtPoints,
        Kind::OtSetup,
        Kind::OtBatch,
        Kind::Start,
        Kind::InputSeed,
        Kind::InputChoices,
        Kind::Rows,
        Kind::OutputColours,
        Kind::OutputLabels,
        Kind::Bye,
        Kind::Abort,
        Kind::Knock,
        Kind::Welcome,
        Kind::Resume,
        Kind::Ack,
        Kind::Proposal,
        Kind::Answer,
        Kind::Probe,
        Kind::Journal,
        Kind::LeakyTables,
        Kind::LeakyBits,
        Kind::Commitments,
        Kind::Openings,
        Kind::TripleOpenings,
        Kind::AndOpenings,
        Kind::MaskShares,
        Kind::MaskedValues,
        Kind::LabelDigest,
        Kind::CheckAnswer,
    ];

    /// The kind that a frame's first byte stands for.
    pub(crate) fn from_byte(byte: u8) -> Option<Kind> {
        Kind::ALL.get(usize::from(byte).checked_sub(1)?).copied()
    }

    /// The longest payload of this kind in bytes; a longer one is refused before memory is reserved for it.
    pub const fn limit(self) -> usize {
        match self {
            Kind::Hello
            | Kind::Operation
            | Kind::Knock
            | Kind::Welcome
            | Kind::Proposal
            | Kind::Answer
            | Kind::Journal => MAX_CONTROL,
            Kind::Resume => 512,
            Kind::Ack => 8,
            Kind::Confirm | Kind::CheckAnswer => 32,
            Kind::Bye | Kind::Abort => 0,
            _ => MAX_FRAME,
        }
    }

    /// Whether an outsider who read the payload would come closer to the values of wires. Both parties know the
    /// payload by right, so this is about memory left behind, not about the peer.
    ///
    /// Seeds are active labels, with which rows can be evaluated; output labels and their colours are values to whoever has
    /// the permute bits. Both shares of the mask of an output that both learn cross, and Λ of it is in the clear, so one of
    /// these has to go: the shares, as Λ alone is random. Journals carry results that are sent again. Every other payload is
    /// masked by something that never crosses, is a hash, or is about public things.
    pub(crate) const fn carries_keys(self) -> bool {
        matches!(self, Kind::InputSeed | Kind::OutputLabels | Kind::MaskShares | Kind::Journal)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Hello => "hello",
            Kind::Confirm => "confirmation",
            Kind::Operation => "operation",
            Kind::BaseOtPoints => "base OT points",
            Kind::OtSetup => "OT setup",
            Kind::OtBatch => "OT batch",
            Kind::Start => "hash start point",
            Kind::InputSeed => "input seed",
            Kind::InputChoices => "input choices",
            Kind::Rows => "rows",
            Kind::OutputColours => "output colours",
            Kind::OutputLabels => "output labels",
            Kind::Bye => "goodbye",
            Kind::Abort => "abort",
            Kind::Knock => "knock",
            Kind::Welcome => "welcome",
            Kind::Resume => "resume",
            Kind::Ack => "acknowledgement",
            Kind::Proposal => "proposal",
            Kind::Answer => "answer",
            Kind::Probe => "probe",
            Kind::Journal => "journal",
            Kind::LeakyTables => "leaky AND tables",
            Kind::LeakyBits => "leaky AND bits",
            Kind::Commitments => "commitments",
            Kind::Openings => "openings",
            Kind::TripleOpenings => "triple openings",
            Kind::AndOpenings => "AND openings",
            Kind::MaskShares => "mask shares",
            Kind::MaskedValues => "masked values",
            Kind::LabelDigest => "label digest",
            Kind::CheckAnswer => "check answer",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn bytes_and_kinds_are_one_to_one() {
        for byte in 0..=u8::MAX {
            match Kind::from_byte(byte) {
                Some(kind) => assert_eq!(kind as u8, byte),
                None => assert!(byte == 0 || usize::from(byte) > Kind::ALL.len(), "byte {byte} has no kind"),
            }
        }
    }

    #[test]
    fn names_differ() {
        let mut names: Vec<String> = Kind::ALL.iter().map(Kind::to_string).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
