use super::{Bit, Bits, Mux, Uint, addition, division, multiplication, shift};

/// A two's complement integer of a width chosen at run time.
///
/// `+ - * / %`, unary `-`, `& | ^ !`, `<<` and `>>` work on values and references, and with an `i64` on the right as
/// well. All wrap around at the width; `>>` keeps the sign. Costs are those of [`Uint`]; `/` and `%` add `n - 1` ANDs
/// for each value that changes its sign.
///
/// The quotient is truncated toward zero and the remainder has the sign of the dividend. Division by zero gives −1 and
/// the dividend; the smallest number divided by −1 gives itself and 0. All three are what RISC-V's `DIV` and `REM` do.
#[derive(Clone, Debug)]
pub struct Int<'b>(Bits<'b>);

impl<'b> From<Bits<'b>> for Int<'b> {
    fn from(bits: Bits<'b>) -> Self {
        Int(bits)
    }
}

impl<'b> From<Int<'b>> for Bits<'b> {
    fn from(value: Int<'b>) -> Self {
        value.0
    }
}

impl<'b> Int<'b> {
    /// The bits, least significant first; the last is the sign.
    pub fn bits(&self) -> &Bits<'b> {
        &self.0
    }

    /// The number of bits, the sign included.
    pub fn width(&self) -> usize {
        self.0.width()
    }

    /// The same bits read as an unsigned number.
    pub fn to_uint(&self) -> Uint<'b> {
        Uint::from(self.0.clone())
    }

    /// Whether the number is below zero.
    pub fn is_negative(&self) -> Bit<'b> {
        self.0.last().copied().unwrap_or(self.0.builder().constant(false))
    }

    /// The same number in `width` bits: the sign is repeated above, or the upper bits cut off.
    pub fn resize(&self, width: usize) -> Int<'b> {
        Int(self.0.resize(width, self.is_negative()))
    }

    /// The absolute value, which always fits as an unsigned number: `n - 1` ANDs.
    pub fn unsigned_abs(&self) -> Uint<'b> {
        Uint::from(addition::negate_if(self.is_negative(), &self.0))
    }

    /// The whole product, twice as wide: the ANDs of an unsigned one and about `6n` more.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn widening_mul(&self, other: &Int<'b>) -> Int<'b> {
        self.0.check_width(&other.0);
        let width = self.width();
        let product = multiplication::full(&self.0, &other.0);
        // Read as unsigned, a negative factor is larger by 2^n, and the product by 2^n times the other factor.
        let masked = |sign: Bit<'b>, number: &Int<'b>| number.0.map(|bit| bit & sign);
        let upper = addition::subtract(&product.slice(width..), &masked(self.is_negative(), other)).0;
        let upper = addition::subtract(&upper, &masked(other.is_negative(), self)).0;
        Int(product.slice(..width).concat(&upper))
    }

    /// Minus this number where `condition` is 1, otherwise this number: `n - 1` ANDs.
    pub fn negated_if(&self, condition: Bit<'b>) -> Int<'b> {
        Int(addition::negate_if(condition, &self.0))
    }

    /// Quotient and remainder at once.
    #[track_caller]
    pub fn div_rem(&self, divisor: &Int<'b>) -> (Int<'b>, Int<'b>) {
        let (dividend_negative, divisor_negative) = (self.is_negative(), divisor.is_negative());
        let (quotient, remainder) =
            division::divide(self.unsigned_abs().bits(), divisor.unsigned_abs().bits());
        // Without the second condition, division of a negative number by zero would give 1.
        let opposite = (dividend_negative ^ divisor_negative) & divisor.0.any();
        (
            Int(addition::negate_if(opposite, &quotient)),
            Int(addition::negate_if(dividend_negative, &remainder)),
        )
    }

    /// Whether the two are equal.
    #[track_caller]
    pub fn eq(&self, other: &Int<'b>) -> Bit<'b> {
        self.0.eq(&other.0)
    }

    /// Whether the two differ.
    #[track_caller]
    pub fn ne(&self, other: &Int<'b>) -> Bit<'b> {
        self.0.ne(&other.0)
    }

    /// Whether this is less than `other`.
    #[track_caller]
    pub fn lt(&self, other: &Int<'b>) -> Bit<'b> {
        addition::less(&self.biased(), &other.biased())
    }

    /// Whether this is at most `other`.
    #[track_caller]
    pub fn le(&self, other: &Int<'b>) -> Bit<'b> {
        !other.lt(self)
    }

    /// Whether this is greater than `other`.
    #[track_caller]
    pub fn gt(&self, other: &Int<'b>) -> Bit<'b> {
        other.lt(self)
    }

    /// Whether this is at least `other`.
    #[track_caller]
    pub fn ge(&self, other: &Int<'b>) -> Bit<'b> {
        !self.lt(other)
    }

    /// Whether this is 0.
    pub fn is_zero(&self) -> Bit<'b> {
        !self.0.any()
    }

    /// The smaller of the two: `2n` ANDs.
    #[track_caller]
    pub fn min(&self, other: &Int<'b>) -> Int<'b> {
        self.lt(other).mux(self, other)
    }

    /// The larger of the two: `2n` ANDs.
    #[track_caller]
    pub fn max(&self, other: &Int<'b>) -> Int<'b> {
        self.lt(other).mux(other, self)
    }

    /// The number plus `2^(n-1)`, whose unsigned order is that of the numbers.
    fn biased(&self) -> Bits<'b> {
        let top = self.width().saturating_sub(1);
        let mut place = 0..;
        self.0.map(|bit| bit ^ bit.builder().constant(place.next() == Some(top)))
    }

    #[track_caller]
    pub(super) fn constant_like(&self, value: i64) -> Int<'b> {
        self.0.builder().constant_int(self.width(), value.into())
    }

    #[track_caller]
    pub(super) fn plus(&self, other: &Int<'b>) -> Int<'b> {
        self.to_uint().plus(&other.to_uint()).to_int()
    }

    #[track_caller]
    pub(super) fn minus(&self, other: &Int<'b>) -> Int<'b> {
        self.to_uint().minus(&other.to_uint()).to_int()
    }

    #[track_caller]
    pub(super) fn times(&self, other: &Int<'b>) -> Int<'b> {
        Int(multiplication::low(&self.0, &other.0))
    }

    pub(super) fn negated(&self) -> Int<'b> {
        Int(addition::negate_if(self.0.builder().constant(true), &self.0))
    }

    pub(super) fn shifted_left(&self, amount: usize) -> Int<'b> {
        Int(shift::left(&self.0, amount))
    }

    pub(super) fn shifted_right(&self, amount: usize) -> Int<'b> {
        Int(shift::right(&self.0, amount, self.is_negative()))
    }

    #[track_caller]
    pub(super) fn shifted_left_by(&self, amount: &Uint<'b>) -> Int<'b> {
        Int(shift::left_by(&self.0, amount.bits()))
    }

    #[track_caller]
    pub(super) fn shifted_right_by(&self, amount: &Uint<'b>) -> Int<'b> {
        Int(shift::right_by(&self.0, amount.bits(), self.is_negative()))
    }
}

impl<'b> Mux<'b> for Int<'b> {
    #[track_caller]
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
        Int(condition.mux(&if_true.0, &if_false.0))
    }
}
