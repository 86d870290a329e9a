//! To and from integers and other formats.

use super::super::addition::{less, subtract};
use super::super::{Bit, Bits, Int, Uint, shift};
use super::rounding::{Exact, Special};
use super::{Float, FloatFormat, Parts};

impl<'b> Float<'b> {
    /// The float nearest to an unsigned integer; an infinity if that is beyond the format.
    pub fn from_uint(format: FloatFormat, number: &Uint<'b>) -> Float<'b> {
        let zero = number.bits().builder().constant(false);
        from_magnitude(format, number.bits(), 0, zero, zero)
    }

    /// The float nearest to a signed integer; an infinity if that is beyond the format.
    pub fn from_int(format: FloatFormat, number: &Int<'b>) -> Float<'b> {
        Float::from_scaled_int(format, number, 0)
    }

    /// The float nearest to `number / 2^fraction`.
    #[track_caller]
    pub(in super::super) fn from_scaled_int(
        format: FloatFormat,
        number: &Int<'b>,
        fraction: usize,
    ) -> Float<'b> {
        check_scale(format, fraction);
        let (sign, lower) = (number.is_negative(), number.width().saturating_sub(1));
        if lower <= format.precision() {
            // Exact, so rounding can add the 1 that makes minus the number of its inverse.
            return from_magnitude(format, &number.bits().slice(..lower), fraction, sign, sign);
        }
        let zero = sign.builder().constant(false);
        from_magnitude(format, number.unsigned_abs().bits(), fraction, sign, zero)
    }

    /// The integer part; 0 for negative numbers and NaN, the largest integer where the number is beyond it.
    ///
    /// This is what `as` does in Rust.
    pub fn to_uint(&self, width: usize) -> Uint<'b> {
        let negative = self.is_sign_negative();
        let integer = IntegerPart::new(self, width, 0, negative);
        integer.magnitude.map(|bit| bit | integer.beyond).into()
    }

    /// The integer part with its sign; 0 for NaN, the smallest or largest integer where the number is beyond it.
    ///
    /// This is what `as` does in Rust.
    pub fn to_int(&self, width: usize) -> Int<'b> {
        self.to_scaled_int(width, 0)
    }

    /// The integer part of `self · 2^fraction`, with the ends as for integers.
    #[track_caller]
    pub(in super::super) fn to_scaled_int(&self, width: usize, fraction: usize) -> Int<'b> {
        check_scale(self.format, fraction);
        let sign = self.is_sign_negative();
        let integer =
            IntegerPart::new(self, width.saturating_sub(1), fraction, sign.builder().constant(false));
        // Beyond the range all bits are ones, and their inverse without the 1 of two's complement is the other end.
        let mut carry = sign & !integer.beyond;
        let lower = integer.magnitude.map(|bit| {
            let inverse = (bit | integer.beyond) ^ sign;
            let sum = inverse ^ carry;
            carry = inverse & carry;
            sum
        });
        lower.resize(width, sign ^ carry).into()
    }

    /// The number of another format nearest to this one.
    pub fn to_format(&self, format: FloatFormat) -> Float<'b> {
        let builder = self.bits.builder();
        let (zero, one) = (builder.constant(false), builder.constant(true));
        let parts = Parts::new(self.exponent(), &self.fraction());
        let change = format.bias() - self.format.bias();
        // Either all numbers become normal ones, or some may have to move down. If the new exponents reach no lower,
        // a subnormal number does not become a normal one.
        let room = if change > self.format.fraction() as i128 { 0 } else { format.precision() + 2 };
        let seen = match change > 0 {
            true => parts.significand.leading_zero_flags(),
            false => builder.bits([!parts.significand[self.format.fraction()]]),
        };
        let leading_zeros = builder.bits(vec![one; room]).concat(&seen);
        let width = self.format.exponent().max(format.exponent()) + 3;
        let exponent = Int::from(parts.exponent.resize(width, zero));
        let exact = Exact {
            sign: self.is_sign_negative(),
            exponent: (exponent + builder.constant_int(width, change - 1 + room as i128)).into(),
            significand: parts.significand.resize(self.format.precision() + room, zero),
            zero: seen[seen.width() - 1],
            leading_zeros,
            inexact: zero,
            may_overflow: room > 0,
            negated: zero,
        };
        let largest = self.exponent().all();
        let nan = largest & self.fraction().any();
        exact.round(format, &Special { nan, infinite: largest, zero })
    }
}

#[track_caller]
fn check_scale(format: FloatFormat, fraction: usize) {
    let bias = format.bias();
    assert!(
        (fraction as i128) < bias,
        "a number with {fraction} fraction bits is too fine for an exponent bias of {bias}"
    );
}

/// `magnitude / 2^fraction`. `negated` says that the number is the inverse of the magnitude and 1.
fn from_magnitude<'b>(
    format: FloatFormat,
    magnitude: &Bits<'b>,
    fraction: usize,
    sign: Bit<'b>,
    negated: Bit<'b>,
) -> Float<'b> {
    let builder = magnitude.builder();
    let zero = builder.constant(false);
    // One place more where -1, the inverse of 0, has its leading one.
    let below = if negated.known() == Some(false) { 0 } else { 1 };
    let digits = builder.bits(vec![zero; below]).concat(magnitude);
    let leading_zeros = digits.map(|bit| bit ^ negated).leading_zero_flags();
    let places = magnitude.width() as i128;
    let width = format.exponent().max(places.max(1).ilog2() as usize) + 2;
    let exact = Exact {
        sign,
        exponent: builder.constant_int(width, format.bias() + places - 2 - fraction as i128).into(),
        zero: leading_zeros[leading_zeros.width() - 1],
        leading_zeros,
        significand: digits,
        inexact: zero,
        may_overflow: format.bias() < places,
        negated,
    };
    exact.round(format, &Special { nan: zero, infinite: zero, zero })
}

struct IntegerPart<'b> {
    magnitude: Bits<'b>,
    /// Whether it has more bits than there are; never for NaN.
    beyond: Bit<'b>,
}

impl<'b> IntegerPart<'b> {
    /// Zero where `cleared`.
    ///
    /// The significand starts at the top and moves down by what the exponent is below that of the highest bit.
    fn new(number: &Float<'b>, width: usize, fraction: usize, cleared: Bit<'b>) -> IntegerPart<'b> {
        let (format, builder) = (number.format, number.bits.builder());
        let zero = builder.constant(false);
        let exponent = number.exponent();
        let one = format.bias() - fraction as i128;
        let largest = one + width as i128 - 1;
        let places = (largest.max(1).ilog2() as usize + 1).max(format.exponent());
        let exponent = exponent.resize(places, zero);
        let constant = |value: i128| Bits::from(builder.constant_int(places + 1, value)).slice(..places);
        let nan = number.is_nan();
        let cleared = cleared | nan;
        // Where there is room for all finite numbers, infinity alone is beyond.
        let beyond = match largest <= 2 * format.bias() {
            true => less(&constant(largest), &exponent),
            false => number.is_infinite(),
        } & !cleared;
        let fractional = less(&exponent, &constant(one));

        let kept = !cleared & !fractional;
        let significand = number.fraction().map(|bit| bit & kept).resize(format.precision(), kept);
        let mut register = vec![zero; width.saturating_sub(format.precision())];
        register.extend_from_slice(&significand[format.precision().saturating_sub(width)..]);
        let stages = width.next_power_of_two().trailing_zeros() as usize;
        let amount = subtract(&constant(largest), &exponent).0.resize(stages, zero);
        IntegerPart { magnitude: shift::right_by(&builder.bits(register), &amount, zero), beyond }
    }
}
