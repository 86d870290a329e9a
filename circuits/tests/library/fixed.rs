//! Fixed-point numbers against big integers, and to and from floats against Rust.

use halfgate_circuits::{Bits, Fixed, Float, FloatFormat, Int};
use num_bigint::{BigInt, BigUint, Sign};
use proptest::prelude::{Just, Strategy, proptest};

use crate::float_model::Patterns;
use crate::floats::DOUBLE;
use crate::integers::{check_signed, single};
use crate::plaintext::{cases, circuit_of, pairs, run_words};

type Case = (usize, Vec<(BigUint, BigUint)>);

/// Numbers of some width, and how many of its bits lie below the point, sometimes more than there are.
fn numbers() -> impl Strategy<Value = (Case, usize)> {
    (1usize..=70).prop_flat_map(|width| ((Just(width), pairs(width)), 0..width + 3))
}

fn check(
    (case, fraction): &(Case, usize),
    circuit: impl for<'b> Fn(&Fixed<'b>, &Fixed<'b>) -> Bits<'b>,
    reference: impl Fn(&BigInt, &BigInt) -> BigInt,
) {
    check_signed(
        case,
        |a, b| circuit(&Fixed::new(a.clone(), *fraction), &Fixed::new(b.clone(), *fraction)),
        reference,
    );
}

/// Rounded down; `>>` of negative big integers is.
fn floor(number: BigInt, places: usize) -> BigInt {
    number >> places
}

/// The nearest integer, of two the larger.
fn nearest(number: BigInt, places: usize) -> BigInt {
    floor(number * 2 + (BigInt::from(1) << places), places + 1)
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn arithmetic(case in numbers()) {
        let fraction = case.1;
        check(&case, |a, b| (a + b).steps().bits().clone(), |a, b| a + b);
        check(&case, |a, b| (a - b).steps().bits().clone(), |a, b| a - b);
        check(&case, |a, _| (-a).steps().bits().clone(), |a, _| -a);
        check(&case, |a, b| (a * b).steps().bits().clone(), |a, b| nearest(a * b, fraction));
        check(&case, |a, b| a.mul_floor(b).steps().bits().clone(), |a, b| floor(a * b, fraction));
        check(&case, |a, b| single(a.lt(b)), |a, b| (a < b).into_int());
        check(&case, |a, b| single(a.le(b)), |a, b| (a <= b).into_int());
        check(&case, |a, b| single(a.eq(b)), |a, b| (a == b).into_int());
        check(&case, |a, b| a.lt(b).mux(b, a).steps().bits().clone(), |a, b| a.max(b).clone());
    }

    #[test]
    fn quotients(((width, pairs), fraction) in numbers()) {
        let pairs = pairs.into_iter().filter(|(_, b)| *b != BigUint::ZERO).collect();
        check(&((width, pairs), fraction), |a, b| (a / b).steps().bits().clone(), |a, b| (a << fraction) / b);
    }

    #[test]
    fn other_steps(case in numbers(), width in 1usize..70, fraction in 0usize..40) {
        let before = case.1;
        check(&case, |a, _| a.floor().bits().clone(), |a, _| floor(a.clone(), before));
        check(&case, |a, _| a.round().bits().clone(), |a, _| nearest(a.clone(), before));
        // In as many bits as before, so that results can be compared modulo the width.
        let same = case.0.0;
        check(&case, |a, _| a.with_fraction(same, fraction).steps().bits().clone(), |a, _| {
            if fraction > before { a << (fraction - before) } else { nearest(a.clone(), before - fraction) }
        });
        check(&case, |a, _| Fixed::from_int(&a.steps().resize(width), same, fraction).steps().bits().clone(), |a, _| {
            wrapped(a, width) << fraction
        });
    }
}

/// In `width` bits if that is less.
fn wrapped(number: &BigInt, width: usize) -> BigInt {
    let modulus = BigInt::from(1) << width;
    let residue = ((number % &modulus) + &modulus) % &modulus;
    if residue.bit(width as u64 - 1) { residue - modulus } else { residue }
}

trait IntoInt {
    fn into_int(self) -> BigInt;
}

impl IntoInt for bool {
    fn into_int(self) -> BigInt {
        BigInt::from_biguint(Sign::Plus, self.into())
    }
}

#[test]
fn to_and_from_floats() {
    let double = FloatFormat::BINARY64;
    for fraction in [0, 1, 16, 40, 100] {
        let scale = 2f64.powi(fraction);
        let to = circuit_of(64, 0, |a, _| {
            Fixed::new(Int::from(a.clone()), fraction as usize).to_float(double).bits().clone()
        });
        let from = circuit_of(64, 0, |a, _| {
            Fixed::from_float(&Float::from_bits(double, a.clone()), 64, fraction as usize)
                .steps()
                .bits()
                .clone()
        });
        let mut patterns = Patterns::new(DOUBLE, fraction as u64);
        let inputs: Vec<u64> = (0..20_000).map(|_| patterns.number()).collect();
        let none = vec![0; inputs.len()];
        let floats = run_words(&to, &[inputs.clone(), none.clone()]).remove(0);
        let steps = run_words(&from, &[inputs.clone(), none]).remove(0);
        for ((input, float), steps) in inputs.into_iter().zip(floats).zip(steps) {
            // Powers of two scale without rounding.
            assert_eq!(f64::from_bits(float), input as i64 as f64 / scale, "{input:#x} / 2^{fraction}");
            let number = f64::from_bits(input);
            let expected = if number.abs() < f64::MIN_POSITIVE { 0 } else { (number * scale) as i64 };
            assert_eq!(steps as i64, expected, "{number:e} · 2^{fraction}");
        }
    }
}
