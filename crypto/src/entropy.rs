use chacha20::ChaCha20Rng;
use rand_core::{CryptoRng, Rng, SeedableRng, TryCryptoRng, TryRng};
use zeroize::Zeroize;

use crate::Block;

/// The randomness of one party: a ChaCha20 stream seeded by the operating system.
///
/// There is no way to seed it otherwise outside tests: labels, Δ and seeds are one-time.
///
/// Its state gives everything that was drawn from it, so it is wiped on drop, and boxed so that moving it leaves no copy.
pub struct Entropy(Box<ChaCha20Rng>);

impl Entropy {
    /// Fresh randomness.
    ///
    /// # Errors
    /// If the operating system has none to give.
    pub fn from_os() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        let entropy = Entropy(Box::new(ChaCha20Rng::from_seed(seed)));
        seed.zeroize();
        Ok(entropy)
    }

    /// A fixed stream, for wire-trace and cross-backend tests only.
    #[cfg(any(test, feature = "fixed-entropy"))]
    pub fn fixed(seed: u64) -> Self {
        Entropy(Box::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// A fresh random block.
    pub fn block(&mut self) -> Block {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        let block = Block::from_bytes(bytes);
        bytes.zeroize();
        block
    }

    /// Fresh random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

impl TryRng for Entropy {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.0.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Entropy {}

const _: fn() = || {
    fn is_crypto_rng<T: CryptoRng>() {}
    fn is_wiped<T: zeroize::ZeroizeOnDrop>() {}
    is_crypto_rng::<Entropy>();
    is_wiped::<ChaCha20Rng>();
};
