//! Sums and differences modulo a number, of operands that are below it.

use super::{Bits, Uint};

impl<'b> Uint<'b> {
    /// The sum modulo `modulus`: `3n` ANDs, two less if the modulus is a constant.
    ///
    /// Both operands must be below the modulus; otherwise the result means nothing.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn add_mod(&self, other: &Uint<'b>, modulus: &Uint<'b>) -> Uint<'b> {
        if modulus.bits().iter().all(|bit| bit.known().is_some()) {
            return self.sub_mod(&modulus.minus(other), modulus);
        }
        let (sum, carry) = self.overflowing_add(other);
        let (reduced, borrow) = sum.overflowing_sub(modulus);
        // A sum that wrapped around is below the modulus again, so a carry never comes without a borrow.
        (carry ^ !borrow).mux(&reduced, &sum)
    }

    /// The difference modulo `modulus`: `3n - 1` ANDs, `n` less if the modulus is a constant.
    ///
    /// The first operand must be below the modulus and the second at most as large; otherwise the result means nothing.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn sub_mod(&self, other: &Uint<'b>, modulus: &Uint<'b>) -> Uint<'b> {
        let (difference, borrow) = self.overflowing_sub(other);
        let correction: Bits<'b> = modulus.bits().map(|bit| bit & borrow);
        difference.plus(&correction.into())
    }
}
