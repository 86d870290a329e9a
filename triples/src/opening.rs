//! Proofs of opened bits: a hash of their MACs.

use std::ops::Range;

use halfgate_circuits::{BitRows, Party};
use halfgate_crypto::{Block, BlockQuery, Delta, Oracle, SessionId};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{Auth, TripleError};

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

    /// The proof of the next opening of this party, from the MACs of the bits that it opens, which `macs` adds.
    pub(crate) fn prove(&mut self, macs: impl FnOnce(Blocks) -> Blocks) -> [u8; PROOF] {
        let number = self.ours;
        self.ours += 1;
        self.digest(self.own, number, macs)
    }

    /// Checks the next opening of the peer against the MACs that its bits need, which `expected` adds.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if the proof is another.
    pub(crate) fn verify(
        &mut self,
        expected: impl FnOnce(Blocks) -> Blocks,
        proof: &[u8],
    ) -> Result<(), TripleError> {
        let number = self.theirs;
        self.theirs += 1;
        let expected = self.digest(self.own.peer(), number, expected);
        if bool::from(expected.as_slice().ct_eq(proof)) { Ok(()) } else { Err(TripleError::Cheating) }
    }

    fn digest(&self, opener: Party, number: u64, macs: impl FnOnce(Blocks) -> Blocks) -> [u8; PROOF] {
        let oracle = Oracle::new("opened macs", &self.sid).number(party(opener)).number(number);
        macs(Blocks::of(oracle.blocks())).digest()
    }
}

/// A party as a field of a hash.
pub(crate) fn party(party: Party) -> u64 {
    match party {
        Party::Garbler => 0,
        Party::Evaluator => 1,
    }
}

/// A query about any number of blocks that are computed for it. Wiped on drop.
pub(crate) struct Blocks {
    query: BlockQuery,
    buffer: Zeroizing<Vec<Block>>,
    used: usize,
}

impl Blocks {
    /// Those of a query that has none yet.
    pub(crate) fn of(query: BlockQuery) -> Self {
        Blocks { query, buffer: Zeroizing::new(vec![Block::ZERO; AT_ONCE]), used: 0 }
    }

    /// Adds so many blocks, which `fill` writes: part after part, each given by its numbers and the place for it. What is added
    /// first comes in parts of 4096 and a last one.
    #[must_use]
    pub(crate) fn add(mut self, count: usize, mut fill: impl FnMut(Range<usize>, &mut [Block])) -> Self {
        let mut done = 0;
        while done < count {
            let step = (AT_ONCE - self.used).min(count - done);
            fill(done..done + step, &mut self.buffer[self.used..][..step]);
            done += step;
            self.advance(step);
        }
        self
    }

    /// Adds a block.
    pub(crate) fn push(&mut self, block: Block) {
        self.buffer[self.used] = block;
        self.advance(1);
    }

    fn advance(&mut self, count: usize) {
        self.used += count;
        if self.used == AT_ONCE {
            self.query.add(&self.buffer);
            self.used = 0;
        }
    }

    /// The answer.
    pub(crate) fn digest(mut self) -> [u8; PROOF] {
        self.query.add(&self.buffer[..self.used]);
        self.query.digest()
    }
}

/// Blocks, each with Δ added where its bit is set. They have to be what is added first.
pub(crate) fn shifted<'a>(
    blocks: &'a [Block],
    bits: &'a BitRows,
    delta: &'a Delta,
) -> impl FnMut(Range<usize>, &mut [Block]) + 'a {
    |range, out| {
        let words = &bits.words()[range.start / 64..];
        for ((out, blocks), word) in out.chunks_mut(64).zip(blocks[range].chunks(64)).zip(words) {
            for (place, (out, &block)) in out.iter_mut().zip(blocks).enumerate() {
                *out = block ^ delta.block().and_bit(word >> place & 1 == 1);
            }
        }
    }
}

/// The MACs of bits.
pub(crate) fn macs(auths: &[Auth]) -> impl FnMut(Range<usize>, &mut [Block]) {
    |range, out| out.iter_mut().zip(&auths[range]).for_each(|(out, auth)| *out = auth.mac)
}

/// The MACs that the peer must show for whole bits to be those of `values` from `first` on.
pub(crate) fn expected_macs<'a>(
    auths: &'a [Auth],
    values: &'a BitRows,
    first: usize,
    delta: &'a Delta,
) -> impl FnMut(Range<usize>, &mut [Block]) + 'a {
    move |range, out| {
        let words = (first + range.start..).step_by(64);
        for ((first, out), auths) in words.zip(out.chunks_mut(64)).zip(auths[range].chunks(64)) {
            let word = values.word(first, out.len());
            for (place, (out, auth)) in out.iter_mut().zip(auths).enumerate() {
                *out = auth.expected_mac(word >> place & 1 == 1, delta);
            }
        }
    }
}
