use halfgate_circuits::{Circuit, Gate};

use crate::graph::{Graph, Literal};
use crate::passes::{Operation, push_folded};

/// Appends a circuit to a graph, with these literals as its input wires; gives the literals of its output wires, group
/// after group.
///
/// # Panics
/// If there are fewer literals than input wires.
pub(crate) fn append(graph: &mut Graph, circuit: &Circuit, inputs: &[Literal]) -> Vec<Literal> {
    let mut wires = Vec::with_capacity(circuit.wire_count());
    wires.extend_from_slice(&inputs[..circuit.input_width()]);
    for &gate in circuit.gates() {
        let wire = match gate {
            Gate::Xor(a, b) => push_folded(graph, Operation::Xor(wires[a.index()], wires[b.index()])),
            Gate::And(a, b) => push_folded(graph, Operation::And(wires[a.index()], wires[b.index()])),
            Gate::Not(a) => wires[a.index()].invert_if(true),
            Gate::Copy(a) => wires[a.index()],
            Gate::Constant(value) => Literal::constant(value),
        };
        wires.push(wire);
    }
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
