use crate::Effort;
use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::{dead, moved};
use crate::proof::{Sweep, SweepLimits};

/// Computes once what is equal however it is computed, as far as a SAT solver proves it within its limits.
pub(crate) fn sweep(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let total = graph.gates.len();
    let mut sweep = Sweep::new(&[graph], limits(watch.effort));
    let literals = sweep.take(graph, |done| watch.tell(done, total));
    let mut swept = sweep.graph;
    for (group, bits) in &graph.outputs {
        let bits = bits.iter().map(|&literal| moved(graph, &literals, literal)).collect();
        swept.outputs.push((group.clone(), bits));
    }
    dead(&swept)
}

/// How much work the solver may do inside a pass.
pub(crate) fn limits(effort: Effort) -> SweepLimits {
    match effort {
        Effort::Folds | Effort::Quick | Effort::Thorough => {
            SweepLimits { conflicts: 300, gates: 3_000, all_conflicts: 30_000, words: 64 }
        }
        Effort::Utmost => SweepLimits { conflicts: 2_000, gates: 20_000, all_conflicts: 300_000, words: 64 },
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Builder, Party, library};
    use proptest::prelude::*;

    use super::sweep;
    use crate::graph::Graph;
    use crate::optimizer::Watch;
    use crate::random::{self, Shape};
    use crate::schedule::schedule_graph;
    use crate::{Effort, Optimizer, evaluate};

    fn swept(graph: &Graph) -> Graph {
        sweep(graph, &mut Watch::new(Optimizer::new(Effort::Thorough), &mut |_| ()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn sweeping_preserves_the_function(seed: u64) {
            let circuit = random::circuit(seed, &Shape::of_seed(seed));
            let before = Graph::lower(&circuit).unwrap();
            let after = swept(&before);
            prop_assert_eq!(after.verify(), Ok(()));
            prop_assert!(after.and_count() <= before.and_count());
            let inputs = random::inputs(seed, &circuit, if circuit.inputs().is_empty() { 1 } else { 64 });
            let values = |graph| evaluate(&schedule_graph(graph), &inputs).unwrap();
            prop_assert!(values(before) == values(after));
        }
    }

    #[test]
    fn what_is_computed_in_two_ways_is_computed_once() {
        let builder = Builder::new();
        let a = builder.input_uint("a", 24, Party::Garbler);
        let b = builder.input_uint("b", 24, Party::Evaluator);
        // Neither the bits nor the carries of `2b - (b - a)` are gates of `a + b`.
        builder.output_uint("first", &(&a + &b));
        builder.output_uint("second", &(&b + &b - (&b - &a)));
        let graph = Graph::lower(&builder.finish().unwrap()).unwrap();
        assert!(graph.and_count() > 60);
        assert_eq!(swept(&graph).and_count(), 23);
    }

    #[test]
    fn a_constant_in_disguise_is_found() {
        let builder = Builder::new();
        let a = builder.input_uint("a", 16, Party::Garbler);
        let b = builder.input_uint("b", 16, Party::Evaluator);
        builder.output_bit("never", a.lt(&b) & b.lt(&a));
        assert_eq!(swept(&Graph::lower(&builder.finish().unwrap()).unwrap()).and_count(), 0);
        let eq = Graph::lower(&library::find("eq16").unwrap()).unwrap();
        assert_eq!(swept(&eq).and_count(), 15, "nothing to be found");
    }
}
