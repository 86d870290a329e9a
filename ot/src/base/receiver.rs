use curve25519_dalek::{RistrettoPoint, Scalar};
use halfgate_crypto::{Block, Entropy};
use subtle::{Choice, ConditionallySelectable};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{BaseDomain, ChosenKeys, PAIR_LENGTH, POINT_LENGTH, Public, parse_point};
use crate::{OtError, constant_time};

/// The receiver of a run of base OTs: it chooses one of two random keys of each.
///
/// ```
/// use halfgate_crypto::{Entropy, SessionId};
/// use halfgate_ot::{BaseDomain, BaseReceiver, BaseSender, BaseUse};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut entropy = Entropy::from_os()?;
/// let domain = BaseDomain::new(&SessionId::new([7; 32]), BaseUse::EvaluatorInputs, 0);
/// let mut sender = BaseSender::new(domain, &mut entropy);
/// let mut receiver = BaseReceiver::new(domain, 2);
///
/// let points = receiver.points([1.into(), 0.into()], &mut entropy); // receiver → sender
/// let pairs = sender.keys(&points)?;
/// let chosen = receiver.keys(&sender.announcement())?; // sender → receiver
/// assert!(chosen.as_slice()[0] == pairs.as_slice()[0][1]);
/// assert!(chosen.as_slice()[1] == pairs.as_slice()[1][0]);
/// # Ok(())
/// # }
/// ```
pub struct BaseReceiver {
    domain: BaseDomain,
    count: usize,
    next_index: usize,
    /// The OTs whose keys were not made yet.
    offers: Vec<Offer>,
}

/// One OT between its two messages.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Offer {
    x: Scalar,
    choice: u8,
    pair: [u8; PAIR_LENGTH],
}

impl BaseReceiver {
    /// A run of `count` OTs.
    pub fn new(domain: BaseDomain, count: usize) -> Self {
        // All at once: growing would leave scalars behind in freed memory.
        BaseReceiver { domain, count, next_index: 0, offers: Vec::with_capacity(count) }
    }

    /// The message for the next OTs, 64 bytes each. A run may send its points in several messages.
    ///
    /// # Panics
    /// If these are more OTs than the run has.
    pub fn points(&mut self, choices: impl IntoIterator<Item = Choice>, entropy: &mut Entropy) -> Vec<u8> {
        let first = self.offers.len();
        for choice in choices {
            assert!(self.next_index < self.count, "choices beyond the end of the run");
            let offer = self.offer(choice, entropy);
            self.offers.push(offer);
            self.next_index += 1;
        }
        self.offers[first..].iter().flat_map(|offer| offer.pair).collect()
    }

    fn offer(&self, choice: Choice, entropy: &mut Entropy) -> Offer {
        let index = self.next_index as u64;
        let x = Scalar::random(entropy);
        let other = RistrettoPoint::random(entropy).compress().to_bytes();
        let hashes = [0, 1].map(|slot| self.domain.hash_to_group(index, slot, &other));
        let hash = RistrettoPoint::conditional_select(&hashes[0], &hashes[1], choice);
        let own = (RistrettoPoint::mul_base(&x) - hash).compress().to_bytes();

        let mut pair = [0; PAIR_LENGTH];
        for (byte, (own, other)) in own.iter().zip(&other).enumerate() {
            pair[byte] = u8::conditional_select(own, other, choice);
            pair[byte + POINT_LENGTH] = u8::conditional_select(other, own, choice);
        }
        Offer { x, choice: choice.unwrap_u8(), pair }
    }

    /// The chosen keys of all OTs whose points were made since the last call, from the sender's one message.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the announcement is no canonical encoding of a point other than the identity.
    pub fn keys(&mut self, announcement: &[u8; POINT_LENGTH]) -> Result<ChosenKeys, OtError> {
        let y = parse_point(announcement)?;
        let mut keys = Vec::with_capacity(self.offers.len());
        let first = self.next_index - self.offers.len();
        for (index, offer) in (first..).zip(&self.offers) {
            let public = Public { pair: &offer.pair, announcement };
            keys.push(self.key(index as u64, offer, &public, &y));
        }
        self.offers.clear();
        Ok(ChosenKeys(keys))
    }

    fn key(&self, index: u64, offer: &Offer, public: &Public<'_>, y: &RistrettoPoint) -> Block {
        let mut secret = y * offer.x;
        let keys = [0, 1].map(|slot| self.domain.key(index, slot, public, &secret));
        secret.zeroize();
        constant_time::select(keys[0], keys[1], Choice::from(offer.choice))
    }
}
