use std::collections::HashMap;

use crate::graph::{Graph, Literal, NodeId};
use crate::passes::sums::cuts::{Cut, Cuts};

/// A full adder, or a half adder if its last operand is the constant zero: the sum of the operands as numbers is
/// `2·carry + sum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) operands: [Literal; 3],
    pub(crate) carry: Literal,
    pub(crate) sum: Literal,
}

/// The adders of a graph by the nodes of their carries, found by function, however they are built.
pub(crate) struct Cells {
    by_carry: HashMap<NodeId, Vec<Cell>>,
    by_sum: HashMap<NodeId, Cell>,
    /// Gates that are constant or equal to a node before them.
    trivial: HashMap<NodeId, Literal>,
    /// ANDs that are exclusive ors, of what, and whether they are inverted.
    exclusive_ors: HashMap<NodeId, ([NodeId; 3], bool)>,
}

impl Cells {
    /// More that end in the same carry are forgotten.
    const PER_CARRY: usize = 4;

    pub(crate) fn new(graph: &Graph) -> Self {
        let cuts = Cuts::new(graph);
        let nodes = || (graph.first_gate()..graph.node_count()).map(NodeId::new);
        let mut sums: HashMap<[NodeId; 3], Literal> = HashMap::new();
        let (mut exclusive_ors, mut trivial) = (HashMap::new(), HashMap::new());
        for node in nodes() {
            for cut in cuts.of(node) {
                if let Some(literal) = as_literal(cut).filter(|literal| literal.node() != node) {
                    trivial.insert(node, literal);
                }
                if let Some(inverted) = as_sum(cut) {
                    sums.entry(cut.leaves).or_insert(Literal::new(node, inverted));
                    if graph.gate(node).is_some_and(|gate| gate.is_and()) {
                        exclusive_ors.entry(node).or_insert((cut.leaves, inverted));
                    }
                }
            }
        }
        let (mut by_carry, mut by_sum) = (HashMap::new(), HashMap::<NodeId, Cell>::new());
        for node in nodes() {
            let mut cells: Vec<Cell> =
                cuts.of(node).iter().filter_map(|cut| cell(node, cut, &sums)).collect();
            cells.sort_by_key(|cell| cell.operands[2].is_constant());
            cells.truncate(Self::PER_CARRY);
            if !cells.is_empty() {
                for &cell in &cells {
                    let best = by_sum.entry(cell.sum.node()).or_insert(cell);
                    if best.operands[2].is_constant() {
                        *best = cell;
                    }
                }
                by_carry.insert(node, cells);
            }
        }
        Cells { by_carry, by_sum, trivial, exclusive_ors }
    }

    /// The cells that a node is the carry of, full adders first.
    pub(crate) fn with_carry(&self, node: NodeId) -> &[Cell] {
        self.by_carry.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The constant or the node before it that a node is equal to.
    pub(crate) fn trivial(&self, node: NodeId) -> Option<Literal> {
        self.trivial.get(&node).copied()
    }

    /// What a node is the exclusive or of, and whether it is inverted, if that takes ANDs now.
    pub(crate) fn exclusive_or(&self, node: NodeId) -> Option<&([NodeId; 3], bool)> {
        self.exclusive_ors.get(&node)
    }

    /// A cell that a node is the sum of, a full adder if there is one.
    pub(crate) fn with_sum(&self, node: NodeId) -> Option<&Cell> {
        self.by_sum.get(&node)
    }
}

/// The constant or the leaf that the function is.
fn as_literal(cut: &Cut) -> Option<Literal> {
    match cut.size {
        0 => Some(Literal::constant(cut.table & 1 == 1)),
        1 => Some(Literal::new(cut.leaves[0], cut.table & 1 == 1)),
        _ => None,
    }
}

/// Whether the function is the exclusive or of all leaves, and whether it is inverted.
pub(crate) fn as_sum(cut: &Cut) -> Option<bool> {
    match (cut.size, cut.table) {
        (2, 0x66) | (3, 0x96) => Some(false),
        (2, 0x99) | (3, 0x69) => Some(true),
        _ => None,
    }
}

/// The cell with this carry over the leaves of the cut, if the sum is there, too.
fn cell(carry: NodeId, cut: &Cut, sums: &HashMap<[NodeId; 3], Literal>) -> Option<Cell> {
    let (inversions, inverted) = as_carry(cut)?;
    let sum = sums.get(&cut.leaves)?;
    let operand = |k: usize| Literal::new(cut.leaves[k], inversions >> k & 1 == 1);
    let odd = inversions.count_ones() % 2 == 1;
    Some(Cell {
        operands: [0, 1, 2].map(operand),
        carry: Literal::new(carry, inverted),
        sum: sum.invert_if(odd),
    })
}

/// Which leaves to invert, and whether the result as well, for the function to be the majority of three leaves or the
/// product of two.
fn as_carry(cut: &Cut) -> Option<(u8, bool)> {
    let (inversions, plain) = match cut.size {
        2 => (4_u8, 0x88_u8),
        3 => (8, 0xe8),
        _ => return None,
    };
    // The majority is its own dual, so that its inversion is one of the others.
    let results = if cut.size == 2 { 2 } else { 1 };
    (0..inversions).flat_map(|inversions| (0..results).map(move |inverted| (inversions, inverted == 1))).find(
        |&(inversions, inverted)| {
            cut.table == inverted_inputs(plain, inversions) ^ if inverted { 0xff } else { 0 }
        },
    )
}

/// The table of the function of inverted leaves.
fn inverted_inputs(table: u8, inversions: u8) -> u8 {
    (0..8).fold(0, |result, entry: u8| result | (table >> (entry ^ inversions) & 1) << entry)
}
