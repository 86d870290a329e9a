use crate::graph::{Graph, Literal, NodeId};
use crate::passes::cuts::terms::Terms;
use crate::passes::share::Sharing;

/// A graph in the making that knows which of its nodes are alive.
///
/// A node is alive as long as something holds it: a living node that reads it, an output, or a gate of the old graph
/// that is still to come. The dead stay where they are and come back to life when they are held again.
pub(crate) struct Net {
    pub(crate) graph: Graph,
    pub(crate) sharing: Sharing,
    pub(crate) terms: Terms,
    holds: Vec<u32>,
    open: Vec<NodeId>,
    dying: Vec<NodeId>,
}

impl Net {
    /// The inputs of a graph, held by nothing; `most_terms` is the length of a sum.
    pub(crate) fn new(old: &Graph, most_terms: usize) -> Self {
        let graph = old.without_gates();
        // Not all that is tried is kept.
        let room = 2 * old.gates.len();
        let sharing = Sharing::new(&graph, room, 2 * old.and_count());
        let terms = Terms::new(&graph, most_terms);
        let holds = vec![0; graph.node_count()];
        Net { graph, sharing, terms, holds, open: Vec::new(), dying: Vec::new() }
    }

    pub(crate) fn xor(&mut self, a: Literal, b: Literal) -> Literal {
        let sum = self.sharing.xor(&mut self.graph, a, b);
        self.follow();
        sum
    }

    pub(crate) fn and(&mut self, a: Literal, b: Literal) -> Literal {
        let product = self.sharing.and(&mut self.graph, a, b);
        self.follow();
        product
    }

    /// The terms of a node but these, added up.
    pub(crate) fn sum_of_terms(&mut self, node: NodeId, without: &[NodeId]) -> Literal {
        let terms = self.terms.of(node).iter().copied();
        let terms: Vec<_> = terms.filter(|term| !without.contains(term)).collect();
        let signature = terms.iter().fold(0, |sum, &term| sum ^ self.sharing.forms.of(term));
        if let Some(known) = self.sharing.sum(signature)
            && self.cancel(terms.iter().copied().chain([known]))
        {
            return Literal::new(known, false);
        }
        let zero = Literal::constant(false);
        terms.into_iter().fold(zero, |sum, term| self.xor(sum, Literal::new(term, false)))
    }

    /// Whether nodes are known to add up to zero. `false` also if there are too many of them.
    pub(crate) fn cancel(&mut self, nodes: impl Iterator<Item = NodeId>) -> bool {
        let mut sum = [NodeId::ZERO; 32];
        let mut places = sum.iter_mut();
        let all = nodes.into_iter().all(|node| places.next().map(|place| *place = node).is_some());
        all && self.sharing.forms.is_zero(&self.graph, sum)
    }

    fn follow(&mut self) {
        self.terms.follow(&self.graph);
        self.holds.resize(self.graph.node_count(), 0);
    }

    pub(crate) fn holds(&self, node: NodeId) -> u32 {
        self.holds[node.index()]
    }

    pub(crate) fn is_and(&self, node: NodeId) -> bool {
        self.graph.gate(node).is_some_and(|gate| gate.is_and())
    }

    /// Holds a node so many times more, and if it was dead what it reads.
    pub(crate) fn hold(&mut self, node: NodeId, times: u32) {
        if times == 0 {
            return;
        }
        let mut revived = std::mem::take(&mut self.open);
        self.hold_only(node, times, &mut revived);
        while let Some(node) = revived.pop() {
            for read in self.graph.gate(node).into_iter().flat_map(|gate| gate.reads()) {
                self.hold_only(read, 1, &mut revived);
            }
        }
        self.open = revived;
    }

    fn hold_only(&mut self, node: NodeId, times: u32, revived: &mut Vec<NodeId>) {
        if self.holds[node.index()] == 0 {
            revived.push(node);
        }
        self.holds[node.index()] += times;
    }

    /// Holds a node so many times less, and if it dies what it reads.
    pub(crate) fn release(&mut self, node: NodeId, times: u32) {
        if times == 0 {
            return;
        }
        let mut dying = std::mem::take(&mut self.open);
        self.release_only(node, times, &mut dying);
        while let Some(node) = dying.pop() {
            for read in self.graph.gate(node).into_iter().flat_map(|gate| gate.reads()) {
                self.release_only(read, 1, &mut dying);
            }
        }
        self.open = dying;
    }

    fn release_only(&mut self, node: NodeId, times: u32, dying: &mut Vec<NodeId>) {
        self.holds[node.index()] -= times;
        if self.holds[node.index()] == 0 {
            dying.push(node);
        }
    }

    /// How many of these ANDs, the root included if it is one, would die with the root. Too few if it would take long
    /// to find out: exclusive ors between them are looked through only so far.
    pub(crate) fn dying(&mut self, root: NodeId, members: &[NodeId]) -> usize {
        const LONGEST: usize = 96;
        let mut released = std::mem::take(&mut self.open);
        let mut ands = 0;
        let mut next = 0;
        self.dying.clear();
        self.dying.push(root);
        while let Some(&node) = self.dying.get(next) {
            next += 1;
            let Some(gate) = self.graph.gate(node) else { continue };
            ands += usize::from(gate.is_and());
            if released.len() > LONGEST {
                break;
            }
            for read in gate.reads() {
                released.push(read);
                self.holds[read.index()] -= 1;
                if self.holds[read.index()] == 0 && (!self.is_and(read) || members.contains(&read)) {
                    self.dying.push(read);
                }
            }
        }
        for read in released.drain(..) {
            self.holds[read.index()] += 1;
        }
        self.open = released;
        ands
    }
}
