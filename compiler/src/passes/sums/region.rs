use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::sums::cells::{Cell, Cells};
use crate::passes::sums::identity::{Identity, Terms, bits};
use crate::passes::sums::uses::Uses;

/// What a search for sums looks at.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) cells: &'a Cells,
    pub(crate) uses: &'a Uses<'a>,
}

/// Adders that hang together: their identities, multiplied by powers of two and added up, give one in which carries
/// and sums that only they use cancel out.
struct Region<'a> {
    field: Field<'a>,
    /// Their places are the powers of two below the highest, which is known first.
    terms: Terms<NodeId>,
    constants: Terms<()>,
    gates: HashSet<usize>,
    cells: Vec<Cell>,
    /// The sums of the cells, and the cells.
    sums: BTreeMap<NodeId, usize>,
    /// Carries that are taken as they are.
    closed: &'a BTreeSet<NodeId>,
}

/// What a search may still cost, and what it has been through.
pub(crate) struct Work {
    /// Gates that may be looked at.
    pub(crate) left: usize,
    /// Carries inside of words that have been looked at.
    pub(crate) inner: HashSet<NodeId>,
}

/// Finds the word whose highest bit is `top`: either a carry, or an exclusive or of carries and others, which is their
/// sum modulo two. Gives what the word and what minus the word is the sum of.
pub(crate) fn identities_of(field: Field<'_>, top: NodeId, work: &mut Work) -> Option<[Identity; 2]> {
    const ATTEMPTS: usize = 24;
    let mut closed = BTreeSet::new();
    for _ in 0..ATTEMPTS {
        let mut region = Region {
            field,
            terms: Terms::new(),
            constants: Terms::new(),
            gates: HashSet::new(),
            cells: Vec::new(),
            sums: BTreeMap::new(),
            closed: &closed,
        };
        let conflicts = region.grow(top);
        work.left = work.left.saturating_sub(region.gates.len());
        if conflicts.is_empty() {
            work.inner.extend(region.cells.iter().map(|cell| cell.carry.node()));
            return (!region.cells.is_empty()).then(|| [1, -1].map(|sign| region.identity(top, sign)));
        }
        closed.extend(conflicts);
    }
    None
}

impl Region<'_> {
    /// Takes in cells from the top down. Gives carries that should not have been replaced, because more than one word
    /// came out.
    fn grow(&mut self, top: NodeId) -> Vec<NodeId> {
        match self.field.cells.with_carry(top).first() {
            Some(&cell) => self.replace(0, 1, cell),
            None => {
                self.take_exclusive_ors(top);
                self.replace_at_top();
            }
        }
        let mut depth = 0;
        while depth < self.terms.width() {
            let terms: Vec<_> = self.terms.at(depth).rev().collect();
            for (node, times) in terms {
                if let Some(cell) = self.cell(node).filter(|_| times.abs() == 1) {
                    self.terms.add(depth, node, -times);
                    self.replace(depth, times, cell);
                }
            }
            let conflicts = self.conflicts(depth + 1);
            if !conflicts.is_empty() {
                return conflicts;
            }
            depth += 1;
        }
        Vec::new()
    }

    /// Below the top of a sum modulo `2^n` there are exclusive ors instead of full adders.
    fn take_exclusive_ors(&mut self, top: NodeId) {
        const MOST: usize = 256;
        let mut open = BTreeMap::from([(top, 1)]);
        let mut leaves = BTreeMap::new();
        while let Some((node, times)) = open.pop_last() {
            if times % 2 == 0 {
                continue;
            }
            let is_plain =
                self.field.cells.with_sum(node).is_none() && self.field.cells.with_carry(node).is_empty();
            let inner = node == top || is_plain && self.is_inside(node);
            match self.field.graph.gate(node) {
                Some(Node::Xor(a, b)) if inner && self.gates.len() < MOST => {
                    self.gates.extend(self.field.graph.gate_index(node));
                    *open.entry(a).or_insert(0) += 1;
                    *open.entry(b).or_insert(0) += 1;
                }
                _ => *leaves.entry(node).or_insert(0) += 1,
            }
        }
        leaves.into_iter().for_each(|(node, times)| self.terms.add(0, node, times % 2));
    }

    /// Replaces the carries at the top, where plus and minus are the same: the sign is such that sums cancel out.
    fn replace_at_top(&mut self) {
        let carries = self.terms.at(0).rev().map(|(carry, _)| carry);
        let mut open: Vec<Cell> = carries.filter_map(|carry| self.cell(carry)).collect();
        while !open.is_empty() {
            let in_terms = open.iter().position(|cell| self.terms.times(1, cell.sum.node()) != 0);
            let is_operand = |sum: NodeId| {
                open.iter().any(|cell| cell.operands.iter().any(|operand| operand.node() == sum))
            };
            let next =
                in_terms.or_else(|| open.iter().position(|cell| !is_operand(cell.sum.node()))).unwrap_or(0);
            let cell = open.remove(next);
            let (carry, sum) = (cell.carry.node(), cell.sum);
            let would_leave = if sum.inverted() ^ cell.carry.inverted() { 1 } else { -1 };
            let times = if self.terms.times(1, sum.node()) == would_leave { -1 } else { 1 };
            self.terms.add(0, carry, -1);
            self.replace(0, times, cell);
        }
    }

    fn is_inside(&self, node: NodeId) -> bool {
        self.field.uses.only_in(node, |gate| self.gates.contains(&gate))
    }

    /// The cell to put in place of its carry.
    fn cell(&self, carry: NodeId) -> Option<Cell> {
        let cell = *self.field.cells.with_carry(carry).first()?;
        (!self.closed.contains(&carry) && self.is_inside(carry) && !self.sums.contains_key(&cell.sum.node()))
            .then_some(cell)
    }

    /// Puts half of what the cell says, `(operands - sum) / 2`, in place of its carry at a depth.
    fn replace(&mut self, depth: usize, times: i64, cell: Cell) {
        let times = if cell.carry.inverted() {
            self.constants.add(depth, (), times); // the node is one minus the carry
            -times
        } else {
            times
        };
        for operand in cell.operands {
            self.add(depth + 1, operand, times);
        }
        self.add(depth + 1, cell.sum, -times);
        self.gates.extend(inside(self.field.graph, &cell));
        self.sums.insert(cell.sum.node(), self.cells.len());
        self.cells.push(cell);
    }

    /// Adds a bit that may be an inverted node, `1 - x`, or a constant.
    fn add(&mut self, depth: usize, literal: Literal, times: i64) {
        if literal.inverted() {
            self.constants.add(depth, (), times);
        }
        if !literal.is_constant() {
            self.terms.add(depth, literal.node(), if literal.inverted() { -times } else { times });
        }
    }

    /// Of the cells whose sums are left over at a depth all but the best.
    fn conflicts(&self, depth: usize) -> Vec<NodeId> {
        let mut left_over: Vec<_> = self
            .terms
            .at(depth)
            .filter_map(|(node, _)| {
                self.sums.get(&node).map(|&cell| (self.rank(&self.cells[cell]), node, cell))
            })
            .collect();
        left_over.sort_unstable();
        left_over.pop();
        left_over.into_iter().map(|(.., cell)| self.cells[cell].carry.node()).collect()
    }

    /// How likely it is that the sum of a cell is to be left over.
    fn rank(&self, cell: &Cell) -> (bool, bool) {
        let is_used = self.field.uses.only_in(cell.sum.node(), |gate| self.gates.contains(&gate));
        let cells = self.field.cells;
        let has_carries = cell.operands.iter().any(|operand| {
            cells.with_sum(operand.node()).is_some() || !cells.with_carry(operand.node()).is_empty()
        });
        (!is_used, has_carries)
    }

    /// The identity of the word whose highest bit is `top`, or of minus that word: its highest bit is the same.
    fn identity(&self, top: NodeId, sign: i64) -> Identity {
        let width = self.terms.width();
        let mut digits = self.terms.clone().times_all(sign).reversed().into_digits(width);
        let constant = |depth| sign * self.constants.at(depth).map(|(_, times)| times).sum::<i64>();
        let mut constants: Vec<i64> = (0..width).rev().map(constant).collect();
        let mut places: BTreeMap<NodeId, usize> = BTreeMap::new();
        digits.iter().flat_map(BTreeMap::keys).for_each(|&node| *places.entry(node).or_default() += 1);
        let mut word = vec![None; width];
        word[width - 1] = Some(Literal::new(top, false));
        for weight in 0..width - 1 {
            let is_result = |node: &NodeId| self.sums.contains_key(node) && places[node] == 1;
            let results = digits[weight].iter().filter(|&(node, _)| is_result(node));
            if let Some((&node, &digit)) = results.min_by_key(|&(_, &digit)| digit) {
                digits[weight].remove(&node);
                let inverted = digit > 0; // minus x is the inverse of x, minus one
                constants[weight] += i64::from(inverted);
                word[weight] = Some(Literal::new(node, inverted));
            }
        }
        let mut columns = vec![Vec::new(); width];
        for (weight, digits) in digits.into_iter().enumerate() {
            for (node, digit) in digits {
                constants[weight] -= i64::from(digit < 0);
                columns[weight].push(Literal::new(node, digit < 0));
            }
        }
        Identity { word, columns, products: Vec::new(), ones: bits(&constants) }
    }
}

/// The gates between the operands of a cell and its carry and sum, these included.
fn inside(graph: &Graph, cell: &Cell) -> Vec<usize> {
    const MOST: usize = 40;
    let mut gates = Vec::new();
    let mut open = vec![cell.carry.node(), cell.sum.node()];
    while let Some(node) = open.pop() {
        if cell.operands.iter().any(|operand| operand.node() == node) {
            continue;
        }
        if let Some(gate) = graph.gate_index(node)
            && !gates.contains(&gate)
            && gates.len() < MOST
        {
            gates.push(gate);
            open.extend(graph.gates[gate].reads());
        }
    }
    gates
}
