use crate::chain::PROJECTIONS;
use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::sums::Terms;

/// A product of up to six nodes, ascending; the rest is filled up with `NodeId::ZERO`. Without nodes it is one.
pub(crate) type Monomial = [NodeId; MOST];

pub(crate) const MOST: usize = 6;
pub(crate) const ONE: Monomial = [NodeId::ZERO; MOST];

/// The nodes of a monomial.
pub(crate) fn factors(monomial: &Monomial) -> &[NodeId] {
    &monomial[..monomial.iter().position(|&node| node == NodeId::ZERO).unwrap_or(MOST)]
}

/// Down to what addends are looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The operands of an AND.
    Operands,
    /// The inputs of the circuit.
    Inputs,
}

/// A node as a function of others.
pub(crate) struct Function {
    /// Ascending.
    atoms: Vec<NodeId>,
    /// Bit `i` is the value where atom `k` is bit `k` of `i`.
    table: u64,
}

impl Function {
    /// The function that a node is in a frame, or if that has too many atoms, the node itself.
    pub(crate) fn new(graph: &Graph, node: NodeId, frame: Frame) -> Self {
        const GATES: usize = 60;
        let mut gates = Vec::new();
        let mut atoms = Vec::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if gates.contains(&next) || atoms.contains(&next) {
                continue;
            }
            match graph.gate(next) {
                Some(Node::And(a, b)) if frame == Frame::Operands && next == node => {
                    gates.push(next);
                    atoms.extend([a.node(), b.node()]);
                }
                Some(gate) if frame == Frame::Inputs => {
                    gates.push(next);
                    open.extend(gate.reads());
                }
                _ => atoms.push(next),
            }
            if atoms.len() > MOST || gates.len() > GATES {
                return Function { atoms: vec![node], table: PROJECTIONS[0] };
            }
        }
        atoms.sort_unstable();
        gates.sort_unstable();
        let table = table(graph, &atoms, &gates);
        Function { atoms, table }
    }

    pub(crate) fn atoms(&self) -> &[NodeId] {
        &self.atoms
    }

    /// Adds a multiple of the function as a polynomial with integer coefficients.
    pub(crate) fn add_to(&self, terms: &mut Terms<Monomial>, place: usize, times: i64) {
        let entries = 1 << self.atoms.len();
        let mut coefficients: Vec<i64> = (0..entries).map(|entry| (self.table >> entry & 1) as i64).collect();
        for k in 0..self.atoms.len() {
            for entry in (0..entries).filter(|entry| entry >> k & 1 == 1) {
                coefficients[entry] -= coefficients[entry ^ 1 << k];
            }
        }
        for (entry, coefficient) in coefficients.into_iter().enumerate().filter(|&(_, coefficient)| coefficient != 0) {
            let mut monomial = ONE;
            let nodes = (0..self.atoms.len()).filter(|k| entry >> k & 1 == 1).map(|k| self.atoms[k]);
            monomial.iter_mut().zip(nodes).for_each(|(place, node)| *place = node);
            terms.add(place, monomial, times * coefficient);
        }
    }
}

/// The table of the last gate.
fn table(graph: &Graph, atoms: &[NodeId], gates: &[NodeId]) -> u64 {
    let mut tables = Vec::with_capacity(gates.len());
    let value = |tables: &[u64], literal: Literal| {
        let node = literal.node();
        let plain = match (atoms.binary_search(&node), gates.binary_search(&node)) {
            (Ok(atom), _) => PROJECTIONS[atom],
            (_, Ok(gate)) => tables[gate],
            (Err(_), Err(_)) => 0, // the constant
        };
        if literal.inverted() { !plain } else { plain }
    };
    for &node in gates {
        let table = match graph.gate(node) {
            Some(Node::And(a, b)) => value(&tables, a) & value(&tables, b),
            Some(Node::Xor(a, b)) => {
                value(&tables, Literal::new(a, false)) ^ value(&tables, Literal::new(b, false))
            }
            None => 0,
        };
        tables.push(table);
    }
    tables.last().copied().unwrap_or(PROJECTIONS[0])
}
