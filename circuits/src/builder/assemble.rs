//! From the graph to a circuit: numbers the wires and leaves out what no output reads.

use super::graph::{Graph, Literal, Node};
use crate::{CircuitError, Gate, WireId};

/// No wire yet; a circuit never has one of this index.
const NONE: u32 = u32::MAX;

pub(super) struct Assembly {
    gates: Vec<Gate>,
    input_width: u64,
    /// The wire of each node, and the wire of its inversion where some gate or output needs one.
    wires: Vec<[u32; 2]>,
}

impl Assembly {
    /// `inputs` are the input nodes in the order of their wires.
    pub(super) fn new(graph: &Graph, inputs: impl Iterator<Item = Literal>) -> Self {
        let mut assembly =
            Assembly { gates: Vec::new(), input_width: 0, wires: vec![[NONE; 2]; graph.nodes().len()] };
        for (wire, input) in (0..).zip(inputs) {
            assembly.wires[input.node as usize][0] = wire;
            assembly.input_width += 1;
        }
        assembly
    }

    /// Makes the gates of all nodes that `outputs` depend on.
    pub(super) fn add_gates(
        &mut self,
        graph: &Graph,
        outputs: impl Iterator<Item = Literal>,
    ) -> Result<(), CircuitError> {
        let live = live_nodes(graph.nodes(), outputs);
        for (index, node) in graph.nodes().iter().enumerate().filter(|&(index, _)| live[index]) {
            let gate = match *node {
                Node::Zero | Node::Input => continue,
                Node::Xor(a, b) => Gate::Xor(self.positive(a), self.positive(b)),
                Node::And(a, b) => Gate::And(self.wire(a)?, self.wire(b)?),
            };
            self.wires[index][0] = self.push(gate)?;
        }
        Ok(())
    }

    /// The wire that carries `literal`; makes the inversion or constant if there is none yet.
    pub(super) fn wire(&mut self, literal: Literal) -> Result<WireId, CircuitError> {
        let (node, side) = (literal.node as usize, usize::from(literal.inverted));
        if self.wires[node][side] == NONE {
            let gate = match literal.known() {
                Some(value) => Gate::Constant(value),
                None => Gate::Not(self.positive(literal.node)),
            };
            self.wires[node][side] = self.push(gate)?;
        }
        Ok(WireId::new(self.wires[node][side]))
    }

    pub(super) fn into_gates(self) -> Vec<Gate> {
        self.gates
    }

    fn positive(&self, node: u32) -> WireId {
        WireId::new(self.wires[node as usize][0])
    }

    fn push(&mut self, gate: Gate) -> Result<u32, CircuitError> {
        let wire = self.input_width + self.gates.len() as u64;
        self.gates.push(gate);
        match u32::try_from(wire) {
            Ok(index) if index != NONE => Ok(index),
            _ => Err(CircuitError::TooManyWires { wires: wire + 1 }),
        }
    }
}

fn live_nodes(nodes: &[Node], outputs: impl Iterator<Item = Literal>) -> Vec<bool> {
    let mut live = vec![false; nodes.len()];
    for output in outputs {
        live[output.node as usize] = true;
    }
    for index in (0..nodes.len()).rev() {
        if let (true, Some(operands)) = (live[index], nodes[index].operands()) {
            for operand in operands {
                live[operand as usize] = true;
            }
        }
    }
    live
}
