//! From graphs to circuits.

use halfgate_circuits::{Circuit, CircuitError, Gate, Output, WireId};

use crate::graph::{Graph, Literal, Node, NodeId};

/// A circuit in the making, and where it has got the nodes of a graph.
struct Raised {
    input_width: usize,
    gates: Vec<Gate>,
    /// For each node its wire, or `NONE`.
    wires: Vec<WireId>,
    /// For each node the wire of its negation, or `NONE`.
    inverted: Vec<WireId>,
}

/// The index that circuits keep free.
const NONE: u32 = u32::MAX;

impl Graph {
    /// Writes a circuit: the same XOR and AND gates in the same order, a NOT gate for each node that an AND or an
    /// output reads inverted, and constants where they are read.
    pub(crate) fn raise(&self) -> Result<Circuit, CircuitError> {
        let mut raised = Raised::new(self);
        for (gate, &node) in self.gates.iter().enumerate() {
            let gate_above = match node {
                Node::Xor(a, b) => Gate::Xor(raised.node(a), raised.node(b)),
                Node::And(a, b) => Gate::And(raised.literal(a), raised.literal(b)),
            };
            raised.wires[self.node(gate).index()] = raised.push(gate_above);
        }
        let outputs = self.outputs.iter().map(|(group, bits)| {
            let wires = bits.iter().map(|&literal| raised.literal(literal)).collect();
            Output { group: group.clone(), wires }
        });
        let outputs = outputs.collect();
        Circuit::new(self.inputs.clone(), raised.gates, outputs)
    }
}

impl Raised {
    fn new(graph: &Graph) -> Self {
        let none = vec![WireId::new(NONE); graph.node_count()];
        let mut raised = Raised {
            input_width: graph.input_width,
            gates: Vec::with_capacity(graph.gates.len()),
            wires: none.clone(),
            inverted: none,
        };
        for input in 0..graph.input_width {
            raised.wires[input + 1] = WireId::new(input as u32);
        }
        raised
    }

    fn node(&mut self, node: NodeId) -> WireId {
        self.literal(Literal::new(node, false))
    }

    /// The wire of a literal; makes negations and constants when they are first read.
    fn literal(&mut self, literal: Literal) -> WireId {
        let index = literal.node().index();
        let wires = if literal.inverted() { &self.inverted } else { &self.wires };
        if wires[index].raw() != NONE {
            return wires[index];
        }
        let gate = if literal.is_constant() {
            Gate::Constant(literal.inverted())
        } else {
            // Only constants and negations can be missing: gates read nodes before them.
            Gate::Not(self.wires[index])
        };
        let wire = self.push(gate);
        let wires = if literal.inverted() { &mut self.inverted } else { &mut self.wires };
        wires[index] = wire;
        wire
    }

    fn push(&mut self, gate: Gate) -> WireId {
        self.gates.push(gate);
        // If this wraps around, there are too many wires, which `Circuit::new` finds before it looks at any.
        WireId::new((self.input_width + self.gates.len() - 1) as u32)
    }
}
