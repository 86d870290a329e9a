//! Products of masks by Beaver's trick: with a triple z = x∧y and the opened f = λ_a ⊕ x and g = λ_b ⊕ y,
//! λ_a∧λ_b = z ⊕ f·y ⊕ g·x ⊕ f·g.

use std::ops::Range;

use halfgate_channel::{Channel, Kind};
use halfgate_circuits::BitRows;
use halfgate_compiler::Progress;
use halfgate_crypto::Block;

use crate::candidates::{X, Y};
use crate::dealing::exchange_shares;
use crate::masks::{AndMasks, MaskWalk, Portion};
use crate::{Auth, Dealer, Triple, TripleError};

impl Dealer {
    /// The next portion of a call's masks, with their products: deals a fresh mask for each AND, and triples, of which the
    /// caller expects to want so many in all. The peer does the same.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn next_portion(
        &mut self,
        channel: &mut Channel,
        walk: &mut MaskWalk<'_>,
        expected: usize,
    ) -> Result<(Portion, Progress), TripleError> {
        let count = walk.next_portion();
        let mut portion = self.spare.portions.pop().unwrap_or_default();
        let mut fresh = std::mem::take(&mut self.spare.bits);
        self.bits_into(channel, count, &mut fresh).await?;
        self.provide(channel, count, expected).await?;
        let progress = walk.advance(&fresh, &mut portion);
        self.spare.bits = fresh;
        if !portion.is_empty() {
            self.multiply(channel, &mut portion).await?;
        }
        Ok((portion, progress))
    }

    /// Takes back a portion that is no longer needed: its memory does for another.
    pub fn recycle(&mut self, portion: Portion) {
        self.spare.portions.push(portion);
    }

    /// Adds ⟨λ_a∧λ_b⟩ to the masks ⟨λ_c⟩ of a portion, with one triple of the stock for each AND. The peer does the same with
    /// the same ANDs.
    ///
    /// # Errors
    /// If the channel fails or the peer's shares of f and g are not what it holds.
    ///
    /// # Panics
    /// If there are fewer triples: [`Dealer::provide`] comes before.
    pub async fn multiply(
        &mut self,
        channel: &mut Channel,
        portion: &mut Portion,
    ) -> Result<(), TripleError> {
        let source = self.source.take().ok_or(TripleError::Destroyed)?;
        channel.begin_phase("products of masks");
        let (triples, triple_shares) = self.stock.take(portion.len());
        let mut opened = factor_shares(triple_shares);
        opened.xor_assign(&portion.shares);
        let macs = |range: Range<usize>, out: &mut [Block]| {
            let ands = range.start / 2..range.end / 2;
            let factors = portion.masks[ands.clone()].iter().zip(&triples[ands]);
            for (out, (masks, triple)) in out.as_chunks_mut::<2>().0.iter_mut().zip(factors) {
                *out = differences(masks, triple).map(|both| both.mac);
            }
        };
        let proof = self.openings.prove(|blocks| blocks.add(2 * triples.len(), macs));
        // -> shares of f and g, RO(MACs), <- theirs
        let (theirs, proof) = exchange_shares(channel, Kind::AndOpenings, &opened, &proof).await?;
        opened.xor_assign(&theirs);
        // The products come along, and go no further unless the proof is right.
        let delta = &self.delta;
        let expected = |range: Range<usize>, out: &mut [Block]| {
            let (ands, words) = (range.start / 2..range.end / 2, &opened.words()[range.start / 64..]);
            let factors = portion.masks[ands.clone()].chunks_mut(32).zip(triples[ands].chunks(32));
            for ((out, (masks, triples)), word) in out.chunks_mut(64).zip(factors).zip(words) {
                let both = out.as_chunks_mut::<2>().0.iter_mut().zip(masks.iter_mut().zip(triples));
                for (place, (out, (masks, triple))) in both.enumerate() {
                    let (f, g) = (word >> (2 * place) & 1 == 1, word >> (2 * place + 1) & 1 == 1);
                    let [left, right] = differences(masks, triple);
                    *out = [left.expected_mac(f, delta), right.expected_mac(g, delta)];
                    masks.out ^= product(triple, f, g).plus_constant(f & g, delta);
                }
            }
        };
        self.openings.verify(|blocks| blocks.add(2 * triples.len(), expected), &proof)?;
        self.source = Some(source);
        Ok(())
    }
}

/// This party's shares of x and y, in turns.
fn factor_shares(shares: &[u8]) -> BitRows {
    let mut bits = BitRows::new(2 * shares.len(), 1);
    for (word, shares) in bits.words_mut().iter_mut().zip(shares.chunks(32)) {
        for (place, &share) in shares.iter().enumerate() {
            *word |= u64::from(share >> X & 1 | (share >> Y & 1) << 1) << (2 * place);
        }
    }
    bits
}

/// ⟨f⟩ and ⟨g⟩.
fn differences(masks: &AndMasks, triple: &Triple) -> [Auth; 2] {
    [masks.left ^ triple.x, masks.right ^ triple.y]
}

/// ⟨λ_a∧λ_b⟩ without its public term f·g.
fn product(triple: &Triple, f: bool, g: bool) -> Auth {
    triple.z ^ triple.y.and_bit(f) ^ triple.x.and_bit(g)
}
