//! Proofs against an oracle that tries all inputs.

use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, Values, WireId, library};
use halfgate_compiler::random::{self, Shape};
use halfgate_compiler::{Difference, Effort, Equality, Optimizer, ProofLimits, Verdict, optimize, prove};
use proptest::prelude::*;

use crate::bristol::published;
use crate::oracle::compute;

/// Nothing is settled by trying: neither all inputs nor so many that a difference is likely to be met.
const SOLVER_ALONE: ProofLimits =
    ProofLimits { exhaustive_bits: 0, vectors: 1, conflicts: 10_000, all_conflicts: 1_000_000 };

fn verdict(first: &Circuit, second: &Circuit, limits: ProofLimits) -> Verdict {
    prove(first, second, limits, &mut |_| ()).unwrap()
}

fn equality(first: &Circuit, second: &Circuit, limits: ProofLimits) -> Equality {
    match verdict(first, second, limits) {
        Verdict::Equal(equality) => equality,
        other => panic!("{other:?}"),
    }
}

/// The same circuit with one gate changed.
fn mutated(circuit: &Circuit, seed: u64) -> Circuit {
    let mut gates = circuit.gates().to_vec();
    let place = seed as usize % gates.len();
    gates[place] = match gates[place] {
        Gate::And(a, b) => Gate::Xor(a, b),
        Gate::Xor(a, b) => Gate::And(a, b),
        Gate::Not(a) => Gate::Copy(a),
        Gate::Copy(a) => Gate::Not(a),
        Gate::Constant(value) => Gate::Constant(!value),
    };
    Circuit::new(circuit.inputs().to_vec(), gates, circuit.outputs().to_vec()).unwrap()
}

/// All inputs of a circuit with one group of few wires.
fn all_inputs(width: u32) -> Vec<Values> {
    vec![Values::from_u64s(width, &(0..1 << width).collect::<Vec<_>>())]
}

fn check_difference(circuits: [&Circuit; 2], difference: &Difference) -> Result<(), TestCaseError> {
    let inputs: Vec<_> = circuits[0]
        .inputs()
        .iter()
        .zip(&difference.inputs)
        .map(|(input, words)| Values::from_u64s(input.group.width, words))
        .collect();
    for (circuit, outputs) in circuits.into_iter().zip(&difference.outputs) {
        let computed = compute(circuit, &inputs, 1);
        prop_assert!(computed.iter().map(|values| values.lane(0).to_vec()).eq(outputs.iter().cloned()));
    }
    let [first, second] = difference.outputs.each_ref().map(|outputs| outputs[difference.group][0]);
    prop_assert_eq!((first ^ second) >> difference.wire & 1, 1);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_changed_gate_is_found_or_makes_no_difference(seed: u64, place: u64) {
        let shape = Shape { inputs: vec![9], gates: 5 + seed as usize % 120, outputs: vec![6] };
        let first = random::circuit(seed, &shape);
        let second = mutated(&first, place);
        let inputs = all_inputs(9);
        let are_equal = compute(&first, &inputs, 512) == compute(&second, &inputs, 512);
        for limits in [SOLVER_ALONE, ProofLimits { conflicts: 0, ..ProofLimits::default() }] {
            match verdict(&first, &second, limits) {
                Verdict::Equal(equality) => prop_assert!(are_equal && equality.is_proved()),
                Verdict::Different(difference) => {
                    prop_assert!(!are_equal);
                    check_difference([&first, &second], &difference)?;
                }
                Verdict::Misfit(misfit) => prop_assert!(false, "{:?}", misfit),
            }
        }
    }

    #[test]
    fn what_the_optimiser_makes_is_proved(seed: u64) {
        let circuit = random::circuit(seed, &Shape::of_seed(seed));
        prop_assert!(equality(&circuit, &optimize(&circuit), SOLVER_ALONE).is_proved());
    }
}

/// `a < b`, but the other way round where `a` and `b` are two certain numbers.
fn nearly_less() -> Circuit {
    let less = library::find("lt32").unwrap();
    let mut gates = less.gates().to_vec();
    let mut rare = WireId::new(0);
    for (wire, bit) in (0..64).map(|wire| (wire, 0x1234_5678_dead_beef_u64 >> wire & 1 == 1)) {
        let mut push = |gate| {
            gates.push(gate);
            WireId::new((63 + gates.len()) as u32)
        };
        let input = if bit { WireId::new(wire) } else { push(Gate::Not(WireId::new(wire))) };
        rare = if wire == 0 { input } else { push(Gate::And(rare, input)) };
    }
    gates.push(Gate::Xor(less.outputs()[0].wires[0], rare));
    let last = WireId::new((63 + gates.len()) as u32);
    let output = Output { wires: vec![last], ..less.outputs()[0].clone() };
    Circuit::new(less.inputs().to_vec(), gates, vec![output]).unwrap()
}

#[test]
fn an_input_that_nobody_would_try_is_found() {
    let (less, nearly) = (library::find("lt32").unwrap(), nearly_less());
    let Verdict::Different(difference) = verdict(&less, &nearly, ProofLimits::default()) else {
        panic!("the two differ");
    };
    assert_eq!(difference.inputs, [[0xdead_beef], [0x1234_5678]]);
    assert_eq!(difference.outputs, [[[0]], [[1]]]);
    // Random inputs do not hit it, and what was only tried is not said to be proved.
    let tested = equality(&less, &nearly, ProofLimits::trial());
    assert!(!tested.is_proved() && tested.vectors >= 1_000_000 && !tested.exhaustive);
    assert_eq!((tested.outputs[0].proved, tested.outputs[0].tested), (0, 1));
}

#[test]
fn few_inputs_are_all_tried() {
    let add = library::find("add10").unwrap();
    let tried = equality(&add, &optimize(&add), ProofLimits::trial());
    assert_eq!((tried.exhaustive, tried.vectors, tried.is_proved()), (true, 1 << 20, true));
}

#[test]
fn groups_have_to_fit() {
    let circuit = |inputs: &[u32], outputs: &[u32]| {
        let group = |(index, &width): (usize, &u32)| Group::uint(format!("g{index}"), width);
        let inputs = inputs.iter().enumerate().map(group).map(|group| Input { group, owner: Party::Garbler });
        let outputs = outputs.iter().enumerate().map(group).map(|group| {
            let wires = vec![WireId::new(0); group.width as usize];
            Output { group, wires }
        });
        Circuit::new(inputs.collect(), Vec::new(), outputs.collect()).unwrap()
    };
    let side = |first: &Circuit, second: &Circuit| match verdict(first, second, ProofLimits::default()) {
        Verdict::Misfit(misfit) => Some((misfit.side, misfit.widths)),
        _ => None,
    };
    let first = circuit(&[3, 4], &[2]);
    assert_eq!(side(&first, &circuit(&[4, 3], &[2])), Some(("input", [vec![3, 4], vec![4, 3]])));
    assert_eq!(side(&first, &circuit(&[3, 4], &[1, 1])), Some(("output", [vec![2], vec![1, 1]])));
    assert_eq!(side(&first, &first), None);
}

/// Circuits of different make, so that outputs have to be proved from the inside.
#[test]
fn published_circuits_are_what_they_say() {
    for (name, circuit, _) in published() {
        let builtin = match name.as_str() {
            "adder64.txt" => "add64",
            "sub64.txt" => "sub64",
            "neg64.txt" | "zero_equal.txt" => {
                assert!(equality(circuit, &optimize(circuit), ProofLimits::default()).is_proved());
                continue;
            }
            "comparator_32bit_unsigned_lt.txt" => "lt32",
            _ => continue,
        };
        let limits = ProofLimits { vectors: 1 << 14, ..ProofLimits::default() };
        let proof = equality(circuit, &library::find(builtin).unwrap(), limits);
        assert!(proof.is_proved(), "{name}: {proof:?}");
    }
}

/// Known answers are few; a change that shows in one input of a thousand would pass them.
#[test]
fn published_circuits_stay_what_they_were() {
    std::thread::scope(|threads| {
        for (name, circuit, _) in published() {
            threads.spawn(move || {
                let tried = equality(circuit, &optimize(circuit), ProofLimits::trial());
                assert!(tried.exhaustive || tried.vectors >= 1_000_000, "{name}: {tried:?}");
            });
        }
    });
}

/// A tree of 150 ANDs, which no rewriting of small parts turns into a chain.
#[test]
fn the_published_comparator_is_recognised() {
    for (name, circuit, _) in published() {
        if name == "comparator_32bit_unsigned_lt.txt" {
            let optimized = Optimizer::new(Effort::Thorough).run(circuit, &mut |_| ()).circuit;
            let ands = optimized.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count();
            assert!(ands <= 32, "{ands} ANDs");
            assert!(equality(circuit, &optimized, ProofLimits::default()).is_proved());
        }
    }
}
