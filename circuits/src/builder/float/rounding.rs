//! From an exact result to a float: normalised, rounded to nearest even, packed.

use super::super::addition::{add, less};
use super::super::counting::count_of_thermometer;
use super::super::{Bit, Bits};
use super::{Float, FloatFormat};

/// A result before it is rounded.
pub(super) struct Exact<'b> {
    pub(super) sign: Bit<'b>,
    /// Two's complement. With the leading one of the significand at the top, one less than the exponent to store.
    pub(super) exponent: Bits<'b>,
    /// As many bits as there are; the leading one may be anywhere.
    pub(super) significand: Bits<'b>,
    /// Bit `k` tells whether more than the upper `k` bits of the significand are zeros. Where the leading one lies
    /// below all flags, the exponent must be so low that the result is subnormal, or `zero` must be set.
    pub(super) leading_zeros: Bits<'b>,
    /// Whether the significand is zero or the result subnormal although the exponent does not tell.
    pub(super) zero: Bit<'b>,
    /// Whether the exponent may turn out too large for the format.
    pub(super) may_overflow: bool,
    /// Whether something below the significand is not zero.
    pub(super) inexact: Bit<'b>,
    /// Whether the significand is to be inverted and 1 added at its lowest place; its lower bits are zeros then.
    pub(super) negated: Bit<'b>,
}

/// Results that do not depend on the significand.
pub(super) struct Special<'b> {
    pub(super) nan: Bit<'b>,
    pub(super) infinite: Bit<'b>,
    pub(super) zero: Bit<'b>,
}

impl<'b> Exact<'b> {
    /// The float nearest to this.
    ///
    /// The significand moves up by its leading zeros, or by as much as the exponent allows if that is less and the
    /// result subnormal. Inverting it afterwards leaves ones below, so that rounding adds the 1 that is missing.
    pub(super) fn round(self, format: FloatFormat, special: &Special<'b>) -> Float<'b> {
        let builder = self.significand.builder();
        let zero = builder.constant(false);
        let count = count_of_thermometer(&self.leading_zeros);
        let width = self.exponent.width().max(count.width() + 1).max(format.exponent() + 1);
        let exponent = self.exponent.resize(width, self.exponent[self.exponent.width() - 1]);
        let subnormal = signed_less(&exponent, &count.resize(width).into());
        let normal = !subnormal & !self.zero & !special.zero;
        let stored = stored_exponent(&exponent, &self.leading_zeros);
        let (stored, above) = (stored.slice(..format.exponent()), stored.slice(format.exponent()..));
        let overflow = if self.may_overflow { normal & (stored.all() | above.any()) } else { zero };
        let beyond = special.infinite | special.nan | overflow;

        let mut amount = self.amount(&exponent, subnormal);
        let mut cleared = special.zero;
        // A move that leaves nothing costs less than clearing every bit.
        if self.significand.width() < 1 << amount.width() {
            amount = amount.map(|bit| bit | beyond);
        } else {
            cleared = cleared | beyond;
        }
        let (fraction, carry) = self.rounded(format, &amount, special.zero);
        let stored = stored.map(|bit| bit & normal);
        let (stored, _) = add(&stored, &stored.map(|_| zero), carry);
        let fraction = fraction.map(|bit| bit & !cleared);
        let exponent = stored.map(|bit| bit | beyond);
        packed(format, self.sign & !special.nan, &exponent, &fraction, special.nan)
    }

    /// By how much the significand moves up. Where all flags are set there is nothing to move, or the exponent is less
    /// than their number; so a bit that only their number needs is left out.
    fn amount(&self, exponent: &Bits<'b>, subnormal: Bit<'b>) -> Bits<'b> {
        let stages = (usize::BITS - (self.leading_zeros.width() - 1).leading_zeros()) as usize;
        let count = count_of_thermometer(&self.leading_zeros);
        let negative = exponent[exponent.width() - 1];
        let lowest = exponent.slice(..stages).map(|bit| bit & !negative);
        subnormal.mux(&lowest, &count.bits().slice(..stages))
    }

    /// The fraction after rounding, and the carry into the exponent.
    fn rounded(&self, format: FloatFormat, amount: &Bits<'b>, zero: Bit<'b>) -> (Bits<'b>, Bit<'b>) {
        let (window, sticky) = shifted(&self.significand, amount, format.precision() + 1, self.inexact);
        let window = window.map(|bit| bit ^ self.negated);
        let up = window[0] & (window[1] | sticky | self.negated) & !zero;
        let fraction = window.slice(1..format.precision());
        let none = fraction.builder().constant(false);
        add(&fraction, &fraction.map(|_| none), up)
    }
}

/// The float of these fields, or the quiet NaN if the exponent is all ones, the fraction zero and `nan` set.
pub(super) fn packed<'b>(
    format: FloatFormat,
    sign: Bit<'b>,
    exponent: &Bits<'b>,
    fraction: &Bits<'b>,
    nan: Bit<'b>,
) -> Float<'b> {
    let top = format.fraction() - 1;
    let quiet = fraction.builder().bits([fraction[top] ^ nan]);
    let bits = fraction.slice(..top).concat(&quiet).concat(exponent);
    Float { format, bits: bits.resize(format.width(), sign) }
}

/// Whether `a < b` for two's complement numbers of one width.
fn signed_less<'b>(a: &Bits<'b>, b: &Bits<'b>) -> Bit<'b> {
    let biased = |number: &Bits<'b>| {
        let top = number.width() - 1;
        number.slice(..top).resize(top + 1, !number[top])
    };
    less(&biased(a), &biased(b))
}

/// The exponent plus 1 less the leading zeros, for one carry chain.
///
/// The first flag is left out of the count, which takes 1 less off. Where it is 0 the count is 0 and 1 must be added:
/// then minus the count is written as zeros instead of as ones, and either way the carry into the sum is 1.
fn stored_exponent<'b>(exponent: &Bits<'b>, leading_zeros: &Bits<'b>) -> Bits<'b> {
    let builder = exponent.builder();
    let one = builder.constant(true);
    let first = leading_zeros.first().copied().unwrap_or(!one);
    let others = count_of_thermometer(&leading_zeros.slice(leading_zeros.width().min(1)..));
    let minus = others.bits().map(|bit| bit ^ first).resize(exponent.width(), first);
    add(exponent, &minus, one).0
}

/// The upper `keep` bits of a number moved up by `amount`, and whether a bit below them is set or `sticky`.
///
/// From the longest stage to the shortest; what no later stage can bring up to the kept bits is left behind.
fn shifted<'b>(number: &Bits<'b>, amount: &Bits<'b>, keep: usize, sticky: Bit<'b>) -> (Bits<'b>, Bit<'b>) {
    let builder = number.builder();
    let zero = builder.constant(false);
    // Highest bit first.
    let mut bits = number.reversed();
    let mut sticky = sticky;
    for (k, &taken) in amount.iter().enumerate().rev() {
        let step = 1 << k;
        let needed = keep + step - 1;
        let (kept, moved) = (needed.min(bits.width()), (needed + step).min(bits.width()));
        let left_behind = bits.slice(moved..).any() | (!taken & bits.slice(kept..moved).any());
        sticky = sticky | left_behind;
        let at = |place: usize| bits.get(place).copied().unwrap_or(zero);
        let next = (0..needed).map(|place| taken.mux(&at(place + step), &at(place)));
        bits = builder.bits(next);
    }
    let left_behind = bits.slice(keep.min(bits.width())..).any();
    (bits.resize(keep, zero).reversed(), sticky | left_behind)
}
