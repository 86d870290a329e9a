//! Floats to and from integers and each other, against Rust's `as` and exact arithmetic; and the named circuits.

use halfgate_circuits::{Bits, Float, Int, Uint, library};

use crate::float_model::{Model, Patterns};
use crate::floats::{
    DOUBLE, PAIRS, SINGLE, TINY, all_pairs, check, chosen_pairs, format, quiet, quiet_single,
};
use crate::plaintext::{and_count, circuit_of, run_words};

fn unary(first: usize, inputs: &[u64], f: impl for<'b> Fn(&Bits<'b>) -> Bits<'b>) -> Vec<u64> {
    let circuit = circuit_of(first, 0, |a, _| f(a));
    run_words(&circuit, &[inputs.to_vec(), vec![0; inputs.len()]]).remove(0)
}

/// Integers of all lengths, and those next to the middle between two floats.
fn integers(width: u32) -> Vec<u64> {
    let mut patterns = Patterns::new(DOUBLE, u64::from(width));
    let mask = u64::MAX >> (64 - width);
    (0..PAIRS)
        .map(|k| {
            let (random, shift) = (patterns.random(), patterns.random() % 64);
            let number = match k % 4 {
                0 => random,
                1 => random >> shift,
                2 => (random << 11 | 1 << 10).wrapping_add(random % 3).wrapping_sub(1) >> shift,
                _ => (random << 40 | 1 << 39).wrapping_add(random % 3).wrapping_sub(1) >> shift,
            };
            (if k % 8 < 4 { number } else { number.wrapping_neg() }) & mask
        })
        .chain([0, 1, mask, mask >> 1, (mask >> 1) + 1])
        .collect()
}

fn check_from(name: &str, width: u32, reference: impl Fn(u64) -> u64) {
    let inputs = integers(width);
    let outputs = run_words(&library::find(name).unwrap(), std::slice::from_ref(&inputs)).remove(0);
    for (input, output) in inputs.into_iter().zip(outputs) {
        assert_eq!(output, reference(input), "{name} of {input:#x}");
    }
}

#[test]
fn from_integers() {
    check_from("f64fromu64", 64, |a| (a as f64).to_bits());
    check_from("f64fromi64", 64, |a| (a as i64 as f64).to_bits());
    check_from("f64fromu32", 32, |a| (a as f64).to_bits());
    check_from("f64fromi32", 32, |a| f64::from(a as i32).to_bits());
    check_from("f32fromu64", 64, |a| (a as f32).to_bits().into());
    check_from("f32fromi64", 64, |a| (a as i64 as f32).to_bits().into());
    check_from("f32fromu32", 32, |a| (a as f32).to_bits().into());
    check_from("f32fromi32", 32, |a| (a as i32 as f32).to_bits().into());
}

/// Floats whose size is near that of integers, as well as all others.
fn check_to(name: &str, model: Model, reference: impl Fn(u64) -> u64) {
    let inputs = chosen_pairs(model, name.len() as u64).0;
    let outputs = run_words(&library::find(name).unwrap(), std::slice::from_ref(&inputs)).remove(0);
    for (input, output) in inputs.into_iter().zip(outputs) {
        assert_eq!(output, reference(input), "{name} of {input:#x}, {:e}", model.decode(input));
    }
}

#[test]
fn to_integers() {
    check_to("f64tou64", DOUBLE, |a| f64::from_bits(a) as u64);
    check_to("f64toi64", DOUBLE, |a| f64::from_bits(a) as i64 as u64);
    check_to("f64tou32", DOUBLE, |a| (f64::from_bits(a) as u32).into());
    check_to("f64toi32", DOUBLE, |a| (f64::from_bits(a) as i32 as u32).into());
    check_to("f32tou64", SINGLE, |a| f32::from_bits(a as u32) as u64);
    check_to("f32toi64", SINGLE, |a| f32::from_bits(a as u32) as i64 as u64);
    check_to("f32tou32", SINGLE, |a| (f32::from_bits(a as u32) as u32).into());
    check_to("f32toi32", SINGLE, |a| (f32::from_bits(a as u32) as i32 as u32).into());
}

#[test]
fn of_tiny_formats_and_all_widths() {
    for model in TINY {
        let floats: Vec<u64> = (0..1 << model.width()).collect();
        for width in 1..=12usize {
            let numbers: Vec<u64> = (0..1 << width).collect();
            let signed = |number: u64| ((number << (64 - width)) as i64) >> (64 - width);
            let mask = (1u64 << width) - 1;
            let from = unary(width, &numbers, |a| {
                Float::from_uint(format(model), &Uint::from(a.clone())).bits().clone()
            });
            assert_eq!(
                from,
                numbers.iter().map(|&a| model.encode(a as f64)).collect::<Vec<_>>(),
                "{model:?}, {width}"
            );
            let from = unary(width, &numbers, |a| {
                Float::from_int(format(model), &Int::from(a.clone())).bits().clone()
            });
            assert_eq!(
                from,
                numbers.iter().map(|&a| model.encode(signed(a) as f64)).collect::<Vec<_>>(),
                "{model:?}"
            );

            let to = unary(model.width() as usize, &floats, |a| {
                Float::from_bits(format(model), a.clone()).to_uint(width).into()
            });
            let most = mask as f64;
            let expected = floats.iter().map(|&a| model.decode(a).clamp(0.0, most) as u64);
            assert_eq!(to, expected.collect::<Vec<_>>(), "{model:?} to {width} bits");
            let to = unary(model.width() as usize, &floats, |a| {
                Float::from_bits(format(model), a.clone()).to_int(width).into()
            });
            let (least, most) = (-((mask / 2 + 1) as f64), (mask / 2) as f64);
            let expected = floats.iter().map(|&a| model.decode(a).clamp(least, most) as i64 as u64 & mask);
            assert_eq!(to, expected.collect::<Vec<_>>(), "{model:?} to {width} signed bits");
        }
    }
}

#[test]
fn between_formats() {
    let half = Model { exponent: 5, fraction: 10 };
    let models = [TINY[0], TINY[1], TINY[2], TINY[3], half, SINGLE];
    for from in models {
        let floats = match from.width() {
            ..=16 => (0..1 << from.width()).collect(),
            _ => chosen_pairs(from, 20).0,
        };
        for to in models {
            let results = unary(from.width() as usize, &floats, |a| {
                Float::from_bits(format(from), a.clone()).to_format(format(to)).bits().clone()
            });
            for (&float, result) in floats.iter().zip(results) {
                let expected = to.encode(from.decode(float));
                assert_eq!(result, expected, "{float:#x} of {from:?} as {to:?}");
            }
        }
    }
    check_to("f32tof64", SINGLE, |a| quiet(f32::from_bits(a as u32).into()));
    let mut patterns = Patterns::new(DOUBLE, 21);
    let doubles: Vec<u64> = (0..PAIRS)
        .map(|_| {
            let random = patterns.random();
            // Around the ends of the smaller format.
            let stored = 1023
                + [-160, -140, -127, -10, 0, 100, 126, 127, 128][random as usize % 9]
                + (random >> 8 & 7) as i64;
            let low = if random >> 20 & 1 == 0 {
                random << 32 >> 12 & !0 >> 12
            } else {
                (random << 28 | 1 << 28) & !0 >> 12
            };
            (random >> 63) << 63 | (stored as u64) << 52 | low
        })
        .chain(chosen_pairs(DOUBLE, 22).0)
        .collect();
    let singles = run_words(&library::find("f64tof32").unwrap(), std::slice::from_ref(&doubles)).remove(0);
    for (double, single) in doubles.into_iter().zip(singles) {
        assert_eq!(single, quiet_single(f64::from_bits(double) as f32), "{double:#x}");
    }
}

type Operation = fn(f64, f64) -> u64;

/// Each named operation once, so that no two can be swapped.
#[test]
fn each_name_computes_what_it_says() {
    let operations: [(&str, Operation); 9] = [
        ("add", |a, b| (a + b).to_bits()),
        ("sub", |a, b| (a - b).to_bits()),
        ("mul", |a, b| (a * b).to_bits()),
        ("div", |a, b| (a / b).to_bits()),
        ("lt", |a, b| (a < b).into()),
        ("le", |a, b| (a <= b).into()),
        ("eq", |a, b| (a == b).into()),
        ("min", |a, b| a.min(b).to_bits()),
        ("max", |a, b| a.max(b).to_bits()),
    ];
    for (a, b) in [(2.5, 0.5), (0.5, 2.5), (-1.5, -1.5)] {
        for (name, operation) in operations {
            let inputs = [f64::to_bits(a), f64::to_bits(b)];
            let double =
                run_words(&library::find(&format!("f64{name}")).unwrap(), &inputs.map(|word| vec![word]));
            assert_eq!(double, [[operation(a, b)]], "f64{name} of {a} and {b}");
            let narrow = inputs.map(|word| vec![u64::from((f64::from_bits(word) as f32).to_bits())]);
            let single = run_words(&library::find(&format!("f32{name}")).unwrap(), &narrow);
            let expected = operation(a, b);
            let expected =
                if expected < 2 { expected } else { (f64::from_bits(expected) as f32).to_bits().into() };
            assert_eq!(single, [[expected]], "f32{name} of {a} and {b}");
        }
    }
    for (name, input, output) in [
        ("f64sqrt", 2.25f64.to_bits(), 1.5f64.to_bits()),
        ("f32sqrt", 2.25f32.to_bits().into(), 1.5f32.to_bits().into()),
    ] {
        assert_eq!(run_words(&library::find(name).unwrap(), &[vec![input]]), [[output]], "{name}");
    }
}

#[test]
fn signs_are_free() {
    let circuit =
        circuit_of(64, 0, |a, _| (-Float::from_bits(format(DOUBLE), a.clone())).abs().bits().clone());
    assert_eq!(and_count(&circuit), 0);
    let (a, b) = all_pairs(TINY[0]);
    check(
        TINY[0],
        |a, b| (a + &-b).bits().clone(),
        &a,
        &b,
        |a, b| TINY[0].encode(TINY[0].decode(a) - TINY[0].decode(b)),
    );
}
