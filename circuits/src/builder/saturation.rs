//! Sums and differences that stop at the ends of the range, and the flags that tell that they would leave it.

use super::{Bit, Bits, Int, Uint};

impl<'b> Uint<'b> {
    /// The sum, or the largest number where it would be larger: `2n` ANDs.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn saturating_add(&self, other: &Uint<'b>) -> Uint<'b> {
        let (sum, carry) = self.overflowing_add(other);
        sum.bits().map(|bit| bit | carry).into()
    }

    /// The difference, or 0 where it would be negative: `2n` ANDs.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn saturating_sub(&self, other: &Uint<'b>) -> Uint<'b> {
        let (difference, borrow) = self.overflowing_sub(other);
        difference.bits().map(|bit| bit & !borrow).into()
    }
}

impl<'b> Int<'b> {
    /// The sum modulo `2^n` and whether it left the range: `n` ANDs.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn overflowing_add(&self, other: &Int<'b>) -> (Int<'b>, Bit<'b>) {
        with_overflow(&self.resize(self.width() + 1).plus(&other.resize(other.width() + 1)))
    }

    /// The difference modulo `2^n` and whether it left the range: `n` ANDs.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn overflowing_sub(&self, other: &Int<'b>) -> (Int<'b>, Bit<'b>) {
        with_overflow(&self.resize(self.width() + 1).minus(&other.resize(other.width() + 1)))
    }

    /// The sum, or the end of the range that it would go beyond: `2n - 1` ANDs.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn saturating_add(&self, other: &Int<'b>) -> Int<'b> {
        saturated(self.overflowing_add(other))
    }

    /// The difference, or the end of the range that it would go beyond: `2n - 1` ANDs.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn saturating_sub(&self, other: &Int<'b>) -> Int<'b> {
        saturated(self.overflowing_sub(other))
    }
}

/// A number in one bit more than it should have becomes the lower bits and whether the upper two differ.
fn with_overflow<'b>(exact: &Int<'b>) -> (Int<'b>, Bit<'b>) {
    let width = exact.width() - 1;
    let wrapped = exact.resize(width);
    let overflow = wrapped.is_negative() ^ exact.is_negative();
    (wrapped, overflow)
}

/// Beyond the upper end a sum has wrapped around to a negative number and the largest number is all ones but for the
/// sign; beyond the lower end everything is the opposite. So all bits are the wrapped sign, and the sign its inverse.
fn saturated<'b>((wrapped, overflow): (Int<'b>, Bit<'b>)) -> Int<'b> {
    let sign = wrapped.is_negative();
    let lower = wrapped.width().saturating_sub(1);
    let lower: Bits<'b> = wrapped.bits().slice(..lower).map(|bit| overflow.mux(&sign, &bit));
    lower.resize(wrapped.width(), sign ^ overflow).into()
}
