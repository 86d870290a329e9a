use std::collections::HashMap;

use crate::append::append;
use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::sums::adders::sum_column;
use crate::passes::sums::identity::Identity;
use crate::passes::{Operation, push_folded};

/// Makes a graph anew in which the words of identities are computed by their sums.
pub(crate) fn rebuild(graph: &Graph, identities: &[Identity]) -> Graph {
    let mut left_out = vec![false; identities.len()];
    let mut attempts = 0;
    loop {
        let mut rebuilding = Rebuilding::new(graph, identities, &left_out);
        let Err(circular) = rebuilding.run() else { return rebuilding.new };
        // Mostly few are circular, and each is found alone. Where all are, twice as many are left out each time.
        let more = 1 << usize::saturating_sub(attempts, ONE_BY_ONE).min(32);
        let nearest = (circular..left_out.len()).chain(0..circular).take(more);
        nearest.for_each(|identity| left_out[identity] = true);
        attempts += 1;
    }
}

/// Attempts after each of which a single identity is left out.
const ONE_BY_ONE: usize = 32;

/// What is computed: a node of the old graph or a bit of the word of an identity.
#[derive(Clone, Copy, Debug)]
enum Task {
    Node(NodeId),
    Bit { identity: usize, weight: usize },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Untouched,
    Begun,
    Done,
}

struct Rebuilding<'a> {
    old: &'a Graph,
    identities: &'a [Identity],
    new: Graph,
    /// Where nodes are computed instead of by their gates: identity, weight, and whether the bit is the inverted node.
    replaced: HashMap<NodeId, (usize, usize, bool)>,
    nodes: Vec<(State, Literal)>,
    words: Vec<Vec<(State, Literal)>>,
    /// For each identity the bits that have been added to its columns: carries and bits of products.
    addends: Vec<Vec<Vec<Literal>>>,
}

impl<'a> Rebuilding<'a> {
    fn new(old: &'a Graph, identities: &'a [Identity], left_out: &[bool]) -> Self {
        let unknown = (State::Untouched, Literal::constant(false));
        let mut replaced = HashMap::new();
        for (index, identity) in identities.iter().enumerate().filter(|&(index, _)| !left_out[index]) {
            for (weight, literal) in identity.word.iter().enumerate() {
                if let Some(literal) = literal {
                    replaced.insert(literal.node(), (index, weight, literal.inverted()));
                }
            }
        }
        let mut nodes = vec![unknown; old.node_count()];
        for (index, node) in nodes[..old.first_gate()].iter_mut().enumerate() {
            *node = (State::Done, Literal::new(NodeId::new(index), false));
        }
        Rebuilding {
            old,
            identities,
            new: old.without_gates(),
            replaced,
            nodes,
            words: identities.iter().map(|identity| vec![unknown; identity.word.len()]).collect(),
            addends: identities.iter().map(|identity| vec![Vec::new(); identity.word.len()]).collect(),
        }
    }

    /// Computes all outputs. If a word would have to be known to compute it, gives its identity.
    fn run(&mut self) -> Result<(), usize> {
        let old = self.old;
        // In the old order as far as possible: what was near stays near.
        for literal in old.outputs.iter().flat_map(|(_, bits)| bits) {
            self.compute(literal.node())?;
        }
        for (group, bits) in &old.outputs {
            let bits = bits.iter().map(|&literal| self.moved(literal)).collect();
            self.new.outputs.push((group.clone(), bits));
        }
        Ok(())
    }

    fn compute(&mut self, node: NodeId) -> Result<(), usize> {
        let mut open = vec![Task::Node(node)];
        while let Some(&task) = open.last() {
            match self.value(task).0 {
                State::Untouched => {
                    self.set(task, State::Begun, Literal::constant(false));
                    for needed in self.needs(task) {
                        match self.value(needed).0 {
                            State::Untouched => open.push(needed),
                            // What has begun and is not done waits for this: a circle.
                            State::Begun => return Err(self.last_identity(&open)),
                            State::Done => {}
                        }
                    }
                }
                State::Begun => {
                    let literal = self.finish(task);
                    self.set(task, State::Done, literal);
                    open.pop();
                }
                State::Done => {
                    open.pop();
                }
            }
        }
        Ok(())
    }

    fn value(&self, task: Task) -> (State, Literal) {
        match task {
            Task::Node(node) => self.nodes[node.index()],
            Task::Bit { identity, weight } => self.words[identity][weight],
        }
    }

    fn set(&mut self, task: Task, state: State, literal: Literal) {
        match task {
            Task::Node(node) => self.nodes[node.index()] = (state, literal),
            Task::Bit { identity, weight } => self.words[identity][weight] = (state, literal),
        }
    }

    /// What has to be known before.
    fn needs(&self, task: Task) -> Vec<Task> {
        match task {
            Task::Node(node) => match (self.replaced.get(&node), self.old.gate(node)) {
                (Some(&(identity, weight, _)), _) => vec![Task::Bit { identity, weight }],
                (None, Some(gate)) => gate.reads().map(Task::Node).to_vec(),
                (None, None) => Vec::new(),
            },
            Task::Bit { identity, weight } => {
                let below = weight.checked_sub(1).map(|weight| Task::Bit { identity, weight });
                let identity = &self.identities[identity];
                let products = identity.products.iter().filter(|product| product.weight == weight);
                let operands = products.flat_map(|product| &product.operands);
                let leaves = identity.columns[weight].iter().chain(operands);
                leaves.map(|literal| Task::Node(literal.node())).chain(below).collect()
            }
        }
    }

    fn finish(&mut self, task: Task) -> Literal {
        match task {
            Task::Node(node) => match (self.replaced.get(&node), self.old.gate(node)) {
                (Some(&(identity, weight, inverted)), _) => {
                    self.words[identity][weight].1.invert_if(inverted)
                }
                (None, Some(Node::Xor(a, b))) => {
                    let operation = Operation::Xor(self.nodes[a.index()].1, self.nodes[b.index()].1);
                    push_folded(&mut self.new, operation)
                }
                (None, Some(Node::And(a, b))) => {
                    let operation = Operation::And(self.moved(a), self.moved(b));
                    push_folded(&mut self.new, operation)
                }
                (None, None) => self.nodes[node.index()].1,
            },
            Task::Bit { identity, weight } => self.add_up(identity, weight),
        }
    }

    fn add_up(&mut self, index: usize, weight: usize) -> Literal {
        let identity = &self.identities[index];
        for product in identity.products.iter().filter(|product| product.weight == weight) {
            let operands: Vec<_> = product.operands.iter().map(|&literal| self.moved(literal)).collect();
            let bits = append(&mut self.new, &product.circuit, &operands);
            for (weight, bit) in
                product.weights().zip(bits).filter(|&(_, bit)| bit != Literal::constant(false))
            {
                self.addends[index][weight].push(bit);
            }
        }
        let mut bits: Vec<_> = identity.columns[weight].iter().map(|&literal| self.moved(literal)).collect();
        bits.append(&mut self.addends[index][weight]);
        let is_top = weight + 1 == identity.word.len();
        let (sum, mut carries) = sum_column(&mut self.new, bits, identity.ones[weight], is_top);
        if !is_top {
            self.addends[index][weight + 1].append(&mut carries);
        }
        sum
    }

    fn moved(&self, literal: Literal) -> Literal {
        self.nodes[literal.node().index()].1.invert_if(literal.inverted())
    }

    /// The identity that was begun last.
    fn last_identity(&self, open: &[Task]) -> usize {
        let begun = open.iter().rev().filter(|&&task| self.value(task).0 == State::Begun);
        let mut identities = begun.filter_map(|task| match task {
            Task::Bit { identity, .. } => Some(*identity),
            Task::Node(_) => None,
        });
        identities.next().expect("gates alone do not run in circles")
    }
}
