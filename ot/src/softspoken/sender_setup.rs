use halfgate_crypto::{Backend, Block, Delta, Entropy, PrgTree};
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::pprf::Tags;
use super::transcript::Transcript;
use super::tree::TreeOracle;
use super::wire::{BLOCK, OTS_PER_MESSAGE, SETUP_LENGTH, SUMS_LENGTH, TAG, TAG_SUMS_LENGTH};
use super::{K, PLANES, Q, SoftSpokenSender, TREES};
use crate::base::{BaseDomain, BaseReceiver, ChosenKeys, POINT_LENGTH};
use crate::{OtError, constant_time};

/// The bits of Δ as a mask for each plane. They lie on the heap, so that moving their owner leaves no copy behind.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct DeltaPlanes(Vec<Block>);

impl DeltaPlanes {
    pub(super) fn new(delta: &Delta) -> Self {
        let ones = Block::new(u128::MAX);
        let mask = |plane| constant_time::keep(constant_time::bit(delta.block(), plane), ones);
        DeltaPlanes((0..PLANES).map(mask).collect())
    }

    /// For each plane all ones or all zeros.
    pub(super) fn masks(&self) -> &[Block] {
        &self.0
    }

    /// The same for the planes of a tree.
    pub(super) fn tree_masks(&self, tree: usize) -> &[Block; K] {
        self.0[tree * K..].first_chunk().expect("a tree has K planes")
    }

    fn bit(&self, plane: usize) -> Choice {
        constant_time::bit(self.0[plane], 0)
    }

    /// The bits of δ_i.
    fn path(&self, tree: usize) -> [Choice; K] {
        std::array::from_fn(|bit| self.bit(tree * K + bit))
    }
}

/// The setup of the extension's sender S, who holds Δ: base-OT receiver, holder of the punctured trees.
pub struct SenderSetup {
    domain: BaseDomain,
    delta: DeltaPlanes,
    base: BaseReceiver,
    points: Vec<u8>,
    chosen: usize,
    heard: Option<([u8; POINT_LENGTH], ChosenKeys)>,
}

impl SenderSetup {
    /// Starts the setup in a domain of its own.
    pub fn new(domain: BaseDomain, delta: &Delta) -> Self {
        let (delta, base) = (DeltaPlanes::new(delta), BaseReceiver::new(domain, PLANES));
        SenderSetup { domain, delta, base, points: Vec::new(), chosen: 0, heard: None }
    }

    /// The next message of points; `None` after the last.
    pub fn points(&mut self, entropy: &mut Entropy) -> Option<Vec<u8>> {
        if self.chosen == PLANES {
            return None;
        }
        let planes = self.chosen..self.chosen + OTS_PER_MESSAGE;
        self.chosen = planes.end;
        let points = self.base.points(planes.map(|plane| !self.delta.bit(plane)), entropy);
        self.points.extend_from_slice(&points);
        Some(points)
    }

    /// Takes the receiver's first message and makes the keys of the base OTs, while the receiver makes its own.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the message is no point.
    ///
    /// # Panics
    /// If not all points were sent.
    pub fn hear(&mut self, announcement: &[u8; POINT_LENGTH]) -> Result<(), OtError> {
        assert_eq!(self.chosen, PLANES, "points before keys");
        self.heard = Some((*announcement, self.base.keys(announcement)?));
        Ok(())
    }

    /// Takes the receiver's second message, restores the trees but for their leaves δ_i and checks them.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the check fails or a message is malformed. The state is gone then.
    ///
    /// # Panics
    /// If the first message was not [heard](SenderSetup::hear).
    pub fn finish(self, setup: &[u8], backend: Backend) -> Result<SoftSpokenSender, OtError> {
        let (announcement, keys) = self.heard.expect("the announcement comes before the trees");
        if setup.len() != SETUP_LENGTH {
            return Err(OtError::Cheating);
        }
        let (sums, rest) = setup.split_at(SUMS_LENGTH);
        let (tag_sums, digest) = rest.split_at(TAG_SUMS_LENGTH);
        let digest = digest.try_into().map_err(|_| OtError::Cheating)?;

        let trees = sums.as_chunks::<{ 2 * BLOCK * K }>().0.iter().zip(tag_sums.as_chunks::<TAG>().0);
        let mut tags = Tags::new();
        let mut grown = Vec::with_capacity(TREES);
        for (tree, ((sums, tag_sum), keys)) in trees.zip(keys.as_slice().chunks_exact(K)).enumerate() {
            let oracle = TreeOracle { domain: &self.domain, tree };
            let path = self.delta.path(tree);
            let mut seeds = oracle.grow_punctured(&path, &side_sums(&oracle, &path, sums, keys));
            tags.split(&oracle, &mut seeds);
            tags.restore(|leaf| path_number(&path).ct_eq(&(leaf as u8)), tag_sum);
            sort(&mut seeds, &path);
            grown.push(PrgTree::new(backend, &seeds[1..]));
            seeds.zeroize();
        }
        if !bool::from(tags.agree(&self.domain, digest)) {
            return Err(OtError::Cheating);
        }
        let transcript = Transcript::new(&self.domain, &self.points, &announcement, setup);
        Ok(SoftSpokenSender::new(backend, self.delta, grown, transcript))
    }
}

/// The sums of the sides that the path does not take, without their pads.
fn side_sums(
    oracle: &TreeOracle<'_>,
    path: &[Choice; K],
    padded: &[u8; 2 * BLOCK * K],
    keys: &[Block],
) -> [Block; K] {
    let (blocks, _) = padded.as_chunks::<BLOCK>();
    std::array::from_fn(|level| {
        let [left, right] = [0, 1].map(|side| Block::from_bytes(blocks[2 * level + side]));
        constant_time::select(right, left, path[level]) ^ oracle.pad(level, keys[level])
    })
}

/// δ_i as a number.
fn path_number(path: &[Choice; K]) -> u8 {
    path.iter().enumerate().map(|(bit, set)| set.unwrap_u8() << bit).sum()
}

/// Puts leaf z ⊕ δ at place z.
fn sort(leaves: &mut [Block; Q], path: &[Choice; K]) {
    for (bit, &set) in path.iter().enumerate() {
        let distance = 1 << bit;
        for pair in leaves.chunks_exact_mut(2 * distance) {
            let (lower, upper) = pair.split_at_mut(distance);
            lower.iter_mut().zip(upper).for_each(|(a, b)| constant_time::swap(a, b, set));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_moves_leaf_z_xor_delta_to_z() {
        for delta in 0..Q {
            let path = std::array::from_fn(|bit| Choice::from((delta >> bit & 1) as u8));
            assert_eq!(usize::from(path_number(&path)), delta);
            let mut leaves: [Block; Q] = std::array::from_fn(|leaf| Block::new(leaf as u128));
            sort(&mut leaves, &path);
            assert!((0..Q).all(|z| leaves[z] == Block::new((z ^ delta) as u128)));
        }
    }

    #[test]
    fn delta_planes_are_the_bits_of_delta() {
        let delta = Delta::random(&mut Entropy::fixed(9));
        let planes = DeltaPlanes::new(&delta);
        for plane in 0..PLANES {
            let set = delta.block().bits() >> plane & 1 == 1;
            assert!(planes.masks()[plane] == Block::new(u128::MAX).and_bit(set));
            assert_eq!(bool::from(planes.path(plane / K)[plane % K]), set);
        }
    }
}
