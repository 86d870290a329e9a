//! Inputs to try a circuit on: random ones, and those that random ones never hit.

use halfgate_circuits::Values;

use crate::passes::scatter;

/// Lanes of one block of inputs.
pub(crate) const LANES: usize = 4096;

/// The block of inputs with this number, one [`Values`] per group width. The same number gives the same block on every
/// machine.
///
/// Blocks of even number are shaped: zeros and ones, single bits, short and sparse numbers, runs of equal bits, and
/// groups that are equal or nearly so. The others are random.
pub(crate) fn block(widths: &[u32], number: u64, lanes: usize) -> Vec<Values> {
    let mut random = Random::new(number);
    let mut groups: Vec<Values> = Vec::with_capacity(widths.len());
    for &width in widths {
        let mut values = Values::new(width, lanes);
        for lane in 0..lanes {
            match number % 2 {
                0 => {
                    // In every other lane all groups have the same shape.
                    let form = if lane % 2 == 0 { scatter(number ^ lane as u64) } else { random.word() };
                    shape(&mut random, form, &groups, lane, width, values.lane_mut(lane));
                }
                _ => random.fill(values.lane_mut(lane)),
            }
            cut(width, values.lane_mut(lane));
        }
        groups.push(values);
    }
    groups
}

/// Numbers from a seed (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(scatter(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scatter(self.0)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.word()) * bound as u128) >> 64) as usize
    }

    fn fill(&mut self, words: &mut [u64]) {
        words.iter_mut().for_each(|word| *word = self.word());
    }
}

/// Fills one lane of a group of `width > 0` wires, given the groups before it. The first lanes are all zeros and ones.
fn shape(random: &mut Random, form: u64, before: &[Values], lane: usize, width: u32, words: &mut [u64]) {
    if width == 0 || lane == 0 {
        return;
    }
    let peer = before.iter().rev().find(|values| values.width() == width).map(|values| values.lane(lane));
    let wide = width as usize;
    match (form % 16, peer) {
        _ if lane == 1 => words.fill(!0),
        (0, _) => {}
        (1, _) => words.fill(!0),
        (2 | 3, _) => flip(words, random.below(wide)),
        (4, _) => run(words, 0, random.below(wide + 1), true),
        (5, _) => {
            random.fill(words);
            let from = random.below(wide + 1);
            run(words, from, wide, false);
        }
        (6, _) => {
            random.fill(words);
            let to = random.below(wide + 1);
            run(words, 0, to, false);
        }
        (7 | 8, _) => {
            random.fill(words);
            for value in [false, true] {
                let (from, length) = (random.below(wide), random.below(wide));
                run(words, from, (from + length).min(wide), value);
            }
        }
        (9, _) => words.iter_mut().for_each(|word| *word = random.word() & random.word() & random.word()),
        (10, _) => words.iter_mut().for_each(|word| *word = random.word() | random.word() | random.word()),
        (11, Some(peer)) => words.copy_from_slice(peer),
        (12 | 13, Some(peer)) => {
            words.copy_from_slice(peer);
            flip(words, random.below(wide));
        }
        (14, Some(peer)) => {
            words.copy_from_slice(peer);
            let from = random.below(wide);
            run(words, from, wide, random.below(2) == 1);
        }
        _ => random.fill(words),
    }
}

fn flip(words: &mut [u64], bit: usize) {
    words[bit / 64] ^= 1 << (bit % 64);
}

fn run(words: &mut [u64], from: usize, to: usize, value: bool) {
    for bit in from..to {
        words[bit / 64] = words[bit / 64] & !(1 << (bit % 64)) | u64::from(value) << (bit % 64);
    }
}

/// Clears what lies beyond the width.
fn cut(width: u32, words: &mut [u64]) {
    if let (Some(last), rest @ 1..) = (words.last_mut(), width % 64) {
        *last &= (1 << rest) - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{LANES, block};

    #[test]
    fn corners_are_among_the_first_block() {
        let groups = block(&[64, 7, 64], 0, LANES);
        let lanes = |mut is_it: Box<dyn FnMut([u64; 3]) -> bool>| {
            (0..LANES).filter(|&lane| is_it([0, 1, 2].map(|group| groups[group].lane(lane)[0]))).count()
        };
        assert!(lanes(Box::new(|[a, b, c]| (a, b, c) == (0, 0, 0))) > 0);
        assert!(lanes(Box::new(|[a, b, c]| (a, b, c) == (!0, 127, !0))) > 0);
        assert!(lanes(Box::new(|[a, _, c]| a == c && a != 0)) > 100, "equal words");
        assert!(lanes(Box::new(|[a, _, c]| (a ^ c).is_power_of_two())) > 100, "nearly equal words");
        for bit in 0..64 {
            assert!(lanes(Box::new(move |[a, ..]| a == 1 << bit)) > 0, "bit {bit} alone");
        }
    }

    #[test]
    fn nothing_lies_beyond_the_width() {
        for number in 0..2 {
            let groups = block(&[0, 1, 65], number, 500);
            assert!((0..500).all(|lane| groups[1].lane(lane)[0] < 2 && groups[2].lane(lane)[1] < 2));
        }
    }
}
