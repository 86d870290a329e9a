//! SAT sweeping: nodes of a graph that are equal, proved from the inputs up.
//!
//! Nodes are candidates if they agree on a sample of inputs (Kuehlmann, Krohm: "Equivalence checking using cuts and
//! heaps", DAC 1997; Mishchenko et al.: "FRAIGs", 2005). What is proved is merged at once, so that the next question is
//! about two gates whose operands are mostly the same. Sums are merged by their linear normal form, without a question.

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::{Operation, Sharing, follow};
use crate::proof::signatures::Signatures;
use crate::proof::solver::{Answer, Twins, Window};
use crate::proof::stimulus::Random;

/// How much work one sweep may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SweepLimits {
    /// Conflicts in one question between inner nodes.
    pub(crate) conflicts: u64,
    /// Gates that one question looks at.
    pub(crate) gates: usize,
    /// Conflicts in all.
    pub(crate) all_conflicts: u64,
    /// Words of 64 inputs in the sample.
    pub(crate) words: usize,
}

impl Default for SweepLimits {
    fn default() -> Self {
        SweepLimits { conflicts: 2_000, gates: 20_000, all_conflicts: 2_000_000, words: 64 }
    }
}

/// What a sweep has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepFigures {
    /// Pairs of nodes that the solver proved equal.
    pub proved: u64,
    /// Pairs that it told from each other, though the sample could not.
    pub refuted: u64,
    /// Pairs it gave up on.
    pub open: u64,
    /// Conflicts it met.
    pub conflicts: u64,
}

/// A graph in which equal nodes are one, as far as they could be proved equal.
pub(crate) struct Sweep {
    pub(crate) graph: Graph,
    pub(crate) figures: SweepFigures,
    sharing: Sharing,
    signatures: Signatures,
    /// For each node the literal that takes its place.
    places: Vec<Literal>,
    twins: Twins,
    /// Operands of ANDs that were proved to be zero.
    zeros: Vec<[Literal; 2]>,
    window: Window,
    limits: SweepLimits,
    /// Conflicts at which even the question that meets them ends.
    ceiling: u64,
    random: Random,
}

/// What is known of two literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Equal,
    Different,
    Open,
}

impl Sweep {
    /// Gates a question looks at first, and by how much the window grows when that is not enough.
    const FIRST_GATES: usize = 150;
    const GROWTH: usize = 6;
    /// Gates that a new window begins with.
    const KEPT: usize = 3000;
    /// Pairs that a new window knows never to be both one.
    const KEPT_ZEROS: usize = 10_000;
    /// Candidates tried for one node.
    const CANDIDATES: usize = 2;
    /// Words added to the sample at most.
    const REFINEMENTS: usize = 400;

    /// Knows the inputs of these graphs, which all have the same.
    pub(crate) fn new(graphs: &[&Graph], limits: SweepLimits) -> Self {
        let mut graph = graphs[0].without_gates();
        let gates: usize = graphs.iter().map(|graph| graph.gates.len()).sum();
        graph.gates.reserve(gates);
        let ands = graphs.iter().map(|graph| graph.and_count()).sum();
        let places = (0..graph.first_gate()).map(|node| Literal::new(NodeId::new(node), false)).collect();
        Sweep {
            figures: SweepFigures::default(),
            sharing: Sharing::new(&graph, 2 * gates, ands),
            signatures: Signatures::new(&graph, limits.words),
            places,
            twins: Twins::new(),
            zeros: Vec::new(),
            window: Window::new(),
            limits,
            ceiling: u64::MAX,
            random: Random::new(0),
            graph,
        }
    }

    /// Passes begin no question beyond their limit but finish what they have begun; this ends the last one there, too.
    pub(crate) fn with_ceiling(self, conflicts: u64) -> Self {
        Sweep { ceiling: conflicts, ..self }
    }

    /// Takes in all gates of a graph; gives for each of its gates the literal that stands for it here.
    pub(crate) fn take(&mut self, graph: &Graph, mut progress: impl FnMut(usize)) -> Vec<Literal> {
        let mut done = 0;
        follow(graph, |operation| {
            done += 1;
            if done % 64 == 0 {
                progress(done);
            }
            self.push(operation)
        })
    }

    fn push(&mut self, operation: Operation) -> Literal {
        let from = self.graph.node_count();
        let literal = match operation {
            Operation::Xor(a, b) => self.sharing.xor(&mut self.graph, a, b),
            Operation::And(a, b) => self.sharing.and(&mut self.graph, a, b),
        };
        self.signatures.follow(&self.graph);
        let new = (from..self.graph.node_count()).map(NodeId::new);
        // All of them first: a new window may begin while the first of several is looked at.
        self.places.extend(new.clone().map(|node| Literal::new(node, false)));
        for node in new {
            let place = self.settle(node);
            self.places[node.index()] = place;
        }
        self.place(literal)
    }

    fn place(&self, literal: Literal) -> Literal {
        self.places[literal.node().index()].invert_if(literal.inverted())
    }

    /// Finds out whether a new node equals an old one.
    fn settle(&mut self, node: NodeId) -> Literal {
        let own = Literal::new(node, false);
        let mut tried = 0;
        while tried < Self::CANDIDATES && self.figures.conflicts < self.limits.all_conflicts {
            let Some(other) = self.signatures.equals(node).nth(tried) else { break };
            match self.compare(other, own, self.limits.conflicts) {
                Known::Equal => {
                    self.window.equate(other, own);
                    if let (true, false, Some(Node::And(a, b))) =
                        (other.is_constant(), other.inverted(), self.graph.gate(node))
                    {
                        self.zeros.push([a, b]);
                    }
                    self.twins.insert(other.node(), own.invert_if(other.inverted()));
                    return other;
                }
                // The sample knows better now.
                Known::Different => {}
                Known::Open => tried += 1,
            }
        }
        self.signatures.enter(node);
        own
    }

    /// Finds out whether two literals are equal.
    pub(crate) fn compare(&mut self, a: Literal, b: Literal, conflicts: u64) -> Known {
        if self.place(a) == self.place(b) {
            return Known::Equal;
        }
        if self.window.is_full() {
            self.renew();
        }
        let known = self.question(a, b, conflicts);
        self.figures.conflicts = self.window.conflicts();
        match known {
            Known::Equal => self.figures.proved += 1,
            Known::Different => self.figures.refuted += 1,
            Known::Open => self.figures.open += 1,
        }
        known
    }

    /// Begins a new window with the latest gates, which the next questions are about, and what is known of them.
    fn renew(&mut self) {
        self.window.clear();
        for &[a, b] in self.zeros.iter().rev().take(Self::KEPT_ZEROS) {
            self.window.forbid(a, b);
        }
        let nodes = self.graph.node_count();
        for node in (nodes.saturating_sub(Self::KEPT)..nodes).map(NodeId::new) {
            if let Some(gate) = self.graph.gate(node) {
                self.window.define(node, gate);
                let place = self.places[node.index()];
                if place.node() != node {
                    self.window.equate(place, Literal::new(node, false));
                }
            }
        }
    }

    fn question(&mut self, a: Literal, b: Literal, conflicts: u64) -> Known {
        let mut gates = Self::FIRST_GATES.min(self.limits.gates);
        loop {
            let complete = self.window.open(&self.graph, &self.twins, [a.node(), b.node()], gates);
            match self.window.ask(&self.graph, [a, b], conflicts, self.ceiling) {
                Answer::Equal => return Known::Equal,
                Answer::Unknown => return Known::Open,
                Answer::Maybe(model) => {
                    let inputs = self.around(&model);
                    if Signatures::differ(&self.graph, &inputs, a, b) {
                        if self.signatures.words() < self.limits.words + Self::REFINEMENTS {
                            self.signatures.refine(&self.graph, &inputs);
                            return Known::Different;
                        }
                        return Known::Open;
                    }
                }
            }
            if complete || gates >= self.limits.gates {
                return Known::Open;
            }
            gates = (gates * Self::GROWTH).min(self.limits.gates);
        }
    }

    /// An input of the sample on which two literals differ.
    pub(crate) fn counterexample(&self, a: Literal, b: Literal) -> Option<Vec<bool>> {
        self.signatures.witness(&self.graph, a, b)
    }

    /// A word of inputs: the model, with random bits for what it leaves open, and 63 inputs that differ from it in a bit
    /// or two.
    fn around(&mut self, model: &[Option<bool>]) -> Vec<u64> {
        let random = &mut self.random;
        let word = |value: &Option<bool>| {
            value.map_or_else(|| random.word(), |value| u64::from(value).wrapping_neg())
        };
        let mut inputs: Vec<u64> = model.iter().map(word).collect();
        for lane in 1..64 * usize::from(!inputs.is_empty()) {
            for _ in 0..1 + lane % 2 {
                inputs[random.below(model.len())] ^= 1 << lane;
            }
        }
        inputs
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Builder, Party};

    use super::{Literal, Node, NodeId, Operation, Sweep, SweepLimits};
    use crate::graph::Graph;

    /// One AND becomes two sums, the first of which asks the solver something when its window is full.
    #[test]
    fn a_window_may_begin_anew_amid_new_nodes() {
        let builder = Builder::new();
        let x = builder.input_bits("x", 6, Party::Garbler);
        builder.output_bits("y", &builder.bits(x.iter().flat_map(|&a| x.iter().map(move |&b| a & b))));
        // There is room for as many gates as this has.
        let products = Graph::lower(&builder.finish().unwrap()).unwrap();
        let unasked = SweepLimits { all_conflicts: 0, ..SweepLimits::default() };
        let mut sweep = Sweep::new(&[&products], unasked);
        let [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6].map(|input| Literal::new(NodeId::new(input), false));
        let mut and = |a, b| sweep.push(Operation::And(a, b));
        let [first, second] = [[a, b, c], [d, e, f]].map(|[a, b, c]| {
            let [left, right] = [and(a, b), and(b, c)];
            [and(left, c), and(a, right)]
        });
        and(first[1], second[1]);
        let sum = sweep.push(Operation::Xor(first[0], second[0]));
        sweep.limits = SweepLimits::default();
        let mut far = (1 << 20..).map(NodeId::new);
        while !sweep.window.is_full() {
            far.next().into_iter().for_each(|node| sweep.window.define(node, Node::Xor(node, NodeId::ZERO)));
        }
        let nodes = sweep.graph.node_count();
        let [not_first, not_second] = [first[1], second[1]].map(|literal| literal.invert_if(true));
        sweep.push(Operation::And(not_first, not_second));
        assert_eq!(sweep.graph.node_count(), nodes + 2);
        assert!(!sweep.window.is_full(), "a new window has begun");
        assert_eq!(sweep.places[nodes], sum, "what the solver was asked");
        assert_eq!((sweep.figures.proved, sweep.figures.open), (1, 0));
    }
}
