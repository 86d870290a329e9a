//! AES-128 in counter mode as a pseudorandom generator with random access.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use aes::Aes128Enc;
use aes::cipher::KeyInit;
#[cfg(target_arch = "x86_64")]
use zeroize::Zeroize;

#[cfg(target_arch = "x86_64")]
use crate::x86_64::{AesNi, Vaes256, Vaes512};
use crate::{Backend, Block};

#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::{RoundKeys, expand};

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
pub struct Prg(Cipher);

/// A backend with the key as it wants it.
enum Cipher {
    Portable(Aes128Enc),
    #[cfg(target_arch = "x86_64")]
    AesNi(AesNi, x86_64::RoundKeys),
    #[cfg(target_arch = "x86_64")]
    Vaes256(Vaes256, x86_64::RoundKeys),
    #[cfg(target_arch = "x86_64")]
    Vaes512(Vaes512, x86_64::RoundKeys),
}

impl Prg {
    /// The stream of a key.
    pub fn new(backend: Backend, key: Block) -> Self {
        Prg(match backend {
            Backend::Portable => Cipher::Portable(Aes128Enc::new(&key.to_bytes().into())),
            #[cfg(target_arch = "x86_64")]
            Backend::AesNi(token) => Cipher::AesNi(token, x86_64::expand(token, key)),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes256(token) => Cipher::Vaes256(token, x86_64::expand(token.into(), key)),
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes512(token) => Cipher::Vaes512(token, x86_64::expand(token.into(), key)),
        })
    }

    /// Writes the blocks `first_counter ..` of the stream. What `out` held before does not matter.
    ///
    /// # Panics
    /// If the counter would pass 2^64: no stream may come around.
    pub fn fill(&self, first_counter: u64, out: &mut [Block]) {
        let end = first_counter.checked_add(out.len() as u64);
        assert!(end.is_some(), "the counter of {} blocks from {first_counter} passes 2^64", out.len());
        match &self.0 {
            Cipher::Portable(cipher) => portable::fill(cipher, first_counter, out),
            #[cfg(target_arch = "x86_64")]
            Cipher::AesNi(token, keys) => x86_64::aes_ni::fill(*token, keys, first_counter, out),
            #[cfg(target_arch = "x86_64")]
            Cipher::Vaes256(token, keys) => x86_64::vaes256::fill(*token, keys, first_counter, out),
            #[cfg(target_arch = "x86_64")]
            Cipher::Vaes512(token, keys) => x86_64::vaes512::fill(*token, keys, first_counter, out),
        }
    }
}

impl Drop for Prg {
    fn drop(&mut self) {
        match &mut self.0 {
            Cipher::Portable(_) => {} // wipes itself
            #[cfg(target_arch = "x86_64")]
            Cipher::AesNi(_, keys) | Cipher::Vaes256(_, keys) | Cipher::Vaes512(_, keys) => keys.zeroize(),
        }
    }
}

#[cfg(test)]
mod tests {
    use aes::Aes128Enc;
    use aes::cipher::{BlockCipherEncrypt, KeyInit};

    use super::Prg;
    use crate::{Backend, Block, Entropy};

    fn reference(key: Block, counter: u64) -> Block {
        let mut block = u128::from(counter).to_le_bytes().into();
        Aes128Enc::new(&key.to_bytes().into()).encrypt_block(&mut block);
        Block::from_bytes(block.into())
    }

    #[test]
    fn the_first_block_of_the_zero_key_is_known() {
        // AES-128 of the zero block under the zero key, from the GCM specification's first test case.
        let known = Block::from_bytes(0x66e9_4bd4_ef8a_2c3b_884c_fa59_ca34_2b2e_u128.to_be_bytes());
        for backend in Backend::available() {
            let mut out = [Block::ZERO];
            Prg::new(backend, Block::ZERO).fill(0, &mut out);
            assert!(out[0] == known, "{}", backend.name());
        }
    }

    #[test]
    fn every_backend_and_length_agrees_with_the_cipher() {
        let mut entropy = Entropy::fixed(3);
        let edges = [0, 1, u64::from(u32::MAX) - 5, 1 << 32, (1 << 63) - 3, u64::MAX - 200];
        for backend in Backend::available() {
            for n in 0..140 {
                let (key, first) = (entropy.block(), edges[n % edges.len()]);
                let mut out = vec![Block::new(u128::MAX); n + 1];
                Prg::new(backend, key).fill(first, &mut out[..n]);
                for (i, block) in out[..n].iter().enumerate() {
                    assert!(*block == reference(key, first + i as u64), "{} {n} {i}", backend.name());
                }
                assert!(out[n] == Block::new(u128::MAX), "{} wrote past its end", backend.name());
            }
        }
    }

    #[test]
    #[should_panic(expected = "passes 2^64")]
    fn a_stream_does_not_come_around() {
        Prg::new(Backend::Portable, Block::ZERO).fill(u64::MAX, &mut [Block::ZERO; 2]);
    }
}
