//! The order in which gates ask for a place: each right behind what it reads.

use crate::graph::{Graph, Literal, Node, NodeId};

/// Sorts the gates as a depth-first walk from the outputs leaves them, the deeper operand first, and drops those that
/// no output depends on. Circuits as published stand in any order, level by level among them; in this order few wires
/// are live at a time.
pub(crate) fn reorder(graph: &Graph) -> Graph {
    let depths = depths(graph);
    let mut walk =
        Walk { graph, depths, new_ids: vec![NodeId::ZERO; graph.gates.len()], sorted: graph.without_gates() };
    for (group, bits) in &graph.outputs {
        for literal in bits {
            walk.visit(literal.node());
        }
        let bits = bits.iter().map(|&literal| walk.moved(literal)).collect();
        walk.sorted.outputs.push((group.clone(), bits));
    }
    walk.sorted
}

/// For each gate the largest number of ANDs on a path to it, its own included.
fn depths(graph: &Graph) -> Vec<u32> {
    let mut depths: Vec<u32> = Vec::with_capacity(graph.gates.len());
    for node in &graph.gates {
        let [a, b] = node.reads().map(|read| graph.gate_index(read).map_or(0, |gate| depths[gate]));
        depths.push(a.max(b) + u32::from(node.is_and()));
    }
    depths
}

struct Walk<'a> {
    graph: &'a Graph,
    depths: Vec<u32>,
    /// For each gate its node in `sorted`; zero, which no gate becomes, as long as it has no place.
    new_ids: Vec<NodeId>,
    sorted: Graph,
}

impl Walk<'_> {
    /// Places a node after all that it depends on. The stack is ours: circuits may be deeper than the thread's.
    fn visit(&mut self, root: NodeId) {
        let mut stack = Vec::from_iter(self.graph.gate_index(root));
        while let Some(&gate) = stack.last() {
            if self.is_placed(gate) {
                stack.pop();
            } else if let Some(operand) = self.open_operand(self.graph.gates[gate]) {
                stack.push(operand);
            } else {
                stack.pop();
                self.place(gate);
            }
        }
    }

    /// A gate that `node` reads and that has no place yet.
    fn open_operand(&self, node: Node) -> Option<usize> {
        let open = node.reads().map(|read| self.graph.gate_index(read).filter(|&gate| !self.is_placed(gate)));
        match open {
            [Some(a), Some(b)] if self.depths[b] > self.depths[a] => Some(b),
            [a, b] => a.or(b),
        }
    }

    fn is_placed(&self, gate: usize) -> bool {
        self.new_ids[gate] != NodeId::ZERO
    }

    fn place(&mut self, gate: usize) {
        let node = match self.graph.gates[gate] {
            Node::Xor(a, b) => Node::Xor(self.new_id(a), self.new_id(b)),
            Node::And(a, b) => Node::And(self.moved(a), self.moved(b)),
        };
        self.new_ids[gate] = self.sorted.push(node).node();
    }

    fn moved(&self, literal: Literal) -> Literal {
        Literal::new(self.new_id(literal.node()), literal.inverted())
    }

    fn new_id(&self, node: NodeId) -> NodeId {
        self.graph.gate_index(node).map_or(node, |gate| self.new_ids[gate])
    }
}
