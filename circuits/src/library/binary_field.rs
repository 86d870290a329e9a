//! Multiplication in fields of characteristic two, where exclusive ors are free: bilinear algorithms of low rank.

mod field;
mod matrix;
mod places;
mod plan;

use crate::Bits;

pub use field::BinaryField;

/// The product in the field of GCM, GF(2^128) modulo `x^128 + x^7 + x^2 + x + 1`: 669 ANDs, where Karatsuba's method
/// takes 2,187.
///
/// Factors and product are blocks of 16 bytes as in NIST SP 800-38D, section 6.3: the constant term is the highest bit of
/// the first byte, and that is the **highest** bit of the number.
///
/// # Panics
/// If a factor is not 128 bits wide, or if they belong to different builders.
#[track_caller]
pub fn gf128_multiply<'b>(a: &Bits<'b>, b: &Bits<'b>) -> Bits<'b> {
    let field = gcm_field();
    reversed(&field.multiply(&reversed(a), &reversed(b)))
}

/// GHASH (NIST SP 800-38D, section 6.4) of a byte string under a key: 669 ANDs per block of 16 bytes.
///
/// # Panics
/// If the key is not 128 bits wide, if the string is no whole number of blocks, or if they belong to different builders.
#[track_caller]
pub fn ghash<'b>(key: &Bits<'b>, string: &Bits<'b>) -> Bits<'b> {
    assert!(
        string.width().is_multiple_of(128),
        "GHASH takes whole blocks of 128 bits, not {}",
        string.width()
    );
    let (field, key) = (gcm_field(), reversed(key));
    let zero = string.builder().bits(vec![string.builder().constant(false); 128]);
    let blocks =
        string.chunks(128).rev().map(|block| reversed(&string.builder().bits(block.iter().copied())));
    reversed(&blocks.fold(zero, |sum, block| field.multiply(&(sum ^ block), &key)))
}

fn gcm_field() -> BinaryField {
    BinaryField::new(&[128, 7, 2, 1, 0]).expect("the polynomial of GCM is irreducible")
}

fn reversed<'b>(bits: &Bits<'b>) -> Bits<'b> {
    bits.builder().bits(bits.iter().rev().copied())
}
