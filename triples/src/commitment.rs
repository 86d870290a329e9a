//! What is said at once although one speaks first: the equality test of leaky ANDs and the joint coin.
//!
//! Both sides commit to the digest of their L and to a coin; then both open the digests, and abort unless they are equal;
//! then both open the coins. A commitment is a hash with a nonce, bound to session, party and block.

use halfgate_circuits::Party;
use halfgate_crypto::{Entropy, Oracle, SessionId};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::TripleError;
use crate::opening::party;

/// Bytes of a commitment, and of what is committed to.
pub(crate) const DIGEST: usize = 32;
/// Bytes of an opening: what was committed to and the nonce.
pub const OPENING: usize = 2 * DIGEST;

/// What a commitment is for.
#[derive(Clone, Copy)]
pub(crate) enum Subject {
    /// The digest of L, for the equality test.
    Equality,
    /// A share of the coin.
    Coin,
}

/// The place of commitments: session and block of triples.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) sid: SessionId,
    pub(crate) block: u64,
}

/// A value that is committed to and not opened yet. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Committed {
    opening: [u8; OPENING],
}

impl Committed {
    pub(crate) fn new(value: [u8; DIGEST], entropy: &mut Entropy) -> Self {
        let mut opening = [0; OPENING];
        opening[..DIGEST].copy_from_slice(&value);
        opening[DIGEST..].copy_from_slice(&entropy.bytes::<DIGEST>());
        Committed { opening }
    }

    pub(crate) fn commitment(&self, place: Place, subject: Subject, own: Party) -> [u8; DIGEST] {
        place.commitment(subject, own, &self.opening)
    }

    pub(crate) fn opening(&self) -> [u8; OPENING] {
        self.opening
    }

    pub(crate) fn value(&self) -> &[u8] {
        &self.opening[..DIGEST]
    }
}

impl Place {
    /// The value that the peer opens.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if it had committed to another.
    pub(crate) fn opened(
        self,
        subject: Subject,
        peer: Party,
        commitment: &[u8],
        opening: &[u8; OPENING],
    ) -> Result<[u8; DIGEST], TripleError> {
        let expected = self.commitment(subject, peer, opening);
        if bool::from(expected.as_slice().ct_eq(commitment)) {
            Ok(*opening.first_chunk().expect("an opening starts with a value"))
        } else {
            Err(TripleError::Cheating)
        }
    }

    /// The coin of both shares, the garbler's first.
    pub(crate) fn coin(self, own: Party, ours: &[u8], theirs: &[u8]) -> [u8; DIGEST] {
        let [first, second] = match own {
            Party::Garbler => [ours, theirs],
            Party::Evaluator => [theirs, ours],
        };
        Oracle::new("joint coin", &self.sid).number(self.block).field(first).field(second).digest()
    }

    fn commitment(self, subject: Subject, owner: Party, opening: &[u8; OPENING]) -> [u8; DIGEST] {
        let tag = match subject {
            Subject::Equality => "equality commitment",
            Subject::Coin => "coin commitment",
        };
        Oracle::new(tag, &self.sid).number(self.block).number(party(owner)).field(opening).digest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { sid: SessionId::new([3; 32]), block: 4 }
    }

    fn opens(
        place: Place,
        subject: Subject,
        owner: Party,
        commitment: &[u8],
        opening: &[u8; OPENING],
    ) -> bool {
        place.opened(subject, owner, commitment, opening).is_ok()
    }

    #[test]
    fn nothing_but_what_was_committed_to_opens() {
        let committed = Committed::new([7; DIGEST], &mut Entropy::fixed(1));
        let commitment = committed.commitment(place(), Subject::Coin, Party::Garbler);
        let opening = committed.opening();
        let value = place().opened(Subject::Coin, Party::Garbler, &commitment, &opening);
        assert!(value.is_ok_and(|value| value == [7; DIGEST]));
        for byte in 0..OPENING {
            let mut other = opening;
            other[byte] ^= 1;
            assert!(!opens(place(), Subject::Coin, Party::Garbler, &commitment, &other), "byte {byte}");
        }
    }

    /// Or whoever speaks second could repeat what the first said.
    #[test]
    fn a_commitment_is_of_one_party_for_one_thing_in_one_place() {
        let committed = Committed::new([7; DIGEST], &mut Entropy::fixed(1));
        let commitment = committed.commitment(place(), Subject::Coin, Party::Garbler);
        let opening = committed.opening();
        let (later, elsewhere) =
            (Place { block: 5, ..place() }, Place { sid: SessionId::new([4; 32]), ..place() });
        for (place, subject, owner) in [
            (place(), Subject::Coin, Party::Evaluator),
            (place(), Subject::Equality, Party::Garbler),
            (later, Subject::Coin, Party::Garbler),
            (elsewhere, Subject::Coin, Party::Garbler),
        ] {
            assert!(!opens(place, subject, owner, &commitment, &opening));
        }
    }

    #[test]
    fn both_parties_get_the_coin_that_each_share_decides() {
        let coin = |ours, theirs| place().coin(Party::Garbler, &[ours; DIGEST], &[theirs; DIGEST]);
        assert_eq!(coin(1, 2), place().coin(Party::Evaluator, &[2; DIGEST], &[1; DIGEST]));
        assert!(coin(1, 2) != coin(3, 2) && coin(1, 2) != coin(1, 3) && coin(1, 2) != coin(2, 1));
    }
}
