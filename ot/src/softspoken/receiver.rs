use halfgate_crypto::{Backend, Block, Prg};
use zeroize::Zeroizing;

use super::check::universal_hash;
use super::position::Position;
use super::transcript::Transcript;
use super::wire::{BLOCK, CHECK_LENGTH, correction_length};
use super::workspace::Workspace;
use super::{PLANES, Q, TREES, batch_length};
use crate::OtError;

/// The extension's receiver R after its setup: makes batches of rows (u_j, t_j) and the messages that S needs.
pub struct SoftSpokenReceiver {
    backend: Backend,
    /// The streams of all leaves, tree by tree.
    leaves: Vec<Prg>,
    transcript: Transcript,
    position: Position,
    work: Workspace,
}

impl SoftSpokenReceiver {
    pub(super) fn new(backend: Backend, leaves: Vec<Prg>, transcript: Transcript) -> Self {
        let (position, work) = (Position::default(), Workspace::new(Q));
        SoftSpokenReceiver { backend, leaves, transcript, position, work }
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
        self.work.fit(words);
        message.clear();
        message.resize(batch_length(rows.len()), 0);
        let (corrections, check) = message.split_at_mut(batch_length(rows.len()) - CHECK_LENGTH);

        let u = self.expand(first_word, corrections);
        self.transcript.corrections(batch, rows.len(), corrections);
        self.prove(&u, check);
        self.transcript.check(check);

        self.work.transpose(self.backend, rows);
        for (pair, word) in choices.chunks_exact_mut(2).zip(u.iter()) {
            pair[0] = word.bits() as u64;
            pair[1] = (word.bits() >> 64) as u64;
        }
        Ok(())
    }

    /// Equations 5 and 7: V into the workspace, all d_i into the message. Returns u₀, mask word last.
    fn expand(&mut self, first_word: u64, corrections: &mut [u8]) -> Zeroizing<Vec<Block>> {
        let (first_tree, other_trees) = self.leaves.split_at(Q);
        let u = Zeroizing::new(self.work.expand(0, first_tree, first_word).to_vec());
        let length = correction_length((u.len() - 1) * PLANES);
        let corrections = corrections.chunks_exact_mut(length);
        for (tree, (leaves, correction)) in (1..TREES).zip(other_trees.chunks_exact(Q).zip(corrections)) {
            let sum = self.work.expand(tree, leaves, first_word);
            for (bytes, (&sum, &u)) in
                correction.as_chunks_mut::<BLOCK>().0.iter_mut().zip(sum.iter().zip(u.iter()))
            {
                *bytes = (sum ^ u).to_bytes();
            }
        }
        u
    }

    /// Equation 8: ũ and Ṽ into the message.
    fn prove(&self, u: &[Block], check: &mut [u8]) {
        let (&mask, words) = u.split_last().expect("u has a mask word");
        let chi = self.transcript.challenge(words.len());
        let hashes = std::iter::once(universal_hash(self.backend, &chi, words, mask))
            .chain(self.work.hashes(self.backend, &chi));
        for (bytes, hash) in check.as_chunks_mut::<BLOCK>().0.iter_mut().zip(hashes) {
            *bytes = hash.to_bytes();
        }
    }
}
