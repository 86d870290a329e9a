use crate::graph::{Graph, Literal, Node, NodeId};

/// Up to three nodes that a node is a function of, and that function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Ascending; `NodeId::ZERO` fills what is not used.
    pub(crate) leaves: [NodeId; 3],
    pub(crate) size: u8,
    /// Bit `i` is the value where leaf `k` is bit `k` of `i`; leaves that are not used do not matter.
    pub(crate) table: u8,
}

/// The truth tables of the leaves.
const PROJECTIONS: [u8; 3] = [0xaa, 0xcc, 0xf0];

/// For every node the cuts of up to three leaves that are found by merging those of its operands (Cong, Wu, Ding 1999),
/// the smallest first.
pub(crate) struct Cuts {
    cuts: Vec<Cut>,
    /// Where the cuts of each node begin, and the end.
    starts: Vec<u32>,
}

impl Cuts {
    /// More than that are forgotten.
    const PER_NODE: usize = 10;

    pub(crate) fn new(graph: &Graph) -> Self {
        let mut cuts = Cuts { cuts: Vec::new(), starts: vec![0] };
        cuts.close(); // the constant zero is in no cut
        for input in (1..graph.first_gate()).map(NodeId::new) {
            cuts.cuts.push(Cut::of_leaf(input));
            cuts.close();
        }
        let mut merged = Vec::new();
        for (gate, &node) in graph.gates.iter().enumerate() {
            cuts.merge(node, &mut merged);
            merged.truncate(Self::PER_NODE - 1);
            cuts.cuts.append(&mut merged);
            cuts.cuts.push(Cut::of_leaf(graph.node(gate)));
            cuts.close();
        }
        cuts
    }

    /// The cuts of a node; the last one is the node alone.
    pub(crate) fn of(&self, node: NodeId) -> &[Cut] {
        &self.cuts[self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize]
    }

    fn close(&mut self) {
        self.starts.push(self.cuts.len() as u32);
    }

    fn merge(&self, node: Node, merged: &mut Vec<Cut>) {
        let [a, b] = match node {
            Node::Xor(a, b) => [Literal::new(a, false), Literal::new(b, false)],
            Node::And(a, b) => [a, b],
        };
        for first in self.of(a.node()) {
            for second in self.of(b.node()) {
                let Some((leaves, size)) = first.union(second) else { continue };
                let tables = [(first, a), (second, b)].map(|(cut, literal)| {
                    let table = cut.table_over(&leaves);
                    if literal.inverted() { !table } else { table }
                });
                let table = if node.is_and() { tables[0] & tables[1] } else { tables[0] ^ tables[1] };
                insert(merged, Cut { leaves, size, table }.reduced());
            }
        }
        merged.sort_by_key(|cut| cut.size);
    }
}

/// Adds a cut unless one with some of the same leaves is there; drops those that have all of its leaves and more.
fn insert(cuts: &mut Vec<Cut>, cut: Cut) {
    if !cuts.iter().any(|other| other.is_within(&cut)) {
        cuts.retain(|other| !cut.is_within(other));
        cuts.push(cut);
    }
}

impl Cut {
    fn of_leaf(node: NodeId) -> Self {
        Cut { leaves: [node, NodeId::ZERO, NodeId::ZERO], size: 1, table: PROJECTIONS[0] }
    }

    pub(crate) fn leaves(&self) -> &[NodeId] {
        &self.leaves[..usize::from(self.size)]
    }

    fn is_within(&self, other: &Cut) -> bool {
        self.leaves().iter().all(|leaf| other.leaves().contains(leaf))
    }

    fn union(&self, other: &Cut) -> Option<([NodeId; 3], u8)> {
        let mut leaves = [NodeId::ZERO; 3];
        let mut size = 0;
        let (mut left, mut right) = (self.leaves(), other.leaves());
        while let Some(&next) = left.first().into_iter().chain(right.first()).min() {
            *leaves.get_mut(size)? = next;
            size += 1;
            left = left.strip_prefix(&[next]).unwrap_or(left);
            right = right.strip_prefix(&[next]).unwrap_or(right);
        }
        Some((leaves, size as u8))
    }

    /// The function over leaves among which its own are.
    fn table_over(&self, leaves: &[NodeId; 3]) -> u8 {
        let position = |leaf| leaves.iter().position(|&other| other == leaf).unwrap_or(0);
        let places: [usize; 3] = self.leaves.map(position);
        (0..8).fold(0, |table, entry| {
            let from =
                self.leaves().iter().enumerate().fold(0, |from, (k, _)| from | (entry >> places[k] & 1) << k);
            table | (self.table >> from & 1) << entry
        })
    }

    /// Without the leaves that do not matter.
    fn reduced(mut self) -> Self {
        for k in (0..usize::from(self.size)).rev() {
            let [low, high] = cofactors(self.table, k);
            if low == high {
                self.size -= 1;
                let last = usize::from(self.size);
                self.leaves[k..=last].rotate_left(1);
                self.leaves[last] = NodeId::ZERO;
                self.table = without(self.table, k);
            }
        }
        self
    }
}

/// The table where leaf `k` is 0, and where it is 1, both spread over the whole table.
fn cofactors(table: u8, k: usize) -> [u8; 2] {
    let (shift, high) = (1 << k, table & PROJECTIONS[k]);
    let low = table & !PROJECTIONS[k];
    [low | low << shift, high | high >> shift]
}

/// The table of a function that does not depend on leaf `k`, where the leaves above it have moved down by one.
fn without(table: u8, k: usize) -> u8 {
    let below = (1 << k) - 1;
    (0..8).fold(0, |moved, entry: u8| {
        let from = (entry & below) | (entry & !below) << 1;
        moved | (table >> (from & 7) & 1) << entry
    })
}

#[cfg(test)]
mod tests {
    use super::{Cut, NodeId, cofactors};

    fn cut(leaves: &[usize], table: u8) -> Cut {
        let mut padded = [NodeId::ZERO; 3];
        leaves.iter().enumerate().for_each(|(k, &leaf)| padded[k] = NodeId::new(leaf));
        Cut { leaves: padded, size: leaves.len() as u8, table }
    }

    #[test]
    fn leaves_that_do_not_matter_are_dropped() {
        assert_eq!(cut(&[3, 5, 9], 0xa0).reduced(), cut(&[3, 9], 0x88), "the first and the third");
        assert_eq!(cut(&[3, 5, 9], 0x66).reduced(), cut(&[3, 5], 0x66));
        assert_eq!(cut(&[3, 5, 9], 0xff).reduced(), cut(&[], 0xff));
        assert_eq!(cut(&[3, 5, 9], 0x96).reduced(), cut(&[3, 5, 9], 0x96));
    }

    #[test]
    fn tables_move_with_their_leaves() {
        let leaves = [2, 5, 9].map(NodeId::new);
        assert_eq!(cut(&[5, 9], 0x88).table_over(&leaves), 0xc0);
        assert_eq!(cut(&[9], 0x55).table_over(&leaves), 0x0f);
        assert_eq!(cofactors(0xc0, 1), [0x00, 0xf0]);
    }

    #[test]
    fn unions_have_three_leaves_at_most() {
        let leaves = |a: &[usize], b: &[usize]| cut(a, 0).union(&cut(b, 0)).map(|(_, size)| size);
        assert_eq!(leaves(&[1, 4], &[4, 7]), Some(3));
        assert_eq!(leaves(&[1, 4], &[5, 7]), None);
        assert_eq!(leaves(&[], &[5, 7]), Some(2));
    }
}
