//! The transcript that the challenges come from.

use halfgate_crypto::{Block, Oracle};

use super::{K, TREES};
use crate::base::BaseDomain;

/// A running hash of everything public that both parties saw, in order.
pub(super) struct Transcript {
    domain: BaseDomain,
    state: [u8; 32],
}

impl Transcript {
    /// Starts with the parameters and the messages of the setup.
    pub(super) fn new(domain: &BaseDomain, points: &[u8], announcement: &[u8], setup: &[u8]) -> Self {
        let state = domain
            .oracle("ot setup")
            .number(K as u64)
            .number(TREES as u64)
            .field(points)
            .field(announcement)
            .field(setup)
            .digest();
        Transcript { domain: *domain, state }
    }

    /// Adds the corrections of a batch.
    pub(super) fn corrections(&mut self, batch: u64, rows: usize, corrections: &[u8]) {
        let step = self.step("ot corrections").number(batch).number(rows as u64);
        self.state = step.field(corrections).digest();
    }

    /// Adds the check values of a batch.
    pub(super) fn check(&mut self, check: &[u8]) {
        self.state = self.step("ot check").field(check).digest();
    }

    /// The challenge χ at this point.
    pub(super) fn challenge(&self, words: usize) -> Vec<Block> {
        let mut bytes = vec![0; words * 16];
        self.step("ot challenge").fill(&mut bytes);
        let (blocks, _) = bytes.as_chunks();
        blocks.iter().map(|&block| Block::from_bytes(block)).collect()
    }

    fn step(&self, tag: &str) -> Oracle {
        self.domain.oracle(tag).field(&self.state)
    }
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::SessionId;

    use super::*;
    use crate::BaseUse;

    #[test]
    fn everything_changes_the_challenge() {
        let domain = BaseDomain::new(&SessionId::new([0; 32]), BaseUse::GarblerCorrelation, 0);
        let elsewhere = BaseDomain::new(&SessionId::new([1; 32]), BaseUse::GarblerCorrelation, 0);
        let challenge = |domain, setup: [&[u8]; 3], batch, rows, corrections: &[u8]| {
            let mut transcript = Transcript::new(domain, setup[0], setup[1], setup[2]);
            transcript.corrections(batch, rows, corrections);
            let first = transcript.challenge(3);
            transcript.check(b"c");
            (first, transcript.challenge(3))
        };
        let reference = challenge(&domain, [b"p", b"y", b"s"], 4, 128, b"d");
        assert!(reference == challenge(&domain, [b"p", b"y", b"s"], 4, 128, b"d"));
        assert!(reference.0 != reference.1);
        let others = [
            challenge(&elsewhere, [b"p", b"y", b"s"], 4, 128, b"d"),
            challenge(&domain, [b"q", b"y", b"s"], 4, 128, b"d"),
            challenge(&domain, [b"p", b"z", b"s"], 4, 128, b"d"),
            challenge(&domain, [b"p", b"y", b"t"], 4, 128, b"d"),
            challenge(&domain, [b"py", b"", b"s"], 4, 128, b"d"),
            challenge(&domain, [b"p", b"y", b"s"], 5, 128, b"d"),
            challenge(&domain, [b"p", b"y", b"s"], 4, 256, b"d"),
            challenge(&domain, [b"p", b"y", b"s"], 4, 128, b"e"),
        ];
        assert!(others.iter().all(|other| other.0 != reference.0 && other.1 != reference.1));
    }
}
