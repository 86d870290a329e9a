use halfgate_crypto::{Backend, Block, Prg};

/// Words of the stream that are made at a time.
const AT_ONCE: usize = 512;

/// A random order of `0 .. count`: a Fisher–Yates shuffle under a coin that both parties know. Part of the wire format.
///
/// # Panics
/// If there are 2^32 places or more.
pub(crate) fn permutation(backend: Backend, coin: Block, count: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(count).expect("places have numbers of 32 bits")).collect();
    let mut draws = Draws::new(backend, coin);
    for last in (1..count).rev() {
        order.swap(last, draws.below(last as u64 + 1) as usize);
    }
    order
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

    #[test]
    fn every_order_is_as_likely_as_any_other() {
        let mut counts = std::collections::BTreeMap::<Vec<u32>, u32>::new();
        for coin in 0..24_000 {
            *counts.entry(permutation(Backend::Portable, Block::new(coin), 4)).or_default() += 1;
        }
        assert_eq!(counts.len(), 24);
        // χ² with 23 degrees of freedom is below 60 but for 4 cases in 100,000; the coins are fixed.
        let chi: f64 = counts.values().map(|&n| (f64::from(n) - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi < 60.0, "{chi}");
    }

    #[test]
    fn all_backends_shuffle_alike() {
        for count in [0, 1, 2, 5000] {
            let order = permutation(Backend::Portable, Block::new(9), count);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..count as u32));
            for backend in Backend::available() {
                assert_eq!(permutation(backend, Block::new(9), count), order);
            }
        }
    }
}
