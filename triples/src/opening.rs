//! Proofs of opened bits: a hash of their MACs.

use halfgate_circuits::Party;
use halfgate_crypto::{Block, Oracle, SessionId};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::TripleError;

/// Bytes of a proof of opened bits.
pub const PROOF: usize = 32;

/// MACs that are hashed at a time: as many as the hash works on side by side.
const AT_ONCE: usize = 4096;

/// The openings of a session, each numbered by its opener, so that no proof can stand for another.
pub(crate) struct Openings {
    sid: SessionId,
    own: Party,
    ours: u64,
    theirs: u64,
}

impl Openings {
    pub(crate) fn new(sid: SessionId, own: Party) -> Self {
        Openings { sid, own, ours: 0, theirs: 0 }
    }

    /// The proof of the next opening of this party, from the MACs of the bits that it opens.
    pub(crate) fn prove(&mut self, macs: impl Iterator<Item = Block>) -> [u8; PROOF] {
        let number = self.ours;
        self.ours += 1;
        self.digest(self.own, number, macs)
    }

    /// Checks the next opening of the peer against the MACs that its bits need.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if the proof is another.
    pub(crate) fn verify(
        &mut self,
        expected: impl Iterator<Item = Block>,
        proof: &[u8],
    ) -> Result<(), TripleError> {
        let number = self.theirs;
        self.theirs += 1;
        let expected = self.digest(self.own.peer(), number, expected);
        if bool::from(expected.as_slice().ct_eq(proof)) { Ok(()) } else { Err(TripleError::Cheating) }
    }

    fn digest(&self, opener: Party, number: u64, macs: impl Iterator<Item = Block>) -> [u8; PROOF] {
        let oracle = Oracle::new("opened macs", &self.sid).number(party(opener)).number(number);
        absorb(oracle, macs).digest()
    }
}

/// A party as a field of a hash.
pub(crate) fn party(party: Party) -> u64 {
    match party {
        Party::Garbler => 0,
        Party::Evaluator => 1,
    }
}

/// Adds any number of blocks to a query, as fields of 64 KiB and a last one of what is left.
pub(crate) fn absorb(mut oracle: Oracle, blocks: impl Iterator<Item = Block>) -> Oracle {
    let mut buffer = Zeroizing::new(Vec::with_capacity(AT_ONCE));
    // Inside, for such iterators are chains of slices, which a loop from outside would look at for every block.
    let mut blocks = blocks;
    loop {
        blocks.by_ref().take(AT_ONCE).for_each(|block| buffer.push(block));
        oracle = oracle.field(bytemuck::cast_slice(&buffer));
        if buffer.len() < AT_ONCE {
            return oracle;
        }
        buffer.clear();
    }
}
