//! Floats of small formats in exact arithmetic, and numbers that are worth trying.

/// A format of IEEE 754 and its numbers as patterns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Model {
    pub(crate) exponent: u32,
    pub(crate) fraction: u32,
}

impl Model {
    fn bias(self) -> i32 {
        (1 << (self.exponent - 1)) - 1
    }

    pub(crate) fn width(self) -> u32 {
        1 + self.exponent + self.fraction
    }

    fn infinity(self) -> u64 {
        ((1 << self.exponent) - 1) << self.fraction
    }

    pub(crate) fn nan(self) -> u64 {
        self.infinity() | 1 << (self.fraction - 1)
    }

    /// The value, which an `f64` has to hold exactly.
    pub(crate) fn decode(self, pattern: u64) -> f64 {
        let magnitude = pattern & ((1 << (self.width() - 1)) - 1);
        let (stored, fraction) = (magnitude >> self.fraction, magnitude & ((1 << self.fraction) - 1));
        let value = if magnitude > self.infinity() {
            f64::NAN
        } else if magnitude == self.infinity() {
            f64::INFINITY
        } else {
            let significand = if stored > 0 { fraction | 1 << self.fraction } else { fraction };
            let scale = stored.max(1) as i32 - self.bias() - self.fraction as i32;
            significand as f64 * 2f64.powi(scale)
        };
        if pattern >> (self.width() - 1) == 1 { -value } else { value }
    }

    /// The pattern of the nearest number, of two the even one.
    pub(crate) fn encode(self, value: f64) -> u64 {
        if value.is_nan() {
            return self.nan();
        }
        let sign = u64::from(value.is_sign_negative()) << (self.width() - 1);
        let magnitude = value.abs();
        if magnitude == 0.0 || magnitude.is_infinite() {
            return sign | if magnitude == 0.0 { 0 } else { self.infinity() };
        }
        assert!(magnitude.is_normal(), "the model has to stay among the normal numbers of f64");
        let exponent = ((magnitude.to_bits() >> 52) as i32 - 1023).max(1 - self.bias());
        let units = (magnitude * 2f64.powi(self.fraction as i32 - exponent)).round_ties_even() as u64;
        // Units that reach the next power of two carry into the exponent by themselves.
        let pattern = (((exponent + self.bias()) as u64) << self.fraction) + units - (1 << self.fraction);
        sign | pattern.min(self.infinity())
    }
}

/// Patterns of `exponent` and `fraction` bits with few ones or few zeros, near the ends of every field, and random.
pub(crate) struct Patterns {
    state: u64,
    model: Model,
}

impl Patterns {
    pub(crate) fn new(model: Model, seed: u64) -> Patterns {
        Patterns { state: seed, model }
    }

    /// splitmix64 (Steele, Lea, Flood 2014).
    pub(crate) fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn number(&mut self) -> u64 {
        let Model { exponent, fraction, .. } = self.model;
        let sign = self.random() & 1;
        let largest = (1 << exponent) - 1;
        let stored = match self.random() % 16 {
            0 => 0,
            1 => 1,
            2 => largest,
            3 => largest - 1,
            4 => self.random() % (u64::from(fraction) + 3),
            5..=12 => (largest / 2).wrapping_add(self.random() % 129).wrapping_sub(64) & largest,
            _ => self.random() & largest,
        };
        sign << (exponent + fraction) | stored << fraction | self.fraction()
    }

    /// A number near another one in size, so that sums cancel and quotients are near 1.
    pub(crate) fn near(&mut self, other: u64) -> u64 {
        let Model { exponent, fraction, .. } = self.model;
        let stored =
            (other >> fraction).wrapping_add(self.random() % 7).wrapping_sub(3) & ((1 << exponent) - 1);
        let sign = (self.random() & 1) << (exponent + fraction);
        match self.random() % 4 {
            0 => (other ^ sign ^ (self.random() & 3)) & (u64::MAX >> (64 - self.model.width())),
            1 => sign | stored << fraction | (other & ((1 << fraction) - 1)),
            _ => sign | stored << fraction | self.fraction(),
        }
    }

    fn fraction(&mut self) -> u64 {
        let fraction = self.model.fraction;
        let place = |random: u64| 1u64 << (random % u64::from(fraction));
        let bits = match self.random() % 8 {
            0 => 0,
            1 => place(self.random()),
            2 => place(self.random()).wrapping_neg(),
            3 => place(self.random()) - 1,
            4 => place(self.random()) ^ place(self.random()) ^ 1,
            5 => !(place(self.random()) ^ place(self.random())),
            _ => self.random(),
        };
        bits & ((1 << fraction) - 1)
    }
}
