use std::collections::HashSet;

use crate::graph::{Graph, Literal, Node, NodeId};

/// Who reads which node, and what would be left over if some were not needed any more.
pub(crate) struct Uses<'g> {
    pub(crate) graph: &'g Graph,
    readers: Vec<u32>,
    /// Where the readers of each node begin, and the end.
    starts: Vec<u32>,
    /// How often each node is read, by gates that are needed themselves and by outputs.
    counts: Vec<u32>,
    is_output: Vec<bool>,
    /// Nodes that are not computed by their gates.
    replaced: HashSet<NodeId>,
    newly_replaced: Vec<NodeId>,
    /// What the last replacement has changed: counts as they were.
    changes: Vec<(NodeId, u32)>,
}

impl<'g> Uses<'g> {
    /// Of a graph in which every gate is needed.
    pub(crate) fn new(graph: &'g Graph) -> Self {
        let mut counts = vec![0; graph.node_count()];
        for read in graph.gates.iter().flat_map(|node| node.reads()) {
            counts[read.index()] += 1;
        }
        let mut starts: Vec<u32> = std::iter::once(&0).chain(&counts).copied().collect();
        (1..starts.len()).for_each(|node| starts[node] += starts[node - 1]);
        let mut readers = vec![0; 2 * graph.gates.len()];
        let mut next = starts.clone();
        for (gate, node) in graph.gates.iter().enumerate() {
            for read in node.reads() {
                readers[next[read.index()] as usize] = gate as u32;
                next[read.index()] += 1;
            }
        }
        let mut is_output = vec![false; graph.node_count()];
        for literal in graph.outputs.iter().flat_map(|(_, bits)| bits) {
            is_output[literal.node().index()] = true;
            counts[literal.node().index()] += 1;
        }
        Uses {
            graph,
            readers,
            starts,
            counts,
            is_output,
            replaced: HashSet::new(),
            newly_replaced: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Whether nothing reads a node but gates of which this holds.
    pub(crate) fn only_in(&self, node: NodeId, is_in: impl Fn(usize) -> bool) -> bool {
        let readers = self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize;
        !self.is_output[node.index()] && self.readers[readers].iter().all(|&gate| is_in(gate as usize))
    }

    pub(crate) fn is_needed(&self, node: NodeId) -> bool {
        self.counts[node.index()] > 0
    }

    /// Takes note that `leaves` are read once more, and that `roots` are computed from them in another way. The number
    /// of ANDs that are not needed any more.
    pub(crate) fn replace(&mut self, roots: &[NodeId], leaves: &[NodeId]) -> isize {
        self.changes.clear();
        let needed_anew: isize = leaves.iter().map(|&leaf| self.read(leaf)).sum();
        // A word may have one node in two places, whose operands are dropped once.
        let is_new = |root: &NodeId| self.counts[root.index()] > 0 && self.replaced.insert(*root);
        let needed: Vec<NodeId> = roots.iter().copied().filter(is_new).collect();
        self.newly_replaced.clone_from(&needed);
        let spared: isize = needed.iter().map(|&root| self.drop_operands(root)).sum();
        spared - needed_anew
    }

    /// Forgets the last replacement.
    pub(crate) fn undo(&mut self) {
        while let Some((node, count)) = self.changes.pop() {
            self.counts[node.index()] = count;
        }
        self.newly_replaced.drain(..).for_each(|root| {
            self.replaced.remove(&root);
        });
    }

    /// Makes the last replacement final.
    pub(crate) fn keep(&mut self) {
        self.changes.clear();
        self.newly_replaced.clear();
    }

    /// The node that is the product of two literals, if there is one.
    pub(crate) fn product(&self, a: Literal, b: Literal) -> Option<NodeId> {
        let readers = self.starts[a.node().index()] as usize..self.starts[a.node().index() + 1] as usize;
        let is_it = |&&gate: &&u32| {
            let node = self.graph.gates[gate as usize];
            node == Node::And(a, b) || node == Node::And(b, a)
        };
        self.readers[readers].iter().find(is_it).map(|&gate| self.graph.node(gate as usize))
    }

    pub(crate) fn is_replaced(&self, node: NodeId) -> bool {
        self.replaced.contains(&node)
    }

    /// ANDs that are needed again if a node is read once more.
    fn read(&mut self, node: NodeId) -> isize {
        let (mut ands, mut open) = (0, vec![node]);
        while let Some(node) = open.pop() {
            let count = self.counts[node.index()];
            self.set_count(node, count + 1);
            if count == 0
                && !self.is_replaced(node)
                && let Some(gate) = self.graph.gate(node)
            {
                ands += isize::from(gate.is_and());
                open.extend(gate.reads());
            }
        }
        ands
    }

    /// ANDs that are not needed any more if a node is not computed by its gate.
    fn drop_operands(&mut self, node: NodeId) -> isize {
        let (mut ands, mut open) = (0, vec![node]);
        while let Some(node) = open.pop() {
            let Some(gate) = self.graph.gate(node) else { continue };
            ands += isize::from(gate.is_and());
            for read in gate.reads() {
                let count = self.counts[read.index()] - 1;
                self.set_count(read, count);
                if count == 0 && !self.is_replaced(read) {
                    open.push(read);
                }
            }
        }
        ands
    }

    fn set_count(&mut self, node: NodeId, count: u32) {
        self.changes.push((node, self.counts[node.index()]));
        self.counts[node.index()] = count;
    }
}
