use halfgate_circuits::Circuit;

use crate::graph::{Graph, Literal};
use crate::passes::push_folded;

/// Appends a circuit to a graph, with these literals as its input wires; gives the literals of its output wires, group
/// after group.
///
/// # Panics
/// If there are fewer literals than input wires.
pub(crate) fn append(graph: &mut Graph, circuit: &Circuit, inputs: &[Literal]) -> Vec<Literal> {
    let wires = graph.lower_gates(circuit.gates(), inputs[..circuit.input_width()].to_vec(), push_folded);
    circuit.outputs().iter().flat_map(|output| &output.wires).map(|wire| wires[wire.index()]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::append;
    use crate::evaluate;
    use crate::graph::{Graph, Literal, NodeId};
    use crate::random::{self, Shape};
    use crate::schedule::schedule_graph;

    proptest! {
        #[test]
        fn a_circuit_over_the_inputs_of_an_empty_graph_is_that_circuit(seed: u64) {
            let circuit = random::circuit(seed, &Shape::of_seed(seed));
            let mut graph = Graph::with_inputs_of(&circuit);
            let inputs: Vec<_> = (1..graph.first_gate()).map(|input| Literal::new(NodeId::new(input), false)).collect();
            let mut outputs = append(&mut graph, &circuit, &inputs).into_iter();
            for output in circuit.outputs() {
                let bits = outputs.by_ref().take(output.wires.len()).collect();
                graph.outputs.push((output.group.clone(), bits));
            }
            prop_assert_eq!(graph.verify(), Ok(()));
            let lanes = if circuit.inputs().is_empty() { 1 } else { 64 };
            let values = random::inputs(seed, &circuit, lanes);
            let direct = evaluate(&crate::schedule(&circuit).unwrap(), &values).unwrap();
            prop_assert!(evaluate(&schedule_graph(graph), &values).unwrap() == direct);
        }
    }
}
