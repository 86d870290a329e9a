use std::fmt;
use std::str::FromStr;

/// The statistical security of the checks of preprocessing: a cheat that would gain anything is noticed but for a chance of
/// 2^−ρ. (One wrong leaky AND passes with ½, and gains nothing.)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statistical {
    /// ρ = 40.
    #[default]
    Bits40,
    /// ρ = 64.
    Bits64,
}

impl Statistical {
    /// ρ.
    pub fn bits(self) -> u32 {
        match self {
            Statistical::Bits40 => 40,
            Statistical::Bits64 => 64,
        }
    }

    /// Bucket sizes B with the least number of buckets that makes each safe, smallest buckets first. Constants of the wire
    /// format.
    fn thresholds(self) -> &'static [(usize, usize)] {
        match self {
            Statistical::Bits40 => &THRESHOLDS_40,
            Statistical::Bits64 => &THRESHOLDS_64,
        }
    }

    /// The triples that one block has at most, and those from which on a demand is rather cut: blocks of few candidates take
    /// little memory.
    fn block_sizes(self) -> (usize, usize) {
        match self {
            Statistical::Bits40 => (2 * THRESHOLDS_40[0].1, 300_000),
            Statistical::Bits64 => (1 << 18, 1 << 18),
        }
    }
}

impl fmt::Display for Statistical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(f)
    }
}

impl FromStr for Statistical {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "40" => Ok(Statistical::Bits40),
            "64" => Ok(Statistical::Bits64),
            _ => Err(format!("`{text}` is no statistical security of this version; it is 40 or 64")),
        }
    }
}

/// (B, least ℓ), a test derives them.
const THRESHOLDS_40: [(usize, usize); 14] = [
    (3, 276_325),
    (4, 3_044),
    (5, 320),
    (6, 84),
    (7, 34),
    (8, 19),
    (9, 12),
    (10, 8),
    (11, 7),
    (12, 5),
    (14, 4),
    (16, 3),
    (21, 2),
    (40, 1),
];

/// (B, least ℓ), a test derives them.
const THRESHOLDS_64: [(usize, usize); 20] = [
    (4, 779_083),
    (5, 20_434),
    (6, 2_300),
    (7, 537),
    (8, 190),
    (9, 88),
    (10, 48),
    (11, 30),
    (12, 21),
    (13, 15),
    (14, 12),
    (15, 9),
    (16, 8),
    (17, 7),
    (18, 6),
    (19, 5),
    (21, 4),
    (24, 3),
    (33, 2),
    (64, 1),
];

/// How candidates are thrown into buckets: so many buckets of so many leaky ANDs each. One good candidate makes a good
/// triple.
///
/// Whoever cheats in c candidates is found out with probability 1 − 2^−c, and gains if a bucket holds nothing but those.
/// With `count` = ℓ buckets of B that are drawn at random after the test, this happens with a probability of at most
/// ℓ·C(c, B)·2^−c / C(ℓB, B), which is largest for c = 2B (or for all of them, if they are fewer); the least ℓ for a B is where it falls to 2^−ρ (KRRW18, 2018/578, section 5
/// and the bucketing of WRK17, 2017/030).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// ℓ, which is also the number of triples.
    pub count: usize,
    /// B.
    pub size: usize,
}

impl Buckets {
    /// The cheapest buckets for at least so many triples; the smaller ones of two that cost the same.
    pub fn for_triples(wanted: usize, statistical: Statistical) -> Self {
        // A bucket of ρ is safe by itself.
        let alone = Buckets { count: wanted.max(1), size: statistical.bits() as usize };
        statistical.thresholds().iter().rev().fold(alone, |best, &(size, least)| {
            let next = Buckets { count: wanted.max(least), size };
            if next.candidates() <= best.candidates() { next } else { best }
        })
    }

    /// ℓB, the leaky ANDs that go in.
    pub fn candidates(self) -> usize {
        self.count * self.size
    }
}

/// How triples are made in blocks. Both parties follow the same plan from the same demands, all of them public.
///
/// A block covers what is missing and has at least twice the triples of the block before, so that many small demands soon
/// share large blocks; a large demand is cut into equal ones.
#[derive(Default)]
pub(crate) struct BlockPlan {
    previous: usize,
}

impl BlockPlan {
    /// The buckets of the next block, when so many triples are missing and so many will be wanted in all.
    pub(crate) fn next(&mut self, missing: usize, expected: usize, statistical: Statistical) -> Buckets {
        let (most, usual) = statistical.block_sizes();
        let wanted = missing.max(expected).max((2 * self.previous).min(usual));
        let blocks = wanted.div_ceil(most).max(wanted / usual).max(1);
        let buckets = Buckets::for_triples(wanted.div_ceil(blocks), statistical);
        self.previous = buckets.count;
        buckets
    }
}

/// The blocks that a dealer makes for one demand after the other: what [`Dealer::provide`](crate::Dealer::provide) does, without
/// doing it.
#[derive(Default)]
pub struct TripleDemands {
    plan: BlockPlan,
    /// Triples that are made and not yet taken.
    left: usize,
}

impl TripleDemands {
    /// The buckets of the blocks that are made for `count` more triples, when so many will be wanted in all.
    pub fn blocks(&mut self, count: usize, expected: usize, statistical: Statistical) -> Vec<Buckets> {
        let expected = expected.saturating_sub(self.left);
        let mut blocks = Vec::new();
        while self.left < count {
            let buckets = self.plan.next(count - self.left, expected, statistical);
            self.left += buckets.count;
            blocks.push(buckets);
        }
        self.left -= count;
        blocks
    }
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::{Backend, Block, Entropy};
    use num_bigint::BigUint;

    use super::*;
    use crate::permutation::Permutation;

    fn choose(n: usize, k: usize) -> BigUint {
        (0..k).fold(BigUint::from(1u8), |product, i| product * (n - i) / (i + 1))
    }

    /// Whether ℓ buckets of B hold back every cheater but 2^−ρ, whatever number of candidates it cheats in.
    fn is_safe(count: usize, size: usize, statistical: Statistical) -> bool {
        let all = choose(count * size, size);
        (size..=(3 * size).min(count * size))
            .all(|cheats| ((choose(cheats, size) * count) << statistical.bits()) <= (&all << cheats))
    }

    #[test]
    fn thresholds_are_the_least_safe_counts() {
        for statistical in [Statistical::Bits40, Statistical::Bits64] {
            for &(size, least) in statistical.thresholds() {
                assert!(is_safe(least, size, statistical), "{least} buckets of {size}");
                assert!(
                    least == 1 || !is_safe(least - 1, size, statistical),
                    "fewer than {least} buckets of {size}"
                );
            }
        }
    }

    #[test]
    fn cheating_in_more_than_three_buckets_worth_gains_less() {
        // The bound falls by half with every further candidate and grows by less than that: c / (c − B) < 2 beyond 2B.
        for (size, count) in [(3, 400), (7, 34), (12, 5)] {
            let gain = |cheats: usize| (choose(cheats, size) << (count * size)) >> cheats;
            assert!((2 * size..count * size).all(|cheats| gain(cheats + 1) < gain(cheats)));
        }
    }

    /// Somebody who cheats in the first candidates, against random shares and the shuffle of the protocol, gains as often as the
    /// formula says, on small buckets where it happens.
    #[test]
    fn a_simulated_cheater_gains_as_often_as_the_bound_says() {
        const TRIES: u32 = 40_000;
        let mut entropy = Entropy::fixed(4);
        for (size, count, cheats) in [(2, 4, 3), (2, 6, 4), (3, 4, 4), (3, 3, 5), (2, 3, 2)] {
            let (mut unnoticed, mut gained) = (0, 0);
            let mut permutation = Permutation::default();
            for coin in 0..TRIES {
                // A table is found out where the other side's share is one.
                if entropy.block().bits() & ((1 << cheats) - 1) != 0 {
                    continue;
                }
                unnoticed += 1;
                let all: Vec<_> = (0..(size * count) as u32).collect();
                let mut candidates = vec![0; all.len()];
                permutation.draw(Backend::Portable, Block::new(coin.into()), size * count);
                permutation.pile(&all, &mut candidates);
                let mut gains = false;
                permutation.for_each_group(&candidates, size, |bucket| {
                    gains |= bucket.iter().all(|&candidate| candidate < cheats);
                });
                gained += u32::from(gains);
            }
            let tries = f64::from(TRIES);
            let expected = tries / f64::from(1 << cheats);
            assert!(
                (f64::from(unnoticed) - expected).abs() < 5.0 * expected.sqrt(),
                "{unnoticed} of {expected}"
            );
            let ways: u32 = (choose(cheats as usize, size) * count).try_into().unwrap();
            let all: u32 = choose(count * size, size).try_into().unwrap();
            let bound = expected * f64::from(ways) / f64::from(all);
            assert!(f64::from(gained) < bound + 5.0 * bound.sqrt(), "{gained} above {bound}");
            // The bound counts twice what fills two buckets, which is rare enough not to halve it.
            assert!(f64::from(gained) > bound / 2.0 - 5.0 * bound.sqrt(), "{gained} far below {bound}");
        }
    }

    #[test]
    fn the_cheapest_buckets_are_taken() {
        let buckets = |wanted, statistical| {
            let Buckets { count, size } = Buckets::for_triples(wanted, statistical);
            (count, size)
        };
        assert_eq!(buckets(1, Statistical::Bits40), (1, 40));
        assert_eq!(buckets(64, Statistical::Bits40), (64, 7));
        assert_eq!(buckets(3000, Statistical::Bits40), (3044, 4));
        assert_eq!(buckets(250_000, Statistical::Bits40), (276_325, 3));
        assert_eq!(buckets(300_000, Statistical::Bits40), (300_000, 3));
        assert_eq!(buckets(300_000, Statistical::Bits64), (300_000, 5));
    }

    #[test]
    fn blocks_grow_and_large_demands_are_cut_evenly() {
        let mut plan = BlockPlan::default();
        let mut next = |missing, expected| plan.next(missing, expected, Statistical::Bits40).count;
        assert_eq!([next(64, 0), next(64, 0), next(1, 0)], [64, 128, 256]);
        assert_eq!(next(100, 300_000), 300_000);
        assert_eq!(next(600_000, 600_000), 300_000);
        let mut plan = BlockPlan::default();
        assert_eq!(plan.next(600_000, 0, Statistical::Bits40).count, 300_000);
        assert!(plan.next(usize::MAX / 4, 0, Statistical::Bits64).candidates() <= 5 << 18);
    }
}
