//! Products of masks by Beaver's trick: with a triple z = x∧y and the opened f = λ_a ⊕ x and g = λ_b ⊕ y,
//! λ_a∧λ_b = z ⊕ f·y ⊕ g·x ⊕ f·g.

use halfgate_channel::{Channel, Kind};
use halfgate_circuits::BitRows;
use halfgate_compiler::Progress;

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
        let fresh = self.bits(channel, count).await?;
        self.provide(channel, count, expected).await?;
        let (mut portion, progress) = walk.advance(&fresh);
        if !portion.is_empty() {
            self.multiply(channel, &mut portion).await?;
        }
        Ok((portion, progress))
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
        let mut opened = BitRows::from_bits(2 * portion.len(), 1, factor_shares(triple_shares));
        opened.xor_assign(&portion.shares);
        let proof = self.openings.prove(differences(portion, triples).map(|difference| difference.mac));
        // -> shares of f and g, RO(MACs), <- theirs
        let (theirs, proof) = exchange_shares(channel, Kind::AndOpenings, &opened, &proof).await?;
        opened.xor_assign(&theirs);
        let expected = differences(portion, triples).zip(opened.bits());
        let expected = expected.map(|(difference, bit)| difference.expected_mac(bit, &self.delta));
        self.openings.verify(expected, &proof)?;
        let mut bits = opened.bits();
        for (masks, triple) in portion.masks.iter_mut().zip(triples) {
            let (f, g) = (bits.next() == Some(true), bits.next() == Some(true));
            masks.out ^= product(triple, f, g).plus_constant(f & g, &self.delta);
        }
        self.source = Some(source);
        Ok(())
    }
}

/// This party's shares of x and y, in turns.
fn factor_shares(shares: &[u8]) -> impl Iterator<Item = bool> {
    shares.iter().flat_map(|share| [X, Y].map(|place| share >> place & 1 == 1))
}

/// ⟨f⟩ and ⟨g⟩ of each AND.
fn differences<'a>(portion: &'a Portion, triples: &'a [Triple]) -> impl Iterator<Item = Auth> + 'a {
    let pairs = portion.masks.iter().zip(triples);
    pairs.flat_map(|(AndMasks { left, right, .. }, triple)| [*left ^ triple.x, *right ^ triple.y])
}

/// ⟨λ_a∧λ_b⟩ without its public term f·g.
fn product(triple: &Triple, f: bool, g: bool) -> Auth {
    triple.z ^ triple.y.and_bit(f) ^ triple.x.and_bit(g)
}
