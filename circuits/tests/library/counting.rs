//! Counts of ones and zeros against big integers.

use halfgate_circuits::{Bits, Uint};
use num_bigint::BigUint;
use proptest::prelude::proptest;

use crate::integers::{check_unsigned, width_and_pairs};
use crate::plaintext::{and_count, cases, circuit_of};

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn of_ones_and_zeros(case in width_and_pairs()) {
        let width = case.0 as u64;
        check_unsigned(&case, |a, _| a.bits().count_ones().into(), |a, _| a.count_ones().into());
        check_unsigned(&case, |a, _| a.bits().leading_zeros().into(), |a, _| (width - a.bits()).into());
        check_unsigned(&case, |a, _| a.bits().trailing_zeros().into(), |a, _| {
            a.trailing_zeros().unwrap_or(width).into()
        });
        check_unsigned(&case, |a, _| a.bits().reversed().reversed(), |a, _| a.clone());
    }

    #[test]
    fn of_zeros_in_sparse_numbers(case in width_and_pairs()) {
        let width = case.0;
        let shifted = |a: &BigUint, b: &BigUint| a >> (b % (width + 1)).iter_u64_digits().next().unwrap_or(0);
        let pairs: Vec<_> = case.1.iter().map(|(a, b)| (shifted(a, b), b.clone())).collect();
        check_unsigned(&(width, pairs), |a, _| a.bits().leading_zeros().into(), |a, _| (width as u64 - a.bits()).into());
    }
}

#[test]
fn cost_what_is_proven_to_be_the_least() {
    let cost = |width, count: fn(&Bits<'_>) -> usize, f: for<'b> fn(&Bits<'b>) -> Uint<'b>| {
        let circuit = circuit_of(width, 0, |a, _| {
            let counted = f(a);
            assert_eq!(counted.width(), count(a));
            counted.into()
        });
        and_count(&circuit)
    };
    let digits = |a: &Bits<'_>| (usize::BITS - a.width().leading_zeros()) as usize;
    for n in 1..=300usize {
        assert_eq!(cost(n, digits, |a| a.count_ones()), n - n.count_ones() as usize, "ones of {n} bits");
        assert_eq!(cost(n, digits, |a| a.leading_zeros()), n - 1);
        assert_eq!(cost(n, digits, |a| a.trailing_zeros()), n - 1);
    }
}
