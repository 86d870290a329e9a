use std::ops::Range;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::transpose::transpose64;

/// The number of lanes in one block of [`Values::transpose_block`] and [`Values::set_block`].
pub(crate) const BLOCK_LANES: usize = 64;

/// The values of one group of wires for many lanes.
///
/// Values lie lane by lane: bit `k` of a lane is wire `k` of the group, and every lane starts at a new `u64`. Bits
/// of the last word beyond the width are zero. Values may be secret: there is no `Debug` and no `Clone`, and the
/// memory is wiped on drop.
#[derive(PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Values {
    width: u32,
    lanes: usize,
    words: Vec<u64>,
}

impl Values {
    /// All bits zero. A group of width zero has lanes, too.
    ///
    /// # Panics
    /// If so many bits do not fit into memory.
    pub fn new(width: u32, lanes: usize) -> Self {
        let words = words_per_lane(width).checked_mul(lanes).expect("the values fit into the address space");
        Values { width, lanes, words: vec![0; words] }
    }

    /// One lane per number: wire `k` is bit `k`. Of a narrower group only the low `width` bits are taken, the wires
    /// of a wider group from 64 on are zero.
    pub fn from_u64s(width: u32, numbers: &[u64]) -> Self {
        let mut values = Values::new(width, numbers.len());
        if width > 0 {
            let low = last_word_mask(width.min(64));
            let words = words_per_lane(width);
            for (lane, number) in values.words.chunks_exact_mut(words).zip(numbers) {
                lane[0] = number & low;
            }
        }
        values
    }

    /// One number per lane: bit `k` is wire `k`.
    ///
    /// # Panics
    /// If the group is wider than 64.
    pub fn to_u64s(&self) -> Vec<u64> {
        assert!(self.width <= 64, "a group of {} wires does not fit into 64 bits", self.width);
        if self.width == 0 { vec![0; self.lanes] } else { self.words.clone() }
    }

    /// The number of wires.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// One wire of one lane.
    ///
    /// # Panics
    /// If there is no such lane or wire.
    pub fn bit(&self, lane: usize, wire: u32) -> bool {
        assert!(wire < self.width, "wire {wire} of a group of {}", self.width);
        self.lane(lane)[wire as usize / 64] >> (wire % 64) & 1 == 1
    }

    /// Sets one wire of one lane.
    ///
    /// # Panics
    /// If there is no such lane or wire.
    pub fn set_bit(&mut self, lane: usize, wire: u32, bit: bool) {
        assert!(wire < self.width, "wire {wire} of a group of {}", self.width);
        let word = &mut self.lane_mut(lane)[wire as usize / 64];
        *word = *word & !(1 << (wire % 64)) | u64::from(bit) << (wire % 64);
    }

    /// The words of one lane, `⌈width / 64⌉` of them: bit `k mod 64` of word `k / 64` is wire `k`.
    ///
    /// # Panics
    /// If there is no such lane.
    pub fn lane(&self, lane: usize) -> &[u64] {
        let range = self.lane_range(lane);
        &self.words[range]
    }

    /// The words of one lane, to be written. Bits beyond the width must stay zero.
    ///
    /// # Panics
    /// If there is no such lane.
    pub fn lane_mut(&mut self, lane: usize) -> &mut [u64] {
        let range = self.lane_range(lane);
        &mut self.words[range]
    }

    /// A copy of some of the lanes.
    ///
    /// # Panics
    /// If there are no such lanes.
    #[must_use]
    pub fn slice(&self, lanes: Range<usize>) -> Values {
        assert!(lanes.start <= lanes.end && lanes.end <= self.lanes, "lanes {lanes:?} of {}", self.lanes);
        let words = words_per_lane(self.width);
        let copy = self.words[lanes.start * words..lanes.end * words].to_vec();
        Values { width: self.width, lanes: lanes.len(), words: copy }
    }

    /// Writes all lanes of `part` over those from `first_lane` on.
    ///
    /// # Panics
    /// If the widths differ or there are no such lanes.
    pub fn write_lanes(&mut self, first_lane: usize, part: &Values) {
        assert_eq!(self.width, part.width, "groups of one width");
        let fits = first_lane.checked_add(part.lanes).is_some_and(|end| end <= self.lanes);
        assert!(fits, "{} lanes from {first_lane} on, of {}", part.lanes, self.lanes);
        let first = first_lane * words_per_lane(self.width);
        self.words[first..first + part.words.len()].copy_from_slice(&part.words);
    }

    /// Sets bit `l` of `columns[w]` to wire `w` of lane `first_lane + l`, for 64 lanes and all wires. Bits of lanes
    /// that do not exist become zero.
    ///
    /// # Panics
    /// If `columns` does not hold one word per wire.
    pub fn transpose_block(&self, first_lane: usize, columns: &mut [u64]) {
        assert_eq!(columns.len(), self.width as usize, "one column per wire");
        let lanes = self.block_lanes(first_lane);
        let mut chunks = columns.chunks_exact_mut(64);
        for (index, chunk) in chunks.by_ref().enumerate() {
            let block: &mut [u64; 64] = chunk.try_into().expect("chunks of 64 words");
            self.gather(first_lane, lanes, index, block);
            transpose64(block);
        }
        let rest = chunks.into_remainder();
        if !rest.is_empty() {
            let mut block = [0; 64];
            self.gather(first_lane, lanes, self.width as usize / 64, &mut block);
            transpose64(&mut block);
            rest.copy_from_slice(&block[..rest.len()]);
            block.zeroize();
        }
    }

    /// The inverse of [`Values::transpose_block`]: sets wire `w` of lane `first_lane + l` to bit `l` of `columns[w]`,
    /// for 64 lanes and all wires. Bits of lanes that do not exist are ignored.
    ///
    /// # Panics
    /// If `columns` does not hold one word per wire.
    pub fn set_block(&mut self, first_lane: usize, columns: &[u64]) {
        assert_eq!(columns.len(), self.width as usize, "one column per wire");
        let lanes = self.block_lanes(first_lane);
        let words = words_per_lane(self.width);
        let mut block = [0; 64];
        for (index, chunk) in columns.chunks(64).enumerate() {
            block[..chunk.len()].copy_from_slice(chunk);
            block[chunk.len()..].fill(0);
            transpose64(&mut block);
            for (lane, &word) in block[..lanes].iter().enumerate() {
                self.words[(first_lane + lane) * words + index] = word;
            }
        }
        block.zeroize();
    }

    /// Word `index` of `lanes` lanes, and zero for the lanes up to 64.
    fn gather(&self, first_lane: usize, lanes: usize, index: usize, block: &mut [u64; 64]) {
        let words = words_per_lane(self.width);
        for (lane, word) in block[..lanes].iter_mut().enumerate() {
            *word = self.words[(first_lane + lane) * words + index];
        }
        block[lanes..].fill(0);
    }

    fn block_lanes(&self, first_lane: usize) -> usize {
        self.lanes.saturating_sub(first_lane).min(BLOCK_LANES)
    }

    fn lane_range(&self, lane: usize) -> std::ops::Range<usize> {
        assert!(lane < self.lanes, "lane {lane} of {}", self.lanes);
        let words = words_per_lane(self.width);
        lane * words..(lane + 1) * words
    }
}

fn words_per_lane(width: u32) -> usize {
    width.div_ceil(64) as usize
}

/// The bits in use of the last word of a lane of `width > 0` wires.
fn last_word_mask(width: u32) -> u64 {
    u64::MAX >> ((64 - width % 64) % 64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Values;

    fn filled(width: u32, lanes: usize) -> Values {
        let mut values = Values::new(width, lanes);
        let mut state = 1u64;
        for lane in 0..lanes {
            for wire in 0..width {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                values.set_bit(lane, wire, state >> 63 == 1);
            }
        }
        values
    }

    #[test]
    fn numbers_pass_through() {
        for width in [1, 5, 63, 64] {
            let numbers = [0, 1, u64::MAX, 0x0123_4567_89ab_cdef];
            let values = Values::from_u64s(width, &numbers);
            let expected: Vec<_> = numbers.iter().map(|n| n & (u64::MAX >> (64 - width))).collect();
            assert_eq!(values.to_u64s(), expected);
            assert_eq!(values.lanes(), 4);
        }
        assert_eq!(Values::from_u64s(65, &[7, 8]).lane(1), [8, 0]);
    }

    #[test]
    fn empty_groups_have_lanes() {
        let mut values = Values::from_u64s(0, &[9, 9, 9]);
        assert_eq!((values.width(), values.lanes()), (0, 3));
        assert_eq!(values.to_u64s(), [0, 0, 0]);
        assert!(values.lane(2).is_empty());
        values.transpose_block(0, &mut []);
        values.set_block(0, &[]);
    }

    #[test]
    fn equality_sees_lanes_and_bits() {
        assert!(Values::new(0, 1) != Values::new(0, 2));
        assert!(Values::new(3, 0) != Values::new(4, 0));
        assert!(Values::from_u64s(4, &[3]) == Values::from_u64s(4, &[3]));
        assert!(Values::from_u64s(4, &[3]) != Values::from_u64s(4, &[2]));
    }

    #[test]
    #[should_panic(expected = "lane 2 of 2")]
    fn a_missing_lane_of_an_empty_group_is_seen() {
        Values::new(0, 2).lane(2);
    }

    #[test]
    #[should_panic(expected = "2 lanes from 3 on, of 4")]
    fn lanes_that_do_not_fit_are_seen() {
        Values::new(0, 4).write_lanes(3, &Values::new(0, 2));
    }

    proptest! {
        #[test]
        fn slices_put_together_are_the_whole(width in 0u32..150, lanes in 0usize..100, cut in 0usize..=100) {
            let (values, cut) = (filled(width, lanes), cut.min(lanes));
            let parts = [(0, values.slice(0..cut)), (cut, values.slice(cut..lanes))];
            let mut copy = Values::new(width, lanes);
            for (first, part) in &parts {
                copy.write_lanes(*first, part);
            }
            prop_assert!(copy == values);
            prop_assert_eq!(parts[1].1.lanes(), lanes - cut);
        }

        #[test]
        fn blocks_are_transposed(width in 0u32..200, lanes in 0usize..150, first in 0usize..160) {
            let values = filled(width, lanes);
            let mut columns = vec![0x5555; width as usize];
            values.transpose_block(first, &mut columns);
            for (wire, column) in columns.iter().enumerate() {
                for l in 0..64 {
                    let expected = first + l < lanes && values.bit(first + l, wire as u32);
                    prop_assert_eq!(column >> l & 1 == 1, expected);
                }
            }
            let mut copy = Values::new(width, lanes);
            copy.set_block(first, &columns);
            for lane in 0..lanes {
                let inside = (first..first + 64).contains(&lane);
                let empty = vec![0; values.lane(lane).len()];
                prop_assert_eq!(copy.lane(lane), if inside { values.lane(lane) } else { &empty });
            }
        }

        #[test]
        fn bits_beyond_the_width_stay_zero(width in 1u32..130) {
            let mut values = Values::new(width, 64);
            values.set_block(0, &vec![u64::MAX; width as usize]);
            let ones: u32 = values.lane(63).iter().map(|word| word.count_ones()).sum();
            prop_assert_eq!(ones, width);
        }
    }
}
