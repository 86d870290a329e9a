use std::collections::{BTreeMap, BTreeSet};

use crate::chain::Chain;
use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::spans::block::Block;
use crate::passes::{Operation, push_folded};

/// A block and a chain that computes its outputs from its inputs.
pub(super) struct Replacement {
    pub(super) block: Block,
    pub(super) chain: Chain,
}

/// The graph with blocks computed by their chains.
///
/// Every sum read outside a block holds a sum of its outputs. So it is enough to put the outputs in the places of their
/// pivots and zero in the places of the other ANDs; the exclusive ors above stay as they are. The inputs of a block are
/// sums read in it with zero for all its ANDs.
///
/// Blocks can be in each other's way: each reads the other, though no AND reads itself. Then some are left as they were.
pub(super) fn substitute(graph: &Graph, mut replacements: Vec<Replacement>) -> Graph {
    loop {
        match Substitution::new(graph, &replacements).run() {
            Ok(graph) => return graph,
            Err(block) => drop(replacements.remove(block)),
        }
    }
}

/// What is computed in the new graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Node(NodeId),
    /// The node with zero for the ANDs of a block.
    Without(usize, NodeId),
    Block(usize),
}

struct Substitution<'a> {
    old: &'a Graph,
    new: Graph,
    replacements: &'a [Replacement],
    /// For each replaced AND its block.
    owners: BTreeMap<NodeId, usize>,
    nodes: Vec<Option<Literal>>,
    without: BTreeMap<(usize, NodeId), Literal>,
    outputs: Vec<Option<Vec<Literal>>>,
}

impl<'a> Substitution<'a> {
    fn new(old: &'a Graph, replacements: &'a [Replacement]) -> Self {
        let mut nodes = vec![None; old.node_count()];
        for (node, literal) in nodes.iter_mut().enumerate().take(old.first_gate()) {
            *literal = Some(Literal::new(NodeId::new(node), false));
        }
        let owned = |(owner, replacement): (usize, &'a Replacement)| {
            replacement.block.ands.iter().map(move |&and| (and, owner))
        };
        Substitution {
            old,
            new: old.without_gates(),
            replacements,
            owners: replacements.iter().enumerate().flat_map(owned).collect(),
            nodes,
            without: BTreeMap::new(),
            outputs: vec![None; replacements.len()],
        }
    }

    /// The new graph, or a block that reads itself.
    fn run(mut self) -> Result<Graph, usize> {
        // Ascending, so that the order of the old graph is kept where it can be.
        let needed = self.old.needed();
        for gate in (0..self.old.gates.len()).filter(|&gate| needed[gate]) {
            if !self.owners.contains_key(&self.old.node(gate)) {
                self.compute(Target::Node(self.old.node(gate)))?;
            }
        }
        for (group, bits) in &self.old.outputs {
            let mut moved = Vec::with_capacity(bits.len());
            for literal in bits {
                moved.push(self.compute(Target::Node(literal.node()))?.invert_if(literal.inverted()));
            }
            self.new.outputs.push((group.clone(), moved));
        }
        Ok(self.new)
    }

    fn compute(&mut self, target: Target) -> Result<Literal, usize> {
        let mut stack = vec![target];
        let mut open = BTreeSet::new();
        while let Some(&top) = stack.last() {
            if self.is_done(top) {
                open.remove(&top);
                stack.pop();
                continue;
            }
            let missing: Vec<_> = self.reads(top).into_iter().filter(|&read| !self.is_done(read)).collect();
            if missing.is_empty() {
                self.make(top);
                continue;
            }
            open.insert(top);
            if missing.iter().any(|read| open.contains(read)) {
                let block = stack.iter().rev().find_map(|target| match target {
                    Target::Block(block) => Some(*block),
                    Target::Node(_) | Target::Without(..) => None,
                });
                return Err(block.expect("without blocks a graph has no cycles"));
            }
            stack.extend(missing);
        }
        Ok(self.literal(target))
    }

    fn is_done(&self, target: Target) -> bool {
        match target {
            Target::Node(node) => self.nodes[node.index()].is_some(),
            Target::Without(block, node) => self.without.contains_key(&(block, node)),
            Target::Block(block) => self.outputs[block].is_some(),
        }
    }

    /// What must have been computed before.
    fn reads(&self, target: Target) -> Vec<Target> {
        match target {
            Target::Node(node) => match (self.owners.get(&node), self.old.gate(node)) {
                (Some(&block), _) if self.output(block, node).is_some() => vec![Target::Block(block)],
                (None, Some(gate)) => gate.reads().map(Target::Node).to_vec(),
                (Some(_), _) | (None, None) => Vec::new(),
            },
            Target::Without(block, node) => match self.xor_above(block, node) {
                Some(reads) => reads.map(|read| Target::Without(block, read)).to_vec(),
                None if self.owners.get(&node) == Some(&block) => Vec::new(),
                None => vec![Target::Node(node)],
            },
            Target::Block(block) => {
                let inputs = self.replacements[block].block.inputs.iter();
                inputs.map(|&input| Target::Without(block, input)).collect()
            }
        }
    }

    /// The operands of an exclusive or that may have an AND of the block among its leaves.
    fn xor_above(&self, block: usize, node: NodeId) -> Option<[NodeId; 2]> {
        let first = self.replacements[block].block.ands[0];
        self.old.gate(node).filter(|gate| !gate.is_and() && node > first).map(Node::reads)
    }

    /// Which output of its block stands in the place of an AND.
    fn output(&self, block: usize, and: NodeId) -> Option<usize> {
        self.replacements[block].block.outputs.iter().position(|output| output.pivot == and)
    }

    fn make(&mut self, target: Target) {
        match target {
            Target::Node(node) => {
                let literal = self.made(node);
                self.nodes[node.index()] = Some(literal);
            }
            Target::Without(block, node) => {
                let literal = match self.xor_above(block, node) {
                    Some(reads) => {
                        let [a, b] = reads.map(|read| self.without[&(block, read)]);
                        push_folded(&mut self.new, Operation::Xor(a, b))
                    }
                    None if self.owners.get(&node) == Some(&block) => Literal::constant(false),
                    None => self.literal(Target::Node(node)),
                };
                self.without.insert((block, node), literal);
            }
            Target::Block(block) => {
                let Replacement { block: replaced, chain } = &self.replacements[block];
                let inputs: Vec<_> =
                    replaced.inputs.iter().map(|&input| self.without[&(block, input)]).collect();
                self.outputs[block] = Some(chain.emit(&mut self.new, &inputs));
            }
        }
    }

    fn made(&mut self, node: NodeId) -> Literal {
        if let Some(&block) = self.owners.get(&node) {
            let outputs = self.outputs[block].as_ref();
            let output = self.output(block, node).and_then(|output| Some(outputs?[output]));
            return output.unwrap_or(Literal::constant(false));
        }
        let moved = |literal: Literal| {
            let literal_there = self.literal(Target::Node(literal.node()));
            literal_there.invert_if(literal.inverted())
        };
        let operation = match self.old.gate(node) {
            Some(Node::Xor(a, b)) => {
                Operation::Xor(moved(Literal::new(a, false)), moved(Literal::new(b, false)))
            }
            Some(Node::And(a, b)) => Operation::And(moved(a), moved(b)),
            None => return Literal::new(node, false),
        };
        push_folded(&mut self.new, operation)
    }

    fn literal(&self, target: Target) -> Literal {
        let literal = match target {
            Target::Node(node) => self.nodes[node.index()],
            Target::Without(block, node) => self.without.get(&(block, node)).copied(),
            Target::Block(_) => None,
        };
        literal.unwrap_or(Literal::constant(false))
    }
}
