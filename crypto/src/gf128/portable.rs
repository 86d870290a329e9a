use super::Product;
use crate::Block;

pub(super) fn inner_product(a: &[Block], b: &[Block]) -> Product {
    let (mut low, mut middle, mut high) = (0, 0, 0);
    for (a, b) in a.iter().zip(b) {
        let (a0, a1) = (a.bits() as u64, (a.bits() >> 64) as u64);
        let (b0, b1) = (b.bits() as u64, (b.bits() >> 64) as u64);
        // Karatsuba: the middle term is (a0 + a1)(b0 + b1) less the two outer ones.
        let (outer_low, outer_high) = (carryless(a0, b0), carryless(a1, b1));
        low ^= outer_low;
        high ^= outer_high;
        middle ^= carryless(a0 ^ a1, b0 ^ b1) ^ outer_low ^ outer_high;
    }
    Product { low: low ^ middle << 64, high: high ^ middle >> 64 }
}

/// The product of two polynomials over GF(2), by integer multiplication with holes.
///
/// Each factor is split by bit position modulo five. Of two such parts at most 13 terms meet in one column, and
/// 13 < 2^5, so a column's carries stay in the hole above it and its lowest bit is the parity that we want. Neither a
/// table nor a branch is needed, and multipliers take constant time.
fn carryless(a: u64, b: u64) -> u128 {
    const EVERY_FIFTH: u128 = 0x2108_4210_8421_0842_1084_2108_4210_8421;
    let part = |x: u64, class: usize| u128::from(x) & EVERY_FIFTH << class;
    let mut product = 0;
    for class in 0..5 {
        let mut columns = 0;
        for i in 0..5 {
            columns ^= part(a, i) * part(b, (class + 5 - i) % 5);
        }
        product |= columns & EVERY_FIFTH << class;
    }
    product
}
