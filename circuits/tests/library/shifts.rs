//! Shifts, rotations, slices and widths against big integers.

use halfgate_circuits::{Bits, Int, Uint};
use num_bigint::BigUint;
use proptest::prelude::{Just, Strategy, proptest};

use crate::plaintext::{cases, circuit_of, modulus, number, run};

/// A width, a number of it, and an amount that often lies beyond it.
fn shifts() -> impl Strategy<Value = (usize, BigUint, usize)> {
    (1usize..=130).prop_flat_map(|width| (Just(width), number(width), 0..width * 2))
}

fn unary(width: usize, number: &BigUint, operation: impl for<'b> Fn(&Bits<'b>) -> Bits<'b>) -> BigUint {
    let circuit = circuit_of(width, 0, |a, _| operation(a));
    run(&circuit, &[vec![number.clone()], vec![BigUint::ZERO]]).remove(0).remove(0)
}

fn is_negative(number: &BigUint, width: usize) -> bool {
    number.bit(width as u64 - 1)
}

/// The ones that an arithmetic shift brings in from above.
fn sign_fill(number: &BigUint, width: usize, amount: usize) -> BigUint {
    let ones = amount.min(width);
    if is_negative(number, width) { (modulus(ones) - 1u8) << (width - ones) } else { BigUint::ZERO }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn by_constants((width, number, amount) in shifts()) {
        let left = unary(width, &number, |a| (Uint::from(a.clone()) << amount).into());
        assert_eq!(left, (&number << amount) % modulus(width));
        let right = unary(width, &number, |a| (Uint::from(a.clone()) >> amount).into());
        assert_eq!(right, &number >> amount);
        let left = unary(width, &number, |a| (Int::from(a.clone()) << amount).into());
        assert_eq!(left, (&number << amount) % modulus(width));
        let right = unary(width, &number, |a| (Int::from(a.clone()) >> amount).into());
        assert_eq!(right, (&number >> amount) | sign_fill(&number, width, amount));
    }

    #[test]
    fn by_values((width, number, amount) in shifts(), amount_width in 1usize..=9) {
        let amount = amount % (1 << amount_width);
        let shifted = |operation: &dyn for<'b> Fn(&Bits<'b>, &Uint<'b>) -> Bits<'b>| {
            let circuit = circuit_of(width, amount_width, |a, b| operation(a, &b.clone().into()));
            run(&circuit, &[vec![number.clone()], vec![amount.into()]]).remove(0).remove(0)
        };
        let left = (&number << amount) % modulus(width);
        let right = &number >> amount;
        assert_eq!(shifted(&|a, by| (Uint::from(a.clone()) << by).into()), left);
        assert_eq!(shifted(&|a, by| (Uint::from(a.clone()) >> by).into()), right);
        assert_eq!(shifted(&|a, by| (Int::from(a.clone()) << by).into()), left);
        let right = right | sign_fill(&number, width, amount);
        assert_eq!(shifted(&|a, by| (Int::from(a.clone()) >> by).into()), right);
    }

    #[test]
    fn rotations((width, number, amount) in shifts()) {
        let by = amount % width;
        let left = (&number << by | &number >> (width - by)) % modulus(width);
        assert_eq!(unary(width, &number, |a| a.rotate_left(amount)), left);
        assert_eq!(unary(width, &left, |a| Uint::from(a.clone()).rotate_right(amount).into()), number);
        assert_eq!(unary(width, &left, |a| a.rotate_right(amount)), number);
        assert_eq!(unary(width, &number, |a| Uint::from(a.clone()).rotate_left(amount).into()), left);
    }

    #[test]
    fn rotations_by_values((width, number, amount) in shifts(), amount_width in 1usize..=9) {
        let amount = amount % (1 << amount_width);
        let rotated = |operation: &dyn for<'b> Fn(&Bits<'b>, &Uint<'b>) -> Bits<'b>| {
            let circuit = circuit_of(width, amount_width, |a, b| operation(a, &b.clone().into()));
            run(&circuit, &[vec![number.clone()], vec![amount.into()]]).remove(0).remove(0)
        };
        let by = amount % width;
        let left = (&number << by | &number >> (width - by)) % modulus(width);
        let right = (&number >> by | &number << (width - by)) % modulus(width);
        assert_eq!(rotated(&|a, by| Uint::from(a.clone()).rotate_left_by(by).into()), left);
        assert_eq!(rotated(&|a, by| Uint::from(a.clone()).rotate_right_by(by).into()), right);
    }

    #[test]
    fn widths((width, number, other) in shifts()) {
        let zeros = unary(width, &number, |a| Uint::from(a.clone()).resize(other).into());
        assert_eq!(zeros, &number % modulus(other));
        let signs = unary(width, &number, |a| Int::from(a.clone()).resize(other).into());
        let above = if is_negative(&number, width) { modulus(width.max(other)) - modulus(width) } else { BigUint::ZERO };
        assert_eq!(signs, (&number + above) % modulus(other));
    }

    #[test]
    fn parts((width, number, cut) in shifts()) {
        let cut = cut.min(width);
        let swapped = unary(width, &number, |a| a.slice(cut..).concat(&a.slice(..cut)));
        assert_eq!(swapped, (&number >> cut) | ((&number % modulus(cut)) << (width - cut)));
    }

    #[test]
    fn reductions((width, number, _) in shifts()) {
        let ones = number.count_ones();
        let circuit = circuit_of(width, 0, |a, _| a.builder().bits([a.all(), a.any(), a.parity()]));
        let result = run(&circuit, &[vec![number], vec![BigUint::ZERO]]).remove(0).remove(0);
        let [all, any, parity] = [ones == width as u64, ones > 0, ones % 2 == 1].map(u8::from);
        assert_eq!(result, BigUint::from(all | any << 1 | parity << 2));
    }
}
