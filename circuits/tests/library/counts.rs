//! What circuits cost. ANDs are what garbling pays for: a count above these is a defect, one below belongs here.

use halfgate_circuits::{Bit, Bits, Builder, Int, Party, Uint, library};

use crate::plaintext::{and_count, circuit_of};

/// Name, ANDs, and the lowest count known before: a published one, or else what the textbook's circuit takes.
///
/// The textbook: one AND per carry and per choice (Kolesnikov, Sadeghi, Schneider 2009, "Improved garbled circuit
/// building blocks"); `n - HW(n)` for a count of ones (Boyar, Peralta 2008); `n·log₂ n` for a shifter; two additions
/// and a choice for a sum modulo a number; two operations per digit for a restoring root; `2n` per comparison of the
/// smallest sorting network known; for squares our own products.
const NAMED: [(&str, usize, Option<usize>); 107] = [
    ("add32", 31, Some(31)),
    ("add64", 63, Some(63)),
    ("sub64", 63, Some(63)),
    ("mul8", 57, None),
    ("mul16", 241, None),
    ("mul32", 956, None),
    ("mul64", 3_451, Some(3_669)),
    ("mul128", 11_718, None),
    ("widemul8", 120, None),
    ("widemul16", 445, None),
    ("widemul32", 1_508, Some(1_621)),
    ("widemul64", 4_873, None),
    ("div8", 60, None),
    ("div32", 725, None),
    ("div64", 2_618, Some(4_285)),
    ("rem64", 2_690, Some(4_285)),
    ("sdiv64", 2_871, Some(4_474)),
    ("srem64", 2_879, None),
    ("lt32", 32, Some(32)),
    ("lt64", 64, Some(64)),
    ("slt64", 64, Some(64)),
    ("eq32", 31, Some(31)),
    ("eq64", 63, Some(63)),
    ("compare64", 127, None),
    ("min64", 128, None),
    ("max64", 128, None),
    ("mux64", 64, Some(64)),
    ("shl64", 384, Some(384)),
    ("shr32", 160, Some(160)),
    ("sar64", 378, Some(384)),
    ("rol64", 321, Some(384)),
    ("ror32", 129, Some(160)),
    ("popcount32", 31, Some(31)),
    ("popcount64", 63, Some(63)),
    ("clz64", 63, Some(63)),
    ("ctz64", 63, Some(63)),
    ("neg64", 62, Some(62)),
    ("abs64", 63, Some(63)),
    ("smin64", 128, Some(128)),
    ("smax64", 128, Some(128)),
    ("le64", 64, Some(64)),
    ("sle64", 64, Some(64)),
    ("addc64", 64, Some(64)),
    ("saddc64", 64, Some(64)),
    ("addsat64", 128, Some(128)),
    ("subsat64", 128, Some(128)),
    ("saddsat64", 127, Some(128)),
    ("ssubsat64", 127, Some(128)),
    ("modadd64", 192, Some(192)),
    ("modsub64", 191, Some(192)),
    ("modadd512", 1_536, Some(1_536)),
    ("square32", 450, Some(956)),
    ("square64", 1_875, Some(3_451)),
    ("widesquare32", 967, Some(1_508)),
    ("widesquare64", 3_476, Some(4_873)),
    ("sqrt32", 136, Some(272)),
    ("sqrt64", 528, Some(1_056)),
    ("sqrtrem64", 591, Some(1_120)),
    ("sort4x32", 320, Some(320)),
    ("sort8x32", 1_216, Some(1_216)),
    ("sort16x32", 3_840, Some(3_840)),
    ("sort32x32", 11_840, Some(11_840)),
    ("argmin8x32", 452, Some(453)),
    ("argmax8x32", 452, Some(453)),
    ("f32add", 532, None),
    ("f32sub", 532, None),
    ("f32mul", 1_389, None),
    ("f32div", 1_331, None),
    ("f32sqrt", 553, None),
    ("f32lt", 112, None),
    ("f32le", 113, None),
    ("f32eq", 71, None),
    ("f32min", 151, None),
    ("f32max", 151, None),
    ("f32fromi32", 254, None),
    ("f32fromi64", 416, None),
    ("f32fromu32", 223, None),
    ("f32fromu64", 353, None),
    ("f32toi32", 276, None),
    ("f32toi64", 427, None),
    ("f32tou32", 245, None),
    ("f32tou64", 361, None),
    ("f64add", 1_146, Some(5_385)),
    ("f64sub", 1_146, Some(5_385)),
    ("f64mul", 4_718, None),
    ("f64div", 4_506, None),
    ("f64sqrt", 2_001, None),
    ("f64lt", 214, None),
    ("f64le", 215, None),
    ("f64eq", 138, None),
    ("f64min", 308, None),
    ("f64max", 308, None),
    ("f64fromi32", 241, None),
    ("f64fromi64", 571, None),
    ("f64fromu32", 205, None),
    ("f64fromu64", 508, None),
    ("f64toi32", 331, None),
    ("f64toi64", 621, None),
    ("f64tou32", 304, None),
    ("f64tou64", 558, None),
    ("f32tof64", 237, None),
    ("f64tof32", 401, None),
    ("fixmul16x32", 1_583, None),
    ("fixmul32x64", 5_028, None),
    ("fixdiv16x32", 1_469, None),
    ("aes128", 6_400, Some(6_400)),
    ("sha256", 22_266, Some(22_573)),
];

#[test]
fn of_named_circuits() {
    let built = NAMED.map(|(name, ..)| (name, and_count(&library::find(name).unwrap())));
    assert_eq!(built, NAMED.map(|(name, ands, _)| (name, ands)));
    for (name, ands, known) in NAMED {
        assert!(known.is_none_or(|known| ands <= known), "{name}");
    }
}

/// The ANDs of an operation of two numbers of `width` bits.
fn cost(width: usize, operation: impl for<'b> Fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>) -> usize {
    and_count(&circuit_of(width, width, operation))
}

fn uint_cost(width: usize, operation: impl for<'b> Fn(Uint<'b>, Uint<'b>) -> Bits<'b>) -> usize {
    cost(width, |a, b| operation(a.clone().into(), b.clone().into()))
}

fn int_cost(width: usize, operation: impl for<'b> Fn(Int<'b>, Int<'b>) -> Bits<'b>) -> usize {
    cost(width, |a, b| operation(a.clone().into(), b.clone().into()))
}

fn single(bit: Bit<'_>) -> Bits<'_> {
    bit.builder().bits([bit])
}

#[test]
fn of_operations_of_every_width() {
    for n in 1..=130 {
        assert_eq!(uint_cost(n, |a, b| (a + b).into()), n - 1, "a + b of {n} bits");
        assert_eq!(uint_cost(n, |a, b| (a - b).into()), n - 1);
        assert_eq!(uint_cost(n, |a, b| single(a.overflowing_add(&b).1)), n);
        assert_eq!(uint_cost(n, |a, b| single(a.lt(&b))), n);
        assert_eq!(uint_cost(n, |a, b| single(a.eq(&b))), n - 1);
        assert_eq!(uint_cost(n, |a, b| a.max(&b).into()), 2 * n);
        assert_eq!(int_cost(n, |a, b| single(a.lt(&b))), n);
        assert_eq!(int_cost(n, |a, _| (-a).into()), n.saturating_sub(2));
        assert_eq!(int_cost(n, |a, _| a.unsigned_abs().into()), n - 1);
        assert_eq!(cost(n, |a, b| a.parity().mux(a, b)), n);
        assert_eq!(cost(n, |a, b| a ^ !b), 0);
    }
}

#[test]
fn of_products_and_quotients_stay_below_the_textbook() {
    for n in 1..=130 {
        assert!(uint_cost(n, |a, b| (a * b).into()) <= n * n - n + 1, "a * b of {n} bits");
        assert!(uint_cost(n, |a, b| a.widening_mul(&b).into()) <= 2 * n * n - n, "whole product of {n} bits");
        let restoring = (n * (n + 1) + 2 * n).saturating_sub(3);
        let both = uint_cost(n, |a, b| {
            let (quotient, remainder) = a.div_rem(&b);
            quotient.bits().concat(remainder.bits())
        });
        assert!(both <= restoring, "division of {n} bits: {both} ANDs");
    }
}

#[test]
fn of_shifts() {
    for n in [1usize, 2, 3, 8, 33, 64] {
        let stages = n.next_power_of_two().trailing_zeros() as usize;
        let by = |bits: usize| {
            and_count(&circuit_of(n, bits, |a, b| (Uint::from(a.clone()) >> &b.clone().into()).into()))
        };
        assert_eq!(by(stages), n * stages, "{n} bits");
        assert_eq!(by(stages + 2), n * (stages + 1) + 1, "{n} bits and an amount that may be larger");
    }
}

#[test]
fn gates_that_no_output_reads_are_left_out() {
    let builder = Builder::new();
    let a = builder.input_uint("a", 32, Party::Garbler);
    let b = builder.input_uint("b", 32, Party::Evaluator);
    let _unused = &a * &b;
    builder.output_uint("sum", &(a + b));
    assert_eq!(and_count(&builder.finish().unwrap()), 31);
}
