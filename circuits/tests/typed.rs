//! Values with their width in the type: they compute what those without it do, and circuits can be called as functions.
#![cfg(test)]

use halfgate_circuits::typed::{Bit, Int, Uint, Value};
use halfgate_circuits::{Builder, Circuit, Encoding, Gate, Party, Values, bristol, library};
use halfgate_compiler::{evaluate, schedule};
use proptest::prelude::*;

/// One number per input group and lane in, one per output group and lane out; of 64 bits at most.
fn compute(circuit: &Circuit, lanes: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let column = |(index, input): (usize, &halfgate_circuits::Input)| {
        let mut values = Values::new(input.group.width, lanes.len());
        for (lane, numbers) in lanes.iter().enumerate() {
            (0..input.group.width).for_each(|bit| values.set_bit(lane, bit, numbers[index] >> bit & 1 == 1));
        }
        values
    };
    let inputs: Vec<_> = circuit.inputs().iter().enumerate().map(column).collect();
    let outputs = evaluate(&schedule(circuit).unwrap(), &inputs).unwrap();
    let number =
        |values: &Values, lane| (0..values.width()).map(|bit| u64::from(values.bit(lane, bit)) << bit).sum();
    (0..lanes.len()).map(|lane| outputs.iter().map(|values| number(values, lane)).collect()).collect()
}

fn unsigned() -> Circuit {
    Circuit::build(|builder| {
        let a: Uint<'_, 16> = builder.input_value("a", Party::Garbler);
        let b: Uint<'_, 16> = builder.input_value("b", Party::Evaluator);
        let amount: Uint<'_, 5> = builder.input_value("amount", Party::Evaluator);
        let outputs: [Uint<'_, 16>; 14] = [
            &a + &b,
            a.clone() - &b,
            &a * b.clone(),
            &a / &b,
            &a % &b,
            (&a & &b) | (a.clone() ^ !&b),
            &a + 1000 - 7,
            &a << 3 >> 1,
            &a << &amount,
            &a >> &amount,
            a.min(&b) + a.max(&b),
            a.lt(&b).mux(&a, &b),
            a.rotate_left(5) ^ b.rotate_right(3),
            Uint::sum(&[a.clone(), b.clone(), Uint::constant(builder, 9)]),
        ];
        for (index, output) in outputs.iter().enumerate() {
            builder.output_value(format!("out{index}"), output);
        }
        builder.output_value("product", &a.widening_mul::<32>(&b));
        builder.output_value("carry", &a.overflowing_add(&b).1);
        builder.output_value("borrow", &a.overflowing_sub(&b).1);
        builder.output_value("tests", &[a.eq(&b), a.ne(&b), a.le(&b), a.gt(&b), a.ge(&b), a.is_zero()]);
        builder.output_value("wide", &a.extend::<20>());
        builder.output_value("narrow", &(b.truncate::<3>(), a.div_rem(&b).1));
    })
    .unwrap()
}

fn unsigned_by_rust(a: u16, b: u16, amount: u32) -> Vec<u64> {
    let (quotient, rest) = (a.checked_div(b).unwrap_or(u16::MAX), a.checked_rem(b).unwrap_or(a));
    let words = [
        a.wrapping_add(b),
        a.wrapping_sub(b),
        a.wrapping_mul(b),
        quotient,
        rest,
        (a & b) | (a ^ !b),
        a.wrapping_add(993),
        a << 3 >> 1,
        a.checked_shl(amount).unwrap_or(0),
        a.checked_shr(amount).unwrap_or(0),
        a.wrapping_add(b),
        a.min(b),
        a.rotate_left(5) ^ b.rotate_right(3),
        a.wrapping_add(b).wrapping_add(9),
    ];
    let tests = [a == b, a != b, a <= b, a > b, a >= b, a == 0];
    let tests = tests.iter().enumerate().map(|(bit, &test)| u64::from(test) << bit).sum();
    let mut outputs: Vec<u64> = words.map(u64::from).to_vec();
    outputs.extend([
        u64::from(a) * u64::from(b),
        u64::from(a.checked_add(b).is_none()),
        u64::from(a < b),
        tests,
        u64::from(a),
        u64::from(b & 7) | u64::from(rest) << 3,
    ]);
    outputs
}

fn signed() -> Circuit {
    Circuit::build(|builder| {
        let a: Int<'_, 16> = builder.input_value("a", Party::Garbler);
        let b: Int<'_, 16> = builder.input_value("b", Party::Evaluator);
        builder.output_value("mixed", &(-&a + &b * 3 - a.min(&b).max(&Int::constant(builder, -5))));
        builder.output_value("ratio", &(&a / &b));
        builder.output_value("rest", &(&a % &b));
        builder.output_value("shifted", &(&a >> 2));
        builder.output_value("magnitude", &a.unsigned_abs());
        builder.output_value("tests", &(a.is_negative(), a.lt(&b)));
        builder.output_value("wide", &a.extend::<24>());
        builder.output_value("same", &(a.truncate::<9>().extend::<16>().to_uint().to_int() ^ a));
    })
    .unwrap()
}

fn signed_by_rust(a: i16, b: i16) -> Vec<u64> {
    let mixed = a.wrapping_neg().wrapping_add(b.wrapping_mul(3)).wrapping_sub(a.min(b).max(-5));
    let ratio = if b == 0 { -1 } else { a.wrapping_div(b) };
    let rest = if b == 0 { a } else { a.wrapping_rem(b) };
    let same = (a << 7 >> 7) ^ a;
    vec![
        u64::from(mixed as u16),
        u64::from(ratio as u16),
        u64::from(rest as u16),
        u64::from((a >> 2) as u16),
        u64::from(a.unsigned_abs()),
        u64::from(a < 0) | u64::from(a < b) << 1,
        u64::from(i32::from(a) as u32 & 0xff_ffff),
        u64::from(same as u16),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(8) })]

    #[test]
    fn unsigned_values_compute_what_rust_does(pairs in prop::collection::vec((any::<u16>(), any::<u16>(), 0..32_u32), 200)) {
        let pairs: Vec<_> = pairs.into_iter().chain([(0, 0, 0), (5, 5, 16), (u16::MAX, 0, 31)]).collect();
        let lanes: Vec<_> = pairs.iter().map(|&(a, b, amount)| vec![a.into(), b.into(), amount.into()]).collect();
        for (&(a, b, amount), outputs) in pairs.iter().zip(compute(&unsigned(), &lanes)) {
            prop_assert_eq!(outputs, unsigned_by_rust(a, b, amount));
        }
    }

    #[test]
    fn signed_values_compute_what_rust_does(pairs in prop::collection::vec((any::<i16>(), any::<i16>()), 200)) {
        let pairs: Vec<_> = pairs.into_iter().chain([(0, 0), (-7, 0), (i16::MIN, -1), (i16::MIN, i16::MIN)]).collect();
        let lanes: Vec<_> = pairs.iter().map(|&(a, b)| vec![u64::from(a as u16), u64::from(b as u16)]).collect();
        for (&(a, b), outputs) in pairs.iter().zip(compute(&signed(), &lanes)) {
            prop_assert_eq!(outputs, signed_by_rust(a, b), "{} {}", a, b);
        }
    }
}

#[test]
fn types_say_how_values_are_shown() {
    let circuit = Circuit::build(|builder| {
        let pair: (Uint<'_, 8>, [Int<'_, 4>; 3]) = builder.input_value("pair", Party::Evaluator);
        builder.output_value("number", &pair.0);
        builder.output_value("signed", &pair.1[2]);
        builder.output_value("all", &pair.1);
        builder.output_value("bit", &pair.0.is_zero());
    })
    .unwrap();
    assert_eq!(circuit.inputs()[0].group.width, 20);
    let encodings: Vec<_> = circuit.outputs().iter().map(|output| output.group.encoding).collect();
    assert_eq!(encodings, [Encoding::Uint, Encoding::Int, Encoding::Bits, Encoding::Uint]);
    assert_eq!(compute(&circuit, &[vec![0xabc12]]), [[0x12, 0xa, 0xabc, 0]]);
}

#[test]
fn a_circuit_is_a_function() {
    let add = library::find("add8").unwrap();
    let circuit = Circuit::build(|builder| {
        let [a, b]: [Uint<'_, 8>; 2] = builder.input_value("both", Party::Garbler);
        let sum = builder.call(&add, &[a.to_bits(), b.to_bits()]).remove(0);
        let ten = Uint::<8>::constant(builder, 10).to_bits();
        let more = builder.call(&add, &[sum, ten]).remove(0);
        builder.output_value("sum", &Uint::<8>::from_bits(more));
    })
    .unwrap();
    assert_eq!(compute(&circuit, &[vec![200 | 100 << 8]]), [[(200 + 100 + 10) & 255]]);
    let ands = circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count();
    assert_eq!(ands, 7 + 5, "the lowest bit of ten is zero, and the next has no carry to wait for");
}

#[test]
fn a_call_keeps_the_order_of_bits() {
    let text = "1 5\n1 4\n1 1\n\n2 1 0 1 4 AND\n";
    let (circuit, _) = bristol::read(text.as_bytes(), "and.txt").unwrap();
    let flipped =
        circuit.with_input_encoding(0, Encoding::Uint, halfgate_circuits::BitOrder::MsbFirst).unwrap();
    let outer = Circuit::build(|builder| {
        let x: Uint<'_, 4> = builder.input_value("x", Party::Garbler);
        let bit = Bit::from_bits(builder.call(&flipped, &[x.to_bits()]).remove(0));
        builder.output_value("top", &bit);
    })
    .unwrap();
    let lanes: Vec<_> = (0..16).map(|x| vec![x]).collect();
    for (x, outputs) in compute(&outer, &lanes).into_iter().enumerate() {
        assert_eq!(outputs, [u64::from(x >> 2 == 3)], "the first wires carry the highest bits");
    }
}

#[test]
#[should_panic(expected = "8 bits were given for a value of 9 bits")]
fn values_of_other_widths_are_refused() {
    let builder = Builder::new();
    let bits = builder.input_bits("x", 8, Party::Garbler);
    let _ = Uint::<9>::from_bits(bits);
}

#[test]
#[should_panic(expected = "2 input groups, and 1 values were given")]
fn calls_without_all_inputs_are_refused() {
    let builder = Builder::new();
    let bits = builder.input_bits("x", 8, Party::Garbler);
    let _ = builder.call(&library::find("add8").unwrap(), &[bits]);
}
