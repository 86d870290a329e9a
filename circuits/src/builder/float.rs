//! IEEE 754 floating-point numbers.

mod conversion;
mod format;
mod normal;
mod order;
mod product;
mod quotient;
mod root;
mod rounding;
mod sum;

use super::{Bit, Bits, Mux};

pub use format::FloatFormat;

/// A floating-point number of a [format](FloatFormat) chosen at run time, with the operators `+ - * /` and unary `-`.
///
/// Every operation is correctly rounded, to the nearest number and among two to the even one (IEEE 754-2019, 4.3.1),
/// with subnormal numbers, infinities and signed zeros. A result that is no number is always the same quiet NaN: sign
/// 0, exponent all ones, and a fraction of 1 followed by zeros. No flags are raised.
///
/// | operation | ANDs, binary32 | ANDs, binary64 |
/// | --- | --- | --- |
/// | `+`, `-` | 532 | 1,146 |
/// | `*` | 1,389 | 4,718 |
/// | `/` | 1,331 | 4,506 |
/// | [`sqrt`](Float::sqrt) | 553 | 2,001 |
/// | [`lt`](Float::lt), [`le`](Float::le) | 112, 113 | 214, 215 |
/// | [`eq`](Float::eq) | 71 | 138 |
/// | `-x`, [`abs`](Float::abs) | 0 | 0 |
///
/// ```
/// use halfgate_circuits::{Builder, Float, FloatFormat, Party};
///
/// let builder = Builder::new();
/// let [x, y] = [("x", Party::Garbler), ("y", Party::Evaluator)]
///     .map(|(name, owner)| Float::from_bits(FloatFormat::BINARY32, builder.input_bytes(name, 32, owner)));
/// let length = (&x * &x + &y * &y).sqrt();
/// builder.output_bytes("length", length.bits());
/// assert!(builder.finish().is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct Float<'b> {
    format: FloatFormat,
    bits: Bits<'b>,
}

impl<'b> Float<'b> {
    /// The number whose pattern is `bits`, least significant first: fraction, exponent, sign.
    ///
    /// # Panics
    /// If there are not as many bits as the format has.
    #[track_caller]
    pub fn from_bits(format: FloatFormat, bits: Bits<'b>) -> Float<'b> {
        let (width, given) = (format.width(), bits.width());
        assert!(given == width, "a float of {width} bits is to be made of {given}");
        Float { format, bits }
    }

    /// The format.
    pub fn format(&self) -> FloatFormat {
        self.format
    }

    /// The pattern, least significant first: fraction, exponent, sign.
    pub fn bits(&self) -> &Bits<'b> {
        &self.bits
    }

    /// Whether the sign is set, also that of a zero or of a NaN.
    pub fn is_sign_negative(&self) -> Bit<'b> {
        self.bits[self.format.width() - 1]
    }

    /// The number without its sign; free.
    pub fn abs(&self) -> Float<'b> {
        let zero = self.bits.builder().constant(false);
        self.with_sign(zero)
    }

    /// Whether this is no number: one AND per bit but two.
    pub fn is_nan(&self) -> Bit<'b> {
        self.exponent().all() & self.fraction().any()
    }

    /// Whether this is an infinity: one AND per bit but two.
    pub fn is_infinite(&self) -> Bit<'b> {
        self.exponent().all() & !self.fraction().any()
    }

    fn with_sign(&self, sign: Bit<'b>) -> Float<'b> {
        let magnitude = self.magnitude();
        Float { format: self.format, bits: magnitude.resize(self.format.width(), sign) }
    }

    pub(super) fn negated(&self) -> Float<'b> {
        self.with_sign(!self.is_sign_negative())
    }

    fn fraction(&self) -> Bits<'b> {
        self.bits.slice(..self.format.fraction())
    }

    fn exponent(&self) -> Bits<'b> {
        self.bits.slice(self.format.fraction()..self.format.width() - 1)
    }

    /// Exponent and fraction, whose order as an unsigned number is that of the absolute values.
    fn magnitude(&self) -> Bits<'b> {
        self.bits.slice(..self.format.width() - 1)
    }

    #[track_caller]
    fn check_format(&self, other: &Float<'b>) {
        let (left, right) = (self.format, other.format);
        assert!(left == right, "floats of two formats meet where one is needed, {left:?} and {right:?}");
    }
}

impl<'b> Mux<'b> for Float<'b> {
    #[track_caller]
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
        if_true.check_format(if_false);
        Float { format: if_true.format, bits: condition.mux(&if_true.bits, &if_false.bits) }
    }
}

/// A finite number taken apart: the stored exponent, 1 for subnormal numbers, and the fraction with the leading bit.
struct Parts<'b> {
    exponent: Bits<'b>,
    significand: Bits<'b>,
}

impl<'b> Parts<'b> {
    /// A subnormal number is one whose stored exponent is 0: one AND per bit of the exponent but one.
    fn new(exponent: Bits<'b>, fraction: &Bits<'b>) -> Parts<'b> {
        let normal = exponent.any();
        let lowest = fraction.builder().bits([exponent[0] ^ !normal]);
        Parts {
            exponent: lowest.concat(&exponent.slice(1..)),
            significand: fraction.resize(fraction.width() + 1, normal),
        }
    }
}
