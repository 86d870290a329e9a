//! A little arithmetic on integers of any width, in 64-bit limbs, lowest first.
//!
//! Big-integer crates allocate as they go and do not wipe what they leave behind; values may be secret.

use std::fmt::Write;

use zeroize::Zeroize;

/// The largest power of ten in a limb, and its exponent.
const DECIMAL: u64 = 10_000_000_000_000_000_000;
const DECIMAL_DIGITS: usize = 19;

/// `value · factor + summand`; whether it fits into the limbs.
pub(crate) fn multiply_add(value: &mut [u64], factor: u64, summand: u64) -> bool {
    let mut carry = u128::from(summand);
    for limb in value {
        carry += u128::from(*limb) * u128::from(factor);
        *limb = carry as u64;
        carry >>= 64;
    }
    carry == 0
}

/// Bit `index`, which must lie within the limbs.
pub(crate) fn bit(value: &[u64], index: usize) -> bool {
    value[index / 64] >> (index % 64) & 1 == 1
}

/// The number of bits up to the highest that is set.
pub(crate) fn bit_length(value: &[u64]) -> usize {
    match value.iter().rposition(|limb| *limb != 0) {
        Some(top) => 64 * top + (64 - value[top].leading_zeros() as usize),
        None => 0,
    }
}

/// Whether exactly one bit is set.
pub(crate) fn is_power_of_two(value: &[u64]) -> bool {
    value.iter().map(|limb| limb.count_ones()).sum::<u32>() == 1
}

/// The two's complement within `width` bits, which must be those of the limbs, less than a limb missing.
pub(crate) fn negate(value: &mut [u64], width: usize) {
    let mut carry = true;
    for limb in value.iter_mut() {
        (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
    }
    if let Some(last) = value.last_mut() {
        *last &= u64::MAX >> ((64 - width % 64) % 64);
    }
}

/// Reverses `width` bits, which must be those of the limbs, less than a limb missing.
pub(crate) fn reverse(value: &mut [u64], width: usize) {
    value.reverse();
    let unused = 64 * value.len() - width;
    let mut next = 0;
    for limb in value.iter_mut().rev() {
        let reversed = limb.reverse_bits();
        *limb = reversed >> unused | next;
        next = if unused == 0 { 0 } else { reversed << (64 - unused) };
    }
}

/// The decimal digits; leaves zero behind.
pub(crate) fn to_decimal(value: &mut [u64]) -> String {
    let mut chunks = Vec::with_capacity(value.len() * 64 / 63 + 1);
    let mut length = value.len();
    while length > 0 {
        let mut rest = 0u128;
        for limb in value[..length].iter_mut().rev() {
            rest = rest << 64 | u128::from(*limb);
            *limb = (rest / u128::from(DECIMAL)) as u64;
            rest %= u128::from(DECIMAL);
        }
        chunks.push(rest as u64);
        while length > 0 && value[length - 1] == 0 {
            length -= 1;
        }
    }
    let mut text = String::with_capacity(DECIMAL_DIGITS * (chunks.len() + 1));
    for (index, chunk) in chunks.iter().rev().enumerate() {
        let digits = if index == 0 { 1 } else { DECIMAL_DIGITS };
        write!(text, "{chunk:0digits$}").expect("a string takes everything");
    }
    if text.is_empty() {
        text.push('0');
    }
    chunks.zeroize();
    text
}
