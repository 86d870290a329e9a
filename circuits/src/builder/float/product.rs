//! Products.
//!
//! Nothing is normalised before: the product of a subnormal number has its leading one further down, and is moved up
//! or, where the result is subnormal, down by the one shifter that rounding needs anyway.

use super::super::multiplication::full;
use super::super::{Bit, Bits, Int};
use super::rounding::{Exact, Special};
use super::{Float, Parts};

impl<'b> Float<'b> {
    #[track_caller]
    pub(in super::super) fn times(&self, other: &Float<'b>) -> Float<'b> {
        self.check_format(other);
        let (format, builder) = (self.format, self.bits.builder());
        let (zero, one) = (builder.constant(false), builder.constant(true));
        let [a, b] = [self, other].map(|number| Parts::new(number.exponent(), &number.fraction()));
        let product = full(&a.significand, &b.significand);

        // Room above, as far as a subnormal result has to move down.
        let room = format.precision() + 2;
        let significand = product.resize(product.width() + room, zero);
        // A normal factor and any other have a product within the upper places; two subnormal ones come out as zero.
        let seen = product.slice(format.precision() - 1..).leading_zero_flags();
        let leading_zeros = builder.bits(vec![one; room]).concat(&seen);
        let exact = Exact {
            sign: self.is_sign_negative() ^ other.is_sign_negative(),
            exponent: exponent(&a, &b, room as i128 - format.bias()),
            significand,
            zero: leading_zeros[leading_zeros.width() - 1],
            leading_zeros,
            inexact: zero,
            may_overflow: true,
            negated: zero,
        };
        exact.round(format, &special(self, other))
    }
}

fn exponent<'b>(a: &Parts<'b>, b: &Parts<'b>, offset: i128) -> Bits<'b> {
    let builder = a.exponent.builder();
    let width = a.exponent.width() + 2;
    let [a, b] = [a, b].map(|parts| Int::from(parts.exponent.resize(width, builder.constant(false))));
    (a + b + builder.constant_int(width, offset)).into()
}

fn special<'b>(a: &Float<'b>, b: &Float<'b>) -> Special<'b> {
    let [(a_largest, a_fraction, a_some), (b_largest, b_fraction, b_some)] = [a, b].map(|number| {
        let fraction = number.fraction().any();
        (number.exponent().all(), fraction, fraction | number.exponent().any())
    });
    // An infinity times zero is none either.
    let bad = |largest: Bit<'b>, fraction: Bit<'b>, other: Bit<'b>| largest & (fraction | !other);
    let nan = bad(a_largest, a_fraction, b_some) | bad(b_largest, b_fraction, a_some);
    Special { nan, infinite: a_largest | b_largest, zero: nan.builder().constant(false) }
}
