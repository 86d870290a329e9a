use std::collections::BinaryHeap;

use crate::graph::{Graph, Node, NodeId};
use crate::passes::index::scatter;

/// Every node as an exclusive or of leaves: inputs and ANDs.
///
/// A node's signature is the exclusive or of its leaves' random-looking numbers: nodes with different signatures are
/// different sums. Nodes with equal ones are almost always equal, but a circuit can be built to deceive, so
/// [`LinearForms::is_zero`] looks at the leaves themselves.
pub(crate) struct LinearForms {
    signatures: Vec<u64>,
    open: BinaryHeap<NodeId>,
    /// Nodes that may still be looked at, so that time stays proportional to the circuit.
    allowance: usize,
}

impl LinearForms {
    /// Nodes looked at in one comparison at most.
    const LONGEST: usize = 1 << 12;
    /// Nodes looked at per gate on average at most.
    const PER_GATE: usize = 32;

    /// Of the constant and the inputs; `gates` says how many gates may come.
    pub(crate) fn new(graph: &Graph, gates: usize) -> Self {
        let mut signatures = Vec::with_capacity(graph.first_gate() + gates);
        signatures.push(0);
        signatures.extend((1..graph.first_gate() as u64).map(leaf));
        LinearForms { signatures, open: BinaryHeap::new(), allowance: Self::LONGEST + Self::PER_GATE * gates }
    }

    /// Takes in the newest gate of the graph.
    pub(crate) fn push(&mut self, node: Node) {
        self.signatures.push(match node {
            Node::Xor(a, b) => self.of(a) ^ self.of(b),
            Node::And(..) => leaf(self.signatures.len() as u64),
        });
    }

    pub(crate) fn of(&self, node: NodeId) -> u64 {
        self.signatures[node.index()]
    }

    /// Whether the nodes are known to cancel out. `false` also if it would take too long to find out.
    pub(crate) fn is_zero<const N: usize>(&mut self, graph: &Graph, sum: [NodeId; N]) -> bool {
        sum.iter().fold(0, |signature, &node| signature ^ self.of(node)) == 0 && self.cancels(graph, &sum)
    }

    /// Replaces the last node of the sum by its operands until a leaf is left over or nothing is.
    fn cancels(&mut self, graph: &Graph, sum: &[NodeId]) -> bool {
        self.open.clear();
        self.open.extend(sum);
        for _ in 0..Self::LONGEST.min(self.allowance) {
            self.allowance -= 1;
            let Some(node) = self.open.pop() else { return true };
            if self.open.peek() == Some(&node) {
                self.open.pop();
                continue;
            }
            match graph.gate(node) {
                Some(Node::Xor(a, b)) => self.open.extend([a, b]),
                None if node == NodeId::ZERO => {}
                Some(Node::And(..)) | None => return false,
            }
        }
        false
    }
}

fn leaf(node: u64) -> u64 {
    scatter(node.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
