//! Comparisons, minimum and maximum.

use super::super::addition::less;
use super::super::{Bit, Bits};
use super::Float;

impl<'b> Float<'b> {
    /// Whether this is less than `other`; no number is less than NaN or the other way round, and −0 equals +0.
    ///
    /// # Panics
    /// If the formats differ; so do all comparisons.
    #[track_caller]
    pub fn lt(&self, other: &Float<'b>) -> Bit<'b> {
        self.comparison(other).less()
    }

    /// Whether this is less than `other` or equal to it.
    #[track_caller]
    pub fn le(&self, other: &Float<'b>) -> Bit<'b> {
        let reverse = other.comparison(self);
        !reverse.before & !reverse.unordered | (reverse.zeros & !reverse.unordered)
    }

    /// Whether this is greater than `other`.
    #[track_caller]
    pub fn gt(&self, other: &Float<'b>) -> Bit<'b> {
        other.lt(self)
    }

    /// Whether this is greater than `other` or equal to it.
    #[track_caller]
    pub fn ge(&self, other: &Float<'b>) -> Bit<'b> {
        other.le(self)
    }

    /// Whether the two are equal numbers; −0 equals +0, and NaN nothing.
    #[track_caller]
    pub fn eq(&self, other: &Float<'b>) -> Bit<'b> {
        self.check_format(other);
        let differs = self.is_sign_negative() ^ other.is_sign_negative();
        let fraction = self.fraction().any();
        let zero = !fraction & !self.exponent().any();
        let nan = fraction & self.exponent().all();
        // Where the rest is the same, one of the two tells about both.
        self.magnitude().eq(&other.magnitude()) & !nan & (zero | !differs)
    }

    /// Whether the two are not equal numbers, which NaN never is.
    #[track_caller]
    pub fn ne(&self, other: &Float<'b>) -> Bit<'b> {
        !self.eq(other)
    }

    /// The smaller of the two, −0 being less than +0; the other one where one is NaN (`minimumNumber` of IEEE 754-2019).
    #[track_caller]
    pub fn min(&self, other: &Float<'b>) -> Float<'b> {
        self.extreme(other, self.before(other))
    }

    /// The larger of the two, −0 being less than +0; the other one where one is NaN (`maximumNumber` of IEEE 754-2019).
    #[track_caller]
    pub fn max(&self, other: &Float<'b>) -> Float<'b> {
        self.extreme(other, other.before(self))
    }

    #[track_caller]
    fn extreme(&self, other: &Float<'b>, first: Bit<'b>) -> Float<'b> {
        let (nan, other_nan) = (self.is_nan(), other.is_nan());
        let chosen = (other_nan | (first & !nan)).mux(self, other);
        let none = nan & other_nan;
        let top = self.format.fraction() - 1;
        let zero = none.builder().constant(false);
        // Two NaN become the one that all operations give.
        let mut place = 0..;
        let fraction = chosen.fraction().map(|bit| {
            let quiet = if place.next() == Some(top) { none } else { zero };
            (bit & !none) ^ quiet
        });
        let sign = chosen.is_sign_negative() & !none;
        let bits = fraction.concat(&chosen.exponent());
        Float { format: self.format, bits: bits.resize(self.format.width(), sign) }
    }

    /// Whether the pattern of this comes before that of `other` in the order of all patterns, with −0 before +0.
    #[track_caller]
    fn before(&self, other: &Float<'b>) -> Bit<'b> {
        self.check_format(other);
        less(&self.key(), &other.key())
    }

    /// As an unsigned number in the order of the patterns: negative ones are turned around and come first.
    fn key(&self) -> Bits<'b> {
        let sign = self.is_sign_negative();
        self.bits.map(|bit| bit ^ sign).slice(..self.format.width() - 1).resize(self.format.width(), !sign)
    }

    #[track_caller]
    fn comparison(&self, other: &Float<'b>) -> Comparison<'b> {
        let before = self.before(other);
        let [(zero, nan), (other_zero, other_nan)] = [self, other].map(|number| {
            let fraction = number.fraction().any();
            (!fraction & !number.exponent().any(), fraction & number.exponent().all())
        });
        Comparison { before, zeros: zero & other_zero, unordered: nan | other_nan }
    }
}

struct Comparison<'b> {
    before: Bit<'b>,
    zeros: Bit<'b>,
    unordered: Bit<'b>,
}

impl<'b> Comparison<'b> {
    fn less(&self) -> Bit<'b> {
        self.before & !self.zeros & !self.unordered
    }
}
