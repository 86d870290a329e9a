//! Shifts by amounts known now or only when the circuit runs.

use super::{Bit, Bits};

/// Bit `k` becomes bit `k + amount`; zeros follow from below.
pub(super) fn left<'b>(bits: &Bits<'b>, amount: usize) -> Bits<'b> {
    let zero = bits.builder().constant(false);
    let width = bits.width();
    bits.builder().bits((0..width).map(|k| k.checked_sub(amount).map_or(zero, |from| bits[from])))
}

/// Bit `k` becomes bit `k - amount`; `fill` follows from above.
pub(super) fn right<'b>(bits: &Bits<'b>, amount: usize, fill: Bit<'b>) -> Bits<'b> {
    let from = amount.min(bits.width());
    bits.slice(from..).resize(bits.width(), fill)
}

/// Shifts left by an amount that is a value of the circuit.
#[track_caller]
pub(super) fn left_by<'b>(bits: &Bits<'b>, amount: &Bits<'b>) -> Bits<'b> {
    by(bits, amount, bits.builder().constant(false), left)
}

/// Shifts right by an amount that is a value of the circuit.
#[track_caller]
pub(super) fn right_by<'b>(bits: &Bits<'b>, amount: &Bits<'b>, fill: Bit<'b>) -> Bits<'b> {
    by(bits, amount, fill, |bits, amount| right(bits, amount, fill))
}

/// One choice per bit of the amount between shifted by `2^k` and not; any higher bit leaves nothing but `fill`.
#[track_caller]
fn by<'b>(
    bits: &Bits<'b>,
    amount: &Bits<'b>,
    fill: Bit<'b>,
    shift: impl Fn(&Bits<'b>, usize) -> Bits<'b>,
) -> Bits<'b> {
    let stages = bits.width().next_power_of_two().trailing_zeros() as usize;
    let (stages, beyond) = amount.split_at(stages.min(amount.width()));
    let shifted = stages
        .iter()
        .enumerate()
        .fold(bits.clone(), |bits, (k, stage)| stage.mux(&shift(&bits, 1 << k), &bits));
    let gone = bits.builder().bits(beyond.iter().copied()).any();
    shifted.map(|bit| gone.mux(&fill, &bit))
}

/// Bit `k` becomes bit `k + amount` modulo the width.
///
/// A stage that rotates by `s` moves the bits in `gcd(n, s)` circles. What changes on a circle sums up to nothing, so
/// the last choice of each circle is the sum of the others and free.
#[track_caller]
pub(super) fn rotate_left_by<'b>(bits: &Bits<'b>, amount: &Bits<'b>) -> Bits<'b> {
    let width = bits.width();
    let mut step = 1 % width.max(1);
    amount.iter().fold(bits.clone(), |bits, &stage| {
        let rotated = if step == 0 { bits } else { rotate_stage(&bits, stage, step) };
        step = 2 * step % width.max(1);
        rotated
    })
}

fn rotate_stage<'b>(bits: &Bits<'b>, stage: Bit<'b>, step: usize) -> Bits<'b> {
    let width = bits.width();
    let mut rotated = bits.to_vec();
    let mut seen = vec![false; width];
    for start in 0..width {
        let mut sum = bits.builder().constant(false);
        let mut place = start;
        while !seen[place] {
            seen[place] = true;
            let from = (place + width - step) % width;
            // The circle is walked against the rotation, so the place whose source is the start comes last.
            let change = if from == start { sum } else { stage & (bits[place] ^ bits[from]) };
            rotated[place] = rotated[place] ^ change;
            sum = sum ^ change;
            place = from;
        }
    }
    bits.builder().bits(rotated)
}
