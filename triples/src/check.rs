//! What binds the evaluator to Λ, and the garbler to its rows.

use halfgate_crypto::{Block, Oracle, SessionId};
use subtle::ConstantTimeEq;

use crate::TripleError;
use crate::opening::absorb;

/// Bytes of a digest of labels, and of an answer.
pub const DIGEST_BYTES: usize = 32;

/// The checks of the ANDs of a session, on either side: both sides feed the same and compare digests.
///
/// Of each AND, with t = Λ_a∧Λ_b ⊕ Λ_c ⊕ Λ_a·λ_b ⊕ Λ_b·λ_a ⊕ λ_a∧λ_b ⊕ λ_c, which is zero unless the garbler sent wrong rows, the garbler
/// hashes its MAC on the shared part of t and the evaluator what that MAC has to be for t to be zero.
pub struct AndChecks {
    sid: SessionId,
    /// Portions so far, and answers so far.
    portions: u64,
    answers: u64,
    unanswered: Oracle,
}

impl AndChecks {
    /// Those of a new session.
    pub fn new(sid: SessionId) -> Self {
        AndChecks { sid, portions: 0, answers: 0, unanswered: query(&sid, 0) }
    }

    /// The digest of the evaluator's labels of the next portion's ANDs, in order. It comes with Λ: whoever claims another Λ
    /// than that of its label has to know a label Δ away (D14).
    pub fn label_digest(&mut self, labels: impl Iterator<Item = Block>) -> [u8; DIGEST_BYTES] {
        let oracle = Oracle::new("active labels of ANDs", &self.sid).number(self.portions);
        self.portions += 1;
        absorb(oracle, labels).digest()
    }

    /// Compares the evaluator's digest of the next portion's labels with that of the labels that go with its Λ.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if it is another.
    pub fn verify_labels(
        &mut self,
        labels: impl Iterator<Item = Block>,
        digest: &[u8],
    ) -> Result<(), TripleError> {
        equal(self.label_digest(labels), digest)
    }

    /// Adds the MACs of ANDs.
    pub fn add(&mut self, macs: impl Iterator<Item = Block>) {
        let oracle = std::mem::replace(&mut self.unanswered, query(&self.sid, self.answers));
        self.unanswered = absorb(oracle, macs);
    }

    /// The garbler's answer on all ANDs since the one before, before it opens what `context` names. It may be given only when
    /// the evaluator's labels of all of them have been verified.
    pub fn answer(&mut self, context: &[u8]) -> [u8; DIGEST_BYTES] {
        self.answers += 1;
        std::mem::replace(&mut self.unanswered, query(&self.sid, self.answers)).field(context).digest()
    }

    /// Compares the garbler's answer.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if it is another.
    pub fn verify_answer(&mut self, context: &[u8], answer: &[u8]) -> Result<(), TripleError> {
        equal(self.answer(context), answer)
    }
}

fn query(sid: &SessionId, number: u64) -> Oracle {
    Oracle::new("checks of ANDs", sid).number(number)
}

fn equal(expected: [u8; DIGEST_BYTES], got: &[u8]) -> Result<(), TripleError> {
    if bool::from(expected.as_slice().ct_eq(got)) { Ok(()) } else { Err(TripleError::Cheating) }
}
