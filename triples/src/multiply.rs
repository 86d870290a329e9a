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
        let macs = portion.masks.iter().zip(triples);
        let macs = macs.flat_map(|(masks, triple)| differences(masks, triple).map(|both| both.mac));
        let proof = self.openings.prove(macs);
        // -> shares of f and g, RO(MACs), <- theirs
        let (theirs, proof) = exchange_shares(channel, Kind::AndOpenings, &opened, &proof).await?;
        opened.xor_assign(&theirs);
        // The products come along, and go no further unless the proof is right.
        let masks = portion.masks.iter_mut().zip(triples).enumerate();
        let expected = masks.flat_map(|(index, (masks, triple))| {
            let bits = opened.word(2 * index, 2);
            let (f, g) = (bits & 1 == 1, bits >> 1 == 1);
            let differences = differences(masks, triple);
            masks.out ^= product(triple, f, g).plus_constant(f & g, &self.delta);
            [differences[0].expected_mac(f, &self.delta), differences[1].expected_mac(g, &self.delta)]
        });
        self.openings.verify(expected, &proof)?;
        self.source = Some(source);
        Ok(())
    }
}

/// This party's shares of x and y, in turns.
fn factor_shares(shares: &[u8]) -> impl Iterator<Item = bool> {
    shares.iter().flat_map(|share| [X, Y].map(|place| share >> place & 1 == 1))
}

/// ⟨f⟩ and ⟨g⟩.
fn differences(masks: &AndMasks, triple: &Triple) -> [Auth; 2] {
    [masks.left ^ triple.x, masks.right ^ triple.y]
}

/// ⟨λ_a∧λ_b⟩ without its public term f·g.
fn product(triple: &Triple, f: bool, g: bool) -> Auth {
    triple.z ^ triple.y.and_bit(f) ^ triple.x.and_bit(g)
}
