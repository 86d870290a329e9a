use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::{RistrettoPoint, Scalar};
use halfgate_crypto::{Block, Entropy};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{BaseDomain, KeyPairs, PAIR_LENGTH, POINT_LENGTH, Public, encode_doubled, half, parse_point};
use crate::OtError;

/// The sender of a run of base OTs: it gets two random keys of each; see [`BaseReceiver`](crate::BaseReceiver).
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct BaseSender {
    #[zeroize(skip)]
    domain: BaseDomain,
    half_y: Scalar,
    announcement: [u8; POINT_LENGTH],
    next_index: u64,
}

impl BaseSender {
    /// A run that starts at index 0, with a fresh scalar.
    pub fn new(domain: BaseDomain, entropy: &mut Entropy) -> Self {
        let mut y = Scalar::random(entropy);
        let announcement = RistrettoPoint::mul_base(&y).compress().to_bytes();
        let half_y = half(&y);
        y.zeroize();
        BaseSender { domain, half_y, announcement, next_index: 0 }
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
        let mut secrets = Vec::with_capacity(2 * pairs.len());
        for (index, pair) in (self.next_index..).zip(pairs) {
            secrets.extend(self.half_secrets(index, pair)?);
        }
        let secrets = encode_doubled(secrets);
        let mut keys = KeyPairs(Vec::with_capacity(pairs.len()));
        for (pair, secrets) in pairs.iter().zip(secrets.as_chunks().0) {
            keys.0.push(self.pair_of_keys(pair, secrets));
            self.next_index += 1;
        }
        Ok(keys)
    }

    /// y/2·m of both slots.
    fn half_secrets(&self, index: u64, pair: &[u8; PAIR_LENGTH]) -> Result<[RistrettoPoint; 2], OtError> {
        let (encodings, _) = pair.as_chunks::<POINT_LENGTH>();
        let points = [parse_point(&encodings[0])?, parse_point(&encodings[1])?];
        Ok([0, 1].map(|slot| {
            let hash = self.domain.hash_to_group(index, slot as u64, &encodings[1 - slot]);
            (points[slot] + hash) * self.half_y
        }))
    }

    fn pair_of_keys(&self, pair: &[u8; PAIR_LENGTH], secrets: &[CompressedRistretto; 2]) -> [Block; 2] {
        let public = Public { pair, announcement: &self.announcement };
        [0, 1].map(|slot| self.domain.key(self.next_index, slot as u64, &public, &secrets[slot]))
    }
}
