//! Floats: every pair of numbers of tiny formats against exact arithmetic, and many of `f32` and `f64` against Rust.

use halfgate_circuits::{Bit, Bits, Float, FloatFormat, library};

use crate::float_model::{Model, Patterns};
use crate::plaintext::{circuit_of, run_words};

/// Formats with few enough numbers to try all pairs.
pub(crate) const TINY: [Model; 4] = [
    Model { exponent: 3, fraction: 1 },
    Model { exponent: 3, fraction: 2 },
    Model { exponent: 4, fraction: 3 },
    Model { exponent: 5, fraction: 2 },
];
pub(crate) const SINGLE: Model = Model { exponent: 8, fraction: 23 };
pub(crate) const DOUBLE: Model = Model { exponent: 11, fraction: 52 };
/// Pairs of `f32` and of `f64` for each operation.
pub(crate) const PAIRS: usize = 100_000;

pub(crate) type Binary = for<'b> fn(&Float<'b>, &Float<'b>) -> Bits<'b>;

pub(crate) fn format(model: Model) -> FloatFormat {
    FloatFormat::new(model.exponent as usize, model.fraction as usize)
}

/// The results of a circuit of two floats.
fn computed(model: Model, operation: Binary, a: &[u64], b: &[u64]) -> Vec<u64> {
    let width = model.width() as usize;
    let circuit = circuit_of(width, width, |a, b| {
        let [a, b] = [a, b].map(|bits| Float::from_bits(format(model), bits.clone()));
        operation(&a, &b)
    });
    run_words(&circuit, &[a.to_vec(), b.to_vec()]).remove(0)
}

pub(crate) fn check(
    model: Model,
    operation: Binary,
    a: &[u64],
    b: &[u64],
    reference: impl Fn(u64, u64) -> u64,
) {
    let results = computed(model, operation, a, b);
    for ((&a, &b), result) in a.iter().zip(b).zip(results) {
        let expected = reference(a, b);
        assert!(
            result == expected,
            "{model:?}: {a:#x} ({:e}) and {b:#x} ({:e}) give {result:#x}, not {expected:#x}",
            model.decode(a),
            model.decode(b),
        );
    }
}

pub(crate) fn all_pairs(model: Model) -> (Vec<u64>, Vec<u64>) {
    let numbers = 1u64 << model.width();
    (0..numbers * numbers).map(|pair| (pair / numbers, pair % numbers)).unzip()
}

pub(crate) fn chosen_pairs(model: Model, seed: u64) -> (Vec<u64>, Vec<u64>) {
    let mut patterns = Patterns::new(model, seed);
    (0..PAIRS)
        .map(|k| {
            let a = patterns.number();
            (a, if k % 2 == 0 { patterns.number() } else { patterns.near(a) })
        })
        .unzip()
}

pub(crate) fn quiet(result: f64) -> u64 {
    if result.is_nan() { DOUBLE.nan() } else { result.to_bits() }
}

pub(crate) fn quiet_single(result: f32) -> u64 {
    if result.is_nan() { SINGLE.nan() } else { result.to_bits().into() }
}

/// An operation of two floats in all formats; the results are floats too.
fn check_arithmetic(seed: u64, operation: Binary, double: fn(f64, f64) -> f64, single: fn(f32, f32) -> f32) {
    for model in TINY {
        let (a, b) = all_pairs(model);
        // Exact, or rounded to so many bits that rounding again makes no difference (Figueroa 1995).
        check(model, operation, &a, &b, |a, b| model.encode(double(model.decode(a), model.decode(b))));
    }
    let (a, b) = chosen_pairs(SINGLE, seed);
    check(SINGLE, operation, &a, &b, |a, b| {
        quiet_single(single(f32::from_bits(a as u32), f32::from_bits(b as u32)))
    });
    let (a, b) = chosen_pairs(DOUBLE, seed);
    check(DOUBLE, operation, &a, &b, |a, b| quiet(double(f64::from_bits(a), f64::from_bits(b))));
}

fn check_predicate(seed: u64, operation: Binary, double: fn(f64, f64) -> bool) {
    for model in TINY {
        let (a, b) = all_pairs(model);
        check(model, operation, &a, &b, |a, b| double(model.decode(a), model.decode(b)).into());
    }
    let (a, b) = chosen_pairs(SINGLE, seed);
    check(SINGLE, operation, &a, &b, |a, b| {
        double(f32::from_bits(a as u32).into(), f32::from_bits(b as u32).into()).into()
    });
    let (a, b) = chosen_pairs(DOUBLE, seed);
    check(DOUBLE, operation, &a, &b, |a, b| double(f64::from_bits(a), f64::from_bits(b)).into());
}

fn single(bit: Bit<'_>) -> Bits<'_> {
    bit.builder().bits([bit])
}

#[test]
fn sums() {
    check_arithmetic(1, |a, b| (a + b).bits().clone(), |a, b| a + b, |a, b| a + b);
}

#[test]
fn differences() {
    check_arithmetic(2, |a, b| (a - b).bits().clone(), |a, b| a - b, |a, b| a - b);
}

#[test]
fn products() {
    check_arithmetic(3, |a, b| (a * b).bits().clone(), |a, b| a * b, |a, b| a * b);
}

#[test]
fn quotients() {
    check_arithmetic(4, |a, b| (a / b).bits().clone(), |a, b| a / b, |a, b| a / b);
}

#[test]
fn square_roots() {
    check_arithmetic(5, |a, _| a.sqrt().bits().clone(), |a, _| a.sqrt(), |a, _| a.sqrt());
}

#[test]
fn comparisons() {
    check_predicate(6, |a, b| single(a.lt(b)), |a, b| a < b);
    check_predicate(7, |a, b| single(a.le(b)), |a, b| a <= b);
    check_predicate(8, |a, b| single(a.gt(b)), |a, b| a > b);
    check_predicate(9, |a, b| single(a.ge(b)), |a, b| a >= b);
    check_predicate(10, |a, b| single(a.eq(b)), |a, b| a == b);
    check_predicate(11, |a, b| single(a.ne(b)), |a, b| a != b);
}

#[test]
fn classes_and_signs() {
    check_predicate(12, |a, _| single(a.is_nan()), |a, _| a.is_nan());
    check_predicate(13, |a, _| single(a.is_infinite()), |a, _| a.is_infinite());
    let (a, b) = chosen_pairs(DOUBLE, 14);
    check(DOUBLE, |a, _| (-a).bits().clone(), &a, &b, |a, _| a ^ 1 << 63);
    check(DOUBLE, |a, _| a.abs().bits().clone(), &a, &b, |a, _| a & !(1 << 63));
    check(
        DOUBLE,
        |a, b| a.is_sign_negative().mux(a, b).bits().clone(),
        &a,
        &b,
        |a, b| [b, a][(a >> 63) as usize],
    );
}

/// Of two zeros −0 is the smaller one, which Rust leaves open.
fn ordered(a: f64, b: f64, less: fn(f64, f64) -> f64) -> f64 {
    if a == b && a.is_sign_negative() != b.is_sign_negative() {
        return if less(1.0, 2.0) == 1.0 { -0.0 } else { 0.0 };
    }
    less(a, b)
}

#[test]
fn minima_and_maxima() {
    let minimum = |a, b| ordered(a, b, f64::min);
    let maximum = |a, b| ordered(a, b, f64::max);
    check_arithmetic(
        15,
        |a, b| a.min(b).bits().clone(),
        minimum,
        |a, b| ordered(a.into(), b.into(), f64::min) as f32,
    );
    check_arithmetic(
        16,
        |a, b| a.max(b).bits().clone(),
        maximum,
        |a, b| ordered(a.into(), b.into(), f64::max) as f32,
    );
}

/// The published adder of 5,385 ANDs keeps the payload of a NaN and makes one of all ones; all else is the same.
#[test]
fn the_published_sum_differs_in_nan_alone() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/bristol/FP-add.txt");
    let Ok(file) = std::fs::File::open(path) else {
        eprintln!("skipped: no {path}");
        return;
    };
    let (circuit, _) = halfgate_circuits::bristol::read(file, path).unwrap();
    let (a, b) = chosen_pairs(DOUBLE, 17);
    let published = run_words(&circuit, &[a.clone(), b.clone()]).remove(0);
    let ours = run_words(&library::find("f64add").unwrap(), &[a.clone(), b.clone()]).remove(0);
    for (((a, b), published), ours) in a.iter().zip(&b).zip(published).zip(ours) {
        assert_eq!(quiet(f64::from_bits(published)), ours, "{a:#x} + {b:#x}");
    }
}
