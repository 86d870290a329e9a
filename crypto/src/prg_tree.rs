//! The streams of a tree's leaves, summed as the extension of oblivious transfer wants them.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "x86_64")]
use zeroize::Zeroize;

use crate::{Backend, Block, Prg};
#[cfg(target_arch = "x86_64")]
use crate::{
    prg::RoundKeys,
    x86_64::{AesNi, Vaes256, Vaes512},
};

/// Sums of a fold besides the plain one: the bits of a leaf's number.
const PLANES: usize = 4;
/// Leaves of a tree.
const LEAVES: usize = 1 << PLANES;

/// The [`Prg`] streams r_0 … r_15 of sixteen leaves, which are never written out: only their sums are.
///
/// Leaf 0 may be missing; it adds nothing then. Wiped on drop.
///
/// ```
/// use halfgate_crypto::{Backend, Block, Prg, PrgTree};
///
/// let backend = Backend::detect();
/// let leaves: [Block; 16] = std::array::from_fn(|y| Block::new(y as u128));
/// let tree = PrgTree::new(backend, &leaves);
/// let (mut planes, mut sum) = ([[Block::ZERO; 3]; 4], [[0; 16]; 3]);
/// tree.fold(7, planes.each_mut().map(|plane| &mut plane[..]), &[Block::ZERO; 4], &[[0; 16]; 3], &mut sum);
///
/// let mut expected = [Block::ZERO; 3]; // plane 3: the leaves 8 to 15
/// for leaf in 8..16 {
///     let mut stream = [Block::ZERO; 3];
///     Prg::new(backend, leaves[leaf]).fill(7, &mut stream);
///     expected.iter_mut().zip(stream).for_each(|(sum, block)| *sum ^= block);
/// }
/// assert!(planes[3] == expected);
/// ```
pub struct PrgTree(Streams);

/// A backend with the keys as it wants them. They lie on the heap, so that moving their owner leaves no copy behind.
enum Streams {
    Portable(Vec<Prg>),
    #[cfg(target_arch = "x86_64")]
    AesNi(AesNi, Keys),
    #[cfg(target_arch = "x86_64")]
    Vaes256(Vaes256, Keys),
    #[cfg(target_arch = "x86_64")]
    Vaes512(Vaes512, Keys),
}

/// The round keys of all leaves, those of a missing one zero.
#[cfg(target_arch = "x86_64")]
struct Keys {
    missing: bool,
    leaves: Box<[RoundKeys; LEAVES]>,
}

impl PrgTree {
    /// The streams of all sixteen leaves, or of the last fifteen.
    ///
    /// # Panics
    /// If these are another number of leaves.
    pub fn new(backend: Backend, leaves: &[Block]) -> Self {
        assert!(matches!(leaves.len(), 15 | LEAVES), "a tree of {} leaves", leaves.len());
        PrgTree(match backend {
            Backend::Portable => {
                Streams::Portable(leaves.iter().map(|&leaf| Prg::new(backend, leaf)).collect())
            }
            #[cfg(target_arch = "x86_64")]
            Backend::AesNi(token) => Streams::AesNi(token, Keys::new(token, leaves)),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes256(token) => Streams::Vaes256(token, Keys::new(token.into(), leaves)),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes512(token) => Streams::Vaes512(token, Keys::new(token.into(), leaves)),
        })
    }

    /// Sums the blocks `first_counter ..` of the streams, as many as `sum` has room for. With `+` for XOR, block by block,
    ///
    /// - plane b becomes the sum of the streams whose leaf's number has bit b, + `masks[b]` & `addend`,
    /// - `sum` becomes the sum of all streams, + `addend`.
    ///
    /// `addend` and `sum` are blocks as they stand on the wire. What the outputs held before does not matter.
    ///
    /// # Panics
    /// If the lengths differ, or the counter would pass 2^64.
    pub fn fold(
        &self,
        first_counter: u64,
        planes: [&mut [Block]; PLANES],
        masks: &[Block; PLANES],
        addend: &[[u8; 16]],
        sum: &mut [[u8; 16]],
    ) {
        let end = first_counter.checked_add(sum.len() as u64);
        assert!(end.is_some(), "the counter of {} blocks from {first_counter} passes 2^64", sum.len());
        let lengths = planes.each_ref().map(|plane| plane.len());
        assert!(
            addend.len() == sum.len() && lengths.iter().all(|&length| length == sum.len()),
            "a fold of unequal lengths"
        );
        let mut fold = Fold { planes, masks, addend, sum };
        match &self.0 {
            Streams::Portable(leaves) => portable::fold(leaves, first_counter, &mut fold),
            #[cfg(target_arch = "x86_64")]
            Streams::AesNi(token, keys) => x86_64::aes_ni::fold(*token, keys, first_counter, &mut fold),
            #[cfg(target_arch = "x86_64")]
            Streams::Vaes256(token, keys) => x86_64::vaes256::fold(*token, keys, first_counter, &mut fold),
            #[cfg(target_arch = "x86_64")]
            Streams::Vaes512(token, keys) => x86_64::vaes512::fold(*token, keys, first_counter, &mut fold),
        }
    }
}

/// Where the operands of a fold are; all of one length.
struct Fold<'a> {
    planes: [&'a mut [Block]; PLANES],
    masks: &'a [Block; PLANES],
    addend: &'a [[u8; 16]],
    sum: &'a mut [[u8; 16]],
}

#[cfg(target_arch = "x86_64")]
impl Keys {
    fn new(token: AesNi, leaves: &[Block]) -> Self {
        let first = LEAVES - leaves.len();
        let mut keys = Keys { missing: first > 0, leaves: Box::new([[Block::ZERO; 11]; LEAVES]) };
        for (keys, &leaf) in keys.leaves[first..].iter_mut().zip(leaves) {
            *keys = crate::prg::expand(token, leaf);
        }
        keys
    }
}

#[cfg(target_arch = "x86_64")]
impl Drop for Keys {
    fn drop(&mut self) {
        self.leaves.as_flattened_mut().zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::{LEAVES, PLANES, PrgTree};
    use crate::{Backend, Block, Entropy, Prg};

    /// From the definition: the planes and the sum.
    fn model(
        leaves: &[Block],
        first: u64,
        masks: &[Block; PLANES],
        addend: &[[u8; 16]],
    ) -> ([Vec<Block>; PLANES], Vec<[u8; 16]>) {
        let mut planes = masks.map(|mask| {
            addend
                .iter()
                .map(|&add| Block::new(Block::from_bytes(add).bits() & mask.bits()))
                .collect::<Vec<_>>()
        });
        let mut sum: Vec<Block> = addend.iter().map(|&bytes| Block::from_bytes(bytes)).collect();
        for (number, &leaf) in (LEAVES - leaves.len()..).zip(leaves) {
            let mut stream = vec![Block::ZERO; addend.len()];
            Prg::new(Backend::Portable, leaf).fill(first, &mut stream);
            for (word, &block) in stream.iter().enumerate() {
                sum[word] ^= block;
                for (bit, plane) in planes.iter_mut().enumerate() {
                    plane[word] ^= block.and_bit(number >> bit & 1 == 1);
                }
            }
        }
        (planes, sum.iter().map(|block| block.to_bytes()).collect())
    }

    #[test]
    fn every_backend_and_length_folds_like_the_definition() {
        let mut entropy = Entropy::fixed(4);
        for backend in Backend::available() {
            for words in (0..40).chain([64, 65, 129]) {
                let leaves: [Block; LEAVES] = std::array::from_fn(|_| entropy.block());
                let first = if words % 2 == 0 { 77 } else { u64::MAX - 200 };
                for leaves in [&leaves[..], &leaves[1..]] {
                    let masks = std::array::from_fn(|_| entropy.block());
                    let addend: Vec<_> = (0..words).map(|_| entropy.block().to_bytes()).collect();
                    let (planes, sum) = model(leaves, first, &masks, &addend);

                    let mut got = planes.each_ref().map(|plane| vec![Block::new(u128::MAX); plane.len() + 1]);
                    let mut got_sum = vec![[0xff; 16]; words + 1];
                    let into = got.each_mut().map(|plane| &mut plane[..words]);
                    PrgTree::new(backend, leaves).fold(first, into, &masks, &addend, &mut got_sum[..words]);
                    for (got, plane) in got.iter().zip(&planes) {
                        assert!(got[..words] == *plane, "{} {words}", backend.name());
                        assert!(got[words] == Block::new(u128::MAX), "{} wrote past its end", backend.name());
                    }
                    assert_eq!(got_sum[..words], sum);
                    assert_eq!(got_sum[words], [0xff; 16]);
                }
            }
        }
    }

    fn fold_of_lengths(first: u64, planes: usize, addend: usize, sum: usize) {
        let tree = PrgTree::new(Backend::Portable, &[Block::ZERO; LEAVES]);
        let mut blocks = vec![Block::ZERO; 4 * planes];
        let mut planes = blocks.chunks_exact_mut(planes);
        let planes = std::array::from_fn(|_| planes.next().expect("four planes"));
        tree.fold(first, planes, &[Block::ZERO; 4], &vec![[0; 16]; addend], &mut vec![[0; 16]; sum]);
    }

    #[test]
    #[should_panic(expected = "a fold of unequal lengths")]
    fn planes_are_as_long_as_the_sum() {
        fold_of_lengths(0, 3, 2, 2);
    }

    #[test]
    #[should_panic(expected = "a fold of unequal lengths")]
    fn the_addend_is_as_long_as_the_sum() {
        fold_of_lengths(0, 2, 3, 2);
    }

    #[test]
    #[should_panic(expected = "passes 2^64")]
    fn a_stream_does_not_come_around() {
        fold_of_lengths(u64::MAX, 2, 2, 2);
    }

    #[test]
    #[should_panic(expected = "a tree of 14 leaves")]
    fn only_one_leaf_may_be_missing() {
        PrgTree::new(Backend::Portable, &[Block::ZERO; 14]);
    }
}
