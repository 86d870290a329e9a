//! What circuits cost. ANDs are what garbling pays for: a count above these is a defect, one below belongs here.

use halfgate_circuits::{Bit, Bits, Builder, Int, Party, Uint, library};

use crate::cipher_counts::COUNTS;
use crate::plaintext::{and_count, circuit_of};
use crate::textbook::{F32, F64, NARROWED, WIDENED, fixed_quotient, low_product, product, restoring};

/// Name, ANDs, and the lowest count known before: a published one, or else what the textbook's circuit takes.
///
/// The textbook: one AND per carry and per choice (Kolesnikov, Sadeghi, Schneider 2009, "Improved garbled circuit
/// building blocks"); `n - HW(n)` for a count of ones (Boyar, Peralta 2008); `n·log₂ n` for a shifter; two additions
/// and a choice for a sum modulo a number; two operations per digit for a restoring root; `2n` per comparison of the
/// smallest sorting network known; for squares our own products; for the rest [`crate::textbook`]. Signed quotients and
/// remainders are those of unsigned numbers and three numbers to negate.
const NAMED: [(&str, usize, usize); 107] = [
    ("add32", 31, 31),
    ("add64", 63, 63),
    ("sub64", 63, 63),
    ("mul8", 57, low_product(8)),
    ("mul16", 241, low_product(16)),
    ("mul32", 956, low_product(32)),
    ("mul64", 3_451, 3_669),
    ("mul128", 11_718, low_product(128)),
    ("widemul8", 120, product(8)),
    ("widemul16", 445, product(16)),
    ("widemul32", 1_508, 1_621),
    ("widemul64", 4_873, product(64)),
    ("div8", 60, restoring(8)),
    ("div32", 725, restoring(32)),
    ("div64", 2_618, 4_285),
    ("rem64", 2_690, 4_285),
    ("sdiv64", 2_871, 4_474),
    ("srem64", 2_879, 4_474),
    ("lt32", 32, 32),
    ("lt64", 64, 64),
    ("slt64", 64, 64),
    ("eq32", 31, 31),
    ("eq64", 63, 63),
    ("compare64", 127, 64 + 63),
    ("min64", 128, 128),
    ("max64", 128, 128),
    ("mux64", 64, 64),
    ("shl64", 384, 384),
    ("shr32", 160, 160),
    ("sar64", 378, 384),
    ("rol64", 321, 384),
    ("ror32", 129, 160),
    ("popcount32", 31, 31),
    ("popcount64", 63, 63),
    ("clz64", 63, 63),
    ("ctz64", 63, 63),
    ("neg64", 62, 62),
    ("abs64", 63, 63),
    ("smin64", 128, 128),
    ("smax64", 128, 128),
    ("le64", 64, 64),
    ("sle64", 64, 64),
    ("addc64", 64, 64),
    ("saddc64", 64, 64),
    ("addsat64", 128, 128),
    ("subsat64", 128, 128),
    ("saddsat64", 127, 128),
    ("ssubsat64", 127, 128),
    ("modadd64", 192, 192),
    ("modsub64", 191, 192),
    ("modadd512", 1_536, 1_536),
    ("square32", 450, 956),
    ("square64", 1_875, 3_451),
    ("widesquare32", 967, 1_508),
    ("widesquare64", 3_476, 4_873),
    ("sqrt32", 136, 272),
    ("sqrt64", 528, 1_056),
    ("sqrtrem64", 591, 1_120),
    ("sort4x32", 320, 320),
    ("sort8x32", 1_216, 1_216),
    ("sort16x32", 3_840, 3_840),
    ("sort32x32", 11_840, 11_840),
    ("argmin8x32", 452, 453),
    ("argmax8x32", 452, 453),
    ("f32add", 532, F32.sum()),
    ("f32sub", 532, F32.sum()),
    ("f32mul", 1_389, F32.product()),
    ("f32div", 1_331, F32.quotient()),
    ("f32sqrt", 553, F32.root()),
    ("f32lt", 112, F32.comparison()),
    ("f32le", 113, F32.comparison()),
    ("f32eq", 71, F32.comparison()),
    ("f32min", 151, F32.extreme()),
    ("f32max", 151, F32.extreme()),
    ("f32fromi32", 254, F32.of_signed(5)),
    ("f32fromi64", 416, F32.of_signed(6)),
    ("f32fromu32", 223, F32.of_unsigned(5)),
    ("f32fromu64", 353, F32.of_unsigned(6)),
    ("f32toi32", 276, F32.to_signed(5)),
    ("f32toi64", 427, F32.to_signed(6)),
    ("f32tou32", 245, F32.to_unsigned(5)),
    ("f32tou64", 361, F32.to_unsigned(6)),
    ("f64add", 1_146, F64.sum()),
    ("f64sub", 1_146, F64.sum()),
    ("f64mul", 4_718, F64.product()),
    ("f64div", 4_506, F64.quotient()),
    ("f64sqrt", 2_001, F64.root()),
    ("f64lt", 214, F64.comparison()),
    ("f64le", 215, F64.comparison()),
    ("f64eq", 138, F64.comparison()),
    ("f64min", 308, F64.extreme()),
    ("f64max", 308, F64.extreme()),
    ("f64fromi32", 241, F64.of_signed(5)),
    ("f64fromi64", 571, F64.of_signed(6)),
    ("f64fromu32", 205, F64.of_unsigned(5)),
    ("f64fromu64", 508, F64.of_unsigned(6)),
    ("f64toi32", 331, F64.to_signed(5)),
    ("f64toi64", 621, F64.to_signed(6)),
    ("f64tou32", 304, F64.to_unsigned(5)),
    ("f64tou64", 558, F64.to_unsigned(6)),
    ("f32tof64", 237, WIDENED),
    ("f64tof32", 401, NARROWED),
    ("fixmul16x32", 1_583, product(32) + 31),
    ("fixmul32x64", 5_028, product(64) + 63),
    ("fixdiv16x32", 1_469, fixed_quotient(16, 32)),
    ("aes128", 6_400, 6_400),
    ("sha256", 22_266, 22_573),
];

#[test]
fn of_named_circuits() {
    let built = NAMED.map(|(name, ..)| (name, and_count(&library::find(name).unwrap())));
    assert_eq!(built, NAMED.map(|(name, ands, _)| (name, ands)));
    for (name, ands, known) in NAMED {
        assert!(ands <= known, "{name}: {ands} ANDs, but {known} are known");
    }
}

#[test]
fn every_circuit_of_the_library_is_counted() {
    let counted: Vec<&str> =
        NAMED.iter().map(|(name, ..)| *name).chain(COUNTS.iter().map(|(name, ..)| *name)).collect();
    for entry in library::list() {
        let is_member = |name: &&str| {
            let numbers = name.strip_prefix(entry.name());
            numbers.is_some_and(|numbers| match entry.widths() {
                None => numbers.is_empty(),
                Some(_) => numbers.split('x').all(|number| number.parse::<u32>().is_ok()),
            })
        };
        assert!(counted.iter().any(is_member), "{}", entry.pattern());
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
