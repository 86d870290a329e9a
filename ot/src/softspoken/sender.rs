use halfgate_crypto::{Backend, Block, PrgTree};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::position::Position;
use super::sender_setup::DeltaPlanes;
use super::transcript::Transcript;
use super::wire::{BLOCK, CHECK_LENGTH};
use super::workspace::Workspace;
use super::{PLANES, batch_length};
use crate::OtError;

/// The extension's sender S after its setup: makes batches of rows q_j from R's messages.
///
/// A batch consumes the sender and gives it back only if all checks passed, so that nothing that a failed check
/// touched can be used again.
pub struct SoftSpokenSender {
    backend: Backend,
    delta: DeltaPlanes,
    /// The streams of the leaves z ⊕ δ for z ≠ 0.
    trees: Vec<PrgTree>,
    transcript: Transcript,
    position: Position,
    work: Workspace,
}

impl SoftSpokenSender {
    pub(super) fn new(
        backend: Backend,
        delta: DeltaPlanes,
        trees: Vec<PrgTree>,
        transcript: Transcript,
    ) -> Self {
        let (position, work) = (Position::default(), Workspace::new());
        SoftSpokenSender { backend, delta, trees, transcript, position, work }
    }

    /// Checks R's message and fills `rows` with q. How many rows is what `rows` holds; nothing is written there before
    /// the check has passed.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the message has another length or fails the check, [`OtError::Exhausted`] if the session's
    /// counters are used up. The state is gone then.
    ///
    /// # Panics
    /// If there are no rows, or not whole 128s of them.
    pub fn batch(mut self, message: &[u8], rows: &mut [Block]) -> Result<Self, OtError> {
        assert!(!rows.is_empty() && rows.len().is_multiple_of(PLANES), "a batch of {} rows", rows.len());
        let words = rows.len() / PLANES;
        let (batch, first_word) = self.position.advance(words)?;
        if message.len() != batch_length(rows.len()) {
            return Err(OtError::Cheating);
        }
        let (corrections, check) = message.split_at(message.len() - CHECK_LENGTH);
        self.work.fit(words);
        self.expand(first_word, words + 1, corrections);
        self.transcript.corrections(batch, rows.len(), corrections);
        if !bool::from(self.verify(words, check)) {
            return Err(OtError::Cheating);
        }
        self.transcript.check(check);
        self.work.transpose(self.backend, rows);
        Ok(self)
    }

    /// Equations 6 and 7: W into the workspace.
    fn expand(&mut self, first_word: u64, words: usize, corrections: &[u8]) {
        // The sums mean nothing to S, who lacks a leaf of each.
        let mut sum = Zeroizing::new(vec![[0; BLOCK]; words]);
        let (first_tree, other_trees) = self.trees.split_first().expect("there are trees");
        self.work.expand_first(first_tree, first_word, &mut sum);
        let corrections = corrections.chunks_exact(words * BLOCK);
        for (tree, (leaves, correction)) in (1..).zip(other_trees.iter().zip(corrections)) {
            let (d, masks) = (correction.as_chunks().0, self.delta.tree_masks(tree));
            self.work.expand(tree, leaves, first_word, masks, d, &mut sum);
        }
    }

    /// Equation 9 for all planes.
    fn verify(&self, words: usize, check: &[u8]) -> Choice {
        let mut values = check.as_chunks::<BLOCK>().0.iter().map(|&bytes| Block::from_bytes(bytes));
        let u = values.next().unwrap_or_default();
        let chi = self.transcript.challenge(words);
        let mut difference = Block::ZERO;
        let hashes = self.work.hashes(self.backend, &chi);
        for ((hash, v), delta) in hashes.zip(values).zip(self.delta.masks()) {
            let expected = v ^ Block::new(delta.bits() & u.bits());
            difference = Block::new(difference.bits() | (hash ^ expected).bits());
        }
        difference.bits().ct_eq(&0)
    }
}
