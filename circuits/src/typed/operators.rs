//! Operators of [`Uint`] and [`Int`], for values and references on either side: those of the values that they wrap.

use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};

use super::{Int, Uint};
use crate::builder::{self, Bit, Mux};

macro_rules! binary {
    ($value:ident, $right:ty, |$b:ident| $inner:expr, $($operator:ident $method:ident),+) => {$(
        impl<'b, const N: usize> $operator<$right> for $value<'b, N> {
            type Output = $value<'b, N>;
            #[track_caller]
            fn $method(self, $b: $right) -> $value<'b, N> {
                $value($operator::$method(&self.0, $inner))
            }
        }
        impl<'b, const N: usize> $operator<$right> for &$value<'b, N> {
            type Output = $value<'b, N>;
            #[track_caller]
            fn $method(self, $b: $right) -> $value<'b, N> {
                $value($operator::$method(&self.0, $inner))
            }
        }
    )+};
}

macro_rules! integer {
    ($value:ident, $constant:ty) => {
        binary!($value, $value<'b, N>, |b| &b.0, Add add, Sub sub, Mul mul, Div div, Rem rem, BitAnd bitand, BitOr bitor, BitXor bitxor);
        binary!($value, &$value<'b, N>, |b| &b.0, Add add, Sub sub, Mul mul, Div div, Rem rem, BitAnd bitand, BitOr bitor, BitXor bitxor);
        binary!($value, $constant, |b| b, Add add, Sub sub, Mul mul, Div div, Rem rem, BitAnd bitand, BitOr bitor, BitXor bitxor);
        binary!($value, usize, |b| b, Shl shl, Shr shr);

        /// By an amount that is a value of the circuit, of any width.
        impl<'b, const N: usize, const M: usize> Shl<&Uint<'b, M>> for &$value<'b, N> {
            type Output = $value<'b, N>;
            #[track_caller]
            fn shl(self, amount: &Uint<'b, M>) -> $value<'b, N> {
                $value(&self.0 << &amount.0)
            }
        }

        /// By an amount that is a value of the circuit, of any width.
        impl<'b, const N: usize, const M: usize> Shr<&Uint<'b, M>> for &$value<'b, N> {
            type Output = $value<'b, N>;
            #[track_caller]
            fn shr(self, amount: &Uint<'b, M>) -> $value<'b, N> {
                $value(&self.0 >> &amount.0)
            }
        }

        impl<'b, const N: usize> Not for &$value<'b, N> {
            type Output = $value<'b, N>;
            fn not(self) -> $value<'b, N> {
                $value(!&self.0)
            }
        }

        impl<'b, const N: usize> Not for $value<'b, N> {
            type Output = $value<'b, N>;
            fn not(self) -> $value<'b, N> {
                !&self
            }
        }

        impl<'b, const N: usize> Mux<'b> for $value<'b, N> {
            #[track_caller]
            fn mux(choice: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
                $value(choice.mux(&if_true.0, &if_false.0))
            }
        }

        impl<'b, const N: usize> $value<'b, N> {
            /// Whether the two are equal: N − 1 ANDs.
            #[track_caller]
            pub fn eq(&self, other: &Self) -> Bit<'b> {
                self.0.eq(&other.0)
            }

            /// Whether the two differ: N − 1 ANDs.
            #[track_caller]
            pub fn ne(&self, other: &Self) -> Bit<'b> {
                self.0.ne(&other.0)
            }

            /// Whether this is less than `other`: N ANDs.
            #[track_caller]
            pub fn lt(&self, other: &Self) -> Bit<'b> {
                self.0.lt(&other.0)
            }

            /// Whether this is at most `other`: N ANDs.
            #[track_caller]
            pub fn le(&self, other: &Self) -> Bit<'b> {
                self.0.le(&other.0)
            }

            /// Whether this is greater than `other`: N ANDs.
            #[track_caller]
            pub fn gt(&self, other: &Self) -> Bit<'b> {
                self.0.gt(&other.0)
            }

            /// Whether this is at least `other`: N ANDs.
            #[track_caller]
            pub fn ge(&self, other: &Self) -> Bit<'b> {
                self.0.ge(&other.0)
            }

            /// Whether this is zero: N − 1 ANDs.
            pub fn is_zero(&self) -> Bit<'b> {
                self.0.is_zero()
            }

            /// The smaller of the two: 2N ANDs.
            #[track_caller]
            pub fn min(&self, other: &Self) -> Self {
                $value(self.0.min(&other.0))
            }

            /// The larger of the two: 2N ANDs.
            #[track_caller]
            pub fn max(&self, other: &Self) -> Self {
                $value(self.0.max(&other.0))
            }

            /// Quotient and remainder at once, for the ANDs of the remainder alone.
            #[track_caller]
            pub fn div_rem(&self, divisor: &Self) -> (Self, Self) {
                let (quotient, remainder) = self.0.div_rem(&divisor.0);
                ($value(quotient), $value(remainder))
            }

            /// The builder that it belongs to.
            pub fn builder(&self) -> &'b builder::Builder {
                self.0.bits().builder()
            }

            /// The value with its width only known at run time, for all that is written for such.
            pub fn untyped(&self) -> &builder::$value<'b> {
                &self.0
            }
        }
    };
}

integer!(Uint, u64);
integer!(Int, i64);

impl<'b, const N: usize> Neg for &Int<'b, N> {
    type Output = Int<'b, N>;
    fn neg(self) -> Int<'b, N> {
        Int(-&self.0)
    }
}

impl<'b, const N: usize> Neg for Int<'b, N> {
    type Output = Int<'b, N>;
    fn neg(self) -> Int<'b, N> {
        -&self
    }
}
