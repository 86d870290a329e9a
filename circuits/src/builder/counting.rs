//! How many bits are set, and where the first one is.

use super::columns::Columns;
use super::{Bit, Bits, Uint};

impl<'b> Bits<'b> {
    /// How many bits are 1: `n` less the number of ones in `n` written in binary, which is the least possible (Boyar,
    /// Peralta 2008, "Tight bounds for the multiplicative complexity of symmetric functions").
    pub fn count_ones(&self) -> Uint<'b> {
        let mut columns = Columns::new(self.builder(), count_width(self.width()));
        for &bit in self.iter() {
            columns.add_bit(bit, 0);
        }
        columns.sum().into()
    }

    /// How many zeros there are above the highest 1, the width if there is none: `n - 1` ANDs.
    pub fn leading_zeros(&self) -> Uint<'b> {
        count_of_thermometer(&self.leading_zero_flags())
    }

    /// How many zeros there are below the lowest 1, the width if there is none: `n - 1` ANDs.
    pub fn trailing_zeros(&self) -> Uint<'b> {
        count_of_thermometer(&self.reversed().leading_zero_flags())
    }

    /// The bits in the opposite order.
    pub fn reversed(&self) -> Bits<'b> {
        self.builder().bits(self.iter().rev().copied())
    }

    /// Bit `k` tells whether there are more than `k` leading zeros: `n - 1` ANDs.
    pub(crate) fn leading_zero_flags(&self) -> Bits<'b> {
        let mut all_zero = self.builder().constant(true);
        self.reversed().map(|bit| {
            all_zero = all_zero & !bit;
            all_zero
        })
    }
}

/// The number of ones where all ones are below all zeros; free.
///
/// Such a number passes a multiple of `2^j` whenever bit `j` of the count flips, and each of them is seen in one bit.
pub(crate) fn count_of_thermometer<'b>(flags: &Bits<'b>) -> Uint<'b> {
    let zero = flags.builder().constant(false);
    let digit = |j: usize| -> Bit<'b> {
        let passed = (1 << j..=flags.width()).step_by(1 << j);
        passed.fold(zero, |sum, multiple| sum ^ flags[multiple - 1])
    };
    flags.builder().bits((0..count_width(flags.width())).map(digit)).into()
}

/// The bits of a number from 0 to `most`.
fn count_width(most: usize) -> usize {
    (usize::BITS - most.leading_zeros()) as usize
}
