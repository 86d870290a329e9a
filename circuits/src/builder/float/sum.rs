//! Sums.
//!
//! Only the exponents are compared and the significands exchanged by that. With equal exponents the difference may be
//! negative; it is exact then, and its absolute value is left to the rounding, which adds the 1 for two's complement.

use super::super::addition::{add, less, subtract};
use super::super::counting::count_of_thermometer;
use super::super::{Bit, Bits};
use super::rounding::{Exact, Special};
use super::{Float, Parts};

impl<'b> Float<'b> {
    #[track_caller]
    pub(in super::super) fn plus(&self, other: &Float<'b>) -> Float<'b> {
        self.check_format(other);
        let format = self.format;
        let swap = less(&self.exponent(), &other.exponent());
        let large = swap.mux(other, self);
        let sum = &(&self.bits ^ &other.bits) ^ &large.bits;
        let small = Float { format, bits: sum };
        let opposite = large.is_sign_negative() ^ small.is_sign_negative();
        let (large_parts, small_parts) = (
            Parts::new(large.exponent(), &large.fraction()),
            Parts::new(small.exponent(), &small.fraction()),
        );

        let stored = large.exponent();
        let upper = stored.slice(1..).all();
        let special = upper & stored[0];
        let (distance, _) = subtract(&large_parts.exponent, &small_parts.exponent);
        let (aligned, apart) = align(&small_parts.significand, &distance, special);
        let sum = add_aligned(&large_parts.significand, &aligned, opposite);

        let nan = special & (sum.is_not_one | (opposite & !apart));
        let zero = sum.leading_zeros[sum.leading_zeros.width() - 1];
        let sign = (large.is_sign_negative() ^ sum.negative) & !(opposite & zero);
        let never = sign.builder().constant(false);
        let exact = Exact {
            sign,
            exponent: large_parts.exponent.resize(format.exponent() + 1, never),
            significand: sum.significand,
            leading_zeros: sum.leading_zeros,
            zero,
            inexact: sum.inexact,
            // The exponent grows by 1 at most, where there is a carry.
            may_overflow: false,
            negated: sum.negative,
        };
        let infinite = upper & (stored[0] | sum.above);
        exact.round(format, &Special { nan, infinite, zero: never })
    }

    #[track_caller]
    pub(in super::super) fn minus(&self, other: &Float<'b>) -> Float<'b> {
        self.plus(&other.negated())
    }
}

/// A significand moved down by the distance of the exponents, with two more places and whether anything fell below.
struct Aligned<'b> {
    significand: Bits<'b>,
    inexact: Bit<'b>,
}

/// Something falls below if there are fewer zeros at the lower end than places to move. Also tells whether the distance
/// is not 0; if then the larger operand is `special`, everything is moved below.
fn align<'b>(significand: &Bits<'b>, distance: &Bits<'b>, special: Bit<'b>) -> (Aligned<'b>, Bit<'b>) {
    let builder = significand.builder();
    let (zero, one) = (builder.constant(false), builder.constant(true));
    let extended = builder.bits([zero, zero]).concat(significand);
    let stages = (usize::BITS - extended.width().leading_zeros()) as usize;
    let (lower, beyond) = distance.split_at(stages.min(distance.width()));
    let [near, far] = [lower, beyond].map(|part| builder.bits(part.iter().copied()).any());
    let gone = far | (special & near);
    let amount = builder.bits(lower.iter().map(|&bit| bit | gone)).resize(stages, gone);

    let flags = builder.bits([one, one]).concat(&significand.reversed().leading_zero_flags());
    let all_zero = flags[flags.width() - 1];
    let zeros = count_of_thermometer(&flags.resize((1 << stages) - 1, all_zero));
    let inexact = less(zeros.bits(), &amount);

    let moved = amount.iter().enumerate().fold(extended, |bits, (k, stage)| {
        stage.mux(&bits.slice((1 << k).min(bits.width())..).resize(bits.width(), zero), &bits)
    });
    (Aligned { significand: moved, inexact: inexact & !special }, near | far)
}

struct Sum<'b> {
    /// With a place above and two below those of the operands, in two's complement where it is negative.
    significand: Bits<'b>,
    /// Whether anything is further below.
    inexact: Bit<'b>,
    leading_zeros: Bits<'b>,
    negative: Bit<'b>,
    /// Whether there is a carry into the place above those of the operands.
    above: Bit<'b>,
    /// Whether any bit is set but the leading one, which is the upper one of the first two.
    is_not_one: Bit<'b>,
}

fn add_aligned<'b>(large: &Bits<'b>, small: &Aligned<'b>, opposite: Bit<'b>) -> Sum<'b> {
    let builder = large.builder();
    let zero = builder.constant(false);
    let large = builder.bits([zero; 3]).concat(large);
    let small = builder.bits([small.inexact]).concat(&small.significand);
    let (sum, carry) = add(&large, &small.map(|bit| bit ^ opposite), opposite);
    let wrapped = carry & opposite;
    let (negative, above) = (opposite ^ wrapped, carry ^ wrapped);

    let magnitude = sum.map(|bit| bit ^ negative).resize(sum.width() + 1, above);
    // Further down there is nothing if there is nothing above: what was moved that far is smaller than the difference.
    let leading_zeros = magnitude.slice(2..).leading_zero_flags();
    let top = sum.width() - 1;
    let is_not_one = sum.slice(3..top).any() | (above & sum[top]);
    // The lowest place is but a mark; it moves nowhere, since something is moved up by one place at most where it is set.
    let significand = sum.slice(1..).resize(sum.width(), above ^ negative);
    Sum { significand, leading_zeros, negative, above, is_not_one, inexact: sum[0] }
}
