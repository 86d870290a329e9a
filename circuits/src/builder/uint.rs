use std::slice::SliceIndex;

use super::{Bit, Bits, Int, Mux, addition, division, multiplication, shift};

/// An unsigned integer of a width chosen at run time.
///
/// `+ - * / %`, `& | ^ !`, `<<` and `>>` work on values and references, and with a `u64` on the right as well. All
/// wrap around at the width. Division by zero gives a quotient of all ones and the dividend as remainder.
///
/// | operation, `n` bits | ANDs |
/// | --- | --- |
/// | `+`, `-` | n − 1 |
/// | comparison | n |
/// | `eq`, `ne`, `is_zero` | n − 1 |
/// | `*` | n² at most; Karatsuba's products from 12 bits on |
/// | [`square`](Uint::square) | about half of `*` |
/// | `/` | n²/2 + O(n^1.5) |
/// | `/` by a constant of k bits | (n − k + 1)(k − 1) |
/// | [`sqrt`](Uint::sqrt) | (n/2)(n/2 + 1)/2 |
/// | `%` | at most 2n − 1 more |
/// | `<<`, `>>` by a constant | 0 |
/// | `<<`, `>>` by a value | n·⌈log₂ n⌉, and some n more if the amount may be larger than that |
#[derive(Clone, Debug)]
pub struct Uint<'b>(Bits<'b>);

impl<'b> From<Bits<'b>> for Uint<'b> {
    fn from(bits: Bits<'b>) -> Self {
        Uint(bits)
    }
}

impl<'b> From<Uint<'b>> for Bits<'b> {
    fn from(value: Uint<'b>) -> Self {
        value.0
    }
}

impl<'b> Uint<'b> {
    /// The bits, least significant first.
    pub fn bits(&self) -> &Bits<'b> {
        &self.0
    }

    /// The number of bits.
    pub fn width(&self) -> usize {
        self.0.width()
    }

    /// The same bits read as two's complement.
    pub fn to_int(&self) -> Int<'b> {
        Int::from(self.0.clone())
    }

    /// The same number in `width` bits: zeros are added above, or the upper bits cut off.
    pub fn resize(&self, width: usize) -> Uint<'b> {
        Uint(self.0.resize(width, self.0.builder().constant(false)))
    }

    /// The number in a range of the bits.
    ///
    /// # Panics
    /// If the range reaches beyond the width.
    #[track_caller]
    pub fn slice(&self, range: impl SliceIndex<[Bit<'b>], Output = [Bit<'b>]>) -> Uint<'b> {
        Uint(self.0.slice(range))
    }

    /// The sum and whether it wrapped around: `n` ANDs.
    #[track_caller]
    pub fn overflowing_add(&self, other: &Uint<'b>) -> (Uint<'b>, Bit<'b>) {
        let (sum, carry) = addition::add(&self.0, &other.0, self.0.builder().constant(false));
        (Uint(sum), carry)
    }

    /// The difference and whether it wrapped around, which is `self < other`: `n` ANDs.
    #[track_caller]
    pub fn overflowing_sub(&self, other: &Uint<'b>) -> (Uint<'b>, Bit<'b>) {
        let (difference, borrow) = addition::subtract(&self.0, &other.0);
        (Uint(difference), borrow)
    }

    /// The sum of many numbers, for fewer ANDs than adding them one after the other.
    ///
    /// # Panics
    /// If there is no number, or if the widths differ.
    #[track_caller]
    pub fn sum(numbers: &[&Uint<'b>]) -> Uint<'b> {
        let numbers: Vec<&Bits<'b>> = numbers.iter().map(|number| &number.0).collect();
        Uint(addition::sum(&numbers))
    }

    /// The whole product, as wide as both factors together; their widths may differ.
    #[track_caller]
    pub fn widening_mul(&self, other: &Uint<'b>) -> Uint<'b> {
        Uint(multiplication::full(&self.0, &other.0))
    }

    /// The square modulo `2^n`: about half the ANDs of a product.
    pub fn square(&self) -> Uint<'b> {
        Uint(multiplication::low_square(&self.0))
    }

    /// The whole square, twice as wide: about half the ANDs of a product.
    pub fn widening_square(&self) -> Uint<'b> {
        Uint(multiplication::square(&self.0))
    }

    /// Quotient and remainder at once, for the ANDs of the remainder alone.
    #[track_caller]
    pub fn div_rem(&self, divisor: &Uint<'b>) -> (Uint<'b>, Uint<'b>) {
        let (quotient, remainder) = division::divide(&self.0, &divisor.0);
        (Uint(quotient), Uint(remainder))
    }

    /// Whether the two are equal.
    #[track_caller]
    pub fn eq(&self, other: &Uint<'b>) -> Bit<'b> {
        self.0.eq(&other.0)
    }

    /// Whether the two differ.
    #[track_caller]
    pub fn ne(&self, other: &Uint<'b>) -> Bit<'b> {
        self.0.ne(&other.0)
    }

    /// Whether this is less than `other`.
    #[track_caller]
    pub fn lt(&self, other: &Uint<'b>) -> Bit<'b> {
        addition::less(&self.0, &other.0)
    }

    /// Whether this is at most `other`.
    #[track_caller]
    pub fn le(&self, other: &Uint<'b>) -> Bit<'b> {
        !other.lt(self)
    }

    /// Whether this is greater than `other`.
    #[track_caller]
    pub fn gt(&self, other: &Uint<'b>) -> Bit<'b> {
        other.lt(self)
    }

    /// Whether this is at least `other`.
    #[track_caller]
    pub fn ge(&self, other: &Uint<'b>) -> Bit<'b> {
        !self.lt(other)
    }

    /// Whether this is 0.
    pub fn is_zero(&self) -> Bit<'b> {
        !self.0.any()
    }

    /// The smaller of the two: `2n` ANDs.
    #[track_caller]
    pub fn min(&self, other: &Uint<'b>) -> Uint<'b> {
        self.lt(other).mux(self, other)
    }

    /// The larger of the two: `2n` ANDs.
    #[track_caller]
    pub fn max(&self, other: &Uint<'b>) -> Uint<'b> {
        self.lt(other).mux(other, self)
    }

    /// Rotates towards the upper end; free.
    pub fn rotate_left(&self, amount: usize) -> Uint<'b> {
        Uint(self.0.rotate_left(amount))
    }

    /// Rotates towards the lower end; free.
    pub fn rotate_right(&self, amount: usize) -> Uint<'b> {
        Uint(self.0.rotate_right(amount))
    }

    /// Rotates towards the upper end by an amount that is a value of the circuit, taken modulo the width: `n - 1` ANDs
    /// at most for each bit of the amount, and for `n = 2^k` no more than `kn - n + 1` in all.
    pub fn rotate_left_by(&self, amount: &Uint<'b>) -> Uint<'b> {
        Uint(shift::rotate_left_by(&self.0, &amount.0))
    }

    /// Rotates towards the lower end by an amount that is a value of the circuit, for the same ANDs.
    pub fn rotate_right_by(&self, amount: &Uint<'b>) -> Uint<'b> {
        Uint(shift::rotate_left_by(&self.0.reversed(), &amount.0).reversed())
    }

    #[track_caller]
    pub(super) fn constant_like(&self, value: u64) -> Uint<'b> {
        self.0.builder().constant_uint(self.width(), value.into())
    }

    #[track_caller]
    pub(super) fn plus(&self, other: &Uint<'b>) -> Uint<'b> {
        self.overflowing_add(other).0
    }

    #[track_caller]
    pub(super) fn minus(&self, other: &Uint<'b>) -> Uint<'b> {
        self.overflowing_sub(other).0
    }

    #[track_caller]
    pub(super) fn times(&self, other: &Uint<'b>) -> Uint<'b> {
        Uint(multiplication::low(&self.0, &other.0))
    }

    pub(super) fn shifted_left(&self, amount: usize) -> Uint<'b> {
        Uint(shift::left(&self.0, amount))
    }

    pub(super) fn shifted_right(&self, amount: usize) -> Uint<'b> {
        Uint(shift::right(&self.0, amount, self.0.builder().constant(false)))
    }

    #[track_caller]
    pub(super) fn shifted_left_by(&self, amount: &Uint<'b>) -> Uint<'b> {
        Uint(shift::left_by(&self.0, &amount.0))
    }

    #[track_caller]
    pub(super) fn shifted_right_by(&self, amount: &Uint<'b>) -> Uint<'b> {
        Uint(shift::right_by(&self.0, &amount.0, self.0.builder().constant(false)))
    }
}

impl<'b> Mux<'b> for Uint<'b> {
    #[track_caller]
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
        Uint(condition.mux(&if_true.0, &if_false.0))
    }
}
