use std::ops::Range;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Values;

/// Bits of wires and lanes packed wire by wire without gaps: bit `wire · lanes + lane`.
///
/// Labels lie as `[wire][lane]`, so bit `i` here belongs to label `i` there: choice bits, permute bits and colour
/// bits take this shape, also on the wire. Bits may be secret: no `Debug`, no `Clone`, wiped on drop.
#[derive(PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct BitRows {
    wires: usize,
    lanes: usize,
    words: Vec<u64>,
}

impl BitRows {
    /// All bits zero.
    pub fn new(wires: usize, lanes: usize) -> Self {
        BitRows { wires, lanes, words: vec![0; (wires * lanes).div_ceil(64)] }
    }

    /// The bits of some lanes of a group.
    ///
    /// # Panics
    /// If the values do not have these lanes.
    pub fn from_values(values: &Values, lanes: Range<usize>) -> Self {
        assert!(lanes.end <= values.lanes(), "lanes {lanes:?} of {}", values.lanes());
        let mut rows = BitRows::new(values.width() as usize, lanes.len());
        let mut columns = vec![0; rows.wires];
        for first in (0..rows.lanes).step_by(64) {
            let count = (rows.lanes - first).min(64);
            values.transpose_block(lanes.start + first, &mut columns);
            for (wire, &column) in columns.iter().enumerate() {
                rows.put_word(wire * rows.lanes + first, column, count);
            }
        }
        columns.zeroize();
        rows
    }

    /// Packs bits given in the order of the labels.
    ///
    /// # Panics
    /// If there are more than `wires · lanes` bits.
    pub fn from_bits(wires: usize, lanes: usize, bits: impl IntoIterator<Item = bool>) -> Self {
        let mut rows = BitRows::new(wires, lanes);
        let (mut count, mut word) = (0, 0);
        // Inside, for such iterators are chains of slices, which a loop from outside would look at for every bit.
        bits.into_iter().for_each(|bit| {
            word |= u64::from(bit) << (count % 64);
            count += 1;
            if count % 64 == 0 {
                rows.words[count / 64 - 1] = std::mem::take(&mut word);
            }
        });
        if count % 64 > 0 {
            rows.words[count / 64] = std::mem::take(&mut word);
        }
        assert!(count <= rows.len(), "{count} bits for {wires} wires of {lanes} lanes");
        rows
    }

    /// The bits of several matrices one after the other, as one row.
    pub fn joined<'a>(parts: impl IntoIterator<Item = &'a BitRows, IntoIter: Clone>) -> Self {
        let parts = parts.into_iter();
        let mut all = BitRows::new(1, parts.clone().map(BitRows::len).sum());
        let mut at = 0;
        for part in parts {
            for first in (0..part.len()).step_by(64) {
                let count = (part.len() - first).min(64);
                all.put_word(at + first, part.words[first / 64], count);
            }
            at += part.len();
        }
        all
    }

    /// Some of the bits, in the order of the labels, in a shape of their own.
    ///
    /// # Panics
    /// If there are no such bits.
    pub fn part(&self, from: usize, wires: usize, lanes: usize) -> Self {
        let mut part = BitRows::new(wires, lanes);
        assert!(from + part.len() <= self.len(), "{} bits from bit {from} of {}", part.len(), self.len());
        for first in (0..part.len()).step_by(64) {
            let count = (part.len() - first).min(64);
            part.words[first / 64] = self.word(from + first, count);
        }
        part
    }

    /// Reads what [`BitRows::to_bytes`] wrote. `None` if the length is not exact or a bit beyond the last is set:
    /// the sender is to blame.
    pub fn from_bytes(wires: usize, lanes: usize, bytes: &[u8]) -> Option<Self> {
        let mut rows = BitRows::new(wires, lanes);
        if bytes.len() != rows.byte_len() {
            return None;
        }
        for (word, chunk) in rows.words.iter_mut().zip(bytes.chunks(8)) {
            let mut padded = [0; 8];
            padded[..chunk.len()].copy_from_slice(chunk);
            *word = u64::from_le_bytes(padded);
        }
        let unused = rows.words.last().map_or(0, |last| match rows.len() % 64 {
            0 => 0,
            used => last >> used,
        });
        (unused == 0).then_some(rows)
    }

    /// The bits as bytes, eight to each, the first in the lowest bit.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.words.len() * 8);
        bytes.extend(self.words.iter().flat_map(|word| word.to_le_bytes()));
        bytes.truncate(self.byte_len());
        bytes
    }

    /// The number of bytes of [`BitRows::to_bytes`].
    pub fn byte_len(&self) -> usize {
        self.len().div_ceil(8)
    }

    /// The number of bits.
    pub fn len(&self) -> usize {
        self.wires * self.lanes
    }

    /// Whether there are no bits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bits in words of 64; those beyond the last bit are zero.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The same words, to be written; bits beyond the last have to stay zero.
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// One bit, by its place in the order of the labels.
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn bit(&self, index: usize) -> bool {
        assert!(index < self.len(), "bit {index} of {}", self.len());
        self.words[index / 64] >> (index % 64) & 1 == 1
    }

    /// Sets one bit that is still zero, by its place in the order of the labels.
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn put_bit(&mut self, index: usize, bit: bool) {
        assert!(index < self.len(), "bit {index} of {}", self.len());
        self.words[index / 64] |= u64::from(bit) << (index % 64);
    }

    /// The bits in the order of the labels.
    pub fn bits(&self) -> impl Iterator<Item = bool> {
        (0..self.len()).map(|index| self.words[index / 64] >> (index % 64) & 1 == 1)
    }

    /// Adds the bits of another matrix of the same shape.
    ///
    /// # Panics
    /// If the shapes differ.
    pub fn xor_assign(&mut self, other: &BitRows) {
        assert_eq!((self.wires, self.lanes), (other.wires, other.lanes), "bit matrices of one shape");
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word ^= other;
        }
    }

    /// Adds bits given in words of 64, as [`BitRows::words`] gives them; bits beyond the last are ignored.
    ///
    /// # Panics
    /// If there are not just as many words.
    pub fn xor_words(&mut self, words: &[u64]) {
        assert_eq!(self.words.len(), words.len(), "words for {} bits", self.len());
        for (word, other) in self.words.iter_mut().zip(words) {
            *word ^= other;
        }
        let used = self.len() % 64;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= u64::MAX >> (64 - used);
        }
    }

    /// Writes the bits into the lanes of `values` from `first_lane` on.
    ///
    /// # Panics
    /// If the width differs or the lanes do not exist.
    pub fn write_to(&self, values: &mut Values, first_lane: usize) {
        assert!(first_lane + self.lanes <= values.lanes(), "lanes of the values");
        let mut columns = vec![0; self.wires];
        for first in (0..self.lanes).step_by(64) {
            let count = (self.lanes - first).min(64);
            for (wire, column) in columns.iter_mut().enumerate() {
                *column = self.word(wire * self.lanes + first, count);
            }
            if count == 64 || first_lane + self.lanes == values.lanes() {
                values.set_block(first_lane + first, &columns);
            } else {
                write_lanes(values, first_lane + first, count, &columns);
            }
        }
        columns.zeroize();
    }

    /// Sets up to 64 bits that are still zero, from a place in the order of the labels on. Those of `bits` beyond `count`
    /// do not matter.
    ///
    /// # Panics
    /// If the bits reach beyond the last word, or are more than 64.
    pub fn put_word(&mut self, index: usize, bits: u64, count: usize) {
        if count == 0 {
            return;
        }
        let bits = bits & (u64::MAX >> (64 - count));
        let (word, shift) = (index / 64, index % 64);
        self.words[word] |= bits << shift;
        if shift + count > 64 {
            self.words[word + 1] |= bits >> (64 - shift);
        }
    }

    /// 1 to 64 bits from a place in the order of the labels on, the first in the lowest place.
    ///
    /// # Panics
    /// If the bits reach beyond the last word, or are none or more than 64.
    pub fn word(&self, index: usize, count: usize) -> u64 {
        let (word, shift) = (index / 64, index % 64);
        let mut bits = self.words[word] >> shift;
        if shift + count > 64 {
            bits |= self.words[word + 1] << (64 - shift);
        }
        bits & (u64::MAX >> (64 - count))
    }
}

/// A partial block in the middle of the values must leave the lanes behind it alone.
fn write_lanes(values: &mut Values, first_lane: usize, count: usize, columns: &[u64]) {
    for lane in 0..count {
        for (wire, column) in (0..).zip(columns) {
            values.set_bit(first_lane + lane, wire, column >> lane & 1 == 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::BitRows;
    use crate::Values;

    proptest! {
        #[test]
        fn bits_stand_where_their_label_stands(width in 0u32..70, lanes in 1usize..200, seed: u64) {
            let values = pattern(width, lanes, seed);
            let rows = BitRows::from_values(&values, 0..lanes);
            for (index, bit) in rows.bits().enumerate() {
                prop_assert_eq!(bit, values.bit(index % lanes, (index / lanes) as u32));
            }
            let read = BitRows::from_bytes(width as usize, lanes, &rows.to_bytes());
            prop_assert!(read.is_some_and(|read| read == rows));
            prop_assert!(BitRows::from_bits(width as usize, lanes, rows.bits()) == rows);
        }

        #[test]
        fn matrices_are_joined_and_taken_apart_bit_by_bit(
            shapes in prop::collection::vec((0u32..9, 1usize..90), 0..4), cut: [usize; 2], seed: u64,
        ) {
            let parts: Vec<BitRows> =
                shapes.iter().map(|&(w, l)| BitRows::from_values(&pattern(w, l, seed), 0..l)).collect();
            let all = BitRows::joined(&parts);
            prop_assert!(all.bits().eq(parts.iter().flat_map(BitRows::bits)));
            let from = cut[0] % (all.len() + 1);
            let count = cut[1] % (all.len() - from + 1);
            let part = all.part(from, count, 1);
            prop_assert!(part.bits().eq(all.bits().skip(from).take(count)));
            prop_assert!(part == BitRows::from_bits(count, 1, all.bits().skip(from).take(count)));
        }

        #[test]
        fn parts_of_the_lanes_come_back_to_their_place(width in 0u32..70, lanes in 1usize..200, cut in 0usize..200, seed: u64) {
            let cut = cut.min(lanes);
            let values = pattern(width, lanes, seed);
            let mut back = pattern(width, lanes, !seed);
            BitRows::from_values(&values, cut..lanes).write_to(&mut back, cut);
            BitRows::from_values(&values, 0..cut).write_to(&mut back, 0);
            prop_assert!(back == values);
        }
    }

    fn pattern(width: u32, lanes: usize, seed: u64) -> Values {
        let mut values = Values::new(width, lanes);
        let mut state = seed;
        for lane in 0..lanes {
            for wire in 0..width {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                values.set_bit(lane, wire, state >> 63 == 1);
            }
        }
        values
    }

    #[test]
    fn words_are_added_up_to_the_last_bit() {
        let mut rows = BitRows::from_bits(1, 67, (0..67).map(|bit| bit % 2 == 0));
        rows.xor_words(&[u64::MAX; 2]);
        assert!(rows.bits().eq((0..67).map(|bit| bit % 2 == 1)));
        assert_eq!(rows.words()[1], 0b010);
    }

    #[test]
    fn bytes_of_another_length_or_with_stray_bits_are_refused() {
        assert!(BitRows::from_bytes(3, 3, &[0xff, 0x01]).is_some());
        assert!(BitRows::from_bytes(3, 3, &[0xff, 0x02]).is_none());
        assert!(BitRows::from_bytes(3, 3, &[0xff]).is_none());
        assert!(BitRows::from_bytes(3, 3, &[0xff, 0, 0]).is_none());
    }
}
