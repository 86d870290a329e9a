//! One Δ under the correlations of two set-ups of oblivious transfer.
//!
//! A pool that has run out is continued by a second set-up, and nothing in that makes a party use the Δ of the pool. Sums of
//! old and new bits would then have MACs under two Δ of which only the sum is opened, and a hash of such MACs lets whoever
//! chose the two find out the parts. So before anything else of the second set-up is used, each party P shows that it knows one Δ
//! under both. With ρ bits u of the pool and ρ new bits v that serve nothing else, both open d = u ⊕ v, and P sends a hash of
//! K̂_P\[u\] ⊕ K̂_P\[v\] ⊕ d·Δ_P, which Q compares with M_Q\[u\] ⊕ M_Q\[v\]. If v stands under Δ_P ⊕ E, then these are
//! v^Q·E apart, with v^Q random even if d^Q is known: P passes with a chance of 2^−ρ. A Q that lies about d gets a hash of what
//! is Δ_P away from what it knows.

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::BitRows;
use halfgate_crypto::Oracle;
use subtle::ConstantTimeEq;

use crate::opening::{Blocks, PROOF, expected_macs, macs, party};
use crate::{AuthBits, Dealer, TripleError};

impl Dealer {
    /// Shows the peer that `old` and `new`, ρ random bits each, stand under one Δ of this party, and is shown the same.
    ///
    /// # Errors
    /// If the channel fails or they do not.
    pub(crate) async fn prove_same_delta(
        &self,
        channel: &mut Channel,
        old: &AuthBits,
        new: &AuthBits,
    ) -> Result<(), TripleError> {
        assert_eq!(old.len(), new.len(), "as many old as new bits");
        let sums: Vec<_> = old.auths().iter().zip(new.auths()).map(|(old, new)| *old ^ *new).collect();
        let mut d = BitRows::new(old.len(), 1);
        d.xor_assign(old.shares());
        d.xor_assign(new.shares());
        // -> d^P, <- d^Q
        let theirs = channel.exchange(Kind::MaskShares, d.to_bytes(), Length::Exactly(d.byte_len())).await?;
        d.xor_assign(&BitRows::from_bytes(d.len(), 1, &theirs).ok_or(TripleError::Cheating)?);
        let keys = expected_macs(&sums, &d, 0, &self.delta);
        let ours = self.same_delta_proof(party(self.own), |blocks| blocks.add(d.len(), keys));
        // -> RO(keys), <- RO(keys)
        let theirs = channel.exchange(Kind::CheckAnswer, ours.to_vec(), Length::Exactly(PROOF)).await?;
        let macs = macs(&sums);
        let expected = self.same_delta_proof(party(self.own.peer()), |blocks| blocks.add(d.len(), macs));
        if bool::from(expected.as_slice().ct_eq(&theirs)) { Ok(()) } else { Err(TripleError::Cheating) }
    }

    fn same_delta_proof(&self, prover: u64, keys: impl FnOnce(Blocks) -> Blocks) -> [u8; PROOF] {
        keys(Blocks::of(Oracle::new("same delta", &self.sid).number(prover).blocks())).digest()
    }
}

#[cfg(test)]
mod tests {
    use halfgate_channel::Limits;
    use halfgate_circuits::Party;
    use halfgate_crypto::{Backend, Block, Delta, Entropy, Mitccrh, SessionId};

    use super::*;
    use crate::{Auth, Statistical};

    const COUNT: usize = 40;

    /// Random bits of both parties, the garbler's part first, that stand under these offsets.
    fn bits(deltas: [&Delta; 2], entropy: &mut Entropy) -> [AuthBits; 2] {
        let mut both = [0; 2].map(|_| AuthBits::zeroed(COUNT));
        for index in 0..COUNT {
            let shares = [0; 2].map(|_| entropy.block().second_bit());
            let keys = [0; 2].map(|_| entropy.block());
            for party in 0..2 {
                let (bits, auths) = both[party].parts_mut();
                bits.put_bit(index, shares[party]);
                auths[index] = Auth {
                    mac: keys[1 - party] ^ deltas[1 - party].block().and_bit(shares[party]),
                    key: keys[party] ^ deltas[party].block().and_bit(shares[party]),
                };
            }
        }
        both
    }

    /// What both sides say when the new bits stand under other offsets than the old ones, or not.
    async fn run(other: [bool; 2]) -> [Result<(), TripleError>; 2] {
        let mut entropy = Entropy::fixed(11);
        let old = [true, false].map(|bit| Delta::with_second_bit(&mut entropy, bit));
        let fresh = [true, false].map(|bit| Delta::with_second_bit(&mut entropy, bit));
        let new = [0, 1].map(|party: usize| if other[party] { &fresh[party] } else { &old[party] });
        let (old_bits, new_bits) = (bits(old.each_ref(), &mut entropy), bits(new, &mut entropy));
        let (left, right) = Channel::memory_pair(Limits::default());
        let parties = [Party::Garbler, Party::Evaluator].into_iter().zip(old);
        let mut dealers = parties.map(|(own, delta)| {
            let hashes = [1, 2].map(|start| Mitccrh::new(Backend::Portable, Block::new(start)));
            let (sid, entropy) = (SessionId::new([3; 32]), Entropy::fixed(1));
            Dealer::with(sid, own, Statistical::Bits40, Backend::Portable, entropy, delta, hashes)
        });
        let (garbler, evaluator) = (dealers.next().unwrap(), dealers.next().unwrap());
        let (mut left, mut right) = (left, right);
        let (garbler, evaluator) = tokio::join!(
            garbler.prove_same_delta(&mut left, &old_bits[0], &new_bits[0]),
            evaluator.prove_same_delta(&mut right, &old_bits[1], &new_bits[1]),
        );
        [garbler, evaluator]
    }

    #[tokio::test]
    async fn one_offset_passes_and_another_is_found_by_the_other_side() {
        assert!(matches!(run([false, false]).await, [Ok(()), Ok(())]));
        assert!(matches!(run([true, false]).await, [Ok(()), Err(TripleError::Cheating)]));
        assert!(matches!(run([false, true]).await, [Err(TripleError::Cheating), Ok(())]));
    }
}
