use crate::graph::{Node, NodeId};
use crate::passes::spans::table::MAX_INPUTS;
use crate::passes::spans::web::{Signature, Web};

/// For each node what it is a function of: up to eight nodes whose sums are linearly independent.
///
/// Sums of nodes that no AND is part of count as one. Where there would be more than eight, the operands themselves are
/// what an AND is a function of.
pub(super) struct Bases {
    nodes: Vec<NodeId>,
    ends: Vec<u32>,
}

impl Bases {
    pub(super) fn new(web: &Web<'_>) -> Self {
        let graph = web.graph;
        let first = graph.first_gate();
        let nodes = (0..first).map(NodeId::new).collect();
        let mut bases = Bases { nodes, ends: (0..=first as u32).collect() };
        for (gate, &node) in graph.gates.iter().enumerate() {
            let own = graph.node(gate);
            let [a, b] = node.reads();
            let is_plain = !node.is_and() && [a, b].iter().all(|&read| bases.of(read) == [read]);
            let base = if is_plain { None } else { bases.together(web, a, b) };
            match (base, node) {
                (Some(base), _) => bases.nodes.extend(base),
                (None, Node::And(..)) => bases.nodes.extend([a, b]),
                (None, Node::Xor(..)) => bases.nodes.push(own),
            }
            bases.ends.push(bases.nodes.len() as u32);
        }
        bases
    }

    pub(super) fn of(&self, node: NodeId) -> &[NodeId] {
        &self.nodes[self.ends[node.index()] as usize..self.ends[node.index() + 1] as usize]
    }

    fn together(&self, web: &Web<'_>, a: NodeId, b: NodeId) -> Option<Vec<NodeId>> {
        let mut basis = Basis::default();
        let mut nodes = self.of(a).iter().chain(self.of(b));
        nodes.all(|&node| basis.insert(web.signature(node), node)).then_some(basis.nodes)
    }
}

/// A basis of a space of sums.
#[derive(Default)]
pub(super) struct Basis {
    pub(super) nodes: Vec<NodeId>,
    /// By descending pivot, with the nodes that add up to each row.
    rows: Vec<(Signature, u8)>,
}

impl Basis {
    /// Takes in a node unless it is in the space; `false` if there are too many.
    pub(super) fn insert(&mut self, signature: Signature, node: NodeId) -> bool {
        let (rest, coordinates) = self.reduce(signature);
        if rest.is_zero() {
            return true;
        }
        if self.nodes.len() == MAX_INPUTS {
            return false;
        }
        let place = self.rows.partition_point(|(row, _)| row.lead() > rest.lead());
        self.rows.insert(place, (rest, coordinates ^ 1 << self.nodes.len()));
        self.nodes.push(node);
        true
    }

    /// Which nodes of the basis add up to a sum.
    pub(super) fn coordinates(&self, signature: Signature) -> Option<u8> {
        let (rest, coordinates) = self.reduce(signature);
        rest.is_zero().then_some(coordinates)
    }

    fn reduce(&self, mut signature: Signature) -> (Signature, u8) {
        let mut coordinates = 0;
        for &(row, nodes) in &self.rows {
            if row.lead().is_some_and(|lead| signature.has(lead)) {
                signature ^= row;
                coordinates ^= nodes;
            }
        }
        (signature, coordinates)
    }
}
