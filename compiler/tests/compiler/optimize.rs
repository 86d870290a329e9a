use halfgate_circuits::{Circuit, Gate};
use halfgate_compiler::{Effort, Objective, Optimizer, compile, evaluate, optimize, schedule};
use proptest::prelude::*;

use crate::oracle::{compute, random_case};

fn gates(circuit: &Circuit, is_it: impl Fn(&Gate) -> bool) -> usize {
    circuit.gates().iter().filter(|gate| is_it(gate)).count()
}

fn ands(circuit: &Circuit) -> usize {
    gates(circuit, |gate| matches!(gate, Gate::And(..)))
}

fn xors(circuit: &Circuit) -> usize {
    gates(circuit, |gate| matches!(gate, Gate::Xor(..)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_function_stays_and_gates_do_not_grow(seed: u64) {
        let (circuit, inputs, lanes) = random_case(seed, 64);
        let optimized = optimize(&circuit);
        prop_assert!(compute(&optimized, &inputs, lanes) == compute(&circuit, &inputs, lanes));
        prop_assert!(ands(&optimized) <= ands(&circuit));
        let saved = ands(&circuit) - ands(&optimized);
        // Two for an AND that becomes a sum of another one, three where a cone is computed from other sums.
        prop_assert!(xors(&optimized) <= xors(&circuit) + 3 * saved);
    }

    #[test]
    fn compiling_is_optimizing_and_scheduling(seed: u64) {
        let (circuit, inputs, lanes) = random_case(seed, 64);
        let program = compile(&circuit).unwrap();
        prop_assert!(program == schedule(&optimize(&circuit)).unwrap());
        prop_assert!(evaluate(&program, &inputs).unwrap() == compute(&circuit, &inputs, lanes));
    }

    #[test]
    fn groups_stay(seed: u64) {
        let (circuit, ..) = random_case(seed, 1);
        let optimized = optimize(&circuit);
        prop_assert_eq!(optimized.inputs(), circuit.inputs());
        let groups = |circuit: &Circuit| circuit.outputs().iter().map(|output| output.group.clone()).collect::<Vec<_>>();
        prop_assert_eq!(groups(&optimized), groups(&circuit));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_effort_and_objective_keeps_the_function(seed: u64) {
        let (circuit, inputs, lanes) = random_case(seed, 64);
        let expected = compute(&circuit, &inputs, lanes);
        for effort in [Effort::Folds, Effort::Quick, Effort::Thorough, Effort::Utmost] {
            for objective in [Objective::Ands, Objective::Depth] {
                let optimizer = Optimizer::new(effort).with_objective(objective);
                let optimized = optimizer.run(&circuit, &mut |_| ()).circuit;
                prop_assert!(compute(&optimized, &inputs, lanes) == expected, "{effort:?}, {objective:?}");
            }
        }
    }
}
