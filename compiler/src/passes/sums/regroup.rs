use std::collections::{BTreeMap, HashMap};

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::index::scatter;
use crate::passes::sums::cells::Cells;
use crate::passes::{Operation, push_folded};

/// Puts exclusive ors together anew, so that what adders are made of is not computed past them: sums that contain the
/// operands of such a node contain the node instead, and what always occurs together is added up first.
///
/// The highest bit of a sum modulo `2^n` is an exclusive or like any other. Where it is used in others, it often is not
/// computed as such, and its carries seem to be used everywhere.
pub(crate) fn regroup(graph: &Graph, cells: &Cells) -> Graph {
    let mut forms = Forms::new(graph, cells);
    for gate in 0..graph.gates.len() {
        forms.push(graph.node(gate));
    }
    Regrouping::new(graph, forms).run()
}

/// Exclusive ors as sets of atoms: inputs, ANDs, and nodes that are to be seen.
struct Forms<'g> {
    graph: &'g Graph,
    /// Sums, carries and operands of adders, outputs, and what many gates read.
    is_seen: Vec<bool>,
    /// Ascending.
    forms: Vec<Vec<NodeId>>,
    /// Nodes that are seen, by the last atom in their forms.
    by_last: HashMap<NodeId, Vec<NodeId>>,
}

impl<'g> Forms<'g> {
    /// Larger exclusive ors are seen as they are.
    const LONGEST: usize = 48;
    /// What so many gates read is likely to be something.
    const MANY: u32 = 3;
    /// More nodes with the same last atom are not looked at.
    const PER_ATOM: usize = 8;

    fn new(graph: &'g Graph, cells: &Cells) -> Self {
        let mut is_seen = vec![false; graph.node_count()];
        for literal in graph.outputs.iter().flat_map(|(_, bits)| bits) {
            is_seen[literal.node().index()] = true;
        }
        for node in (0..graph.node_count()).map(NodeId::new) {
            for cell in cells.with_carry(node) {
                let literals = cell.operands.into_iter().chain([cell.carry, cell.sum]);
                literals.for_each(|literal| is_seen[literal.node().index()] = true);
            }
        }
        let mut readers = vec![0_u32; graph.node_count()];
        graph.gates.iter().flat_map(|node| node.reads()).for_each(|read| readers[read.index()] += 1);
        for (is_seen, readers) in is_seen.iter_mut().zip(readers) {
            *is_seen |= readers >= Self::MANY;
        }
        Forms { graph, is_seen, forms: vec![Vec::new(); graph.node_count()], by_last: HashMap::new() }
    }

    /// What others see of a node.
    fn outside(&self, node: NodeId) -> Vec<NodeId> {
        match self.graph.gate(node) {
            Some(Node::Xor(..)) if !self.is_seen[node.index()] => self.forms[node.index()].clone(),
            _ => vec![node],
        }
    }

    fn push(&mut self, node: NodeId) {
        let Some(Node::Xor(a, b)) = self.graph.gate(node) else { return };
        let mut form = difference(&self.outside(a), &self.outside(b));
        while let Some(shorter) = self.shorter(&form) {
            form = shorter;
        }
        self.is_seen[node.index()] |= form.len() > Self::LONGEST;
        if self.is_seen[node.index()]
            && let Some(&last) = form.last()
        {
            let others = self.by_last.entry(last).or_default();
            if others.len() < Self::PER_ATOM {
                others.push(node);
            }
        }
        self.forms[node.index()] = form;
    }

    /// The form with a node in place of what it is the sum of.
    fn shorter(&self, form: &[NodeId]) -> Option<Vec<NodeId>> {
        let seen = form.iter().rev().filter_map(|atom| self.by_last.get(atom)).flatten();
        let candidates = seen.map(|&node| difference(&difference(form, &self.forms[node.index()]), &[node]));
        candidates.min_by_key(Vec::len).filter(|shortest| shortest.len() < form.len())
    }
}

/// What is in one of two ascending lists only.
fn difference(a: &[NodeId], b: &[NodeId]) -> Vec<NodeId> {
    let (mut result, mut a, mut b) = (Vec::with_capacity(a.len() + b.len()), a, b);
    loop {
        match (a, b) {
            ([x, rest @ ..], [y, ..]) if x < y => {
                result.push(*x);
                a = rest;
            }
            ([x, ..], [y, rest @ ..]) if y < x => {
                result.push(*y);
                b = rest;
            }
            ([_, a_rest @ ..], [_, b_rest @ ..]) => (a, b) = (a_rest, b_rest),
            (rest, []) | ([], rest) => {
                result.extend_from_slice(rest);
                return result;
            }
        }
    }
}

struct Regrouping<'g> {
    old: &'g Graph,
    new: Graph,
    forms: Forms<'g>,
    /// Exclusive ors that are computed.
    is_needed: Vec<bool>,
    /// For each atom in how many forms it is, and a hash of which.
    occurrences: HashMap<NodeId, (u32, u64)>,
    groups: HashMap<Vec<NodeId>, Literal>,
    literals: Vec<Literal>,
}

impl<'g> Regrouping<'g> {
    fn new(old: &'g Graph, forms: Forms<'g>) -> Self {
        let mut is_needed = forms.is_seen.clone();
        for node in &old.gates {
            if let Node::And(a, b) = node {
                [a, b].into_iter().for_each(|literal| is_needed[literal.node().index()] = true);
            }
        }
        let mut occurrences: HashMap<NodeId, (u32, u64)> = HashMap::new();
        for (index, form) in forms.forms.iter().enumerate().filter(|&(index, _)| is_needed[index]) {
            for &atom in form {
                let (count, hash) = occurrences.entry(atom).or_default();
                *count += 1;
                *hash = hash.wrapping_add(scatter(index as u64));
            }
        }
        let literals = (0..old.first_gate()).map(|node| Literal::new(NodeId::new(node), false)).collect();
        Regrouping {
            old,
            new: old.without_gates(),
            forms,
            is_needed,
            occurrences,
            groups: HashMap::new(),
            literals,
        }
    }

    fn run(mut self) -> Graph {
        let old = self.old;
        for (gate, &node) in old.gates.iter().enumerate() {
            let literal = match node {
                Node::And(a, b) => {
                    let operation = Operation::And(self.moved(a), self.moved(b));
                    push_folded(&mut self.new, operation)
                }
                Node::Xor(..) if self.is_needed[old.node(gate).index()] => self.sum_of_groups(old.node(gate)),
                Node::Xor(..) => Literal::constant(false), // nothing reads it any more
            };
            self.literals.push(literal);
        }
        for (group, bits) in &old.outputs {
            let bits = bits.iter().map(|&literal| self.moved(literal)).collect();
            self.new.outputs.push((group.clone(), bits));
        }
        self.new
    }

    fn moved(&self, literal: Literal) -> Literal {
        self.literals[literal.node().index()].invert_if(literal.inverted())
    }

    fn sum_of_groups(&mut self, node: NodeId) -> Literal {
        let mut groups: BTreeMap<(u32, u64), Vec<NodeId>> = BTreeMap::new();
        for &atom in &self.forms.forms[node.index()] {
            groups.entry(self.occurrences[&atom]).or_default().push(atom);
        }
        let mut literals: Vec<Literal> = Vec::new();
        for ((count, _), group) in groups {
            if count > 1 && group.len() > 1 {
                literals.push(self.group(group));
            } else {
                literals.extend(group.iter().map(|atom| self.literals[atom.index()]));
            }
        }
        literals.sort_unstable();
        sum(&mut self.new, literals)
    }

    fn group(&mut self, group: Vec<NodeId>) -> Literal {
        if let Some(&literal) = self.groups.get(&group) {
            return literal;
        }
        let literals = group.iter().map(|atom| self.literals[atom.index()]).collect();
        let literal = sum(&mut self.new, literals);
        self.groups.insert(group, literal);
        literal
    }
}

fn sum(graph: &mut Graph, literals: Vec<Literal>) -> Literal {
    literals
        .into_iter()
        .fold(Literal::constant(false), |sum, literal| push_folded(graph, Operation::Xor(sum, literal)))
}
