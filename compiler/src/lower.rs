//! From circuits to graphs.

use halfgate_circuits::{Circuit, Gate, WireId};

use crate::ScheduleError;
use crate::graph::{Graph, Literal, NodeId};
use crate::passes::{Operation, push, push_folded};

impl Graph {
    /// Reads a circuit; its XOR and AND gates keep their order.
    pub(crate) fn lower(circuit: &Circuit) -> Result<Self, ScheduleError> {
        Self::lower_by(circuit, push)
    }

    /// Reads a circuit and folds trivial gates.
    pub(crate) fn lower_folded(circuit: &Circuit) -> Result<Self, ScheduleError> {
        Self::lower_by(circuit, push_folded)
    }

    fn lower_by(
        circuit: &Circuit,
        emit: impl Fn(&mut Graph, Operation) -> Literal,
    ) -> Result<Self, ScheduleError> {
        let wires = circuit.wire_count();
        if wires >= Self::MAX_NODES {
            return Err(ScheduleError::TooManyWires { wires });
        }
        let mut graph = Graph::with_inputs_of(circuit);
        let inputs = (1..graph.first_gate()).map(|node| Literal::new(NodeId::new(node), false)).collect();
        let literals = graph.lower_gates(circuit.gates(), inputs, emit);
        for output in circuit.outputs() {
            let bits = output.wires.iter().map(|wire| literals[wire.index()]).collect();
            graph.outputs.push((output.group.clone(), bits));
        }
        Ok(graph)
    }

    /// Appends gates over literals that stand for the input wires; gives the literals of all wires.
    pub(crate) fn lower_gates(
        &mut self,
        gates: &[Gate],
        mut wires: Vec<Literal>,
        emit: impl Fn(&mut Graph, Operation) -> Literal,
    ) -> Vec<Literal> {
        wires.reserve(gates.len());
        for &gate in gates {
            let read = |wire: WireId| wires[wire.index()];
            let literal = match gate {
                Gate::Xor(a, b) => emit(self, Operation::Xor(read(a), read(b))),
                Gate::And(a, b) => emit(self, Operation::And(read(a), read(b))),
                Gate::Not(a) => read(a).invert_if(true),
                Gate::Copy(a) => read(a),
                Gate::Constant(value) => Literal::constant(value),
            };
            wires.push(literal);
        }
        wires
    }
}
