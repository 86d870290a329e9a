//! AES-128 in counter mode as a pseudorandom generator with random access.

mod portable;

use aes::Aes128Enc;
use aes::cipher::KeyInit;

use crate::{Backend, Block};

/// AES-128 in counter mode: block number i of the stream is AES_key(i), i as a number of 128 bits.
///
/// The key schedule is made once; [`Prg::fill`] reads any part of the stream. Wiped on drop.
///
/// ```
/// use halfgate_crypto::{Backend, Block, Prg};
///
/// let prg = Prg::new(Backend::detect(), Block::new(7));
/// let (mut whole, mut part) = ([Block::ZERO; 5], [Block::ZERO; 2]);
/// prg.fill(0, &mut whole);
/// prg.fill(3, &mut part);
/// assert!(part[..] == whole[3..]);
/// ```
pub struct Prg {
    cipher: Cipher,
}

enum Cipher {
    Portable(Aes128Enc),
}

impl Prg {
    /// The stream of a key.
    pub fn new(backend: Backend, key: Block) -> Self {
        let cipher = match backend {
            Backend::Portable => Cipher::Portable(Aes128Enc::new(&key.to_bytes().into())),
        };
        Prg { cipher }
    }

    /// Writes the blocks `first_counter ..` of the stream. What `out` held before does not matter.
    ///
    /// # Panics
    /// If the counter would pass 2^64: no stream may come around.
    pub fn fill(&self, first_counter: u64, out: &mut [Block]) {
        let end = first_counter.checked_add(out.len() as u64);
        assert!(end.is_some(), "the counter of {} blocks from {first_counter} passes 2^64", out.len());
        match &self.cipher {
            Cipher::Portable(cipher) => portable::fill(cipher, first_counter, out),
        }
    }
}
