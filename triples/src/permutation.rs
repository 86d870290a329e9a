use std::hint::black_box;

use bytemuck::Pod;
use halfgate_crypto::{Backend, Block, Line, Prg, past_caches, prefetch};
use zeroize::{Zeroize, Zeroizing};

/// Words of the stream that are made at a time.
const AT_ONCE: usize = 512;

/// Places that a pile has on average, at most: what a second cache holds of candidates.
const PILE: usize = 1 << 12;

/// How far ahead an item is asked for: a first cache brings it from the second while others are worked on.
const AHEAD: usize = 24;

/// Bytes that memory is read by.
const CACHE_LINE: usize = 64;

/// The most piles: as many as places that memory is written at in turns without losing track.
const MOST_PILES: usize = 1 << 9;

/// A random order of places under a coin that both parties know, every order as likely as any other: each place goes to a random
/// pile, then each pile is shuffled (Rao 1961, Sandelius 1962). Part of the wire format.
///
/// What lies at the places is moved to the piles from first to last, and a pile is small enough for a cache, so that the order within
/// it costs nothing. Where memory is read in a random order all over, each read waits for the tables of its pages.
#[derive(Default)]
pub(crate) struct Permutation {
    /// The pile of each place.
    piles: Vec<u16>,
    /// Where each pile begins.
    starts: Vec<u32>,
    /// Places in the piles, pile by pile.
    places: Vec<u32>,
}

impl Permutation {
    /// Another order, of so many places, in the memory of this one.
    ///
    /// # Panics
    /// If there are 2^32 places or more.
    pub(crate) fn draw(&mut self, backend: Backend, coin: Block, count: usize) {
        let Permutation { piles, starts, places } = self;
        let all = 0..u32::try_from(count).expect("places have numbers of 32 bits");
        let mut draws = Draws::new(backend, coin);
        let pile_count = count.div_ceil(PILE).next_power_of_two().min(MOST_PILES);
        starts.clear();
        piles.clear();
        places.clear();
        starts.resize(pile_count + 1, 0);
        piles.extend(all.clone().map(|_| draws.bits(pile_count)));
        piles.iter().for_each(|&pile| starts[usize::from(pile) + 1] += 1);
        places.extend(all);
        for pile in 0..pile_count {
            starts[pile + 1] += starts[pile];
        }
        for pile in starts.windows(2) {
            let places = &mut places[pile[0] as usize..pile[1] as usize];
            for last in (1..places.len()).rev() {
                places.swap(last, draws.below(last as u64 + 1) as usize);
            }
        }
    }

    /// Moves what lies at the places to the piles.
    ///
    /// # Panics
    /// If there are not as many of both as places.
    pub(crate) fn pile<T: Copy>(&self, items: &[T], piled: &mut [T]) {
        assert_eq!([items.len(), piled.len()], [self.piles.len(); 2], "something at each place");
        let mut next = self.starts.clone();
        for (item, &pile) in items.iter().zip(&self.piles) {
            let place = &mut next[usize::from(pile)];
            piled[*place as usize] = *item;
            *place += 1;
            // The next item of this pile is many items away.
            prefetch(piled, *place as usize);
        }
    }

    /// Moves whole lines as [`Permutation::pile`] moves items, past the caches: nobody asks for a pile before all are full.
    ///
    /// # Panics
    /// If there are not as many of both as places.
    pub(crate) fn pile_lines(&self, items: &[Line], piled: &mut [Line]) {
        assert_eq!([items.len(), piled.len()], [self.piles.len(); 2], "something at each place");
        let mut next = self.starts.clone();
        past_caches(piled, |piled| {
            for (item, &pile) in items.iter().zip(&self.piles) {
                let place = &mut next[usize::from(pile)];
                piled.put(*place as usize, item);
                *place += 1;
            }
        });
    }

    /// Where in the piles there lies what is first in this order, second, and so on.
    pub(crate) fn places(&self) -> &[u32] {
        &self.places
    }

    /// Goes through all items of the piles in this order, `size` of them at a time, which has to divide how many there are.
    pub(crate) fn for_each_group<T: Pod + Zeroize>(
        &self,
        items: &[T],
        size: usize,
        mut work: impl FnMut(&[T]),
    ) {
        let mut group = Zeroizing::new(vec![T::zeroed(); size]);
        let mut filled = 0;
        for pile in self.starts.windows(2).map(|pile| pile[0] as usize..pile[1] as usize) {
            read_through(&items[pile.clone()]);
            let places = &self.places[pile];
            for (number, &place) in places.iter().enumerate() {
                if let Some(&later) = places.get(number + AHEAD) {
                    prefetch(items, later as usize);
                }
                group[filled] = items[place as usize];
                filled += 1;
                if filled == size {
                    work(&group);
                    filled = 0;
                }
            }
        }
    }
}

/// Brings items into a cache: from first to last, memory is many times as fast as in a random order.
fn read_through<T: Pod>(items: &[T]) {
    let bytes: &[u8] = bytemuck::cast_slice(items);
    black_box(bytes.iter().step_by(CACHE_LINE).fold(0, |sum, byte| sum ^ byte));
}

/// Uniform numbers from a stream.
struct Draws {
    prg: Prg,
    counter: u64,
    words: Box<[Block; AT_ONCE]>,
    used: usize,
}

impl Draws {
    fn new(backend: Backend, coin: Block) -> Self {
        let prg = Prg::new(backend, coin);
        Draws { prg, counter: 0, words: Box::new([Block::ZERO; AT_ONCE]), used: 2 * AT_ONCE }
    }

    /// A uniform number below `bound` (Lemire, "Fast random integer generation in an interval", 2019, algorithm 5).
    fn below(&mut self, bound: u64) -> u64 {
        loop {
            let product = u128::from(self.word()) * u128::from(bound);
            let (high, low) = ((product >> 64) as u64, product as u64);
            if low >= bound || low >= bound.wrapping_neg() % bound {
                return high;
            }
        }
    }

    /// A uniform number below a power of two of at most 2^16.
    fn bits(&mut self, bound: usize) -> u16 {
        (self.word() & (bound as u64 - 1)) as u16
    }

    fn word(&mut self) -> u64 {
        if self.used == 2 * AT_ONCE {
            self.prg.fill(self.counter, &mut self.words[..]);
            self.counter += AT_ONCE as u64;
            self.used = 0;
        }
        let block = self.words[self.used / 2].bits();
        self.used += 1;
        if self.used % 2 == 1 { block as u64 } else { (block >> 64) as u64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies at each place in the end, when place i held i.
    fn permuted(backend: Backend, coin: u128, count: u32) -> Vec<u32> {
        let mut permutation = Permutation::default();
        permutation.draw(backend, Block::new(coin), count as usize);
        let mut piled = vec![0; count as usize];
        permutation.pile(&(0..count).collect::<Vec<_>>(), &mut piled);
        let mut order = Vec::new();
        permutation.for_each_group(&piled, 1, |group| order.extend_from_slice(group));
        order
    }

    #[test]
    fn every_order_is_as_likely_as_any_other() {
        let mut counts = std::collections::BTreeMap::<Vec<u32>, u32>::new();
        for coin in 0..24_000 {
            *counts.entry(permuted(Backend::Portable, coin, 4)).or_default() += 1;
        }
        assert_eq!(counts.len(), 24);
        // χ² with 23 degrees of freedom is below 60 but for 4 cases in 100,000; the coins are fixed.
        let chi: f64 = counts.values().map(|&n| (f64::from(n) - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi < 60.0, "{chi}");
    }

    #[test]
    fn every_place_of_several_piles_is_as_likely_as_any_other() {
        // Where the first of 3 · 4096 ends up, in 16 equal parts, over 3,200 coins.
        let count = 3 * PILE as u32;
        let mut parts = [0u32; 16];
        for coin in 0..3_200 {
            let order = permuted(Backend::Portable, coin, count);
            let place = order.iter().position(|&item| item == 0).unwrap();
            parts[place * 16 / count as usize] += 1;
        }
        // χ² with 15 degrees of freedom is below 45 but for 8 cases in 100,000; the coins are fixed.
        let chi: f64 = parts.iter().map(|&n| (f64::from(n) - 200.0).powi(2) / 200.0).sum();
        assert!(chi < 45.0, "{chi}: {parts:?}");
    }

    #[test]
    fn all_backends_shuffle_alike() {
        for count in [0, 1, 2, 5000, 100_000] {
            let order = permuted(Backend::Portable, 9, count);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..count));
            for backend in Backend::available() {
                assert_eq!(permuted(backend, 9, count), order);
            }
        }
    }
}
