use super::value::check;
use super::{Int, Value};
use crate::Encoding;
use crate::builder::{self, Bit, Bits, Builder};

/// An unsigned integer of `N` bits: [`crate::Uint`], which says what operations cost, with the width in its type.
///
/// `+ - * / %`, `& | ^ !`, `<<` and `>>` work on values and references, and with a `u64` on the right as well. All wrap
/// around at the width. Division by zero gives a quotient of all ones and the dividend as remainder.
#[derive(Clone, Debug)]
pub struct Uint<'b, const N: usize>(pub(super) builder::Uint<'b>);

impl<'b, const N: usize> Value<'b> for Uint<'b, N> {
    const WIDTH: usize = N;
    const ENCODING: Encoding = Encoding::Uint;

    #[track_caller]
    fn from_bits(bits: Bits<'b>) -> Self {
        check(&bits, N);
        Uint(bits.into())
    }

    fn to_bits(&self) -> Bits<'b> {
        self.0.bits().clone()
    }
}

impl<'b, const N: usize> Uint<'b, N> {
    /// A number that is known now.
    ///
    /// # Panics
    /// If it needs more than `N` bits.
    #[track_caller]
    pub fn constant(builder: &'b Builder, value: u128) -> Self {
        Uint(builder.constant_uint(N, value))
    }

    /// The same number in more bits. Fewer do not compile:
    ///
    /// ```compile_fail
    /// # use halfgate_circuits::typed::Uint;
    /// # use halfgate_circuits::Builder;
    /// let builder = Builder::new();
    /// let narrow: Uint<8> = Uint::<16>::constant(&builder, 300).extend();
    /// ```
    pub fn extend<const M: usize>(&self) -> Uint<'b, M> {
        const { assert!(M >= N, "a number is extended to more bits than it has") }
        Uint(self.0.resize(M))
    }

    /// The lowest `M` bits.
    pub fn truncate<const M: usize>(&self) -> Uint<'b, M> {
        const { assert!(M <= N, "a number is cut off to fewer bits than it has") }
        Uint(self.0.resize(M))
    }

    /// The whole product; `M` is `2 · N`.
    #[track_caller]
    pub fn widening_mul<const M: usize>(&self, other: &Self) -> Uint<'b, M> {
        const { assert!(M == 2 * N, "the product of two numbers has twice their width") }
        Uint(self.0.widening_mul(&other.0))
    }

    /// The sum, and whether it wrapped around: N ANDs.
    #[track_caller]
    pub fn overflowing_add(&self, other: &Self) -> (Self, Bit<'b>) {
        let (sum, carry) = self.0.overflowing_add(&other.0);
        (Uint(sum), carry)
    }

    /// The difference, and whether it wrapped around: N ANDs.
    #[track_caller]
    pub fn overflowing_sub(&self, other: &Self) -> (Self, Bit<'b>) {
        let (difference, borrow) = self.0.overflowing_sub(&other.0);
        (Uint(difference), borrow)
    }

    /// The sum of many numbers, for fewer ANDs than adding them one after the other.
    ///
    /// # Panics
    /// If there is no number.
    #[track_caller]
    pub fn sum(numbers: &[Self]) -> Self {
        let numbers: Vec<_> = numbers.iter().map(|number| &number.0).collect();
        Uint(builder::Uint::sum(&numbers))
    }

    /// The bits rotated to the left, without an AND.
    pub fn rotate_left(&self, amount: usize) -> Self {
        Uint(self.0.rotate_left(amount))
    }

    /// The bits rotated to the right, without an AND.
    pub fn rotate_right(&self, amount: usize) -> Self {
        Uint(self.0.rotate_right(amount))
    }

    /// The same bits read as two's complement.
    pub fn to_int(&self) -> Int<'b, N> {
        Int(self.0.to_int())
    }
}
