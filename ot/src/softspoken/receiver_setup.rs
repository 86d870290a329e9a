use halfgate_crypto::{Backend, Block, Entropy, PrgTree};
use zeroize::{Zeroize, Zeroizing};

use super::pprf::Tags;
use super::transcript::Transcript;
use super::tree::TreeOracle;
use super::wire::{POINTS_LENGTH, SETUP_LENGTH};
use super::{K, PLANES, SoftSpokenReceiver, TREES};
use crate::OtError;
use crate::base::{BaseDomain, BaseSender, POINT_LENGTH};

/// The setup of the extension's receiver R: base-OT sender, grower of the trees.
pub struct ReceiverSetup {
    domain: BaseDomain,
    base: BaseSender,
    points: Vec<u8>,
    keys: Zeroizing<Vec<[Block; 2]>>,
}

impl ReceiverSetup {
    /// Starts the setup in a domain of its own.
    pub fn new(domain: BaseDomain, entropy: &mut Entropy) -> Self {
        let base = BaseSender::new(domain, entropy);
        ReceiverSetup { domain, base, points: Vec::new(), keys: Zeroizing::new(Vec::with_capacity(PLANES)) }
    }

    /// The first message: Y.
    pub fn announcement(&self) -> [u8; POINT_LENGTH] {
        self.base.announcement()
    }

    /// Takes the next message of points.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if it is not made of points, or is one too many.
    pub fn take_points(&mut self, points: &[u8]) -> Result<(), OtError> {
        if points.len() != POINTS_LENGTH || self.keys.len() == PLANES {
            return Err(OtError::Cheating);
        }
        self.keys.extend_from_slice(self.base.keys(points)?.as_slice());
        self.points.extend_from_slice(points);
        Ok(())
    }

    /// Grows the trees. Returns the receiver and the setup message.
    ///
    /// # Panics
    /// If not all points were taken.
    pub fn finish(self, backend: Backend, entropy: &mut Entropy) -> (SoftSpokenReceiver, Vec<u8>) {
        assert_eq!(self.keys.len(), PLANES, "base OTs before the trees");
        let (trees, message) = self.trees(backend, entropy);
        (self.receiver(backend, trees, &message), message)
    }

    /// Equations 2 and 4: the streams of the leaves, and the setup message.
    pub(super) fn trees(&self, backend: Backend, entropy: &mut Entropy) -> (Vec<PrgTree>, Vec<u8>) {
        let mut message = Vec::with_capacity(SETUP_LENGTH);
        let mut tag_sums = Vec::with_capacity(TREES);
        let mut tags = Tags::new();
        let mut trees = Vec::with_capacity(TREES);
        for (tree, keys) in self.keys.chunks_exact(K).enumerate() {
            let oracle = TreeOracle { domain: &self.domain, tree };
            let (mut seeds, mut sums) = oracle.grow(entropy.block());
            for (level, (sums, keys)) in sums.iter().zip(keys).enumerate() {
                for (&sum, &key) in sums.iter().zip(keys) {
                    message.extend((sum ^ oracle.pad(level, key)).to_bytes());
                }
            }
            tags.split(&oracle, &mut seeds);
            tag_sums.push(tags.sum());
            trees.push(PrgTree::new(backend, &seeds));
            seeds.zeroize();
            sums.zeroize();
        }
        message.extend(tag_sums.as_flattened());
        message.extend(tags.digest(&self.domain));
        (trees, message)
    }

    /// The receiver that goes on after this setup message.
    pub(super) fn receiver(
        &self,
        backend: Backend,
        trees: Vec<PrgTree>,
        message: &[u8],
    ) -> SoftSpokenReceiver {
        let transcript = Transcript::new(&self.domain, &self.points, &self.announcement(), message);
        SoftSpokenReceiver::new(backend, trees, transcript)
    }
}
