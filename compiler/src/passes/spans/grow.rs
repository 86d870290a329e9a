use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use crate::graph::NodeId;
use crate::passes::spans::web::{Signature, Web};

/// ANDs around a seed, in the order in which they were taken in.
///
/// The operands of ANDs span a space; counted modulo the outputs of the ANDs themselves, its dimension is the number of
/// inputs that they have together, each a sum of whatever lies outside. Ands are taken in that add the fewest.
pub(super) struct Growth {
    pub(super) ands: Vec<NodeId>,
    /// How many of the ANDs, and how many dimensions they have, each time that one more AND would have added another.
    pub(super) stops: Vec<(usize, usize)>,
}

/// The most ANDs in a block.
pub(super) const MAX_ANDS: usize = 192;

/// Dimensions above those wanted that may be passed through: what is read together may come together again further
/// down.
const DETOUR: usize = 6;

/// Candidates compared in a step.
const CANDIDATES: usize = 48;

/// Candidates kept at most.
const MOST_CANDIDATES: usize = 1 << 10;

/// Readers of one node that are looked at.
const READERS: usize = 64;

impl Growth {
    /// Grows from an AND until there would be too many dimensions.
    pub(super) fn from_seed(web: &Web<'_>, seed: NodeId, dimensions: usize) -> Self {
        let mut grower = Grower::new(web);
        grower.take(seed);
        let mut stops = Vec::new();
        while let Some((index, added)) = grower.best() {
            let dimension = grower.dimension();
            if added > 0 {
                stops.push((grower.ands.len(), dimension));
            }
            if dimension as isize + added > (dimensions + DETOUR) as isize || grower.ands.len() == MAX_ANDS {
                break;
            }
            let and = grower.candidates.swap_remove(index);
            grower.take(and);
        }
        stops.push((grower.ands.len(), grower.dimension()));
        Growth { ands: grower.ands, stops }
    }

    /// The largest beginning with at most so many dimensions and ANDs.
    pub(super) fn largest(&self, dimensions: usize, most: usize) -> &[NodeId] {
        let fitting = self.stops.iter().filter(|&&(_, dimension)| dimension <= dimensions);
        &self.ands[..fitting.map(|&(ands, _)| ands).max().unwrap_or(0).min(most)]
    }
}

struct Grower<'w> {
    web: &'w Web<'w>,
    ands: Vec<NodeId>,
    space: Space,
    candidates: Vec<NodeId>,
    met: BTreeSet<NodeId>,
    /// Sums read by the ANDs, the deepest first, still to be taken apart.
    below: BinaryHeap<(u32, NodeId)>,
    /// Nodes made of the ANDs and what they read, whose readers have not been looked at.
    above: VecDeque<(NodeId, u32)>,
}

impl<'w> Grower<'w> {
    fn new(web: &'w Web<'w>) -> Self {
        Grower {
            web,
            ands: Vec::new(),
            space: Space::new(),
            candidates: Vec::new(),
            met: BTreeSet::new(),
            below: BinaryHeap::new(),
            above: VecDeque::new(),
        }
    }

    fn dimension(&self) -> usize {
        self.space.rank - self.ands.len()
    }

    fn take(&mut self, and: NodeId) {
        self.met.insert(and);
        self.ands.push(and);
        self.space.insert(self.web.signature(and));
        self.above.push_back((and, 0));
        for operand in self.web.and(and).into_iter().flatten() {
            self.space.insert(self.web.signature(operand));
            self.above.push_back((operand, 0));
            self.meet_below(operand);
        }
    }

    fn meet_below(&mut self, node: NodeId) {
        if self.web.graph.gate(node).is_some() && self.met.insert(node) {
            if self.web.and(node).is_some() {
                self.candidates.push(node);
            } else {
                self.below.push((self.web.level(node), node));
            }
        }
    }

    /// The candidate that adds the fewest dimensions, and how many.
    fn best(&mut self) -> Option<(usize, isize)> {
        self.refill();
        let mut best: Option<(usize, (isize, u32))> = None;
        let mut index = 0;
        while index < self.candidates.len() {
            let and = self.candidates[index];
            let added = self.added(and);
            // What adds two at once is no more than a guess: the deepest ANDs are the closest. Else the way down to
            // the inputs is the shortest along the lowest.
            let level = self.web.level(and);
            let score = (added, if added > 1 { u32::MAX - level } else { level });
            if best.is_none_or(|(_, least)| score < least) {
                best = Some((index, score));
            }
            if added < 0 {
                break;
            }
            index += 1;
            // Whatever is for free comes first.
            while index == self.candidates.len()
                && index < MOST_CANDIDATES
                && best.is_some_and(|(_, (added, _))| added > 0)
                && let Some((node, outside)) = self.above.pop_front()
            {
                self.look_above(node, outside);
            }
        }
        best.map(|(index, (added, _))| (index, added))
    }

    fn refill(&mut self) {
        while self.candidates.len() < CANDIDATES {
            if let Some((_, node)) = self.below.pop() {
                self.web.xor(node).into_iter().flatten().for_each(|read| self.meet_below(read));
            } else if let Some((node, outside)) = self.above.pop_front() {
                self.look_above(node, outside);
            } else {
                break;
            }
        }
    }

    fn look_above(&mut self, node: NodeId, outside: u32) {
        for &reader in self.web.readers(node).iter().take(READERS) {
            if !self.met.insert(reader) {
                continue;
            }
            if self.web.and(reader).is_some() {
                self.candidates.push(reader);
            } else if self.space.contains(self.web.signature(reader)) {
                self.above.push_back((reader, 0));
            } else if outside < 1 {
                self.above.push_back((reader, outside + 1));
            }
        }
    }

    fn added(&mut self, and: NodeId) -> isize {
        let web = self.web;
        let operands = web.and(and).into_iter().flatten();
        let inserted =
            std::iter::once(and).chain(operands).map(|node| self.space.insert(web.signature(node)));
        let inserted: Vec<_> = inserted.flatten().collect();
        inserted.iter().rev().for_each(|&pivot| self.space.remove(pivot));
        inserted.len() as isize - 1
    }
}

/// The span of signatures, as an echelon form.
struct Space {
    rows: Vec<Signature>,
    rank: usize,
}

impl Space {
    fn new() -> Self {
        Space { rows: vec![Signature::default(); 256], rank: 0 }
    }

    fn rest(&self, mut signature: Signature) -> Signature {
        while let Some(pivot) = signature.lead() {
            if self.rows[pivot].is_zero() {
                break;
            }
            signature ^= self.rows[pivot];
        }
        signature
    }

    fn contains(&self, signature: Signature) -> bool {
        self.rest(signature).is_zero()
    }

    /// Tells the pivot of the new row, if there is one.
    fn insert(&mut self, signature: Signature) -> Option<usize> {
        let rest = self.rest(signature);
        let pivot = rest.lead()?;
        self.rows[pivot] = rest;
        self.rank += 1;
        Some(pivot)
    }

    /// Takes back the last insertion.
    fn remove(&mut self, pivot: usize) {
        self.rows[pivot] = Signature::default();
        self.rank -= 1;
    }
}
