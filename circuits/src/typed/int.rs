use super::value::check;
use super::{Uint, Value};
use crate::Encoding;
use crate::builder::{self, Bit, Bits, Builder};

/// A two's complement integer of `N` bits: [`crate::Int`], which says what operations cost, with the width in its type.
///
/// `+ - * / %`, `& | ^ !`, unary `-`, `<<` and `>>` work on values and references, and with an `i64` on the right as
/// well. All wrap around at the width; division rounds toward zero.
#[derive(Clone, Debug)]
pub struct Int<'b, const N: usize>(pub(super) builder::Int<'b>);

impl<'b, const N: usize> Value<'b> for Int<'b, N> {
    const WIDTH: usize = N;
    const ENCODING: Encoding = Encoding::Int;

    #[track_caller]
    fn from_bits(bits: Bits<'b>) -> Self {
        check(&bits, N);
        Int(bits.into())
    }

    fn to_bits(&self) -> Bits<'b> {
        self.0.bits().clone()
    }
}

impl<'b, const N: usize> Int<'b, N> {
    /// A number that is known now.
    ///
    /// # Panics
    /// If it needs more than `N` bits, its sign included.
    #[track_caller]
    pub fn constant(builder: &'b Builder, value: i128) -> Self {
        Int(builder.constant_int(N, value))
    }

    /// The same number in more bits. Fewer do not compile.
    pub fn extend<const M: usize>(&self) -> Int<'b, M> {
        const { assert!(M >= N, "a number is extended to more bits than it has") }
        Int(self.0.resize(M))
    }

    /// The lowest `M` bits.
    pub fn truncate<const M: usize>(&self) -> Int<'b, M> {
        const { assert!(M <= N, "a number is cut off to fewer bits than it has") }
        Int(self.0.resize(M))
    }

    /// Whether it is below zero, without an AND.
    pub fn is_negative(&self) -> Bit<'b> {
        self.0.is_negative()
    }

    /// The magnitude; that of the smallest number fits, too: N − 1 ANDs.
    pub fn unsigned_abs(&self) -> Uint<'b, N> {
        Uint(self.0.unsigned_abs())
    }

    /// The same bits read as an unsigned number.
    pub fn to_uint(&self) -> Uint<'b, N> {
        Uint(self.0.to_uint())
    }
}
