use crate::chain::{Form, PROJECTIONS, mask};
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
    /// Its terms, by their places in [`View::terms`].
    terms: u64,
    /// The terms less those of variables before it, and which of these were taken off.
    reduced: u64,
    combination: u8,
    /// The node that computes it, where there is one.
    node: Option<NodeId>,
}

/// What a cone computes, over sums of nodes outside of it.
#[derive(Default)]
pub(crate) struct View {
    /// Nodes that sums are made of, the members of the cone first.
    terms: Vec<NodeId>,
    members: usize,
    variables: Vec<Variable>,
    tables: [u64; Cone::MOST],
}

/// A sum by its terms, each a bit; more terms than bits are too many.
const MOST_TERMS: usize = 63;

impl View {
    /// Looks at the members of a cone; `false` if they depend on more than `most` sums, or sums are too long.
    ///
    /// Up to 8 sums are counted, but only up to 6 have tables.
    pub(crate) fn look(&mut self, net: &Net, cone: &Cone, most: usize) -> bool {
        self.terms.clear();
        self.terms.extend(cone.members());
        self.members = cone.members().len();
        self.variables.clear();
        for (index, &member) in cone.members().iter().enumerate() {
            let Some(Node::And(a, b)) = net.graph.gate(member) else { unreachable!("members are ANDs") };
            let (Some(a), Some(b)) = (self.operand(net, a, most), self.operand(net, b, most)) else {
                return false;
            };
            self.tables[index] = a & b;
        }
        true
    }

    /// The number of sums.
    pub(crate) fn variables(&self) -> usize {
        self.variables.len()
    }

    /// The nodes outside of the cone that sums are made of.
    pub(crate) fn outside(&self) -> &[NodeId] {
        &self.terms[self.members..]
    }

    /// The truth table of the sum of some members.
    pub(crate) fn table(&self, cone: &Cone, is_it: impl Fn(NodeId) -> bool) -> u64 {
        let members = cone.members().iter().zip(&self.tables).filter(|&(&member, _)| is_it(member));
        members.fold(0, |sum, (_, table)| sum ^ table) & mask(self.variables.len())
    }

    fn operand(&mut self, net: &Net, literal: Literal, most: usize) -> Option<u64> {
        let sum = self.places(net.terms.of(literal.node()))?;
        let inside = sum & ((1 << self.members) - 1);
        let node = (inside == 0).then_some(literal.node());
        let coordinates = self.coordinates(sum & !inside, node, most)?;
        let mut table = if literal.inverted() { !0 } else { 0 };
        for (variable, projection) in PROJECTIONS.iter().enumerate() {
            table ^= if coordinates >> variable & 1 == 1 { *projection } else { 0 };
        }
        for (member, of_member) in self.tables.iter().enumerate() {
            table ^= if inside >> member & 1 == 1 { *of_member } else { 0 };
        }
        Some(table)
    }

    fn places(&mut self, sum: &[NodeId]) -> Option<u64> {
        let mut places = 0;
        for &term in sum {
            let place = self.terms.iter().position(|&other| other == term).unwrap_or_else(|| {
                self.terms.push(term);
                self.terms.len() - 1
            });
            if place >= MOST_TERMS {
                return None;
            }
            places |= 1 << place;
        }
        Some(places)
    }

    /// Which variables a sum is the sum of; makes it one if it is not.
    fn coordinates(&mut self, sum: u64, node: Option<NodeId>, most: usize) -> Option<u8> {
        let (mut reduced, mut combination) = (sum, 0);
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
        self.variables.push(Variable { terms: sum, reduced, combination: combination ^ own, node });
        Some(own)
    }

    /// The literals of the sums, made where there is none.
    pub(crate) fn realize(&self, net: &mut Net) -> Vec<Literal> {
        let realized = self.variables.iter().map(|variable| match variable.node {
            Some(node) => Literal::new(node, false),
            None => Form(variable.terms).values().fold(Literal::constant(false), |sum, place| {
                net.xor(sum, Literal::new(self.terms[place], false))
            }),
        });
        realized.collect()
    }

    /// The signatures of the sums.
    pub(crate) fn signatures(&self, net: &Net) -> Vec<u64> {
        let of_sum = |variable: &Variable| {
            let places = Form(variable.terms).values();
            places.fold(0, |sum, place| sum ^ net.sharing.forms.of(self.terms[place]))
        };
        self.variables.iter().map(of_sum).collect()
    }
}
