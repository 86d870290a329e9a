use std::collections::BTreeMap;

use crate::Effort;
use crate::chain::{Chain, mask};
use crate::passes::spans::equivalence::Invariants;
use crate::passes::spans::search::search;
use crate::passes::spans::span::Span;

/// Finds chains with few ANDs for several functions of the same few inputs, and remembers them.
pub(super) struct Synthesis {
    effort: Effort,
    /// The best ANDs known by inputs and a basis of the functions modulo affine ones.
    known: BTreeMap<Key, Option<Span>>,
    /// Functions searched for, by inputs and invariants.
    searched: BTreeMap<(usize, usize, u64), Vec<(Invariants, Span)>>,
}

type Key = (usize, Vec<u64>);

impl Synthesis {
    pub(super) fn new(effort: Effort) -> Self {
        Synthesis { effort, known: BTreeMap::new(), searched: BTreeMap::new() }
    }

    /// A chain with fewer ANDs than those given, if one is found.
    pub(super) fn chain(&mut self, inputs: usize, tables: &[u64], ands: usize) -> Option<Chain> {
        let tables: Vec<u64> = tables.iter().map(|table| table & mask(inputs)).collect();
        let targets = Span::affine(inputs).missing(&tables);
        if targets.len() >= ands {
            return None;
        }
        let key = (inputs, targets);
        if !self.known.contains_key(&key) {
            let span = self.span(inputs, &key.1);
            self.known.insert(key.clone(), span);
        }
        self.known.get(&key)?.as_ref().filter(|span| span.ands.len() < ands)?.chain(&tables)
    }

    fn span(&mut self, inputs: usize, targets: &[u64]) -> Option<Span> {
        let Some(invariants) = Invariants::new(inputs, targets) else {
            return search(inputs, targets, self.effort);
        };
        let searched = self.searched.entry((inputs, targets.len(), invariants.summary)).or_default();
        for (known, span) in searched.iter() {
            if let Some(moved) = invariants.moved(known, span, targets) {
                return Some(moved);
            }
        }
        let span = search(inputs, targets, self.effort)?;
        searched.push((invariants, span.clone()));
        Some(span)
    }
}
