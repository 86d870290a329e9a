//! Roots, squares, saturating and modular arithmetic and division by constants, against big integers.

use halfgate_circuits::{Bits, Builder, Int, Party, Uint};
use num_bigint::{BigInt, BigUint};
use proptest::prelude::{any, proptest};

use crate::integers::{check_signed, check_unsigned, single, width_and_pairs};
use crate::plaintext::{and_count, cases, circuit_of, modulus, run};

fn unary_cost(width: usize, operation: impl for<'b> Fn(Uint<'b>) -> Bits<'b>) -> usize {
    and_count(&circuit_of(width, 0, |a, _| operation(a.clone().into())))
}

fn clamped(number: BigInt, least: &BigInt, most: &BigInt) -> BigInt {
    number.max(least.clone()).min(most.clone())
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn square_roots(case in width_and_pairs()) {
        check_unsigned(&case, |a, _| a.sqrt().into(), |a, _| a.sqrt());
        check_unsigned(&case, |a, _| {
            let (root, remainder) = a.sqrt_rem();
            root.bits().concat(remainder.bits())
        }, |a, _| a.sqrt() + ((a - a.sqrt().pow(2)) << case.0.div_ceil(2)));
    }

    #[test]
    fn squares(case in width_and_pairs()) {
        check_unsigned(&case, |a, _| a.widening_square().into(), |a, _| a * a);
        check_unsigned(&case, |a, _| a.square().into(), |a, _| a * a % modulus(case.0));
    }

    #[test]
    fn unsigned_saturation(case in width_and_pairs()) {
        let most = modulus(case.0) - 1u8;
        check_unsigned(&case, |a, b| a.saturating_add(b).into(), |a, b| (a + b).min(most.clone()));
        check_unsigned(&case, |a, b| a.saturating_sub(b).into(), |a, b| a - a.min(b));
    }

    #[test]
    fn signed_saturation(case in width_and_pairs()) {
        let end = BigInt::from(modulus(case.0 - 1));
        let (least, most) = (-&end, &end - 1);
        let outside = |number: BigInt| BigInt::from(u8::from(number < least || number > most));
        check_signed(&case, |a, b| a.saturating_add(b).into(), |a, b| clamped(a + b, &least, &most));
        check_signed(&case, |a, b| a.saturating_sub(b).into(), |a, b| clamped(a - b, &least, &most));
        check_signed(&case, |a, b| a.overflowing_add(b).0.into(), |a, b| a + b);
        check_signed(&case, |a, b| a.overflowing_sub(b).0.into(), |a, b| a - b);
        check_signed(&case, |a, b| single(a.overflowing_add(b).1), |a, b| outside(a + b));
        check_signed(&case, |a, b| single(a.overflowing_sub(b).1), |a, b| outside(a - b));
    }

    #[test]
    fn sums_and_differences_modulo_a_number(case in width_and_pairs(), seed in any::<u64>()) {
        let (width, pairs) = case;
        for known in [false, true] {
            let n = BigUint::from(seed) % (modulus(width) - 1u8).max(1u8.into()) + 1u8;
            let reduced: Vec<_> = pairs.iter().map(|(a, b)| (a % &n, b % &n)).collect();
            let circuit = modular_circuit(width, known.then_some(&n));
            let inputs = [vec![n.clone(); pairs.len()], reduced.iter().map(|pair| pair.0.clone()).collect(),
                reduced.iter().map(|pair| pair.1.clone()).collect()];
            let outputs = run(&circuit, &inputs);
            for (k, (a, b)) in reduced.iter().enumerate() {
                assert_eq!(outputs[0][k], (a + b) % &n, "{a} + {b} modulo {n}, {width} bits");
                assert_eq!(outputs[1][k], (a + &n - b) % &n, "{a} - {b} modulo {n}, {width} bits");
            }
        }
    }

    #[test]
    fn division_by_constants(case in width_and_pairs(), divisor in any::<u64>(), shift in 0usize..64, above in 0usize..66) {
        let (width, pairs) = case;
        let divisor = (u128::from(divisor >> shift) << above) & (u128::MAX >> (128 - width.min(128)));
        let circuit = circuit_of(width, 0, |a, _| {
            let divisor = a.builder().constant_uint(width, divisor);
            let (quotient, remainder) = Uint::from(a.clone()).div_rem(&divisor);
            quotient.bits().concat(remainder.bits())
        });
        let dividends: Vec<BigUint> = pairs.into_iter().map(|(a, _)| a).collect();
        let outputs = run(&circuit, &[dividends.clone(), vec![BigUint::ZERO; dividends.len()]]).remove(0);
        let divisor = BigUint::from(divisor);
        for (a, output) in dividends.iter().zip(outputs) {
            let expected = match divisor == BigUint::ZERO {
                true => modulus(width) - 1u8 + (a << width),
                false => a / &divisor + ((a % &divisor) << width),
            };
            assert_eq!(output, expected, "{a} by {divisor}, {width} bits");
        }
    }
}

/// With the modulus as an input, or as a constant next to an input that nothing reads.
fn modular_circuit(width: usize, known: Option<&BigUint>) -> halfgate_circuits::Circuit {
    let builder = Builder::new();
    let bits = u32::try_from(width).unwrap();
    let input = builder.input_uint("modulus", bits, Party::Garbler);
    let a = builder.input_uint("a", bits, Party::Garbler);
    let b = builder.input_uint("b", bits, Party::Evaluator);
    let modulus = match known {
        Some(number) => builder.bits((0..width as u64).map(|k| builder.constant(number.bit(k)))).into(),
        None => input,
    };
    builder.output_uint("sum", &a.add_mod(&b, &modulus));
    builder.output_uint("difference", &a.sub_mod(&b, &modulus));
    builder.finish().unwrap()
}

#[test]
fn cost_what_their_formulas_say() {
    for n in 1..=130usize {
        let h = n.div_ceil(2);
        let binary = |f: &dyn for<'b> Fn(Uint<'b>, Uint<'b>) -> Bits<'b>| {
            and_count(&circuit_of(n, n, |a, b| f(a.clone().into(), b.clone().into())))
        };
        assert!(unary_cost(n, |a| a.sqrt().into()) <= h * (h + 1) / 2, "root of {n} bits");
        assert!(unary_cost(n, |a| a.sqrt_rem().1.into()) < h * (h + 1) / 2 + 2 * h, "remainder of {n} bits");
        assert!(unary_cost(n, |a| a.widening_square().into()) <= n * n - n / 2, "square of {n} bits");
        assert_eq!(binary(&|a, b| a.saturating_add(&b).into()), 2 * n);
        assert_eq!(binary(&|a, b| a.saturating_sub(&b).into()), 2 * n);
        let signed =
            |f: &dyn for<'b> Fn(Int<'b>, Int<'b>) -> Bits<'b>| binary(&|a, b| f(a.to_int(), b.to_int()));
        assert_eq!(signed(&|a, b| a.saturating_add(&b).into()), 2 * n - 1);
        assert_eq!(signed(&|a, b| a.saturating_sub(&b).into()), 2 * n - 1);
        assert_eq!(signed(&|a, b| single(a.overflowing_add(&b).1)), n);
    }
    for (divisor, ands) in [(3, 63), (5, 124), (10, 122), (1000, 330), (1 << 40, 0), (u64::MAX, 63)] {
        let cost = unary_cost(64, |a| (a / divisor).into());
        assert!(cost <= ands, "64 bits by {divisor}: {cost} ANDs");
    }
}
