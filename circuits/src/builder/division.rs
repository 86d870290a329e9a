//! Division of unsigned numbers.
//!
//! The quotient is found bit by bit from the top, without restoring: while the partial remainder is negative the
//! divisor is added in the next step instead of subtracted, so that a step is one addition and no choice.
//!
//! After `k` steps only `k` bits of the dividend have been looked at, so no quotient bit can be 1 until then unless
//! the divisor fits in `k` bits. Steps therefore come in blocks: in a block of width `w` the divisor is cut to `w`
//! bits and replaced by 0 if it does not fit, which leaves the partial remainder as it is. Adders are `w` bits wide
//! instead of `n`. With blocks one step longer each time, `n²/2 + O(n^1.5)` ANDs make the quotient; subtracting and
//! choosing in every step needs `n² + O(n)`.

use super::addition::add;
use super::{Bit, Bits};

/// Quotient and remainder. Division by zero gives a quotient of all ones and the dividend as remainder.
#[track_caller]
pub(super) fn divide<'b>(dividend: &Bits<'b>, divisor: &Bits<'b>) -> (Bits<'b>, Bits<'b>) {
    dividend.check_width(divisor);
    if divisor.iter().any(|bit| bit.known() == Some(true)) && divisor.iter().all(|bit| bit.known().is_some())
    {
        return divide_by_constant(dividend, divisor);
    }
    let (builder, width) = (dividend.builder(), dividend.width());
    let zero = builder.constant(false);
    let mut remainder = builder.bits([zero]);
    let mut quotient = Vec::with_capacity(width);
    let mut next_bits = dividend.iter().rev().copied();
    for block in blocks(width, divisor) {
        let negative = sign(&remainder);
        remainder = remainder.resize(block.width + 1, negative);
        let divisor = divisor.slice(..block.width).map(|bit| bit & block.fits).resize(block.width + 1, zero);
        for next in next_bits.by_ref().take(block.steps) {
            remainder = step(&remainder, next, &divisor);
            quotient.push(!sign(&remainder) & block.fits);
        }
    }
    quotient.reverse();
    let negative = sign(&remainder);
    let correction = divisor.map(|bit| bit & negative);
    (builder.bits(quotient), add(&remainder.slice(..width), &correction, zero).0)
}

/// By a divisor of `k` bits without its trailing zeros, which are but a shift: `(n - k + 1)(k - 1)` ANDs make the quotient.
///
/// The partial remainder needs `k + 1` bits throughout. The lowest place of the divisor is 1 and costs nothing.
fn divide_by_constant<'b>(dividend: &Bits<'b>, divisor: &Bits<'b>) -> (Bits<'b>, Bits<'b>) {
    let (builder, width) = (dividend.builder(), dividend.width());
    let zero = builder.constant(false);
    let is_one = |bit: &Bit<'b>| bit.known() == Some(true);
    let shift = divisor.iter().position(is_one).unwrap_or(0);
    let end = divisor.iter().rposition(is_one).unwrap_or(0) + 1;
    let digits = end - shift;
    let divisor = divisor.slice(shift..end).resize(digits + 1, zero);
    // The upper bits alone are less than the divisor.
    let (steps, upper) = dividend[shift..].split_at((width - shift + 1).saturating_sub(digits));
    let mut remainder = builder.bits(upper.iter().copied()).resize(digits + 1, zero);
    let mut quotient = Vec::with_capacity(width);
    for &next in steps.iter().rev() {
        remainder = step(&remainder, next, &divisor);
        quotient.push(!sign(&remainder));
    }
    quotient.reverse();
    let negative = sign(&remainder);
    let correction = divisor.map(|bit| bit & negative);
    let remainder = add(&remainder, &correction, zero).0.slice(..digits);
    let remainder = dividend.slice(..shift).concat(&remainder).resize(width, zero);
    (builder.bits(quotient).resize(width, zero), remainder)
}

/// Appends a bit of the dividend to the partial remainder, then brings it nearer to zero by one divisor.
fn step<'b>(remainder: &Bits<'b>, next: Bit<'b>, divisor: &Bits<'b>) -> Bits<'b> {
    let subtract = !sign(remainder);
    let doubled = remainder.builder().bits([next]).concat(&remainder.slice(..remainder.width() - 1));
    add(&doubled, &divisor.map(|bit| bit ^ subtract), subtract).0
}

struct Block<'b> {
    steps: usize,
    width: usize,
    /// Whether the divisor has no bit beyond the width.
    fits: Bit<'b>,
}

fn blocks<'b>(width: usize, divisor: &Bits<'b>) -> Vec<Block<'b>> {
    let mut ends = Vec::new();
    let mut end = 0;
    while end < width {
        end += ends.len() + 1;
        // A rest of at most half a block joins this one.
        if end + ends.len() / 2 + 1 >= width {
            end = width;
        }
        ends.push(end);
    }
    let mut fits = divisor.builder().constant(true);
    let mut checked = width;
    let mut blocks = Vec::with_capacity(ends.len());
    while let Some(end) = ends.pop() {
        fits = divisor[end..checked].iter().rev().fold(fits, |fits, &bit| fits & !bit);
        checked = end;
        blocks.push(Block { steps: end - ends.last().copied().unwrap_or(0), width: end, fits });
    }
    blocks.reverse();
    blocks
}

fn sign<'b>(number: &Bits<'b>) -> Bit<'b> {
    number.last().copied().unwrap_or(number.builder().constant(false))
}
