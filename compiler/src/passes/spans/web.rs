use std::cell::Cell;

use crate::graph::{Graph, Node, NodeId};
use crate::passes::index::scatter;

/// A graph seen from any node: what it reads, what reads it, and which sum of leaves (inputs and ANDs) it is.
pub(super) struct Web<'g> {
    pub(super) graph: &'g Graph,
    signatures: Vec<Signature>,
    levels: Vec<u32>,
    /// Where the readers of a node start in `readers`, and of one node more.
    starts: Vec<u32>,
    readers: Vec<NodeId>,
    outputs: Vec<bool>,
    /// Nodes that may still be looked at, so that time stays proportional to the graph.
    allowance: Cell<usize>,
}

/// The exclusive or of the random-looking numbers of a sum's leaves: as linear as the sums themselves, and wide enough
/// that some hundred of them are dependent only where the sums are, unless a circuit was made to deceive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signature(pub(super) [u64; 4]);

impl Signature {
    fn leaf(node: usize) -> Self {
        let seed = scatter((node as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Signature([1, 2, 3, 4].map(|word: u64| scatter(seed ^ word.wrapping_mul(0xd1b5_4a32_d192_ed03))))
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == [0; 4]
    }

    pub(super) fn has(self, bit: usize) -> bool {
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The position of the highest bit, if there is one.
    pub(super) fn lead(self) -> Option<usize> {
        let word = (0..4).rev().find(|&word| self.0[word] != 0)?;
        Some(64 * word + 63 - self.0[word].leading_zeros() as usize)
    }
}

impl std::ops::BitXorAssign for Signature {
    fn bitxor_assign(&mut self, other: Signature) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word ^= other);
    }
}

impl<'g> Web<'g> {
    /// Of a graph without dead gates, of which so many nodes for each may be looked at to make blocks.
    pub(super) fn new(graph: &'g Graph, looks_per_node: usize) -> Self {
        let mut signatures = vec![Signature::default()];
        signatures.extend((1..graph.first_gate()).map(Signature::leaf));
        let mut levels = vec![0; graph.first_gate()];
        for &node in &graph.gates {
            let [a, b] = node.reads().map(NodeId::index);
            levels.push(levels[a].max(levels[b]) + u32::from(node.is_and()));
            signatures.push(if node.is_and() {
                Signature::leaf(signatures.len())
            } else {
                let mut sum = signatures[a];
                sum ^= signatures[b];
                sum
            });
        }
        let mut outputs = vec![false; graph.node_count()];
        let bits = graph.outputs.iter().flat_map(|(_, bits)| bits);
        bits.for_each(|literal| outputs[literal.node().index()] = true);
        let (starts, readers) = readers(graph);
        let allowance = Cell::new(looks_per_node * graph.node_count());
        Web { graph, signatures, levels, starts, readers, outputs, allowance }
    }

    /// All ANDs, ascending.
    pub(super) fn ands(&self) -> Vec<NodeId> {
        let nodes = (0..self.graph.gates.len()).map(|gate| self.graph.node(gate));
        nodes.filter(|&node| self.and(node).is_some()).collect()
    }

    /// Looks at a node, if it still may.
    pub(super) fn look(&self) -> Option<()> {
        let left = self.allowance.get().checked_sub(1)?;
        self.allowance.set(left);
        Some(())
    }

    pub(super) fn signature(&self, node: NodeId) -> Signature {
        self.signatures[node.index()]
    }

    /// The ANDs on the longest path up to and with the node.
    pub(super) fn level(&self, node: NodeId) -> u32 {
        self.levels[node.index()]
    }

    pub(super) fn readers(&self, node: NodeId) -> &[NodeId] {
        let range = self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize;
        &self.readers[range]
    }

    pub(super) fn is_output(&self, node: NodeId) -> bool {
        self.outputs[node.index()]
    }

    /// The operands of an AND, if the node is one.
    pub(super) fn and(&self, node: NodeId) -> Option<[NodeId; 2]> {
        self.graph.gate(node).filter(|gate| gate.is_and()).map(Node::reads)
    }

    /// The operands of an exclusive or, if the node is one.
    pub(super) fn xor(&self, node: NodeId) -> Option<[NodeId; 2]> {
        self.graph.gate(node).filter(|gate| !gate.is_and()).map(Node::reads)
    }
}

fn readers(graph: &Graph) -> (Vec<u32>, Vec<NodeId>) {
    let mut starts = vec![0_u32; graph.node_count() + 1];
    for read in graph.gates.iter().flat_map(|node| node.reads()) {
        starts[read.index() + 1] += 1;
    }
    for node in 1..starts.len() {
        starts[node] += starts[node - 1];
    }
    let mut readers = vec![NodeId::ZERO; 2 * graph.gates.len()];
    let mut next = starts.clone();
    for (gate, node) in graph.gates.iter().enumerate() {
        for read in node.reads() {
            readers[next[read.index()] as usize] = graph.node(gate);
            next[read.index()] += 1;
        }
    }
    (starts, readers)
}
