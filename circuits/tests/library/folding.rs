//! Folding must keep the function and leave no gate where none is needed.

use halfgate_circuits::{Bit, Builder, Circuit, Gate, Party, WireId};
use num_bigint::BigUint;

use crate::plaintext::run;

/// Truth tables of the three variables: bit `k` is the value where the inputs are the bits of `k`.
const TABLES: [u8; 3] = [0b1010_1010, 0b1100_1100, 0b1111_0000];

type Expression<'b> = (Bit<'b>, u8);

/// All ANDs and exclusive ors of two expressions each, with their truth tables.
fn combined<'b>(operands: &[Expression<'b>]) -> Vec<Expression<'b>> {
    let pairs = operands.iter().flat_map(|&a| operands.iter().map(move |&b| (a, b)));
    pairs.flat_map(|((a, x), (b, y))| [(a & b, x & y), (a ^ b, x ^ y), (!(a | b), !(x | y))]).collect()
}

#[test]
fn every_expression_of_two_levels_keeps_its_value() {
    let builder = Builder::new();
    let variables = builder.input_bits("variables", 3, Party::Garbler);
    let mut leaves: Vec<Expression<'_>> = variables.iter().copied().zip(TABLES).collect();
    leaves.push((builder.constant(false), 0));
    leaves.extend(leaves.clone().iter().map(|&(bit, table)| (!bit, !table)));
    let mut operands = combined(&leaves);
    operands.extend(leaves);
    let (results, tables): (Vec<Bit<'_>>, Vec<u8>) = combined(&operands).into_iter().unzip();
    builder.output_bits("results", &builder.bits(results));

    let lanes = (0..8u8).map(BigUint::from).collect();
    let outputs = run(&builder.finish().unwrap(), &[lanes]).remove(0);
    for (k, table) in tables.into_iter().enumerate() {
        for (lane, output) in outputs.iter().enumerate() {
            assert_eq!(output.bit(k as u64), table >> lane & 1 == 1, "expression {k}, inputs {lane:03b}");
        }
    }
}

fn circuit(build: impl for<'b> FnOnce(&'b Builder, Bit<'b>, Bit<'b>)) -> Circuit {
    let builder = Builder::new();
    let a = builder.input_bit("a", Party::Garbler);
    let b = builder.input_bit("b", Party::Evaluator);
    build(&builder, a, b);
    builder.finish().expect("names differ")
}

#[test]
fn an_inversion_becomes_a_gate_only_where_it_is_read_and_only_once() {
    let [a, b, not_a] = [0, 1, 2].map(WireId::new);
    let built = circuit(|builder, a, b| {
        builder.output_bit("or", a | b);
        builder.output_bit("xor", !a ^ b);
        builder.output_bit("same", !!a);
        builder.output_bit("only_b", !a & b);
    });
    let inversions = built.gates().iter().filter(|gate| matches!(gate, Gate::Not(_))).count();
    assert_eq!(inversions, 4, "of a, of b, of the conjunction and of the exclusive or: {:?}", built.gates());
    assert_eq!(built.outputs()[2].wires, [a]);
    assert_eq!(built.gates()[0], Gate::Not(a));
    assert!(built.gates().contains(&Gate::And(not_a, b)) || built.gates().contains(&Gate::And(b, not_a)));
}

#[test]
fn outputs_may_be_constants_and_inputs() {
    let built = circuit(|builder, a, b| {
        builder.output_bits(
            "mixed",
            &builder.bits([a, builder.constant(true), a ^ a, b, builder.constant(true)]),
        );
    });
    assert_eq!(built.gates(), [Gate::Constant(true), Gate::Constant(false)]);
    assert_eq!(built.outputs()[0].wires, [0, 2, 3, 1, 2].map(WireId::new));
}

#[test]
fn inputs_may_come_after_gates() {
    let builder = Builder::new();
    let a = builder.input_uint("a", 8, Party::Garbler);
    let doubled = &a + &a;
    let b = builder.input_uint("b", 8, Party::Evaluator);
    builder.output_uint("sum", &(doubled + b));
    let circuit = builder.finish().unwrap();
    assert_eq!(run(&circuit, &[vec![7u8.into()], vec![100u8.into()]]), [[BigUint::from(114u8)]]);
}

#[test]
fn constants_are_computed_while_building() {
    let builder = Builder::new();
    let [a, b] = [1234u128, 5678].map(|value| builder.constant_uint(32, value));
    let (quotient, remainder) = (&b * &a).div_rem(&builder.constant_uint(32, 1000));
    let values = [&a + &b, &a - &b, quotient, remainder, &b >> &builder.constant_uint(3, 5), a.max(&b)];
    let expected = [6912, u32::MAX - 4443, 7006, 652, 177, 5678];
    for (value, expected) in values.iter().zip(expected) {
        let known =
            value.bits().iter().rev().fold(0, |number, bit| number << 1 | u32::from(bit.known().unwrap()));
        assert_eq!(known, expected);
    }
    assert_eq!(a.lt(&b).known(), Some(true));
    assert_eq!(builder.constant_int(9, -1).is_negative().known(), Some(true));
}
