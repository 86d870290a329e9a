use halfgate_crypto::{Backend, Block, PrgTree};
use zeroize::Zeroizing;

use super::check::universal_hash;
use super::position::Position;
use super::transcript::Transcript;
use super::wire::{BLOCK, CHECK_LENGTH};
use super::workspace::{WireWords, Workspace};
use super::{K, PLANES, batch_length};
use crate::OtError;

/// The extension's receiver R after its setup: makes batches of rows (u_j, t_j) and the messages that S needs.
pub struct SoftSpokenReceiver {
    backend: Backend,
    /// The streams of all leaves.
    trees: Vec<PrgTree>,
    transcript: Transcript,
    position: Position,
    work: Workspace,
    /// u₀ of the batch at hand, mask word last.
    u: Zeroizing<Vec<[u8; BLOCK]>>,
}

impl SoftSpokenReceiver {
    pub(super) fn new(backend: Backend, trees: Vec<PrgTree>, transcript: Transcript) -> Self {
        let (position, work, u) = (Position::default(), Workspace::new(), Zeroizing::default());
        SoftSpokenReceiver { backend, trees, transcript, position, work, u }
    }

    /// Makes the next batch: fills `choices` with the bits u, 64 to a word, and `rows` with t, and makes `message` the
    /// message to S. How many rows is what `rows` holds.
    ///
    /// # Errors
    /// [`OtError::Exhausted`] if the session's counters are used up.
    ///
    /// # Panics
    /// If there are no rows, not whole 128s of them, or `choices` has another length.
    pub fn batch(
        &mut self,
        choices: &mut [u64],
        rows: &mut [Block],
        message: &mut Vec<u8>,
    ) -> Result<(), OtError> {
        assert!(!rows.is_empty() && rows.len().is_multiple_of(PLANES), "a batch of {} rows", rows.len());
        assert_eq!(choices.len() * 64, rows.len(), "a choice for each row");
        let words = rows.len() / PLANES;
        let (batch, first_word) = self.position.advance(words)?;
        self.fit(words);
        message.resize(batch_length(rows.len()), 0);
        let (corrections, check) = message.split_at_mut(batch_length(rows.len()) - CHECK_LENGTH);

        self.expand(first_word, corrections);
        self.transcript.corrections(batch, rows.len(), corrections);
        self.prove(check);
        self.transcript.check(check);

        self.work.transpose(self.backend, rows);
        for (choices, bytes) in choices.iter_mut().zip(self.u.as_flattened().as_chunks().0) {
            *choices = u64::from_le_bytes(*bytes);
        }
        Ok(())
    }

    fn fit(&mut self, words: usize) {
        self.work.fit(words);
        if self.u.len() != words + 1 {
            self.u = Zeroizing::new(vec![[0; BLOCK]; words + 1]);
        }
    }

    /// Equations 5 and 7: V into the workspace, u₀ beside it, and all d_i into the message.
    fn expand(&mut self, first_word: u64, corrections: &mut [u8]) {
        let (first_tree, other_trees) = self.trees.split_first().expect("there are trees");
        self.work.expand_first(first_tree, first_word, &mut self.u);
        let corrections = corrections.chunks_exact_mut(self.u.len() * BLOCK);
        for (tree, (leaves, correction)) in (1..).zip(other_trees.iter().zip(corrections)) {
            let d: &mut WireWords = correction.as_chunks_mut().0;
            self.work.expand(tree, leaves, first_word, &[Block::ZERO; K], &self.u, d);
        }
    }

    /// Equation 8: ũ and Ṽ into the message.
    fn prove(&self, check: &mut [u8]) {
        let u = Zeroizing::new(self.u.iter().map(|&bytes| Block::from_bytes(bytes)).collect::<Vec<_>>());
        let (&mask, words) = u.split_last().expect("u has a mask word");
        let chi = self.transcript.challenge(words.len());
        let hashes = std::iter::once(universal_hash(self.backend, &chi, words, mask))
            .chain(self.work.hashes(self.backend, &chi));
        for (bytes, hash) in check.as_chunks_mut::<BLOCK>().0.iter_mut().zip(hashes) {
            *bytes = hash.to_bytes();
        }
    }
}
