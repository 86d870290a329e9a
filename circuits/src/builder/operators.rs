//! The operators of [`Bits`], [`Uint`], [`Int`], [`Fixed`] and [`Float`], for values and references on either side.

use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};

use super::{Bits, Fixed, Float, Int, Uint};

/// `left OP right`; the body sees references. It is pasted into the operator so that a panic names the caller's line.
macro_rules! binary {
    ($value:ident, $($operator:ident $method:ident |$a:ident, $b:ident| $body:expr),+ $(,)?) => {$(
        impl<'b> $operator<&$value<'b>> for &$value<'b> {
            type Output = $value<'b>;
            #[track_caller]
            fn $method(self, right: &$value<'b>) -> $value<'b> {
                let ($a, $b) = (self, right);
                $body
            }
        }
        impl<'b> $operator<$value<'b>> for &$value<'b> {
            type Output = $value<'b>;
            #[track_caller]
            fn $method(self, right: $value<'b>) -> $value<'b> {
                $operator::$method(self, &right)
            }
        }
        impl<'b> $operator<&$value<'b>> for $value<'b> {
            type Output = $value<'b>;
            #[track_caller]
            fn $method(self, right: &$value<'b>) -> $value<'b> {
                $operator::$method(&self, right)
            }
        }
        impl<'b> $operator<$value<'b>> for $value<'b> {
            type Output = $value<'b>;
            #[track_caller]
            fn $method(self, right: $value<'b>) -> $value<'b> {
                $operator::$method(&self, &right)
            }
        }
    )+};
}

/// `left OP right` for a right side of another type.
macro_rules! binary_with {
    ($value:ident, $right:ty, $($operator:ident $method:ident |$a:ident, $b:ident| $body:expr),+ $(,)?) => {$(
        impl<'b> $operator<$right> for &$value<'b> {
            type Output = $value<'b>;
            #[track_caller]
            fn $method(self, right: $right) -> $value<'b> {
                let ($a, $b) = (self, right);
                $body
            }
        }
        impl<'b> $operator<$right> for $value<'b> {
            type Output = $value<'b>;
            #[track_caller]
            fn $method(self, right: $right) -> $value<'b> {
                $operator::$method(&self, right)
            }
        }
    )+};
}

macro_rules! unary {
    ($value:ident, $operator:ident $method:ident |$a:ident| $body:expr) => {
        impl<'b> $operator for &$value<'b> {
            type Output = $value<'b>;
            fn $method(self) -> $value<'b> {
                let $a = self;
                $body
            }
        }
        impl<'b> $operator for $value<'b> {
            type Output = $value<'b>;
            fn $method(self) -> $value<'b> {
                $operator::$method(&self)
            }
        }
    };
}

binary!(Bits,
    BitAnd bitand |a, b| a.zip_with(b, |a, b| a & b),
    BitOr bitor |a, b| a.zip_with(b, |a, b| a | b),
    BitXor bitxor |a, b| a.zip_with(b, |a, b| a ^ b),
);
unary!(Bits, Not not |a| a.map(|bit| !bit));

/// What `Uint` and `Int` have in common.
macro_rules! integer {
    ($value:ident, $constant:ty) => {
        binary!($value,
            Add add |a, b| a.plus(b),
            Sub sub |a, b| a.minus(b),
            Mul mul |a, b| a.times(b),
            Div div |a, b| a.div_rem(b).0,
            Rem rem |a, b| a.div_rem(b).1,
            BitAnd bitand |a, b| $value::from(a.bits() & b.bits()),
            BitOr bitor |a, b| $value::from(a.bits() | b.bits()),
            BitXor bitxor |a, b| $value::from(a.bits() ^ b.bits()),
        );
        binary_with!($value, $constant,
            Add add |a, b| a.plus(&a.constant_like(b)),
            Sub sub |a, b| a.minus(&a.constant_like(b)),
            Mul mul |a, b| a.times(&a.constant_like(b)),
            Div div |a, b| a.div_rem(&a.constant_like(b)).0,
            Rem rem |a, b| a.div_rem(&a.constant_like(b)).1,
            BitAnd bitand |a, b| a & &a.constant_like(b),
            BitOr bitor |a, b| a | &a.constant_like(b),
            BitXor bitxor |a, b| a ^ &a.constant_like(b),
        );
        binary_with!($value, usize,
            Shl shl |a, amount| a.shifted_left(amount),
            Shr shr |a, amount| a.shifted_right(amount),
        );
        binary_with!($value, &Uint<'b>,
            Shl shl |a, amount| a.shifted_left_by(amount),
            Shr shr |a, amount| a.shifted_right_by(amount),
        );
        unary!($value, Not not |a| $value::from(!a.bits()));
    };
}

integer!(Uint, u64);
integer!(Int, i64);
unary!(Int, Neg neg |a| a.negated());

binary!(Fixed,
    Add add |a, b| a.plus(b),
    Sub sub |a, b| a.minus(b),
    Mul mul |a, b| a.times(b),
    Div div |a, b| a.divided_by(b),
);
unary!(Fixed, Neg neg |a| a.negated());

binary!(Float,
    Add add |a, b| a.plus(b),
    Sub sub |a, b| a.minus(b),
    Mul mul |a, b| a.times(b),
    Div div |a, b| a.divided_by(b),
);
unary!(Float, Neg neg |a| a.negated());
