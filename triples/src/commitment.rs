//! What is said at once although one speaks first: the equality test of leaky ANDs and the joint coin.
//!
//! Both sides commit to the digest of their L and to a coin; then both open the digests, and abort unless they are equal;
//! then both open the coins. A commitment is a hash with a nonce, bound to session, party and block.

use halfgate_circuits::Party;
use halfgate_crypto::{Entropy, Oracle, SessionId};
use subtle::ConstantTimeEq;

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

/// A value that is committed to and not opened yet.
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
