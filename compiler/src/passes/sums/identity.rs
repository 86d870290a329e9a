use std::collections::BTreeMap;

use crate::graph::{Literal, NodeId};

/// What is known of a word: as numbers modulo `2^n`, its bits are the sum of some bits and a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The word: for each of `n` weights the literal that the bit of this weight is, if it is anywhere in the graph.
    pub(crate) word: Vec<Option<Literal>>,
    /// The addends by weight.
    pub(crate) columns: Vec<Vec<Literal>>,
    /// The bits of the constant.
    pub(crate) ones: Vec<bool>,
}

/// A sum of nodes with coefficients, modulo a power of two that is known only when all terms are there: terms are
/// entered by their *depth*, which says how many places their weight is below the highest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// For each depth the coefficients of nodes.
    pub(crate) nodes: Vec<BTreeMap<NodeId, i64>>,
    pub(crate) constants: Vec<i64>,
}

impl Terms {
    pub(crate) fn add_node(&mut self, depth: usize, node: NodeId, coefficient: i64) {
        self.reach(depth);
        let terms = &mut self.nodes[depth];
        let sum = terms.entry(node).or_default();
        *sum += coefficient;
        if *sum == 0 {
            terms.remove(&node);
        }
    }

    pub(crate) fn add_constant(&mut self, depth: usize, value: i64) {
        self.reach(depth);
        self.constants[depth] += value;
    }

    /// Adds a bit that may be an inverted node, `1 - x`, or a constant.
    pub(crate) fn add(&mut self, depth: usize, literal: Literal, coefficient: i64) {
        if literal.inverted() {
            self.add_constant(depth, coefficient);
        }
        if !literal.is_constant() {
            self.add_node(depth, literal.node(), if literal.inverted() { -coefficient } else { coefficient });
        }
    }

    fn reach(&mut self, depth: usize) {
        if self.nodes.len() <= depth {
            self.nodes.resize_with(depth + 1, BTreeMap::new);
            self.constants.resize(depth + 1, 0);
        }
    }

    /// The terms as signed digits by weight, lowest first: no node has two digits at neighbouring weights
    /// (Reitwiesner 1960). And the constant by weight.
    pub(crate) fn into_digits(self) -> (Vec<BTreeMap<NodeId, i8>>, Vec<i64>) {
        let width = self.nodes.len();
        let mut by_weight: Vec<_> = self.nodes.into_iter().rev().collect();
        let mut digits = vec![BTreeMap::new(); width];
        for weight in 0..width {
            for (node, coefficient) in std::mem::take(&mut by_weight[weight]) {
                let above = by_weight.get(weight + 1).and_then(|terms| terms.get(&node)).copied().unwrap_or(0);
                let digit = match (coefficient + 2 * above).rem_euclid(4) {
                    1 => 1,
                    3 => -1,
                    _ => 0,
                };
                if digit != 0 {
                    digits[weight].insert(node, digit as i8);
                }
                if let Some(terms) = by_weight.get_mut(weight + 1)
                    && coefficient != digit
                {
                    *terms.entry(node).or_default() += (coefficient - digit) / 2;
                }
            }
        }
        (digits, self.constants.into_iter().rev().collect())
    }
}

/// The bits of a number that is given by a multiple of each power of two, modulo the power above them.
pub(crate) fn bits(multiples: &[i64]) -> Vec<bool> {
    let mut carry = 0;
    let bit = |&multiple| {
        carry += multiple;
        let bit = carry & 1;
        carry = (carry - bit) / 2;
        bit == 1
    };
    multiples.iter().map(bit).collect()
}
