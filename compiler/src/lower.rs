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
        let literals = graph.lower_gates(circuit.gates(), emit);
        for output in circuit.outputs() {
            let bits = output.wires.iter().map(|&wire| graph.literal(&literals, wire)).collect();
            graph.outputs.push((output.group.clone(), bits));
        }
        Ok(graph)
    }

    fn lower_gates(
        &mut self,
        gates: &[Gate],
        emit: impl Fn(&mut Graph, Operation) -> Literal,
    ) -> Vec<Literal> {
        let mut literals = Vec::with_capacity(gates.len());
        for &gate in gates {
            let read = |wire| self.literal(&literals, wire);
            let literal = match gate {
                Gate::Xor(a, b) => {
                    let operation = Operation::Xor(read(a), read(b));
                    emit(self, operation)
                }
                Gate::And(a, b) => {
                    let operation = Operation::And(read(a), read(b));
                    emit(self, operation)
                }
                Gate::Not(a) => read(a).invert_if(true),
                Gate::Copy(a) => read(a),
                Gate::Constant(value) => Literal::constant(value),
            };
            literals.push(literal);
        }
        literals
    }

    /// What a wire is, given what the wires of the gates before it are.
    fn literal(&self, gates: &[Literal], wire: WireId) -> Literal {
        match wire.index().checked_sub(self.input_width) {
            Some(gate) => gates[gate],
            None => Literal::new(NodeId::new(wire.index() + 1), false),
        }
    }
}
