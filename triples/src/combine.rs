//! Buckets of leaky ANDs become triples: ⟨y⟩ of the first stays, ⟨x⟩ is the sum of all, and ⟨z⟩ that of all products with
//! this one y: y′ = y ⊕ d with the opened d, so x′·y = z′ ⊕ d·x′.

use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, Delta};
use zeroize::Zeroizing;

use crate::candidates::{Candidates, X, Y, Z};
use crate::opening::Openings;
use crate::stock::{Triple, Triples};
use crate::{Buckets, TripleError};

/// Candidates in their buckets, between the two parties' openings of d.
pub(crate) struct Combining<'a> {
    candidates: &'a Candidates,
    buckets: Buckets,
    order: Vec<u32>,
    /// The shares of all d, bucket by bucket.
    shares: BitRows,
    /// Their keys.
    keys: Zeroizing<Vec<Block>>,
}

impl<'a> Combining<'a> {
    /// Throws candidates into buckets by a random order. Returns the shares of d and the proof for the peer.
    pub(crate) fn open(
        candidates: &'a Candidates,
        buckets: Buckets,
        order: Vec<u32>,
        openings: &mut Openings,
    ) -> (Self, [u8; 32]) {
        assert_eq!(order.len(), buckets.candidates(), "a place for each candidate");
        let count = buckets.count * (buckets.size - 1);
        let mut keys = Zeroizing::new(Vec::with_capacity(count));
        let mut macs = Zeroizing::new(Vec::with_capacity(count));
        let mut shares = BitRows::new(count, 1);
        for bucket in order.chunks_exact(buckets.size) {
            let (first, others) = (bucket[0] as usize, &bucket[1..]);
            for &other in others {
                let difference = candidates.seconds[first] ^ candidates.seconds[other as usize];
                let share = candidates.shares[first] ^ candidates.shares[other as usize];
                shares.put_bit(keys.len(), share >> Y & 1 == 1);
                keys.push(difference.key);
                macs.push(difference.mac);
            }
        }
        let proof = openings.prove(macs.iter().copied());
        (Combining { candidates, buckets, order, shares, keys }, proof)
    }

    /// This party's shares of d.
    pub(crate) fn shares(&self) -> &BitRows {
        &self.shares
    }

    /// Checks the peer's shares of d and makes the triples.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if the proof is not that of its shares.
    pub(crate) fn finish(
        self,
        theirs: &BitRows,
        proof: &[u8],
        delta: &Delta,
        openings: &mut Openings,
    ) -> Result<Triples, TripleError> {
        let mut d = self.shares;
        d.xor_assign(theirs);
        let expected = self.keys.iter().zip(d.bits()).map(|(&key, d)| key ^ delta.block().and_bit(d));
        openings.verify(expected, proof)?;
        let (mut triples, mut all_shares) =
            (Vec::with_capacity(self.buckets.count), Vec::with_capacity(self.buckets.count));
        let mut opened = d.bits();
        for bucket in self.order.chunks_exact(self.buckets.size) {
            let first = bucket[0] as usize;
            let ([mut x, mut z], mut shares) =
                (self.candidates.factors[first], self.candidates.shares[first]);
            for (&other, d) in bucket[1..].iter().zip(&mut opened) {
                let [other_x, other_z] = self.candidates.factors[other as usize];
                let other_shares = self.candidates.shares[other as usize];
                x ^= other_x;
                z ^= other_z ^ other_x.and_bit(d);
                let other_x_share = other_shares >> X & 1;
                shares ^= other_shares & (1 << X | 1 << Z) ^ (other_x_share & u8::from(d)) << Z;
            }
            triples.push(Triple { x, y: self.candidates.seconds[first], z });
            all_shares.push(shares);
        }
        Ok(Triples::new(triples, all_shares))
    }
}
