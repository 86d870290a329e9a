//! What makes circuits smaller: each pass takes a graph and gives one that computes the same.

mod absorb;
mod cuts;
mod dead;
mod fold;
mod functions;
mod hasten;
mod index;
mod linear;
mod products;
mod recognise;
mod rewrite;
mod share;
mod spans;
mod sums;
mod sweep;

pub(crate) use cuts::{large_cuts, shaken_cuts, small_cuts};
pub(crate) use dead::dead;
pub(crate) use fold::{push, push_folded};
pub(crate) use hasten::hasten;
pub(crate) use index::scatter;
pub(crate) use recognise::recognise;
pub(crate) use rewrite::{Operation, follow, moved};
pub(crate) use share::{Sharing, share};
pub(crate) use spans::{inversions, resubstitution, spans};
pub(crate) use sums::sums;
pub(crate) use sweep::sweep;

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, WireId};
    use proptest::prelude::*;

    use super::rewrite::rewrite;
    use super::{dead, large_cuts, push_folded, resubstitution, share, small_cuts, spans};
    use crate::graph::Graph;
    use crate::optimizer::Watch;
    use crate::random::{self, Shape};
    use crate::schedule::schedule_graph;
    use crate::{Effort, Optimizer, evaluate};

    /// As [`Graph::lower_folded`] does while it reads a circuit.
    fn fold(graph: &Graph) -> Graph {
        rewrite(graph, push_folded)
    }

    fn preserves_the_function(pass: impl FnOnce(&Graph) -> Graph, seed: u64) -> Result<(), TestCaseError> {
        let circuit = random::circuit(seed, &Shape::of_seed(seed));
        let before = Graph::lower(&circuit).unwrap();
        let after = pass(&before);
        prop_assert_eq!(after.verify(), Ok(()));
        prop_assert!(after.and_count() <= before.and_count());
        let lanes = if circuit.inputs().is_empty() { 1 } else { 64 };
        let inputs = random::inputs(seed, &circuit, lanes);
        let values = |graph| evaluate(&schedule_graph(graph), &inputs).unwrap();
        prop_assert!(values(before) == values(after));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn folding_preserves_the_function(seed: u64) {
            preserves_the_function(fold, seed)?;
        }

        #[test]
        fn folding_while_reading_is_the_same_as_folding_then(seed: u64) {
            let circuit = random::circuit(seed, &Shape::of_seed(seed));
            let (then, at_once) = (fold(&Graph::lower(&circuit).unwrap()), Graph::lower_folded(&circuit).unwrap());
            prop_assert_eq!(then.gates, at_once.gates);
            prop_assert_eq!(then.outputs, at_once.outputs);
        }

        /// The scheduler drops the dead itself, so that a program needs no pass for it.
        #[test]
        fn a_program_is_the_same_without_the_dead(seed: u64) {
            let graph = share(&Graph::lower(&random::circuit(seed, &Shape::of_seed(seed))).unwrap());
            prop_assert_eq!(schedule_graph(dead(&graph)), schedule_graph(graph));
        }

        #[test]
        fn sharing_preserves_the_function(seed: u64) {
            preserves_the_function(share, seed)?;
        }

        #[test]
        fn rewriting_cones_preserves_the_function(seed: u64) {
            preserves_the_function(|graph| watched(small_cuts, graph), seed)?;
        }

        #[test]
        fn dropping_the_dead_preserves_the_function(seed: u64) {
            preserves_the_function(dead, seed)?;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn spans_preserve_the_function(seed: u64) {
            let mut silent = |_| ();
            let mut watch = Watch::new(Optimizer::new(Effort::Thorough), &mut silent);
            preserves_the_function(|graph| spans(graph, &mut watch), seed)?;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn resubstitution_preserves_the_function(seed: u64) {
            let mut silent = |_| ();
            let mut watch = Watch::new(Optimizer::new(Effort::Thorough), &mut silent);
            preserves_the_function(|graph| resubstitution(graph, &mut watch), seed)?;
        }
    }

    fn watched(pass: fn(&Graph, &mut Watch<'_>) -> Graph, graph: &Graph) -> Graph {
        pass(graph, &mut Watch::new(Optimizer::default(), &mut |_| ()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn rewriting_large_cones_preserves_the_function(seed: u64) {
            preserves_the_function(|graph| watched(large_cuts, graph), seed)?;
        }
    }

    /// Three inputs, gates given by the kind and two wires, and all gates outputs.
    fn graph(gates: &[(char, u32, u32)]) -> Graph {
        let gate = |&(kind, a, b): &(char, u32, u32)| match (kind, WireId::new(a), WireId::new(b)) {
            ('^', a, b) => Gate::Xor(a, b),
            ('&', a, b) => Gate::And(a, b),
            ('!', a, _) => Gate::Not(a),
            ('1', ..) => Gate::Constant(true),
            (kind, ..) => panic!("no gate is written {kind}"),
        };
        let width = gates.len() as u32;
        let input = Input { group: Group::uint("x", 3), owner: Party::Garbler };
        let output =
            Output { group: Group::uint("y", width), wires: (3..3 + width).map(WireId::new).collect() };
        let circuit = Circuit::new(vec![input], gates.iter().map(gate).collect(), vec![output]).unwrap();
        Graph::lower(&circuit).unwrap()
    }

    fn counts(graph: &Graph) -> (usize, usize) {
        let ands = graph.and_count();
        (ands, graph.gates.len() - ands)
    }

    #[test]
    fn trivial_gates_fold() {
        let gates = [('1', 0, 0), ('!', 0, 0)];
        for gate in
            [('^', 0, 0), ('^', 0, 4), ('^', 0, 3), ('&', 0, 0), ('&', 0, 4), ('&', 4, 4), ('&', 3, 1)]
        {
            assert_eq!(counts(&fold(&graph(&[gates[0], gates[1], gate]))), (0, 0), "{gate:?}");
        }
        assert_eq!(counts(&fold(&graph(&[('&', 0, 1), ('^', 0, 1)]))), (1, 1));
    }

    #[test]
    fn equal_sums_are_one_however_put_together() {
        let gates = [('^', 0, 1), ('^', 3, 2), ('^', 1, 2), ('^', 5, 0), ('^', 4, 6), ('^', 4, 2)];
        assert_eq!(
            counts(&share(&graph(&gates))),
            (0, 3),
            "a+b, a+b+c and b+c; the rest is one of them or zero"
        );
    }

    #[test]
    fn one_and_serves_a_whole_span() {
        let or = [('&', 0, 1), ('!', 0, 0), ('!', 1, 0), ('&', 4, 5), ('!', 6, 0)];
        assert_eq!(counts(&share(&graph(&or))).0, 1, "a and b, a or b");
        let span = [('^', 0, 1), ('&', 0, 1), ('&', 0, 3), ('&', 3, 1), ('!', 3, 0), ('&', 1, 7)];
        assert_eq!(counts(&share(&graph(&span))).0, 1, "products of a, b and a+b");
        assert_eq!(counts(&share(&graph(&[('&', 0, 1), ('&', 1, 2), ('&', 0, 2)]))).0, 3);
    }

    #[test]
    fn operands_of_an_and_are_absorbed() {
        let exclusive_or =
            [('&', 0, 1), ('!', 3, 0), ('!', 0, 0), ('!', 1, 0), ('&', 5, 6), ('!', 7, 0), ('&', 4, 8)];
        assert_eq!(counts(&share(&graph(&exclusive_or))).0, 1, "(a or b) and not (a and b)");
        let products =
            [('&', 0, 1), ('&', 3, 0), ('&', 1, 3), ('^', 3, 0), ('&', 6, 3), ('^', 6, 1), ('&', 8, 3)];
        assert_eq!(counts(&share(&graph(&products))).0, 1);
    }

    #[test]
    fn gates_that_nothing_reads_are_dropped() {
        let mut graph = graph(&[('&', 0, 1), ('^', 3, 2), ('&', 4, 0)]);
        for bits in graph.outputs.iter_mut().map(|(_, bits)| bits) {
            bits[2] = bits[1];
        }
        assert_eq!(counts(&dead(&graph)), (1, 1));
    }

    /// Two sums of the same 5,000 inputs, put together in opposite order and then continued alike: each pair of gates
    /// looks equal, and each time it takes thousands of steps to find out nothing.
    #[test]
    fn huge_sums_take_bounded_time() {
        let width = 5000;
        let mut gates = Vec::new();
        let mut add = |sum: WireId, input: u32| {
            gates.push(Gate::Xor(sum, WireId::new(input)));
            WireId::new(width + gates.len() as u32 - 1)
        };
        let mut up = (1..width).fold(WireId::new(0), &mut add);
        let mut down = (0..width - 1).rev().fold(WireId::new(width - 1), &mut add);
        for input in (0..width).cycle().take(60_000) {
            (up, down) = (add(up, input), add(down, input));
        }
        let input = Input { group: Group::uint("x", width), owner: Party::Garbler };
        let output = Output { group: Group::uint("y", 2), wires: vec![up, down] };
        let graph = Graph::lower(&Circuit::new(vec![input], gates, vec![output]).unwrap()).unwrap();
        let start = std::time::Instant::now();
        assert!(dead(&share(&graph)).gates.len() <= graph.gates.len());
        assert!(start.elapsed().as_secs() < 60, "{} gates took {:?}", graph.gates.len(), start.elapsed());
    }
}
