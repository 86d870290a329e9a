//! Numbers with the leading one at the top, also those that are stored as subnormal.

use super::super::counting::count_of_thermometer;
use super::super::{Bit, Bits, Int, shift};
use super::Float;

pub(super) struct Normal<'b> {
    /// As stored for a normal number, below 1 for subnormal ones; two's complement.
    pub(super) exponent: Int<'b>,
    /// With the leading one; means nothing for zero, infinities and NaN.
    pub(super) significand: Bits<'b>,
    pub(super) zero: Bit<'b>,
    pub(super) infinite: Bit<'b>,
    pub(super) nan: Bit<'b>,
}

impl<'b> Normal<'b> {
    /// The fraction of a subnormal number moves up by its leading zeros and one more place.
    pub(super) fn new(number: &Float<'b>) -> Normal<'b> {
        let builder = number.bits.builder();
        let one = builder.constant(true);
        let (stored, fraction) = (number.exponent(), number.fraction());
        let (normal, largest) = (stored.any(), stored.all());
        let flags = fraction.leading_zero_flags();
        let empty = flags[flags.width() - 1];
        let count = count_of_thermometer(&builder.bits([one]).concat(&flags.slice(..flags.width() - 1)));
        let amount = count.bits().map(|bit| bit & !normal);
        let moved = shift::left_by(&fraction.resize(fraction.width() + 1, one), &amount);

        let width = stored.width() + 3;
        // A subnormal number counts from 1 although 0 is stored.
        let stored = builder.bits([stored[0] ^ !normal]).concat(&stored.slice(1..));
        let [stored, amount] = [stored, amount].map(|bits| Int::from(bits.resize(width, !one)));
        let exponent = stored - amount;
        Normal {
            exponent,
            significand: moved.slice(..fraction.width()).resize(fraction.width() + 1, one),
            zero: !normal & empty,
            infinite: largest & empty,
            nan: largest & !empty,
        }
    }
}
