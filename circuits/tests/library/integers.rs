//! Integer operations of every width from 1 to 130 against big integers.

use halfgate_circuits::{Bit, Bits, Int, Uint};
use num_bigint::{BigInt, BigUint, Sign};
use proptest::prelude::{Just, Strategy, proptest};

use crate::plaintext::{cases, circuit_of, modulus, number, pairs, run, run_pairs};

const WIDEST: usize = 130;

/// Narrow widths, where corner cases meet, as often as wide ones.
pub(crate) fn widths() -> impl Strategy<Value = usize> {
    (1..=2 * WIDEST).prop_map(|choice| if choice > WIDEST { choice - WIDEST } else { choice.div_ceil(8) })
}

pub(crate) fn width_and_pairs() -> impl Strategy<Value = (usize, Vec<(BigUint, BigUint)>)> {
    widths().prop_flat_map(|width| (Just(width), pairs(width)))
}

/// Checks a circuit of two unsigned numbers on all pairs; results must be equal in full.
pub(crate) fn check_unsigned(
    (width, pairs): &(usize, Vec<(BigUint, BigUint)>),
    circuit: impl for<'b> Fn(&Uint<'b>, &Uint<'b>) -> Bits<'b>,
    reference: impl Fn(&BigUint, &BigUint) -> BigUint,
) {
    let computed = run_pairs(*width, |a, b| circuit(&a.clone().into(), &b.clone().into()), pairs);
    for ((a, b), computed) in pairs.iter().zip(computed) {
        assert_eq!(computed, reference(a, b), "width {width}, operands {a:#x} and {b:#x}");
    }
}

/// Checks a circuit of two signed numbers on all pairs; results are compared modulo `2^width`.
pub(crate) fn check_signed(
    (width, pairs): &(usize, Vec<(BigUint, BigUint)>),
    circuit: impl for<'b> Fn(&Int<'b>, &Int<'b>) -> Bits<'b>,
    reference: impl Fn(&BigInt, &BigInt) -> BigInt,
) {
    let computed = run_pairs(*width, |a, b| circuit(&a.clone().into(), &b.clone().into()), pairs);
    for ((a, b), computed) in pairs.iter().zip(computed) {
        let (a, b) = (signed(a, *width), signed(b, *width));
        assert_eq!(computed, wrapped(&reference(&a, &b), *width), "width {width}, operands {a} and {b}");
    }
}

fn signed(number: &BigUint, width: usize) -> BigInt {
    let number = BigInt::from(number.clone());
    if number.bit(width as u64 - 1) { number - BigInt::from(modulus(width)) } else { number }
}

fn wrapped(number: &BigInt, width: usize) -> BigUint {
    let modulus = BigInt::from(modulus(width));
    ((number % &modulus + &modulus) % &modulus).to_biguint().expect("a residue is not negative")
}

pub(crate) fn flag(value: bool) -> BigUint {
    BigUint::from(value)
}

pub(crate) fn single(bit: Bit<'_>) -> Bits<'_> {
    bit.builder().bits([bit])
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn unsigned_sums_and_differences(case in width_and_pairs()) {
        let modulus = modulus(case.0);
        check_unsigned(&case, |a, b| (a + b).into(), |a, b| (a + b) % &modulus);
        check_unsigned(&case, |a, b| (a - b).into(), |a, b| (a + &modulus - b) % &modulus);
        check_unsigned(&case, |a, b| {
            let (sum, carry) = a.overflowing_add(b);
            sum.bits().concat(&single(carry))
        }, |a, b| a + b);
        check_unsigned(&case, |a, b| single(a.overflowing_sub(b).1), |a, b| flag(a < b));
    }

    #[test]
    fn sums_of_many(case in width_and_pairs()) {
        let modulus = modulus(case.0);
        check_unsigned(&case, |a, b| {
            let mixed = a.rotate_left(1) ^ b;
            let ones = !(a ^ a);
            Uint::sum(&[a, b, &mixed, &ones, a, &ones, &ones]).into()
        }, |a, b| {
            let rotated = (a << 1 | a >> (case.0 - 1)) % &modulus;
            (a + b + (rotated ^ b) + a + (&modulus - 1u8) * 3u8) % &modulus
        });
    }

    #[test]
    fn unsigned_comparisons(case in width_and_pairs()) {
        check_unsigned(&case, |a, b| single(a.lt(b)), |a, b| flag(a < b));
        check_unsigned(&case, |a, b| single(a.le(b)), |a, b| flag(a <= b));
        check_unsigned(&case, |a, b| single(a.gt(b)), |a, b| flag(a > b));
        check_unsigned(&case, |a, b| single(a.ge(b)), |a, b| flag(a >= b));
        check_unsigned(&case, |a, b| single(a.eq(b)), |a, b| flag(a == b));
        check_unsigned(&case, |a, b| single(a.ne(b)), |a, b| flag(a != b));
        check_unsigned(&case, |a, _| single(a.is_zero()), |a, _| flag(*a == BigUint::ZERO));
        check_unsigned(&case, |a, b| a.min(b).into(), |a, b| a.min(b).clone());
        check_unsigned(&case, |a, b| a.max(b).into(), |a, b| a.max(b).clone());
    }

    #[test]
    fn unsigned_products(case in width_and_pairs()) {
        check_unsigned(&case, |a, b| a.widening_mul(b).into(), |a, b| a * b);
        check_unsigned(&case, |a, b| (a * b).into(), |a, b| a * b % modulus(case.0));
        check_unsigned(&case, |a, _| (a * a).into(), |a, _| a * a % modulus(case.0));
    }

    #[test]
    fn unsigned_quotients_and_remainders(case in width_and_pairs()) {
        let ones = modulus(case.0) - 1u8;
        let quotient = |a: &BigUint, b: &BigUint| if *b == BigUint::ZERO { ones.clone() } else { a / b };
        let remainder = |a: &BigUint, b: &BigUint| if *b == BigUint::ZERO { a.clone() } else { a % b };
        check_unsigned(&case, |a, b| (a / b).into(), quotient);
        check_unsigned(&case, |a, b| (a % b).into(), remainder);
        check_unsigned(&case, |a, b| {
            let (quotient, remainder) = a.div_rem(b);
            quotient.bits().concat(remainder.bits())
        }, |a, b| quotient(a, b) + (remainder(a, b) << case.0));
    }

    #[test]
    fn products_of_different_widths(
        (first, second) in (widths(), widths()), seed in number(2 * WIDEST), other in number(2 * WIDEST)
    ) {
        let circuit = circuit_of(first, second, |a, b| {
            Uint::from(a.clone()).widening_mul(&b.clone().into()).into()
        });
        let (a, b) = (seed % modulus(first), other % modulus(second));
        let product = run(&circuit, &[vec![a.clone()], vec![b.clone()]]);
        assert_eq!(product, [[&a * &b]], "{first} bits {a:#x}, {second} bits {b:#x}");
    }

    #[test]
    fn signed_arithmetic(case in width_and_pairs()) {
        check_signed(&case, |a, b| (a + b).into(), |a, b| a + b);
        check_signed(&case, |a, b| (a - b).into(), |a, b| a - b);
        check_signed(&case, |a, b| (a * b).into(), |a, b| a * b);
        check_signed(&case, |a, _| (-a).into(), |a, _| -a);
        check_signed(&case, |a, _| a.unsigned_abs().into(), |a, _| BigInt::from(a.magnitude().clone()));
    }

    #[test]
    fn signed_comparisons(case in width_and_pairs()) {
        let flag = |value| BigInt::from(flag(value));
        check_signed(&case, |a, b| single(a.lt(b)), |a, b| flag(a < b));
        check_signed(&case, |a, b| single(a.le(b)), |a, b| flag(a <= b));
        check_signed(&case, |a, b| single(a.gt(b)), |a, b| flag(a > b));
        check_signed(&case, |a, b| single(a.ge(b)), |a, b| flag(a >= b));
        check_signed(&case, |a, b| single(a.eq(b)), |a, b| flag(a == b));
        check_signed(&case, |a, b| single(a.ne(b)), |a, b| flag(a != b));
        check_signed(&case, |a, _| single(a.is_zero()), |a, _| flag(a.sign() == Sign::NoSign));
        check_signed(&case, |a, _| single(a.is_negative()), |a, _| flag(a.sign() == Sign::Minus));
        check_signed(&case, |a, b| a.min(b).into(), |a, b| a.min(b).clone());
        check_signed(&case, |a, b| a.max(b).into(), |a, b| a.max(b).clone());
    }

    #[test]
    fn signed_quotients_and_remainders(case in width_and_pairs()) {
        let by_zero = |b: &BigInt| b.sign() == Sign::NoSign;
        check_signed(&case, |a, b| (a / b).into(), |a, b| if by_zero(b) { BigInt::from(-1) } else { a / b });
        check_signed(&case, |a, b| (a % b).into(), |a, b| if by_zero(b) { a.clone() } else { a % b });
    }

    #[test]
    fn constants_on_the_right(case in width_and_pairs(), constant in 0u64..) {
        let (width, modulus) = (case.0, modulus(case.0));
        let constant = if width < 64 { constant % (1 << width) } else { constant };
        let big = BigUint::from(constant);
        check_unsigned(&case, |a, _| (a + constant).into(), |a, _| (a + &big) % &modulus);
        check_unsigned(&case, |a, _| (a - constant).into(), |a, _| (a + &modulus - &big) % &modulus);
        check_unsigned(&case, |a, _| (a * constant).into(), |a, _| a * &big % &modulus);
        check_unsigned(&case, |a, _| (a & constant).into(), |a, _| a & &big);
        check_unsigned(&case, |a, _| (a | constant).into(), |a, _| a | &big);
        check_unsigned(&case, |a, _| (a ^ constant).into(), |a, _| a ^ &big);
        if constant != 0 {
            check_unsigned(&case, |a, _| (a / constant).into(), |a, _| a / &big);
            check_unsigned(&case, |a, _| (a % constant).into(), |a, _| a % &big);
        }
    }

    #[test]
    fn signed_constants_on_the_right(case in width_and_pairs(), constant: i64) {
        let constant = if case.0 < 64 { constant >> (64 - case.0) } else { constant };
        let big = BigInt::from(constant);
        check_signed(&case, |a, _| (a + constant).into(), |a, _| a + &big);
        check_signed(&case, |a, _| (a - constant).into(), |a, _| a - &big);
        check_signed(&case, |a, _| (a * constant).into(), |a, _| a * &big);
        if constant != 0 {
            check_signed(&case, |a, _| (a / constant).into(), |a, _| a / &big);
            check_signed(&case, |a, _| (a % constant).into(), |a, _| a % &big);
        }
    }
}

#[test]
fn narrow_widths_exhaustively() {
    for width in 1..=5 {
        let numbers = || (0..1u8 << width).map(BigUint::from);
        let pairs: Vec<_> = numbers().flat_map(|a| numbers().map(move |b| (a.clone(), b))).collect();
        let case = (width, pairs);
        let ones = modulus(width) - 1u8;
        let by_zero = |b: &BigUint| *b == BigUint::ZERO;
        check_unsigned(&case, |a, b| (a + b).into(), |a, b| (a + b) % modulus(width));
        check_unsigned(&case, |a, b| single(a.lt(b)), |a, b| flag(a < b));
        check_unsigned(&case, |a, b| a.widening_mul(b).into(), |a, b| a * b);
        check_unsigned(&case, |a, b| (a / b).into(), |a, b| if by_zero(b) { ones.clone() } else { a / b });
        check_unsigned(&case, |a, b| (a % b).into(), |a, b| if by_zero(b) { a.clone() } else { a % b });
    }
}
