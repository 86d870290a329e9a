use crate::chain::{PROJECTIONS, mask};
use crate::graph::{Literal, Node, NodeId};
use crate::passes::cuts::net::Net;

/// ANDs that are looked at together, ascending. The root is among them if it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cone {
    nodes: [NodeId; Cone::MOST],
    count: u8,
}

impl Cone {
    /// No ANDs.
    pub(crate) const EMPTY: Cone = Cone { nodes: [NodeId::ZERO; Cone::MOST], count: 0 };
    /// ANDs in a cone at most.
    pub(crate) const MOST: usize = 12;

    pub(crate) fn members(&self) -> &[NodeId] {
        &self.nodes[..usize::from(self.count)]
    }

    /// The cone with a further AND.
    pub(crate) fn with(mut self, node: NodeId) -> Self {
        let place = self.members().partition_point(|&member| member < node);
        self.nodes.copy_within(place..usize::from(self.count), place + 1);
        self.nodes[place] = node;
        self.count += 1;
        self
    }
}

/// One of the sums that the function of a cone is over.
#[derive(Clone, Copy, Debug)]
struct Variable {
    sum: Sum,
    /// The signature of the sum less those of variables before it, and which variables add up to that.
    reduced: u64,
    combination: u8,
}

/// The operand of an AND less the members of the cone that are terms of it.
#[derive(Clone, Copy, Debug)]
struct Sum {
    operand: NodeId,
    /// Members by their index, one bit for each.
    inside: u16,
    signature: u64,
}

/// What a cone computes, over sums of nodes outside of it.
///
/// Which of these sums depend on each other is told by their signatures (see `LinearForms`); [`View::realize`] makes
/// sure of it.
#[derive(Default)]
pub(crate) struct View {
    /// ANDs outside of the cone that are terms of operands.
    outside: Vec<NodeId>,
    variables: Vec<Variable>,
    /// The operands of the members, and which variables each is the sum of, besides members.
    operands: Vec<(Sum, u8)>,
    tables: [u64; Cone::MOST],
}

/// Neighbours of a cone that are told of, more than are ever looked at.
const MOST_OUTSIDE: usize = 32;

impl View {
    /// Looks at the members of a cone; `false` if they depend on more than `most` sums.
    ///
    /// Up to 8 sums are counted, but only up to 6 have tables.
    pub(crate) fn look(&mut self, net: &Net, cone: &Cone, most: usize) -> bool {
        self.outside.clear();
        self.variables.clear();
        self.operands.clear();
        for (index, &member) in cone.members().iter().enumerate() {
            let Some(Node::And(a, b)) = net.graph.gate(member) else { unreachable!("members are ANDs") };
            let [a, b] = [a, b].map(|operand| self.operand(net, cone, operand, most));
            let (Some(a), Some(b)) = (a, b) else { return false };
            self.tables[index] = a & b;
        }
        true
    }

    /// The number of sums.
    pub(crate) fn variables(&self) -> usize {
        self.variables.len()
    }

    /// ANDs outside of the cone that sums are made of.
    pub(crate) fn outside(&self) -> &[NodeId] {
        &self.outside
    }

    /// The truth table of the sum of some members.
    pub(crate) fn table(&self, cone: &Cone, is_it: impl Fn(NodeId) -> bool) -> u64 {
        let members = cone.members().iter().zip(&self.tables).filter(|&(&member, _)| is_it(member));
        members.fold(0, |sum, (_, table)| sum ^ table) & mask(self.variables.len())
    }

    /// The signatures of the sums.
    pub(crate) fn signature(&self, variable: usize) -> Option<u64> {
        self.variables.get(variable).map(|variable| variable.sum.signature)
    }

    fn operand(&mut self, net: &Net, cone: &Cone, literal: Literal, most: usize) -> Option<u64> {
        let operand = literal.node();
        let mut sum = Sum { operand, inside: 0, signature: net.sharing.forms.of(operand) };
        for &term in net.terms.ands_of(operand) {
            if let Some(member) = cone.members().iter().position(|&member| member == term) {
                sum.inside |= 1 << member;
                sum.signature ^= net.sharing.forms.of(term);
            } else if self.outside.len() < MOST_OUTSIDE && !self.outside.contains(&term) {
                self.outside.push(term);
            }
        }
        let combination = self.combination(sum, most)?;
        self.operands.push((sum, combination));
        let mut table = if literal.inverted() { !0 } else { 0 };
        for (variable, projection) in PROJECTIONS.iter().enumerate() {
            table ^= if combination >> variable & 1 == 1 { *projection } else { 0 };
        }
        for (member, of_member) in self.tables.iter().enumerate() {
            table ^= if sum.inside >> member & 1 == 1 { *of_member } else { 0 };
        }
        Some(table)
    }

    /// Which variables a sum is the sum of; makes it one if it is not.
    fn combination(&mut self, sum: Sum, most: usize) -> Option<u8> {
        let (mut reduced, mut combination) = (sum.signature, 0);
        for variable in &self.variables {
            let highest = 63 - variable.reduced.leading_zeros();
            if reduced >> highest & 1 == 1 {
                reduced ^= variable.reduced;
                combination ^= variable.combination;
            }
        }
        if reduced == 0 {
            return Some(combination);
        }
        if self.variables.len() == most {
            return None;
        }
        let own = 1 << self.variables.len();
        self.variables.push(Variable { sum, reduced, combination: combination ^ own });
        Some(own)
    }

    /// The nodes of the sums, made where there are none. `None` if a sum that looks like one of others is not, or if it
    /// would take too long to find out.
    pub(crate) fn realize(&self, net: &mut Net, cone: &Cone) -> Option<Vec<Literal>> {
        let literals: Vec<_> =
            self.variables.iter().map(|variable| variable.sum.realize(net, cone)).collect();
        let holds = self.operands.iter().all(|&(sum, combination)| {
            let variables = literals.iter().enumerate();
            let added = variables.filter(|&(index, _)| combination >> index & 1 == 1);
            let nodes = added.map(|(_, literal)| literal.node()).chain(sum.nodes(cone));
            net.cancel(nodes)
        });
        holds.then_some(literals)
    }
}

impl Sum {
    /// The nodes that add up to it.
    fn nodes(self, cone: &Cone) -> impl Iterator<Item = NodeId> {
        let members = cone.members().iter().enumerate();
        let inside = members.filter(move |&(index, _)| self.inside >> index & 1 == 1);
        inside.map(|(_, &member)| member).chain([self.operand])
    }

    fn realize(self, net: &mut Net, cone: &Cone) -> Literal {
        if self.inside == 0 {
            return Literal::new(self.operand, false);
        }
        net.sum_of_terms(self.operand, cone.members())
    }
}
