//! Quotients.

use super::super::addition::add;
use super::super::{Bit, Bits};
use super::Float;
use super::normal::Normal;
use super::rounding::{Exact, Special};

impl<'b> Float<'b> {
    #[track_caller]
    pub(in super::super) fn divided_by(&self, other: &Float<'b>) -> Float<'b> {
        self.check_format(other);
        let (format, builder) = (self.format, self.bits.builder());
        let (zero, one) = (builder.constant(false), builder.constant(true));
        let (a, b) = (Normal::new(self), Normal::new(other));
        let (quotient, inexact) = divide(&a.significand, &b.significand);

        let room = format.precision() + 2;
        let width = a.exponent.width();
        let offset = builder.constant_int(width, room as i128 - 1 + format.bias());
        let leading_zeros = builder.bits(vec![one; room]).concat(&builder.bits([!quotient[room - 1]]));
        let exact = Exact {
            sign: self.is_sign_negative() ^ other.is_sign_negative(),
            exponent: (&a.exponent - &b.exponent + offset).into(),
            significand: quotient.resize(2 * room, zero),
            leading_zeros,
            zero,
            inexact,
            may_overflow: true,
            negated: zero,
        };
        let nan = a.nan | b.nan | (a.zero & b.zero) | (a.infinite & b.infinite);
        exact.round(format, &Special { nan, infinite: a.infinite | b.zero, zero: a.zero | b.infinite })
    }
}

/// With both leading ones at the top: the quotient with two bits more than the operands, the highest before the point,
/// and whether anything is left. Without restoring, as for integers.
fn divide<'b>(a: &Bits<'b>, b: &Bits<'b>) -> (Bits<'b>, Bit<'b>) {
    let builder = a.builder();
    let (zero, one) = (builder.constant(false), builder.constant(true));
    let width = a.width() + 1;
    let (a, b) = (a.resize(width, zero), b.resize(width, zero));
    let mut remainder = add(&a, &b.map(|bit| !bit), one).0;
    let mut quotient = vec![!remainder[width - 1]];
    for _ in 0..width {
        let subtract = !remainder[width - 1];
        let doubled = builder.bits([zero]).concat(&remainder.slice(..width - 1));
        remainder = add(&doubled, &b.map(|bit| bit ^ subtract), subtract).0;
        quotient.push(!remainder[width - 1]);
    }
    quotient.reverse();
    let negative = remainder[width - 1];
    let (rest, _) = add(&remainder, &b.map(|bit| bit & negative), zero);
    (builder.bits(quotient), rest.slice(..width - 1).any())
}
