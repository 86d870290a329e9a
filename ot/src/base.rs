#![doc = include_str!("base.md")]

mod receiver;
mod sender;

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::IsIdentity;
use curve25519_dalek::{RistrettoPoint, Scalar};
use halfgate_crypto::{Block, Oracle, SessionId};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::OtError;

pub use receiver::BaseReceiver;
pub use sender::BaseSender;

/// Bytes of one point, and of an announcement.
pub const POINT_LENGTH: usize = 32;
/// Bytes that the receiver sends per base OT: two points.
pub(crate) const PAIR_LENGTH: usize = 2 * POINT_LENGTH;

/// What base OTs are for, which also says who sends them. It enters every hash (D9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUse {
    /// Seeds of an extension with the garbler's Δ; the evaluator is base-OT sender.
    GarblerCorrelation = 1,
    /// Seeds of an extension with the evaluator's Δ; the garbler is base-OT sender.
    EvaluatorCorrelation = 2,
    /// Input labels of the evaluator without an extension; the garbler is base-OT sender.
    EvaluatorInputs = 3,
}

/// The place of a run of base OTs: session, use and the number of the run among those of its use in the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseDomain {
    sid: SessionId,
    purpose: BaseUse,
    run: u64,
}

impl BaseDomain {
    /// The domain of run number `run` of a use; two runs with the same domain must never happen.
    pub fn new(sid: &SessionId, purpose: BaseUse, run: u64) -> Self {
        BaseDomain { sid: *sid, purpose, run }
    }

    /// An oracle query inside this domain. Tags are distinct constants of this crate.
    pub(crate) fn oracle(&self, tag: &str) -> Oracle {
        Oracle::new(tag, &self.sid).number(self.purpose as u64).number(self.run)
    }

    /// H(i, j, r): a point of unknown logarithm.
    fn hash_to_group(&self, index: u64, slot: u64, other: &[u8; POINT_LENGTH]) -> RistrettoPoint {
        let mut uniform = [0; 64];
        self.oracle("ot base point").number(index).number(slot).field(other).fill(&mut uniform);
        RistrettoPoint::from_uniform_bytes(&uniform)
    }

    /// The key of one slot from the encoding of the Diffie–Hellman secret.
    fn key(&self, index: u64, slot: u64, public: &Public<'_>, secret: &CompressedRistretto) -> Block {
        self.oracle("ot base key")
            .number(index)
            .number(slot)
            .field(public.pair)
            .field(public.announcement)
            .field(secret.as_bytes())
            .block()
    }
}

/// What both parties saw of one base OT: (r₀, r₁) and Y.
struct Public<'a> {
    pair: &'a [u8; PAIR_LENGTH],
    announcement: &'a [u8; POINT_LENGTH],
}

/// The point that the peer encoded, if it did so canonically and it is not the identity.
fn parse_point(bytes: &[u8; POINT_LENGTH]) -> Result<RistrettoPoint, OtError> {
    CompressedRistretto(*bytes).decompress().filter(|point| !point.is_identity()).ok_or(OtError::Cheating)
}

/// The encodings of the doubles of secret points, which are wiped: one inversion for all of them.
fn encode_doubled(mut points: Vec<RistrettoPoint>) -> Zeroizing<Vec<CompressedRistretto>> {
    let encodings = RistrettoPoint::double_and_compress_batch(&points);
    points.zeroize();
    Zeroizing::new(encodings)
}

/// Half of a scalar, for a point that [`encode_doubled`] doubles.
fn half(scalar: &Scalar) -> Scalar {
    scalar * Scalar::from(2u8).invert()
}

/// The base-OT receiver's output: of each OT the key of the chosen slot. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ChosenKeys(Vec<Block>);

impl ChosenKeys {
    /// The keys in the order of the OTs.
    pub fn as_slice(&self) -> &[Block] {
        &self.0
    }
}

/// The base-OT sender's output: of each OT the keys of both slots. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct KeyPairs(Vec<[Block; 2]>);

impl KeyPairs {
    /// The pairs in the order of the OTs.
    pub fn as_slice(&self) -> &[[Block; 2]] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
