//! The field GF(2^128) of the consistency check of OT extension: polynomials modulo x^128 + x^7 + x^2 + x + 1, bit i
//! of a block being the coefficient of x^i.
//!
//! Everything here takes the same time for all values.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use crate::{Backend, Block};

/// The product of two field elements.
///
/// ```
/// use halfgate_crypto::{Backend, Block, gf128};
///
/// let x = Block::new(2);
/// let x127 = Block::new(1 << 127);
/// assert!(gf128::multiply(Backend::detect(), x, x127) == Block::new(0b1000_0111)); // x^128
/// ```
pub fn multiply(backend: Backend, a: Block, b: Block) -> Block {
    inner_product(backend, &[a], &[b])
}

/// The sum of the products a_i·b_i.
///
/// # Panics
/// If the slices differ in length.
pub fn inner_product(backend: Backend, a: &[Block], b: &[Block]) -> Block {
    assert!(a.len() == b.len(), "an inner product of {} and {} elements", a.len(), b.len());
    let product = match backend {
        Backend::Portable => portable::inner_product(a, b),
        #[cfg(target_arch = "x86_64")]
        Backend::AesNi(token) => x86_64::aes_ni::inner_product(token, a, b),
        #[cfg(target_arch = "x86_64")]
        Backend::Vaes256(token) => x86_64::vaes256::inner_product(token, a, b),
        #[cfg(target_arch = "x86_64")]
        Backend::Vaes512(token) => x86_64::vaes512::inner_product(token, a, b),
    };
    product.reduce()
}

/// A polynomial of degree below 256 over GF(2): a sum of products that is still to be reduced.
struct Product {
    low: u128,
    high: u128,
}

impl Product {
    fn reduce(self) -> Block {
        let times_x128 = |c: u128| c ^ c << 1 ^ c << 2 ^ c << 7;
        // What the shifts push out at the top is below x^7, so folding it down once more ends the reduction.
        let pushed_out = self.high >> 127 ^ self.high >> 126 ^ self.high >> 121;
        Block::new(self.low ^ times_x128(self.high) ^ times_x128(pushed_out))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{inner_product, multiply};
    use crate::{Backend, Block, Entropy};

    /// Bit by bit from the definition: Horner over the coefficients of `b`.
    fn model(a: Block, b: Block) -> Block {
        let mut product = 0u128;
        for i in (0..128).rev() {
            let carry = product >> 127;
            product = (product << 1) ^ (carry * 0x87);
            product ^= a.bits() * (b.bits() >> i & 1);
        }
        Block::new(product)
    }

    #[test]
    fn known_answers() {
        // GCM's test case 2 (H = AES_0(0), H·C and so on) in GCM's reflected bit order: reversing the bits of a
        // 16-byte big-endian string gives this field's order.
        let reflected = |x: u128| Block::new(x.reverse_bits());
        let h = reflected(0x66e9_4bd4_ef8a_2c3b_884c_fa59_ca34_2b2e);
        let c = reflected(0x0388_dace_60b6_a392_f328_c2b9_71b2_fe78);
        let x1 = reflected(0x5e2e_c746_9170_6288_2c85_b068_5353_deb7);
        for backend in Backend::available() {
            assert!(multiply(backend, c, h) == x1, "{}", backend.name());
        }
    }

    #[test]
    fn extremes_agree_with_the_model() {
        let values = [0, 1, 2, 1 << 63, 1 << 64, 1 << 127, u64::MAX as u128, u128::MAX, u128::MAX << 64];
        for backend in Backend::available() {
            for (a, b) in values.iter().flat_map(|&a| values.map(|b| (Block::new(a), Block::new(b)))) {
                assert!(multiply(backend, a, b) == model(a, b), "{}", backend.name());
            }
        }
    }

    #[test]
    fn inner_products_of_every_short_length() {
        let mut entropy = Entropy::fixed(2);
        for backend in Backend::available() {
            for n in 0..40 {
                let (a, b): (Vec<_>, Vec<_>) = (0..n).map(|_| (entropy.block(), entropy.block())).unzip();
                let expected = a.iter().zip(&b).fold(Block::ZERO, |sum, (&a, &b)| sum ^ model(a, b));
                assert!(inner_product(backend, &a, &b) == expected, "{} n = {n}", backend.name());
            }
        }
    }

    #[test]
    #[should_panic(expected = "an inner product of 1 and 2 elements")]
    fn lengths_must_agree() {
        inner_product(Backend::Portable, &[Block::ZERO], &[Block::ZERO; 2]);
    }

    proptest! {
        #[test]
        fn products_agree_with_the_model(a: u128, b: u128) {
            let (a, b) = (Block::new(a), Block::new(b));
            for backend in Backend::available() {
                prop_assert!(multiply(backend, a, b) == model(a, b), "{}", backend.name());
            }
        }

        #[test]
        fn multiplication_is_a_commutative_ring_product(a: u128, b: u128, c: u128) {
            let (a, b, c) = (Block::new(a), Block::new(b), Block::new(c));
            let product = |x, y| multiply(Backend::detect(), x, y);
            prop_assert!(product(a, b) == product(b, a));
            prop_assert!(product(a, product(b, c)) == product(product(a, b), c));
            prop_assert!(product(a, b ^ c) == product(a, b) ^ product(a, c));
            prop_assert!(product(a, Block::new(1)) == a);
        }
    }
}
