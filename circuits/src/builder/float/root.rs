//! Square roots.
//!
//! With one digit more than the precision the root needs no look at what is left: a root that lay exactly between two
//! numbers would have a square of twice as many digits. Nor can it be subnormal or round up to a power of two.

use super::super::addition::add;
use super::super::{Bit, Bits, Uint};
use super::Float;
use super::normal::Normal;
use super::rounding::packed;

impl<'b> Float<'b> {
    /// The square root. Of −0 it is −0, of any other negative number NaN.
    pub fn sqrt(&self) -> Float<'b> {
        let (format, builder) = (self.format, self.bits.builder());
        let zero = builder.constant(false);
        let number = Normal::new(self);
        let (fraction, up) = root(&number);
        let (fraction, _) = add(&fraction, &fraction.map(|_| zero), up);

        let width = number.exponent.width();
        let doubled = Bits::from(&number.exponent + builder.constant_int(width, format.bias()));
        let negative = self.is_sign_negative() & !number.zero;
        let beyond = number.infinite | number.nan | negative;
        let cleared = beyond | number.zero;
        let fraction = fraction.map(|bit| bit & !cleared);
        let exponent = doubled.slice(1..=format.exponent()).map(|bit| (bit & !number.zero) | beyond);
        let sign = self.is_sign_negative() & number.zero;
        packed(format, sign, &exponent, &fraction, number.nan | negative)
    }
}

/// The fraction of the root, not rounded, and the next bit.
fn root<'b>(number: &Normal<'b>) -> (Bits<'b>, Bit<'b>) {
    let builder = number.significand.builder();
    let zero = builder.constant(false);
    // The bias is odd, so the exponent proper is odd where the stored one is even; the number is doubled then.
    let double = !number.exponent.bits()[0];
    let precision = number.significand.width();
    let below = builder.bits(vec![zero; precision + 1]);
    let [once, twice] =
        [number.significand.resize(precision + 1, zero), builder.bits([zero]).concat(&number.significand)];
    let radicand: Uint<'b> = below.concat(&double.mux(&twice, &once)).into();
    let root = radicand.sqrt();
    (root.bits().slice(1..precision), root.bits()[0])
}
