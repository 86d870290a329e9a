use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::graph::{Literal, Node, NodeId};
use crate::passes::spans::grow::MAX_ANDS;
use crate::passes::spans::table::{MAX_INPUTS, PROJECTIONS, Table, and, xor};
use crate::passes::spans::web::{Signature, Web};

/// A set of ANDs of a block: bit `k` for the AND with index `k`.
pub(super) type Subset = [u64; MAX_ANDS / 64];

/// ANDs as one function: of a few sums of what lies outside, to the few sums of the ANDs that are read outside.
pub(super) struct Block {
    /// Ascending, which is a topological order.
    pub(super) ands: Vec<NodeId>,
    /// Input `k` is the sum that this node is where all ANDs of the block are zero.
    pub(super) inputs: Vec<NodeId>,
    /// A basis of the sums of ANDs that are read outside, each by the first AND in it, which is in no other.
    pub(super) outputs: Vec<Output>,
    /// The truth tables of the operands of each AND.
    pub(super) operands: Vec<[Table; 2]>,
    /// What has been claimed of each operand, to be checked leaf by leaf: these nodes add up to zero.
    claims: Vec<Vec<NodeId>>,
}

pub(super) struct Output {
    pub(super) pivot: NodeId,
    pub(super) table: Table,
}

/// Nodes looked at to find out one thing about a block at most.
const LONGEST: usize = 1 << 13;

impl Block {
    /// The function of ANDs; none if they have too many inputs, if an input depends on one of them, or if it would take
    /// too long to find out.
    pub(super) fn new(web: &Web<'_>, ands: &[NodeId]) -> Option<Self> {
        let mut ands = ands.to_vec();
        ands.sort_unstable();
        let members = Members::new(&ands);
        let leaves = members.operands(web)?;
        let (inputs, forms) = members.inputs(web, &leaves)?;
        if inputs.iter().any(|&input| members.is_read_by(web, input) != Some(false)) {
            return None;
        }
        let operands = members.tables(web, &forms);
        let tables: Vec<Table> = operands.iter().map(|[a, b]| and(*a, *b)).collect();
        let outputs = members.outputs(web)?.into_iter().map(|subset| Output {
            pivot: ands[indices(subset).next().expect("a basis is without zero")],
            table: indices(subset).fold([0; 4], |sum, and| xor(sum, tables[and])),
        });
        let outputs = outputs.collect();
        let claims = members.claims(&inputs, &forms);
        Some(Block { outputs, operands, claims, inputs, ands })
    }

    /// Checks the linear algebra of the block, which was done on signatures, on the leaves themselves.
    pub(super) fn is_sound(&self, web: &Web<'_>) -> bool {
        self.claims.iter().all(|claim| cancels(web, claim))
    }
}

/// An operand as inputs and ANDs of the block.
struct Sum {
    node: NodeId,
    inputs: u8,
    ands: Subset,
}

struct Members<'b> {
    ands: &'b [NodeId],
}

impl<'b> Members<'b> {
    fn new(ands: &'b [NodeId]) -> Self {
        Members { ands }
    }

    fn index(&self, node: NodeId) -> Option<usize> {
        self.ands.binary_search(&node).ok()
    }

    fn unit(&self, node: NodeId) -> Option<Subset> {
        self.index(node).map(|and| {
            let mut subset = [0; MAX_ANDS / 64];
            subset[and / 64] = 1 << (and % 64);
            subset
        })
    }

    /// The operands of all ANDs, and the ANDs of the block that are leaves of each.
    fn operands(&self, web: &Web<'_>) -> Option<BTreeMap<NodeId, Subset>> {
        let mut leaves: BTreeMap<NodeId, Subset> = BTreeMap::new();
        let operands: BTreeSet<_> = self.ands.iter().filter_map(|&and| web.and(and)).flatten().collect();
        let mut open: Vec<_> = operands.iter().copied().collect();
        while let Some(&node) = open.last() {
            web.look().filter(|()| leaves.len() < LONGEST)?;
            let known = |node: NodeId| {
                let plain = node < self.ands[0] || web.xor(node).is_none();
                leaves.get(&node).copied().or_else(|| self.unit(node)).or(plain.then_some([0; MAX_ANDS / 64]))
            };
            if let Some(subset) = known(node) {
                leaves.insert(node, subset);
                open.pop();
                continue;
            }
            let reads = web.xor(node)?;
            match reads.map(known) {
                [Some(a), Some(b)] => {
                    leaves.insert(node, std::array::from_fn(|word| a[word] ^ b[word]));
                }
                _ => open.extend(reads),
            }
        }
        leaves.retain(|node, _| operands.contains(node));
        Some(leaves)
    }

    /// A basis of the space that the operands span where the ANDs are zero, and the operands over it.
    fn inputs(
        &self,
        web: &Web<'_>,
        operands: &BTreeMap<NodeId, Subset>,
    ) -> Option<(Vec<NodeId>, BTreeMap<NodeId, Sum>)> {
        let mut basis: Vec<(Signature, u8)> = Vec::new();
        let mut inputs = Vec::new();
        let mut forms = BTreeMap::new();
        let (plain, mixed): (Vec<_>, Vec<_>) =
            operands.iter().partition(|(_, ands)| **ands == [0; MAX_ANDS / 64]);
        for (&node, &ands) in plain.into_iter().chain(mixed) {
            let mut rest = web.signature(node);
            indices(ands).for_each(|and| rest ^= web.signature(self.ands[and]));
            let mut coordinates = 0;
            for &(row, combination) in &basis {
                let lead = row.lead().expect("a basis is without zero");
                if rest.0[lead / 64] >> (lead % 64) & 1 == 1 {
                    rest ^= row;
                    coordinates ^= combination;
                }
            }
            if !rest.is_zero() {
                if inputs.len() == MAX_INPUTS {
                    return None;
                }
                let new = 1_u8 << inputs.len();
                basis.push((rest, coordinates ^ new));
                basis.sort_unstable_by_key(|&(row, _)| std::cmp::Reverse(row.lead()));
                inputs.push(node);
                coordinates = new;
            }
            forms.insert(node, Sum { node, inputs: coordinates, ands });
        }
        Some((inputs, forms))
    }

    /// Whether an input depends on an AND of the block otherwise than by having it as a leaf, which becomes zero.
    fn is_read_by(&self, web: &Web<'_>, input: NodeId) -> Option<bool> {
        let mut met = BTreeSet::new();
        let mut open = vec![(input, false)];
        while let Some((node, below_and)) = open.pop() {
            if node < self.ands[0] || !met.insert((node, below_and)) {
                continue;
            }
            web.look().filter(|()| met.len() < LONGEST)?;
            if self.index(node).is_some() {
                if below_and {
                    return Some(true);
                }
                continue;
            }
            let below_and = below_and || web.and(node).is_some();
            let reads = web.graph.gate(node).map(Node::reads);
            open.extend(reads.into_iter().flatten().map(|read| (read, below_and)));
        }
        Some(false)
    }

    fn tables(&self, web: &Web<'_>, forms: &BTreeMap<NodeId, Sum>) -> Vec<[Table; 2]> {
        let mut tables: Vec<Table> = Vec::with_capacity(self.ands.len());
        let mut operands = Vec::with_capacity(self.ands.len());
        for &node in self.ands {
            let Some(Node::And(a, b)) = web.graph.gate(node) else { continue };
            let table = |literal: Literal| {
                let sum = &forms[&literal.node()];
                let constant = if literal.inverted() { [!0; 4] } else { [0; 4] };
                let inputs = (0..MAX_INPUTS).filter(|input| sum.inputs >> input & 1 == 1);
                let table = inputs.fold(constant, |table, input| xor(table, PROJECTIONS[input]));
                indices(sum.ands).fold(table, |table, and| xor(table, tables[and]))
            };
            let [a, b] = [table(a), table(b)];
            tables.push(and(a, b));
            operands.push([a, b]);
        }
        operands
    }

    /// A reduced basis of the sums of ANDs that something outside reads.
    fn outputs(&self, web: &Web<'_>) -> Option<Vec<Subset>> {
        let mut sums: BTreeMap<NodeId, Subset> = BTreeMap::new();
        let mut basis = Vec::new();
        let mut open: BTreeSet<NodeId> = self.ands.iter().copied().collect();
        while let Some(node) = open.pop_first() {
            web.look().filter(|()| sums.len() < LONGEST)?;
            let of = |node| sums.get(&node).copied().unwrap_or_default();
            let sum = self.unit(node).or_else(|| {
                let [a, b] = web.xor(node)?.map(of);
                Some(std::array::from_fn(|word| a[word] ^ b[word]))
            })?;
            if sum == [0; MAX_ANDS / 64] {
                continue;
            }
            sums.insert(node, sum);
            let mut is_read = web.is_output(node);
            for &reader in web.readers(node) {
                if web.xor(reader).is_some() {
                    open.insert(reader);
                } else {
                    is_read |= self.index(reader).is_none();
                }
            }
            if is_read {
                insert(&mut basis, sum);
            }
        }
        Some(basis)
    }

    fn claims(&self, inputs: &[NodeId], forms: &BTreeMap<NodeId, Sum>) -> Vec<Vec<NodeId>> {
        let claim = |sum: &Sum| {
            let mut nodes = vec![sum.node];
            nodes.extend(indices(sum.ands).map(|and| self.ands[and]));
            for (_, input) in inputs.iter().enumerate().filter(|(k, _)| sum.inputs >> k & 1 == 1) {
                nodes.push(*input);
                nodes.extend(indices(forms[input].ands).map(|and| self.ands[and]));
            }
            nodes
        };
        forms.values().filter(|sum| !inputs.contains(&sum.node)).map(claim).collect()
    }
}

/// Adds a vector to a reduced basis.
fn insert(basis: &mut Vec<Subset>, mut sum: Subset) {
    let add = |sum: &mut Subset, row: &Subset| sum.iter_mut().zip(row).for_each(|(word, row)| *word ^= row);
    let has = |sum: &Subset, index: usize| sum[index / 64] >> (index % 64) & 1 == 1;
    for row in basis.iter() {
        if indices(*row).next().is_some_and(|pivot| has(&sum, pivot)) {
            add(&mut sum, row);
        }
    }
    if let Some(pivot) = indices(sum).next() {
        basis.iter_mut().filter(|row| has(row, pivot)).for_each(|row| add(row, &sum));
        basis.push(sum);
    }
}

/// Replaces the last node of a sum by its operands until a leaf is left over or nothing is.
pub(super) fn cancels(web: &Web<'_>, sum: &[NodeId]) -> bool {
    let mut open: BinaryHeap<NodeId> = sum.iter().copied().collect();
    for _ in 0..LONGEST {
        let Some(node) = open.pop() else { return true };
        if open.peek() == Some(&node) {
            open.pop();
        } else if let Some(reads) = web.xor(node) {
            open.extend(reads);
        } else if node != NodeId::ZERO {
            return false;
        }
    }
    false
}

/// The members of a subset, ascending.
fn indices(subset: Subset) -> impl Iterator<Item = usize> {
    (0..MAX_ANDS).filter(move |and| subset[and / 64] >> (and % 64) & 1 == 1)
}
