use std::collections::BTreeMap;

use crate::chain::Form;
use crate::graph::{Literal, Node, NodeId};
use crate::passes::spans::block::cancels;
use crate::passes::spans::inversions::bases::Basis;
use crate::passes::spans::table::{MAX_INPUTS, ONE, PROJECTIONS, Space, Table, and, not, xor};
use crate::passes::spans::web::Web;

/// Nodes that are functions of eight others.
pub(super) struct Region {
    pub(super) inputs: [NodeId; MAX_INPUTS],
    /// The nodes that are read outside, as sums of inputs and of eight of themselves.
    pub(super) outputs: Vec<(NodeId, Form)>,
    /// These eight as a function: bit `k` is the value of the one with number `k`.
    pub(super) function: [u8; 256],
    /// ANDs in the region.
    pub(super) ands: Vec<NodeId>,
}

/// What is known of a region so far.
struct Exploration<'w> {
    web: &'w Web<'w>,
    basis: Basis,
    tables: BTreeMap<NodeId, Table>,
    /// Nodes that add up to zero if signatures do not deceive.
    claims: Vec<Vec<NodeId>>,
    open: Vec<NodeId>,
}

impl Region {
    /// The region above a basis of eight nodes, if it has eight independent outputs, and all of them stand behind the
    /// inputs.
    pub(super) fn new(web: &Web<'_>, base: &[NodeId]) -> Option<Self> {
        let inputs: [NodeId; MAX_INPUTS] = base.try_into().ok()?;
        let mut basis = Basis::default();
        for &node in &inputs {
            basis.insert(web.signature(node), node);
        }
        let tables = BTreeMap::new();
        let mut found = Exploration { web, basis, tables, claims: Vec::new(), open: Vec::new() };
        for &node in &inputs {
            found.table(node);
        }
        while let Some(node) = found.open.pop() {
            for &reader in web.readers(node) {
                web.look()?;
                found.table(reader);
            }
        }
        found.region(inputs)
    }
}

impl Exploration<'_> {
    /// The table of a node, if it is a function of the inputs as far as that is known.
    fn table(&mut self, node: NodeId) -> Option<Table> {
        if let Some(&known) = self.tables.get(&node) {
            return Some(known);
        }
        let table = self.linear(node).or_else(|| {
            let gate = self.web.graph.gate(node)?;
            let [a, b] =
                gate.reads().map(|read| self.tables.get(&read).copied().or_else(|| self.linear(read)));
            let value = |table: Table, literal: Literal| if literal.inverted() { not(table) } else { table };
            Some(match gate {
                Node::Xor(..) => xor(a?, b?),
                Node::And(left, right) => and(value(a?, left), value(b?, right)),
            })
        })?;
        self.tables.insert(node, table);
        self.open.push(node);
        Some(table)
    }

    /// The table of a sum of the inputs.
    fn linear(&mut self, node: NodeId) -> Option<Table> {
        let coordinates = self.basis.coordinates(self.web.signature(node))?;
        let inputs = (0..MAX_INPUTS).filter(|input| coordinates >> input & 1 == 1);
        let mut claim = vec![node];
        claim.extend(inputs.clone().map(|input| self.basis.nodes[input]));
        self.claims.push(claim);
        Some(inputs.fold([0; 4], |sum, input| xor(sum, PROJECTIONS[input])))
    }

    fn region(&self, inputs: [NodeId; MAX_INPUTS]) -> Option<Region> {
        let mut space = Space::default();
        space.insert(ONE, Form::ONE);
        for (input, &table) in PROJECTIONS.iter().enumerate() {
            space.insert(table, Form::value(input));
        }
        let (mut outputs, mut values) = (Vec::new(), Vec::new());
        for (&node, &table) in &self.tables {
            let is_read = self.web.is_output(node)
                || self.web.readers(node).iter().any(|reader| !self.tables.contains_key(reader));
            if !is_read || self.basis.coordinates(self.web.signature(node)).is_some() {
                continue;
            }
            if space.insert(table, Form::value(MAX_INPUTS + values.len())) {
                values.push(table);
            }
            outputs.push((node, space.form(table)?));
        }
        let is_behind = outputs.first().is_some_and(|(first, _)| inputs.iter().all(|input| input < first));
        if values.len() != MAX_INPUTS || !is_behind {
            return None;
        }
        let bit = |table: &Table, x: usize| (table[x / 64] >> (x % 64) & 1) as u8;
        let value = |x| values.iter().enumerate().fold(0, |sum, (k, table)| sum | bit(table, x) << k);
        let function = std::array::from_fn(value);
        let ands = self.tables.keys().copied().filter(|&node| self.web.and(node).is_some()).collect();
        let is_sound = self.claims.iter().all(|claim| cancels(self.web, claim));
        is_sound.then_some(Region { inputs, outputs, function, ands })
    }
}
