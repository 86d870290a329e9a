//! What textbook circuits take, so that counts without a published one have something to be measured by.
//!
//! The parts are those of Kolesnikov, Sadeghi, Schneider 2009 ("Improved garbled circuit building blocks"): an AND per
//! carry, per bit of a comparison and per bit that is chosen; floats are put together from them as in Muller et al.
//! 2018 ("Handbook of floating-point arithmetic", chapter 8), subnormal numbers included.

/// A product modulo `2^n`, by rows.
pub(crate) const fn low_product(n: usize) -> usize {
    n * n - n + 1
}

/// A whole product, by rows.
pub(crate) const fn product(n: usize) -> usize {
    2 * n * n - n
}

/// Unsigned quotient and remainder, digit by digit: 4,285 of 64 bits, as published.
pub(crate) const fn restoring(n: usize) -> usize {
    n * (n + 1) + 2 * n - 3
}

/// A subtraction and a choice for each digit of the quotient of signed numbers that has `fraction` digits more, and
/// three numbers that may have to be negated.
pub(crate) const fn fixed_quotient(fraction: usize, n: usize) -> usize {
    (n + fraction) * 2 * n + 3 * (n - 1)
}

/// Any shift of `n` bits by less than `2^stages`.
const fn shift(n: usize, stages: usize) -> usize {
    n * stages
}

/// A format by the bits of its exponent and of its significand, the hidden one included.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    exponent: usize,
    significand: usize,
    /// Of a shift of the significand.
    stages: usize,
}

pub(crate) const F32: Format = Format { exponent: 8, significand: 24, stages: 5 };
pub(crate) const F64: Format = Format { exponent: 11, significand: 53, stages: 6 };

impl Format {
    /// All bits but the sign.
    const fn magnitude(self) -> usize {
        self.exponent + self.significand - 1
    }

    const fn is_nan(self) -> usize {
        (self.exponent - 1) + (self.significand - 2) + 1
    }

    /// Whether it is zero or subnormal, infinite, or no number.
    const fn unpack(self) -> usize {
        self.is_nan() + (self.exponent - 1) + 1
    }

    /// A subnormal number's highest 1 comes to the top: leading zeros, a shift, the exponent.
    const fn normalize(self) -> usize {
        (self.significand - 1) + shift(self.significand, self.stages) + self.exponent
    }

    /// A result below the normal numbers is shifted back: the amount, the shift, whether a 1 was lost.
    const fn denormalize(self) -> usize {
        self.exponent + shift(self.significand, self.stages) + (self.significand - 1)
    }

    const fn round(self) -> usize {
        self.magnitude() + 2
    }

    /// The choices between the result, what takes its place if it is infinite or no number, and zero.
    const fn pack(self) -> usize {
        2 * self.magnitude()
    }

    pub(crate) const fn sum(self) -> usize {
        let aligned = self.significand + 3;
        let order = 2 * self.magnitude() + self.exponent;
        let align = shift(aligned, self.stages) + (self.significand - 1);
        let normalize = (aligned - 1) + shift(aligned, self.stages) + self.exponent;
        2 * self.unpack() + order + align + aligned + normalize + self.round() + self.pack()
    }

    /// What product and quotient have in common, beside that of the significands.
    const fn scaled(self) -> usize {
        let exponents = 2 * self.exponent;
        let operands = 2 * (self.unpack() + self.normalize());
        operands + exponents + self.significand + self.denormalize() + self.round() + self.pack()
    }

    pub(crate) const fn product(self) -> usize {
        self.scaled() + product(self.significand)
    }

    /// Two digits more than the significand has, each a subtraction and a choice, and whether anything is left.
    pub(crate) const fn quotient(self) -> usize {
        self.scaled() + (self.significand + 2) * 2 * self.significand + (self.significand - 1)
    }

    /// Digit `k` of the root is a subtraction and a choice of `k + 1` bits.
    pub(crate) const fn root(self) -> usize {
        let digits = self.significand + 1;
        let root = digits * (digits + 3);
        self.unpack()
            + self.normalize()
            + self.significand
            + root
            + (self.significand - 1)
            + self.round()
            + self.pack()
    }

    /// The magnitudes, whether either is no number, whether both are zero, and the signs.
    pub(crate) const fn comparison(self) -> usize {
        self.magnitude() + 2 * self.is_nan() + (2 * self.magnitude() - 1) + 4
    }

    /// A comparison, and the choice of a number that is one.
    pub(crate) const fn extreme(self) -> usize {
        self.comparison() + 2 * (self.magnitude() + 1)
    }

    /// Of an unsigned number of `2^log` bits: leading zeros, a shift, the exponent or zero, and rounding if bits are lost.
    pub(crate) const fn of_unsigned(self, log: usize) -> usize {
        let n = 1 << log;
        let rounding = if n > self.significand { (n - self.significand - 1) + self.round() } else { 0 };
        (n - 1) + shift(n, log) + 2 * self.exponent + rounding
    }

    pub(crate) const fn of_signed(self, log: usize) -> usize {
        self.of_unsigned(log) + (1 << log) - 1
    }

    /// To an unsigned number of `2^log` bits: the amount, a shift, two ends of the range, and what stands there.
    pub(crate) const fn to_unsigned(self, log: usize) -> usize {
        let n: usize = 1 << log;
        let wider = if n > self.significand { n } else { self.significand };
        self.is_nan() + self.exponent + shift(wider, log) + 2 * self.exponent + 2 * n
    }

    pub(crate) const fn to_signed(self, log: usize) -> usize {
        self.to_unsigned(log) + (1 << log) - 1
    }
}

/// A number of binary32 in binary64: subnormal ones become normal, and the upper bits of the result are chosen.
pub(crate) const WIDENED: usize =
    F32.unpack() + F32.normalize() + F64.exponent + 2 * (F64.exponent + F32.significand - 1);

/// A number of binary64 in binary32: below the normal numbers the whole significand is shifted.
pub(crate) const NARROWED: usize = F64.unpack()
    + 3 * F64.exponent
    + shift(F64.significand, F32.stages)
    + (F64.significand - 1)
    + F32.round()
    + F32.pack();
