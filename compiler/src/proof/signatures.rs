//! What the nodes of a growing graph are on a sample of inputs.

use std::collections::HashMap;

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::scatter;
use crate::proof::stimulus;

/// The values of all nodes on words of 64 inputs each, and which nodes have the same.
pub(crate) struct Signatures {
    /// One word per node for each word of inputs.
    words: Vec<Vec<u64>>,
    /// Nodes by hash, in order.
    classes: HashMap<u64, Vec<NodeId>>,
    widths: Vec<u32>,
}

impl Signatures {
    /// Of a graph's inputs, on `words · 64` inputs, half of them random and half of them shaped.
    pub(crate) fn new(graph: &Graph, words: usize) -> Self {
        let widths: Vec<u32> = graph.inputs.iter().map(|input| input.group.width).collect();
        let mut signatures = Signatures { words: Vec::new(), classes: HashMap::new(), widths };
        for number in 0..words.div_ceil(2).min(2) as u64 {
            signatures.sample(number, words / 2);
        }
        for node in 0..graph.first_gate() {
            signatures.enter(NodeId::new(node));
        }
        signatures
    }

    fn sample(&mut self, number: u64, words: usize) {
        let groups = stimulus::block(&self.widths, number, 64 * words);
        for word in 0..words {
            let mut column = vec![0; 1 + self.widths.iter().sum::<u32>() as usize];
            let mut rest = &mut column[1..];
            for values in &groups {
                let (own, after) = rest.split_at_mut(values.width() as usize);
                values.transpose_block(64 * word, own);
                rest = after;
            }
            self.words.push(column);
        }
    }

    /// Takes in the gates that have been appended to the graph, without entering them.
    pub(crate) fn follow(&mut self, graph: &Graph) {
        for column in &mut self.words {
            follow(column, graph);
        }
    }

    /// Drops the gates of the graph that came after those of another, which is its beginning. They must not be entered.
    pub(crate) fn forget(&mut self, graph: &mut Graph, beginning: &Graph) {
        graph.gates.truncate(beginning.gates.len());
        self.words.iter_mut().for_each(|word| word.truncate(beginning.node_count()));
    }

    /// The nodes entered before that have the same values as this one, each as the literal that would equal it.
    pub(crate) fn equals(&self, node: NodeId) -> impl Iterator<Item = Literal> {
        let same = self.classes.get(&self.hash(node)).into_iter().flatten().copied();
        same.filter_map(move |other| self.compare(other, node).map(|inverted| Literal::new(other, inverted)))
    }

    /// Whether two nodes have the same values, and whether one has to be inverted for it.
    pub(crate) fn compare(&self, a: NodeId, b: NodeId) -> Option<bool> {
        let inverted = self.is_one_first(a) != self.is_one_first(b);
        let inversion = if inverted { !0 } else { 0 };
        let same = self.words.iter().all(|word| word[a.index()] ^ word[b.index()] == inversion);
        same.then_some(inverted)
    }

    /// Makes a node one that later ones may equal.
    pub(crate) fn enter(&mut self, node: NodeId) {
        let hash = self.hash(node);
        self.classes.entry(hash).or_default().push(node);
    }

    /// Adds a word of 64 inputs, one word per input wire. Classes fall apart where it tells nodes from each other.
    pub(crate) fn refine(&mut self, graph: &Graph, inputs: &[u64]) {
        let mut column = Vec::with_capacity(graph.node_count());
        column.push(0);
        column.extend_from_slice(inputs);
        follow(&mut column, graph);
        self.words.push(column);
        let mut nodes: Vec<NodeId> = std::mem::take(&mut self.classes).into_values().flatten().collect();
        nodes.sort_unstable();
        nodes.into_iter().for_each(|node| self.enter(node));
    }

    /// Whether a word of inputs tells two literals from each other.
    pub(crate) fn differ(graph: &Graph, inputs: &[u64], a: Literal, b: Literal) -> bool {
        let mut column = vec![0];
        column.extend_from_slice(inputs);
        follow(&mut column, graph);
        read(&column, a) != read(&column, b)
    }

    /// The input bits of the latest sample on which two literals differ.
    pub(crate) fn witness(&self, graph: &Graph, a: Literal, b: Literal) -> Option<Vec<bool>> {
        self.words.iter().rev().find_map(|word| {
            let bit = (read(word, a) ^ read(word, b)).trailing_zeros();
            let inputs = &word[1..graph.first_gate()];
            (bit < u64::BITS).then(|| inputs.iter().map(|input| input >> bit & 1 == 1).collect())
        })
    }

    /// The words of inputs.
    pub(crate) fn words(&self) -> usize {
        self.words.len()
    }

    fn is_one_first(&self, node: NodeId) -> bool {
        self.words.first().is_some_and(|word| word[node.index()] & 1 == 1)
    }

    fn hash(&self, node: NodeId) -> u64 {
        let inversion = if self.is_one_first(node) { !0 } else { 0 };
        self.words.iter().fold(0, |hash, word| scatter(hash ^ word[node.index()] ^ inversion).wrapping_add(1))
    }
}

fn follow(column: &mut Vec<u64>, graph: &Graph) {
    for &gate in &graph.gates[column.len() - graph.first_gate()..] {
        column.push(match gate {
            Node::Xor(a, b) => column[a.index()] ^ column[b.index()],
            Node::And(a, b) => read(column, a) & read(column, b),
        });
    }
}

fn read(column: &[u64], literal: Literal) -> u64 {
    column[literal.node().index()] ^ u64::from(literal.inverted()).wrapping_neg()
}
