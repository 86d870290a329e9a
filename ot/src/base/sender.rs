use curve25519_dalek::{RistrettoPoint, Scalar};
use halfgate_crypto::{Block, Entropy};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{BaseDomain, KeyPairs, PAIR_LENGTH, POINT_LENGTH, Public, parse_point};
use crate::OtError;

/// The sender of a run of base OTs: it gets two random keys of each; see [`BaseReceiver`](crate::BaseReceiver).
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct BaseSender {
    #[zeroize(skip)]
    domain: BaseDomain,
    y: Scalar,
    announcement: [u8; POINT_LENGTH],
    next_index: u64,
}

impl BaseSender {
    /// A run that starts at index 0, with a fresh scalar.
    pub fn new(domain: BaseDomain, entropy: &mut Entropy) -> Self {
        let y = Scalar::random(entropy);
        let announcement = RistrettoPoint::mul_base(&y).compress().to_bytes();
        BaseSender { domain, y, announcement, next_index: 0 }
    }

    /// The one message of the sender. It may be sent before the first point has come.
    pub fn announcement(&self) -> [u8; POINT_LENGTH] {
        self.announcement
    }

    /// The keys of the next OTs, from the receiver's points of 64 bytes each.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the message is not whole, or a point is not canonically encoded or is the identity.
    pub fn keys(&mut self, points: &[u8]) -> Result<KeyPairs, OtError> {
        let (pairs, rest) = points.as_chunks::<PAIR_LENGTH>();
        if !rest.is_empty() {
            return Err(OtError::Cheating);
        }
        let mut keys = KeyPairs(Vec::with_capacity(pairs.len()));
        for pair in pairs {
            keys.0.push(self.pair_of_keys(pair)?);
            self.next_index += 1;
        }
        Ok(keys)
    }

    fn pair_of_keys(&self, pair: &[u8; PAIR_LENGTH]) -> Result<[Block; 2], OtError> {
        let public = Public { pair, announcement: &self.announcement };
        let (encodings, _) = pair.as_chunks::<POINT_LENGTH>();
        let mut keys = [Block::ZERO; 2];
        for (slot, key) in keys.iter_mut().enumerate() {
            let hash = self.domain.hash_to_group(self.next_index, slot as u64, &encodings[1 - slot]);
            let mut secret = (parse_point(&encodings[slot])? + hash) * self.y;
            *key = self.domain.key(self.next_index, slot as u64, &public, &secret);
            secret.zeroize();
        }
        Ok(keys)
    }
}
