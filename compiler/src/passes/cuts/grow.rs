use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::chain::Form;
use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::cuts::Limits;
use crate::passes::cuts::cone::{Cone, View};
use crate::passes::cuts::net::Net;
use crate::passes::dead;
use crate::passes::functions::Functions;
use crate::passes::share::span;

/// A graph that is made anew, gate by gate, each gate rewritten as soon as it is there.
pub(crate) struct Rewriting<'a> {
    net: Net,
    limits: Limits,
    functions: &'a mut Functions,
    view: View,
    /// Cones that have been looked at, or will be.
    cones: Vec<Cone>,
    /// Those to be looked at, the most promising (of the lowest rank) first.
    open: BinaryHeap<Reverse<(i8, usize)>>,
    neighbours: Vec<NodeId>,
}

/// A way to compute a gate anew.
struct Replacement {
    cone: Cone,
    chain: u32,
    /// ANDs that it saves.
    gain: usize,
}

impl<'a> Rewriting<'a> {
    /// Rewrites a graph and tells now and then how many gates are done.
    pub(crate) fn run(
        old: &Graph,
        limits: Limits,
        functions: &'a mut Functions,
        tell: impl FnMut(usize),
    ) -> Graph {
        let net = Net::new(old, limits.terms);
        let mut rewriting = Rewriting {
            net,
            limits,
            functions,
            view: View::default(),
            cones: Vec::new(),
            open: BinaryHeap::new(),
            neighbours: Vec::new(),
        };
        rewriting.rewrite(old, tell);
        dead(&rewriting.net.graph)
    }

    fn rewrite(&mut self, old: &Graph, mut tell: impl FnMut(usize)) {
        let (needed, reads) = reads(old);
        let mut literals: Vec<Literal> = Vec::with_capacity(old.node_count());
        for node in (0..old.first_gate()).map(NodeId::new) {
            self.net.hold(node, reads[node.index()]);
            literals.push(Literal::new(node, false));
        }
        for (gate, &node) in old.gates.iter().enumerate() {
            if gate % 1024 == 0 {
                tell(gate);
            }
            let literal = if needed[gate] {
                self.renew(node, &literals, reads[old.node(gate).index()])
            } else {
                Literal::constant(false)
            };
            literals.push(literal);
        }
        for (group, bits) in &old.outputs {
            let moved = bits.iter().map(|bit| literals[bit.node().index()].invert_if(bit.inverted()));
            self.net.graph.outputs.push((group.clone(), moved.collect()));
        }
    }

    /// What becomes of a gate that is read so many times.
    fn renew(&mut self, node: Node, literals: &[Literal], reads: u32) -> Literal {
        let moved = |literal: Literal| literals[literal.node().index()].invert_if(literal.inverted());
        let (operands, literal) = match node {
            Node::And(a, b) => {
                let [a, b] = [moved(a), moved(b)];
                ([a, b], self.net.and(a, b))
            }
            Node::Xor(a, b) => {
                let [a, b] = [a, b].map(|node| literals[node.index()]);
                ([a, b], self.net.xor(a, b))
            }
        };
        self.net.hold(literal.node(), reads);
        operands.into_iter().for_each(|operand| self.net.release(operand.node(), 1));
        // Where something else holds the node, it was there before and has been looked at.
        if self.net.holds(literal.node()) != reads {
            return literal;
        }
        self.improve(literal.node()).map_or(literal, |better| {
            self.net.hold(better.node(), reads);
            self.net.release(literal.node(), reads);
            better.invert_if(literal.inverted())
        })
    }

    /// A literal for the same value that takes fewer ANDs.
    fn improve(&mut self, root: NodeId) -> Option<Literal> {
        let mut best: Option<Replacement> = None;
        self.cones.clear();
        self.open.clear();
        match self.net.graph.gate(root)? {
            Node::And(..) => self.enter(Cone::EMPTY.with(root), 0),
            Node::Xor(a, b) => self.enter_pairs(root, a, b),
        }
        while let Some(Reverse((_, next))) = self.open.pop() {
            let cone = self.cones[next];
            let last = self.cones.len() >= self.limits.cones;
            if !self.view.look(&self.net, &cone, self.limits.variables + usize::from(!last)) {
                continue;
            }
            if self.view.variables() <= self.limits.variables
                && let Some(found) = self.replacement(root, &cone)
                && best.as_ref().is_none_or(|best| best.gain < found.gain)
            {
                best = Some(found);
            }
            if !last {
                self.grow(root, &cone);
            }
        }
        best.and_then(|best| self.apply(root, &best))
    }

    fn enter(&mut self, cone: Cone, rank: i8) {
        self.open.push(Reverse((rank, self.cones.len())));
        self.cones.push(cone);
    }

    /// Two ANDs below an exclusive or, one from either side: others have been looked at below one of its operands.
    fn enter_pairs(&mut self, root: NodeId, a: NodeId, b: NodeId) {
        let net = &self.net;
        let ands = |node| net.terms.ands_of(node).iter().copied();
        let is_term = |term: &NodeId| net.terms.ands_of(root).binary_search(term).is_ok();
        for left in ands(a).filter(is_term) {
            for right in ands(b).filter(is_term) {
                let private = net.holds(left) == 1 || net.holds(right) == 1;
                if private && left != right && self.cones.len() < self.limits.cones / 2 {
                    self.open.push(Reverse((0, self.cones.len())));
                    self.cones.push(Cone::EMPTY.with(left).with(right));
                }
            }
        }
    }

    /// Enters the cones with one more AND: one that a sum reads.
    fn grow(&mut self, root: NodeId, cone: &Cone) {
        if cone.members().len() >= self.limits.members.min(Cone::MOST) {
            return;
        }
        let net = &self.net;
        self.neighbours.clear();
        self.neighbours.extend(self.view.outside());
        if !net.is_and(root) {
            let terms = net.terms.ands_of(root).iter();
            self.neighbours.extend(terms.filter(|term| !cone.members().contains(term)));
        }
        let variables = self.view.variables() as i8;
        for &neighbour in &self.neighbours {
            if self.cones.len() >= self.limits.cones {
                break;
            }
            // An AND that something else holds as well is likely to stay.
            let stays = i8::from(net.holds(neighbour) > 1);
            let rank = variables - 2 * (cone.members().len() as i8 + 1) + 3 * stays;
            let grown = cone.with(neighbour);
            if !self.cones.contains(&grown) {
                self.open.push(Reverse((rank, self.cones.len())));
                self.cones.push(grown);
            }
        }
    }

    /// How the cone in view can be computed with fewer ANDs.
    fn replacement(&mut self, root: NodeId, cone: &Cone) -> Option<Replacement> {
        let table = self.view.table(cone, summands(&self.net, root));
        let dying = self.net.dying(root, cone.members());
        // An AND or two of the new ones may be there already.
        let most = if self.view.variables() <= 4 { cone.members().len() } else { dying.saturating_sub(1) };
        let chain = self.functions.find(table, self.view.variables(), most)?;
        let ands = self.functions.chain(chain).ands.len();
        if ands > cone.members().len() {
            return None;
        }
        let there = if ands + 1 > dying { self.there(chain, cone) } else { 0 };
        let gain = (dying + there).checked_sub(ands)?;
        let worth_it = gain > 0 || self.limits.neutral && cone.members().len() > 1;
        worth_it.then_some(Replacement { cone: *cone, chain, gain })
    }

    /// How many of the first ANDs of a chain are there already.
    fn there(&self, chain: u32, cone: &Cone) -> usize {
        let chain = self.functions.chain(chain);
        let of_form =
            |form: Form| form.values().try_fold(0, |sum, value| Some(sum ^ self.view.signature(value)?));
        let is_there = |operands: &&[Form; 2]| {
            let [Some(a), Some(b)] = operands.map(of_form) else { return false };
            let product = self.net.sharing.product(&self.net.graph, span(a, b));
            product.is_some_and(|node| self.net.holds(node) > 0 && !cone.members().contains(&node))
        };
        chain.ands.iter().filter(is_there).count()
    }

    fn apply(&mut self, root: NodeId, best: &Replacement) -> Option<Literal> {
        let most = self.limits.variables;
        let looked = self.view.look(&self.net, &best.cone, most);
        debug_assert!(looked, "the cone was looked at before");
        let inputs = self.view.realize(&mut self.net, &best.cone)?;
        let chain = self.functions.chain(best.chain);
        let net = &mut self.net;
        let mut values = inputs;
        let sum = |net: &mut Net, values: &[Literal], form: Form| {
            form.values()
                .fold(Literal::constant(form.is_inverted()), |sum, value| net.xor(sum, values[value]))
        };
        for operands in &chain.ands {
            let [a, b] = operands.map(|form| sum(net, &values, form));
            values.push(net.and(a, b));
        }
        let result = sum(net, &values, chain.outputs[0]);
        if net.is_and(root) {
            return Some(result);
        }
        let rest = net.sum_of_terms(root, best.cone.members());
        Some(net.xor(result, rest))
    }
}

/// Which members of a cone add up to the root, besides nodes outside.
fn summands(net: &Net, root: NodeId) -> impl Fn(NodeId) -> bool {
    let is_and = net.is_and(root);
    let terms = net.terms.ands_of(root);
    move |member| if is_and { member == root } else { terms.contains(&member) }
}

/// For each gate whether an output depends on it, and for each node how often it is read by outputs and such gates.
fn reads(graph: &Graph) -> (Vec<bool>, Vec<u32>) {
    let needed = graph.needed();
    let mut reads = vec![0; graph.node_count()];
    for literal in graph.outputs.iter().flat_map(|(_, bits)| bits) {
        reads[literal.node().index()] += 1;
    }
    for (gate, _) in graph.gates.iter().zip(&needed).filter(|(_, needed)| **needed) {
        gate.reads().into_iter().for_each(|read| reads[read.index()] += 1);
    }
    (needed, reads)
}
