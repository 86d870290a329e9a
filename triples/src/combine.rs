//! Buckets of leaky ANDs become triples: ⟨y⟩ of the first stays, ⟨x⟩ is the sum of all, and ⟨z⟩ that of all products with
//! this one y: y′ = y ⊕ d with the opened d, so x′·y = z′ ⊕ d·x′.

use halfgate_circuits::BitRows;
use halfgate_crypto::Delta;

use crate::candidates::{Piled, X, Y, Z};
use crate::opening::{Blocks, Openings, shifted};
use crate::stock::{Triple, Triples};
use crate::{Buckets, TripleError};

/// Candidates in their buckets, between the two parties' openings of d.
pub(crate) struct Combining<'a> {
    candidates: Piled<'a>,
    buckets: Buckets,
    /// The shares of all d, bucket by bucket.
    shares: BitRows,
}

impl<'a> Combining<'a> {
    /// Throws candidates into buckets by their random order. Returns the shares of d and the proof for the peer.
    pub(crate) fn open(candidates: Piled<'a>, buckets: Buckets, openings: &mut Openings) -> (Self, [u8; 32]) {
        assert_eq!(candidates.order.places().len(), buckets.candidates(), "a place for each candidate");
        let mut combining = Combining { candidates, buckets, shares: BitRows::new(opened(buckets), 1) };
        let proof = openings.prove(|macs| combining.subtract(macs));
        (combining, proof)
    }

    /// Puts ⟨y⟩ of the first of each bucket, and of ⟨d⟩ of the others their keys, into the room for them. Their MACs are only
    /// proved, so they are added to the query.
    fn subtract(&mut self, mut macs: Blocks) -> Blocks {
        let Piled { seconds: all, shares: all_shares, order, room, firsts, .. } = &mut self.candidates;
        let size = self.buckets.size;
        let out = firsts.iter_mut().zip(room.chunks_exact_mut(size - 1));
        let mut rest = out.zip(order.places().chunks_exact(size)).enumerate();
        order.for_each_group(all, size, |seconds| {
            let (number, ((first, keys), bucket)) = rest.next().expect("as many as buckets");
            *first = seconds[0];
            let mut bits = 0;
            for (other, (second, key)) in seconds[1..].iter().zip(keys).enumerate() {
                let difference = seconds[0] ^ *second;
                *key = difference.key;
                macs.push(difference.mac);
                let share = all_shares[bucket[0] as usize] ^ all_shares[bucket[other + 1] as usize];
                bits |= u64::from(share >> Y & 1) << other;
            }
            self.shares.put_word(number * (size - 1), bits, size - 1);
        });
        macs
    }

    /// This party's shares of d.
    pub(crate) fn shares(&self) -> &BitRows {
        &self.shares
    }

    /// Checks the peer's shares of d and puts the triples into a stock that has room for them.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if the proof is not that of its shares.
    pub(crate) fn finish(
        mut self,
        theirs: &BitRows,
        proof: &[u8],
        delta: &Delta,
        openings: &mut Openings,
        stock: &mut Triples,
    ) -> Result<(), TripleError> {
        self.shares.xor_assign(theirs);
        let Piled { factors: all, shares: all_shares, order, room: keys, firsts, .. } = self.candidates;
        let expected = shifted(keys, &self.shares, delta);
        openings.verify(|blocks| blocks.add(self.shares.len(), expected), proof)?;
        let size = self.buckets.size;
        let mut rest = firsts.iter().zip(order.places().chunks_exact(size)).enumerate();
        order.for_each_group(all, size, |factors| {
            let (number, (&y, bucket)) = rest.next().expect("as many as buckets");
            let mut opened = self.shares.word(number * (size - 1), size - 1);
            let mut shares = all_shares[bucket[0] as usize];
            let (mut x, mut z) = (factors[0].x, factors[0].z(shares, delta));
            for (&other, factors) in bucket[1..].iter().zip(&factors[1..]) {
                let (d, other_shares) = (opened as u8 & 1, all_shares[other as usize]);
                opened >>= 1;
                x ^= factors.x;
                z ^= factors.z(other_shares, delta) ^ factors.x.and_bit(d == 1);
                shares ^= other_shares & (1 << X | 1 << Z) ^ (other_shares >> X & d) << Z;
            }
            stock.push(Triple { x, y, z }, shares & (1 << X | 1 << Y | 1 << Z));
        });
        Ok(())
    }
}

/// The bits that are opened.
fn opened(buckets: Buckets) -> usize {
    buckets.count * (buckets.size - 1)
}
