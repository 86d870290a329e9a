use super::{Bit, Float, FloatFormat, Int, Mux, Uint, division};

/// A signed fixed-point number: an [`Int`] that counts steps of `2^-fraction`, with the operators `+ - * /` and unary `-`.
///
/// Both operands must have one width and one number of fraction bits. All operations wrap around at the width.
///
/// | operation, `n` bits | rounds | ANDs |
/// | --- | --- | --- |
/// | `+`, `-`, comparison | never | those of [`Int`] |
/// | `*` | to the nearest step, halves up | those of the whole product, and `n - 1` for rounding |
/// | [`mul_floor`](Fixed::mul_floor) | down | those of the whole product, at most |
/// | `/` | toward zero | those of a division of `n + fraction` bits by `n` bits |
///
/// A quotient by zero means nothing.
///
/// ```
/// use halfgate_circuits::{Builder, Fixed, Party};
///
/// // Sixteenths: 2.5 · 1.0625 = 2.65625, which is 42.5 sixteenths.
/// let builder = Builder::new();
/// let price = Fixed::new(builder.constant_int(12, 40), 4);
/// let rate = Fixed::new(builder.constant_int(12, 17), 4);
/// let product = (&price * &rate).steps().bits().iter().rev().fold(0, |n, bit| n << 1 | u32::from(bit.known().unwrap()));
/// assert_eq!(product, 43);
/// ```
#[derive(Clone, Debug)]
pub struct Fixed<'b> {
    steps: Int<'b>,
    fraction: usize,
}

impl<'b> Fixed<'b> {
    /// `steps · 2^-fraction`.
    pub fn new(steps: Int<'b>, fraction: usize) -> Fixed<'b> {
        Fixed { steps, fraction }
    }

    /// An integer in `width` bits, `fraction` of them below the point; bits beyond the width are cut off.
    pub fn from_int(number: &Int<'b>, width: usize, fraction: usize) -> Fixed<'b> {
        Fixed {
            steps: number.resize(width.max(number.width() + fraction)).shifted_left(fraction).resize(width),
            fraction,
        }
    }

    /// A float, cut off toward zero; 0 for NaN, the smallest or largest number where the float is beyond it.
    ///
    /// # Panics
    /// If `fraction` is not less than the bias of the float's exponent.
    #[track_caller]
    pub fn from_float(number: &Float<'b>, width: usize, fraction: usize) -> Fixed<'b> {
        Fixed { steps: number.to_scaled_int(width, fraction), fraction }
    }

    /// The float nearest to this number.
    ///
    /// # Panics
    /// If `fraction` is not less than the bias of the format.
    #[track_caller]
    pub fn to_float(&self, format: FloatFormat) -> Float<'b> {
        Float::from_scaled_int(format, &self.steps, self.fraction)
    }

    /// The number of steps of `2^-fraction`.
    pub fn steps(&self) -> &Int<'b> {
        &self.steps
    }

    /// The bits below the point.
    pub fn fraction(&self) -> usize {
        self.fraction
    }

    /// The largest integer that is not larger; free.
    pub fn floor(&self) -> Int<'b> {
        self.steps.shifted_right(self.fraction)
    }

    /// The nearest integer, of two the larger one; `n - 1` ANDs at most.
    pub fn round(&self) -> Int<'b> {
        rounded(&self.steps, self.fraction, self.steps.width())
    }

    /// The same number with another number of fraction bits: the nearest one, of two the larger, if there are fewer.
    pub fn with_fraction(&self, width: usize, fraction: usize) -> Fixed<'b> {
        match self.fraction.checked_sub(fraction) {
            Some(fewer) => Fixed { steps: rounded(&self.steps, fewer, width), fraction },
            None => Fixed { fraction, ..Fixed::from_int(&self.steps, width, fraction - self.fraction) },
        }
    }

    /// The product, rounded down.
    ///
    /// # Panics
    /// If widths or fractions differ; so do all operations of two numbers.
    #[track_caller]
    pub fn mul_floor(&self, other: &Fixed<'b>) -> Fixed<'b> {
        self.check_fraction(other);
        let product = self.steps.widening_mul(&other.steps);
        self.with_steps(product.shifted_right(self.fraction).resize(self.steps.width()))
    }

    /// Whether the two are equal.
    #[track_caller]
    pub fn eq(&self, other: &Fixed<'b>) -> Bit<'b> {
        self.check_fraction(other);
        self.steps.eq(&other.steps)
    }

    /// Whether this is less than `other`.
    #[track_caller]
    pub fn lt(&self, other: &Fixed<'b>) -> Bit<'b> {
        self.check_fraction(other);
        self.steps.lt(&other.steps)
    }

    /// Whether this is at most `other`.
    #[track_caller]
    pub fn le(&self, other: &Fixed<'b>) -> Bit<'b> {
        !other.lt(self)
    }

    #[track_caller]
    pub(super) fn plus(&self, other: &Fixed<'b>) -> Fixed<'b> {
        self.check_fraction(other);
        self.with_steps(self.steps.plus(&other.steps))
    }

    #[track_caller]
    pub(super) fn minus(&self, other: &Fixed<'b>) -> Fixed<'b> {
        self.check_fraction(other);
        self.with_steps(self.steps.minus(&other.steps))
    }

    pub(super) fn negated(&self) -> Fixed<'b> {
        self.with_steps(self.steps.negated())
    }

    #[track_caller]
    pub(super) fn times(&self, other: &Fixed<'b>) -> Fixed<'b> {
        self.check_fraction(other);
        let product = self.steps.widening_mul(&other.steps);
        self.with_steps(rounded(&product, self.fraction, self.steps.width()))
    }

    #[track_caller]
    pub(super) fn divided_by(&self, other: &Fixed<'b>) -> Fixed<'b> {
        self.check_fraction(other);
        let width = self.steps.width() + self.fraction;
        let dividend = self.steps.unsigned_abs().resize(width).shifted_left(self.fraction);
        let divisor = other.steps.unsigned_abs().resize(width);
        let quotient: Uint<'b> = division::divide(dividend.bits(), divisor.bits()).0.into();
        let quotient = quotient.resize(self.steps.width()).to_int();
        let opposite = self.steps.is_negative() ^ other.steps.is_negative();
        self.with_steps(quotient.negated_if(opposite))
    }

    fn with_steps(&self, steps: Int<'b>) -> Fixed<'b> {
        Fixed { steps, fraction: self.fraction }
    }

    #[track_caller]
    fn check_fraction(&self, other: &Fixed<'b>) {
        let (left, right) = (self.fraction, other.fraction);
        assert!(
            left == right,
            "operands with {left} and {right} fraction bits meet where one number is needed"
        );
    }
}

impl<'b> Mux<'b> for Fixed<'b> {
    #[track_caller]
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
        if_true.check_fraction(if_false);
        if_true.with_steps(condition.mux(&if_true.steps, &if_false.steps))
    }
}

/// `number / 2^places` in `width` bits: the nearest integer, of two the larger one.
fn rounded<'b>(number: &Int<'b>, places: usize, width: usize) -> Int<'b> {
    let Some(last) = places.checked_sub(1) else { return number.resize(width) };
    let half = number.bits().get(last).copied().unwrap_or(number.is_negative());
    let floor = number.shifted_right(places).resize(width);
    floor.plus(&Uint::from(half.builder().bits([half])).resize(width).to_int())
}
