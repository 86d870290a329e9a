//! Buckets of leaky ANDs become triples: ⟨y⟩ of the first stays, ⟨x⟩ is the sum of all, and ⟨z⟩ that of all products with
//! this one y: y′ = y ⊕ d with the opened d, so x′·y = z′ ⊕ d·x′.

use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, Delta};
use zeroize::Zeroizing;

use crate::candidates::{Candidates, X, Y, Z};
use crate::opening::Openings;
use crate::stock::{Triple, Triples};
use crate::{Auth, Buckets, TripleError};

/// Candidates that are fetched before any of them is worked on: memory brings many at once only if nothing waits for one.
const FETCHED: usize = 512;

/// Candidates in their buckets, between the two parties' openings of d.
pub(crate) struct Combining<'a> {
    candidates: &'a Candidates,
    buckets: Buckets,
    order: Vec<u32>,
    /// The shares of all d, bucket by bucket.
    shares: BitRows,
    /// Their keys.
    keys: Zeroizing<Vec<Block>>,
    /// ⟨y⟩ of each bucket, which is that of its first candidate.
    seconds: Zeroizing<Vec<Auth>>,
}

impl<'a> Combining<'a> {
    /// Throws candidates, which lie in the piles of a permutation, into buckets by its order. Returns the shares of d and the
    /// proof for the peer.
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
        let mut firsts = Zeroizing::new(Vec::with_capacity(buckets.count));
        let mut seconds = Zeroizing::new(Vec::with_capacity(FETCHED.max(buckets.size)));
        for places in order.chunks(fetched(buckets)) {
            seconds.clear();
            seconds.extend(places.iter().map(|&place| candidates.seconds[place as usize]));
            for (bucket, seconds) in places.chunks_exact(buckets.size).zip(seconds.chunks_exact(buckets.size))
            {
                let first_share = candidates.shares[bucket[0] as usize];
                firsts.push(seconds[0]);
                for (&other, second) in bucket[1..].iter().zip(&seconds[1..]) {
                    let difference = seconds[0] ^ *second;
                    let share = first_share ^ candidates.shares[other as usize];
                    shares.put_bit(keys.len(), share >> Y & 1 == 1);
                    keys.push(difference.key);
                    macs.push(difference.mac);
                }
            }
        }
        let proof = openings.prove(macs.iter().copied());
        (Combining { candidates, buckets, order, shares, keys, seconds: firsts }, proof)
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
        let (mut opened, mut seconds) = (d.bits(), self.seconds.iter());
        let size = self.buckets.size;
        let mut factors = Zeroizing::new(Vec::with_capacity(FETCHED.max(size)));
        for places in self.order.chunks(fetched(self.buckets)) {
            factors.clear();
            factors.extend(places.iter().map(|&place| self.candidates.factors[place as usize]));
            for (bucket, factors) in places.chunks_exact(size).zip(factors.chunks_exact(size)) {
                let mut shares = self.candidates.shares[bucket[0] as usize];
                let (mut x, mut z) = (factors[0].x, factors[0].z(shares, delta));
                for ((&other, factors), d) in bucket[1..].iter().zip(&factors[1..]).zip(&mut opened) {
                    let other_shares = self.candidates.shares[other as usize];
                    x ^= factors.x;
                    z ^= factors.z(other_shares, delta) ^ factors.x.and_bit(d);
                    let other_x = other_shares >> X & 1;
                    shares ^= other_shares & (1 << X | 1 << Z) ^ (other_x & u8::from(d)) << Z;
                }
                let y = *seconds.next().expect("one for each bucket");
                triples.push(Triple { x, y, z });
                all_shares.push(shares & (1 << X | 1 << Y | 1 << Z));
            }
        }
        Ok(Triples::new(triples, all_shares))
    }
}

/// Whole buckets to be fetched at once.
fn fetched(buckets: Buckets) -> usize {
    (FETCHED / buckets.size).max(1) * buckets.size
}
