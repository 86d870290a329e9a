use std::fmt;
use std::ops::Deref;
use std::slice::SliceIndex;

use super::{Bit, Builder, Mux};

/// A bundle of bits, least significant first, with the bitwise operators. It reads like a slice of [`Bit`].
#[derive(Clone)]
pub struct Bits<'b> {
    builder: &'b Builder,
    bits: Vec<Bit<'b>>,
}

impl<'b> Bits<'b> {
    #[track_caller]
    pub(super) fn new(builder: &'b Builder, bits: Vec<Bit<'b>>) -> Self {
        for bit in &bits {
            bit.literal_of(builder);
        }
        Bits { builder, bits }
    }

    /// The builder these bits belong to.
    pub fn builder(&self) -> &'b Builder {
        self.builder
    }

    /// The number of bits.
    pub fn width(&self) -> usize {
        self.bits.len()
    }

    /// The bits of a range, as with `slice[range]`.
    ///
    /// # Panics
    /// If the range reaches beyond the width.
    #[track_caller]
    pub fn slice(&self, range: impl SliceIndex<[Bit<'b>], Output = [Bit<'b>]>) -> Bits<'b> {
        Bits { builder: self.builder, bits: self.bits[range].to_vec() }
    }

    /// These bits with `high` above them.
    ///
    /// # Panics
    /// If the two belong to different builders.
    #[track_caller]
    pub fn concat(&self, high: &Bits<'b>) -> Bits<'b> {
        self.builder.bits(self.iter().chain(high.iter()).copied())
    }

    /// The lowest `width` bits, with `fill` above them where there are fewer.
    ///
    /// # Panics
    /// If `fill` belongs to another builder.
    #[track_caller]
    pub fn resize(&self, width: usize, fill: Bit<'b>) -> Bits<'b> {
        self.builder.bits((0..width).map(|k| self.get(k).copied().unwrap_or(fill)))
    }

    /// Bit `k` becomes bit `k + amount` modulo the width.
    pub fn rotate_left(&self, amount: usize) -> Bits<'b> {
        let mut bits = self.bits.clone();
        if !bits.is_empty() {
            bits.rotate_right(amount % self.width());
        }
        Bits { builder: self.builder, bits }
    }

    /// Bit `k` becomes bit `k - amount` modulo the width.
    pub fn rotate_right(&self, amount: usize) -> Bits<'b> {
        let mut bits = self.bits.clone();
        if !bits.is_empty() {
            bits.rotate_left(amount % self.width());
        }
        Bits { builder: self.builder, bits }
    }

    /// The bits that `f` makes of these.
    #[track_caller]
    pub fn map(&self, f: impl FnMut(Bit<'b>) -> Bit<'b>) -> Bits<'b> {
        self.builder.bits(self.iter().copied().map(f))
    }

    /// The bits that `f` makes of each pair of these and `other`.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn zip_with(&self, other: &Bits<'b>, mut f: impl FnMut(Bit<'b>, Bit<'b>) -> Bit<'b>) -> Bits<'b> {
        self.check_width(other);
        self.builder.bits(self.iter().zip(other.iter()).map(|(&a, &b)| f(a, b)))
    }

    /// Whether all bits are those of `other`: one AND less than the width.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn eq(&self, other: &Bits<'b>) -> Bit<'b> {
        self.zip_with(other, |a, b| !(a ^ b)).all()
    }

    /// Whether some bit is not that of `other`: one AND less than the width.
    ///
    /// # Panics
    /// If the widths differ.
    #[track_caller]
    pub fn ne(&self, other: &Bits<'b>) -> Bit<'b> {
        !self.eq(other)
    }

    /// Whether every bit is 1: one AND less than the width, as a tree.
    pub fn all(&self) -> Bit<'b> {
        let mut layer = self.bits.clone();
        while layer.len() > 1 {
            layer = layer.chunks(2).map(|pair| pair[1..].iter().fold(pair[0], |a, &b| a & b)).collect();
        }
        layer.first().copied().unwrap_or(self.builder.constant(true))
    }

    /// Whether some bit is 1: one AND less than the width, as a tree.
    pub fn any(&self) -> Bit<'b> {
        !self.map(|bit| !bit).all()
    }

    /// Whether an odd number of bits is 1: free.
    pub fn parity(&self) -> Bit<'b> {
        self.iter().copied().fold(self.builder.constant(false), |sum, bit| sum ^ bit)
    }

    #[track_caller]
    pub(super) fn check_width(&self, other: &Bits<'b>) {
        let (left, right) = (self.width(), other.width());
        assert!(
            left == right,
            "operands of {left} and {right} bits meet where one width is needed; resize one"
        );
    }
}

impl<'b> Deref for Bits<'b> {
    type Target = [Bit<'b>];

    fn deref(&self) -> &[Bit<'b>] {
        &self.bits
    }
}

impl fmt::Debug for Bits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits.fmt(f)
    }
}

impl<'b> Mux<'b> for Bits<'b> {
    #[track_caller]
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
        if_true.zip_with(if_false, |a, b| condition.mux(&a, &b))
    }
}
