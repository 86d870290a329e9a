/// A binary floating-point format of IEEE 754-2019: a sign, an exponent with a bias, and a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatFormat {
    exponent: usize,
    fraction: usize,
}

impl FloatFormat {
    /// Half precision: 5 bits of exponent and 10 of fraction.
    pub const BINARY16: FloatFormat = FloatFormat::new(5, 10);
    /// Single precision, Rust's `f32`: 8 bits of exponent and 23 of fraction.
    pub const BINARY32: FloatFormat = FloatFormat::new(8, 23);
    /// Double precision, Rust's `f64`: 11 bits of exponent and 52 of fraction.
    pub const BINARY64: FloatFormat = FloatFormat::new(11, 52);

    /// A format with `exponent` bits of exponent and `fraction` bits of fraction.
    ///
    /// # Panics
    /// If there is no fraction, if the exponent has more than 28 bits, or if its bias `2^(exponent-1) - 1` is not
    /// larger than `fraction`: then even square roots could be too small for the format.
    pub const fn new(exponent: usize, fraction: usize) -> FloatFormat {
        assert!(fraction > 0, "a float needs a fraction");
        assert!(exponent >= 2 && exponent <= 28, "a float's exponent has 2 to 28 bits");
        assert!(
            (1 << (exponent - 1)) - 1 > fraction,
            "a float's bias must be larger than the width of its fraction"
        );
        FloatFormat { exponent, fraction }
    }

    /// The bits of the whole number.
    pub const fn width(self) -> usize {
        1 + self.exponent + self.fraction
    }

    /// The bits of the exponent.
    pub const fn exponent(self) -> usize {
        self.exponent
    }

    /// The bits of the fraction, without the leading one that is not stored.
    pub const fn fraction(self) -> usize {
        self.fraction
    }

    /// The bits of the significand: the fraction and the leading one.
    pub(super) const fn precision(self) -> usize {
        self.fraction + 1
    }

    /// What is added to the exponent of a normal number before it is stored.
    pub(super) const fn bias(self) -> i128 {
        (1 << (self.exponent - 1)) - 1
    }
}
