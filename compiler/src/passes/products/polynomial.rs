use crate::chain::PROJECTIONS;
use crate::graph::{Graph, Node, NodeId};
use crate::passes::sums::Terms;

/// A product of up to ten nodes, ascending; the rest is filled up with `NodeId::ZERO`. Without nodes it is one.
pub(crate) type Monomial = [NodeId; MOST];

pub(crate) const MOST: usize = 10;
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
    /// Entry `i` is the value where atom `k` is bit `k` of `i`.
    table: Table,
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
                return Function { atoms: vec![node], table: projection(1, 0) };
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
        let mut coefficients: Vec<i64> =
            (0..entries).map(|entry| (self.table[entry / 64] >> (entry % 64) & 1) as i64).collect();
        for k in 0..self.atoms.len() {
            for entry in (0..entries).filter(|entry| entry >> k & 1 == 1) {
                coefficients[entry] -= coefficients[entry ^ 1 << k];
            }
        }
        for (entry, coefficient) in
            coefficients.into_iter().enumerate().filter(|&(_, coefficient)| coefficient != 0)
        {
            let mut monomial = ONE;
            let nodes = (0..self.atoms.len()).filter(|k| entry >> k & 1 == 1).map(|k| self.atoms[k]);
            monomial.iter_mut().zip(nodes).for_each(|(place, node)| *place = node);
            terms.add(place, monomial, times * coefficient);
        }
    }
}

/// Bit `i % 64` of word `i / 64` is entry `i`.
type Table = Vec<u64>;

/// The table of atom `k` of so many.
fn projection(atoms: usize, k: usize) -> Table {
    let words = 1 << atoms.saturating_sub(6);
    let word = |word: usize| match k.checked_sub(6) {
        None => PROJECTIONS[k],
        Some(bit) if word >> bit & 1 == 1 => !0,
        Some(_) => 0,
    };
    (0..words).map(word).collect()
}

/// The table of the last gate, or of the only atom.
fn table(graph: &Graph, atoms: &[NodeId], gates: &[NodeId]) -> Table {
    let mut tables: Vec<Table> = (0..atoms.len()).map(|k| projection(atoms.len(), k)).collect();
    let zero = vec![0; 1 << atoms.len().saturating_sub(6)];
    for &node in gates {
        let value = |node: NodeId| match (atoms.binary_search(&node), gates.binary_search(&node)) {
            (Ok(atom), _) => &tables[atom],
            (_, Ok(gate)) => &tables[atoms.len() + gate],
            (Err(_), Err(_)) => &zero, // the constant
        };
        let table = match graph.gate(node) {
            Some(Node::And(a, b)) => {
                let [a_flip, b_flip] = [a, b].map(|literal| if literal.inverted() { !0 } else { 0 });
                let words = value(a.node()).iter().zip(value(b.node()));
                words.map(|(&x, &y)| (x ^ a_flip) & (y ^ b_flip)).collect()
            }
            Some(Node::Xor(a, b)) => value(a).iter().zip(value(b)).map(|(&x, &y)| x ^ y).collect(),
            None => zero.clone(),
        };
        tables.push(table);
    }
    tables.pop().unwrap_or(zero)
}
