use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, Values, WireId};
use halfgate_compiler::{EvaluateError, Program, ScheduleError, compile, evaluate, schedule};
use proptest::prelude::*;

use crate::oracle::{compute, random_case};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_program_computes_its_circuit(seed: u64, lanes in prop::sample::select(vec![1_usize, 2, 63, 64, 65, 130])) {
        let (circuit, inputs, lanes) = random_case(seed, lanes);
        let program = schedule(&circuit).unwrap();
        let expected = compute(&circuit, &inputs, lanes);
        prop_assert!(evaluate(&program, &inputs).unwrap() == expected);
    }
}

fn wire(index: u32) -> WireId {
    WireId::new(index)
}

fn circuit(input_width: u32, gates: Vec<Gate>, outputs: &[u32]) -> Circuit {
    let input = Input { group: Group::uint("x", input_width), owner: Party::Garbler };
    let wires: Vec<_> = outputs.iter().copied().map(wire).collect();
    let output = Output { group: Group::uint("y", wires.len() as u32), wires };
    Circuit::new(vec![input], gates, vec![output]).unwrap()
}

fn values_of(circuit: &Circuit, inputs: &[u64]) -> Vec<u64> {
    let program = schedule(circuit).unwrap();
    let inputs = [Values::from_u64s(circuit.inputs()[0].group.width, inputs)];
    evaluate(&program, &inputs).unwrap()[0].to_u64s()
}

#[test]
fn free_gates_vanish() {
    let gates = vec![Gate::Not(wire(0)), Gate::Copy(wire(2)), Gate::Constant(true), Gate::Not(wire(4))];
    let circuit = circuit(2, gates, &[2, 3, 4, 5, 0, 0]);
    let program = schedule(&circuit).unwrap();
    assert_eq!((program.and_count(), program.xor_count()), (0, 0));
    assert_eq!(program.slot_count(), 2, "the input that is read, and zero");
    assert!(program.zero_slot().is_some());
    assert!(program.input_slots()[1].is_none(), "nothing reads the second input");
    assert_eq!(values_of(&circuit, &[0b00, 0b01]), [0b000111, 0b110100]);
}

#[test]
fn dead_gates_are_not_run() {
    let circuit = circuit(2, vec![Gate::And(wire(0), wire(1)), Gate::Xor(wire(0), wire(2))], &[1]);
    let program = schedule(&circuit).unwrap();
    assert_eq!((program.and_count(), program.xor_count(), program.slot_count()), (0, 0, 1));
}

#[test]
fn equal_and_complementary_operands_are_computed_as_they_stand() {
    let gates = vec![
        Gate::Not(wire(0)),
        Gate::And(wire(0), wire(0)),
        Gate::And(wire(0), wire(1)),
        Gate::Xor(wire(0), wire(0)),
        Gate::Xor(wire(0), wire(1)),
    ];
    let circuit = circuit(1, gates, &[2, 3, 4, 5]);
    assert_eq!(schedule(&circuit).unwrap().and_count(), 2);
    assert_eq!(values_of(&circuit, &[0, 1]), [0b1000, 0b1001]);
}

#[test]
fn slots_are_reused() {
    let chain: Vec<_> = (0..1000).map(|gate| Gate::And(wire(gate + 1), wire(gate))).collect();
    let program = schedule(&circuit(2, chain, &[1001])).unwrap();
    assert_eq!((program.and_count(), program.slot_count(), program.tile_width()), (1000, 2, 32));
}

#[test]
fn the_tile_narrows_when_many_slots_live() {
    let identity = |width: u32| circuit(width, vec![], &(0..width).collect::<Vec<_>>());
    assert_eq!(schedule(&identity(1024)).unwrap().tile_width(), 32);
    assert_eq!(schedule(&identity(1025)).unwrap().tile_width(), 16);
}

#[test]
fn too_many_wires_are_refused_before_memory_is_taken() {
    let circuit = circuit(1 << 31, vec![], &[]);
    assert_eq!(schedule(&circuit), Err(ScheduleError::TooManyWires { wires: 1 << 31 }));
}

#[test]
fn values_that_do_not_fit_are_named() {
    let names = [("a", 3), ("b", 5)];
    let inputs = names.map(|(name, width)| Input { group: Group::uint(name, width), owner: Party::Garbler });
    let program: Program = schedule(&Circuit::new(inputs.to_vec(), vec![], vec![]).unwrap()).unwrap();
    let error = |inputs: &[Values]| evaluate(&program, inputs).err().unwrap();
    assert_eq!(error(&[Values::new(3, 1)]), EvaluateError::Groups { expected: 2, given: 1 });
    assert_eq!(
        error(&[Values::new(3, 1), Values::new(4, 1)]),
        EvaluateError::Width { group: "b".into(), expected: 5, given: 4 }
    );
    assert_eq!(
        error(&[Values::new(3, 2), Values::new(5, 1)]),
        EvaluateError::Lanes { group: "b".into(), expected: 2, given: 1 }
    );
    assert!(evaluate(&program, &[Values::new(3, 0), Values::new(5, 0)]).unwrap().is_empty());
}

#[test]
fn deep_circuits_do_not_exhaust_the_stack() {
    let depth = 300_000;
    let chain = (0..depth).map(|gate| match gate % 3 {
        0 => Gate::And(wire(gate + 1), wire(gate)),
        1 => Gate::Xor(wire(gate), wire(gate + 1)),
        _ => Gate::Not(wire(gate + 1)),
    });
    let circuit = circuit(2, chain.collect(), &[depth + 1]);
    assert_eq!(schedule(&circuit).unwrap().and_count(), 100_000);
    let inputs = [Values::from_u64s(2, &[0, 1, 2, 3])];
    let expected = compute(&circuit, &inputs, 4);
    assert!(evaluate(&schedule(&circuit).unwrap(), &inputs).unwrap() == expected);
    assert!(evaluate(&compile(&circuit).unwrap(), &inputs).unwrap() == expected);
}
