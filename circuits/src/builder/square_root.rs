//! Square roots of unsigned numbers, bit by bit from the top and without restoring.
//!
//! With the root `Q` of the bits seen so far and the remainder `R`, the next two bits are appended to `R` and
//! `4Q + 1` is subtracted from it; a negative remainder stays, and the next step adds `4Q + 3` instead. Either
//! operand is `Q` or its inverse above two ones, so the two lowest places cost one AND. After `k` bits the remainder
//! needs `k + 2` bits, and step `k` costs `k` ANDs.

use super::addition::add;
use super::{Bits, Uint};

impl<'b> Uint<'b> {
    /// The square root, rounded down: `h·(h + 1)/2` ANDs for a root of `h = ⌈n/2⌉` bits.
    pub fn sqrt(&self) -> Uint<'b> {
        root(self).0
    }

    /// The square root rounded down, and what the number is above the root's square: `2h - 1` ANDs more than the root.
    ///
    /// The remainder is at most twice the root, so it has one bit more.
    pub fn sqrt_rem(&self) -> (Uint<'b>, Uint<'b>) {
        let (root, remainder) = root(self);
        let (builder, width) = (self.bits().builder(), root.width() + 1);
        let negative = remainder[width];
        // What the last step subtracted, 2Q + 1 where the last bit of Q has since been found to be 0.
        let doubled = builder.bits([negative]).concat(&root.bits().map(|bit| bit & negative));
        let zero = builder.constant(false);
        (root, add(&remainder.slice(..width), &doubled.resize(width, zero), zero).0.into())
    }
}

/// The root, and the remainder with two bits more and a sign, too small by `2Q + 1` where it is negative.
fn root<'b>(number: &Uint<'b>) -> (Uint<'b>, Bits<'b>) {
    let builder = number.bits().builder();
    let [zero, one] = [false, true].map(|value| builder.constant(value));
    let digits = number.width().div_ceil(2);
    let number = number.resize(2 * digits);
    // Highest digit first.
    let mut root = Vec::with_capacity(digits);
    let mut remainder = builder.bits([zero, zero]);
    for pair in number.bits().chunks(2).rev() {
        let subtract = root.last().copied().unwrap_or(one);
        let width = root.len() + 3;
        let operand = root.iter().rev().map(|&digit| digit ^ subtract);
        let operand = builder.bits([one, one].into_iter().chain(operand)).resize(width, subtract);
        let appended = builder.bits(pair.iter().copied()).concat(&remainder).resize(width, zero);
        remainder = add(&appended, &operand, zero).0;
        root.push(!remainder[width - 1]);
    }
    root.reverse();
    (builder.bits(root).into(), remainder)
}
