use halfgate_crypto::Block;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Rows q_j of the correlation's sender, with `q_j = t_j ⊕ u_j·Δ`. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SenderRows {
    rows: Vec<Block>,
}

impl SenderRows {
    /// q_0, q_1, ….
    pub fn rows(&self) -> &[Block] {
        &self.rows
    }

    /// The rows, to be corrected in place.
    pub fn rows_mut(&mut self) -> &mut [Block] {
        &mut self.rows
    }

    /// Hands the rows to an owner who wipes them.
    pub fn into_rows(mut self) -> Vec<Block> {
        std::mem::take(&mut self.rows)
    }
}

/// Random choices u_j and rows t_j of the correlation's receiver. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ReceiverRows {
    choices: Vec<u64>,
    rows: Vec<Block>,
}

impl ReceiverRows {
    /// The choices, 64 to a word, the first in the lowest bit. Bits beyond the last are zero.
    pub fn choices(&self) -> &[u64] {
        &self.choices
    }

    /// t_0, t_1, ….
    pub fn rows(&self) -> &[Block] {
        &self.rows
    }

    /// Hands choices and rows to an owner who wipes them.
    pub fn into_parts(mut self) -> (Vec<u64>, Vec<Block>) {
        (std::mem::take(&mut self.choices), std::mem::take(&mut self.rows))
    }

    /// Room for a batch.
    pub(crate) fn parts_mut(&mut self) -> (&mut [u64], &mut [Block]) {
        (&mut self.choices, &mut self.rows)
    }
}

/// What the pool keeps.
pub(crate) trait Rows {
    /// So many rows, zero, in memory that never moves.
    fn zeroed(count: usize) -> Self;

    /// How many.
    fn len(&self) -> usize;

    /// Copies `count` rows, from row `from` of another on, to row `at` on; those must still be zero.
    fn copy(&mut self, at: usize, other: &Self, from: usize, count: usize);
}

impl Rows for SenderRows {
    fn zeroed(count: usize) -> Self {
        SenderRows { rows: vec![Block::ZERO; count] }
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn copy(&mut self, at: usize, other: &Self, from: usize, count: usize) {
        self.rows[at..][..count].copy_from_slice(&other.rows[from..][..count]);
    }
}

impl Rows for ReceiverRows {
    fn zeroed(count: usize) -> Self {
        ReceiverRows { choices: vec![0; count.div_ceil(64)], rows: vec![Block::ZERO; count] }
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn copy(&mut self, at: usize, other: &Self, from: usize, count: usize) {
        self.rows[at..][..count].copy_from_slice(&other.rows[from..][..count]);
        copy_bits(&mut self.choices, at, &other.choices, from, count);
    }
}

/// Copies bits to where there are zeros.
pub(crate) fn copy_bits(into: &mut [u64], at: usize, source: &[u64], from: usize, count: usize) {
    let mut done = 0;
    while done < count {
        let (to, from) = (at + done, from + done);
        // As many as stay within one word on both sides.
        let step = (64 - to % 64).min(64 - from % 64).min(count - done);
        let bits = source[from / 64] >> (from % 64) & u64::MAX >> (64 - step);
        into[to / 64] |= bits << (to % 64);
        done += step;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bits_land_where_they_should(
            source in prop::collection::vec(any::<u64>(), 1..5),
            at in 0usize..150, from in 0usize..320, count in 0usize..320,
        ) {
            let bits = source.len() * 64;
            let from = from % bits;
            let count = count % (bits - from + 1);
            let mut into = vec![0; (at + count).div_ceil(64)];
            copy_bits(&mut into, at, &source, from, count);
            let bit = |words: &[u64], index: usize| words[index / 64] >> (index % 64) & 1;
            for index in 0..into.len() * 64 {
                let inside = (at..at + count).contains(&index);
                prop_assert_eq!(bit(&into, index), if inside { bit(&source, from + index - at) } else { 0 });
            }
        }
    }
}
