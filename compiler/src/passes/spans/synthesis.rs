use std::collections::BTreeMap;

use crate::Effort;
use crate::chain::{Chain, Form, PROJECTIONS, mask};
use crate::passes::spans::alternating::MAX_VALUES;
use crate::passes::spans::block::Block;
use crate::passes::spans::equivalence::Invariants;
use crate::passes::spans::random::Random;
use crate::passes::spans::search::Search;
use crate::passes::spans::span::Span;
use crate::passes::spans::table::Table;

/// Finds chains with few ANDs for several functions of the same few inputs, and remembers them.
pub(super) struct Synthesis {
    effort: Effort,
    /// What may still be done, in the units of [`Search`].
    work: u64,
    /// What is known by inputs and a basis of the functions modulo affine ones.
    known: BTreeMap<(usize, Vec<u64>), Known>,
    /// Functions for which something was found, by inputs, outputs and invariants.
    found: BTreeMap<(usize, usize, u64), Vec<(Invariants, Span)>>,
}

/// The best span known, and the most ANDs that were asked for.
struct Known {
    span: Option<Span>,
    most: usize,
}

/// A function of a block: truth tables of the outputs, and the operands of the ANDs that compute them now.
pub(super) struct Function {
    pub(super) inputs: usize,
    pub(super) outputs: Vec<u64>,
    pub(super) ands: Vec<[u64; 2]>,
}

impl Function {
    /// None if the block has more than six inputs.
    pub(super) fn of_block(block: &Block) -> Option<Self> {
        let inputs = block.inputs.len();
        let word = |table: &Table| table[0] & mask(inputs);
        (inputs <= PROJECTIONS.len()).then(|| Function {
            inputs,
            outputs: block.outputs.iter().map(|output| word(&output.table)).collect(),
            ands: block.operands.iter().map(|operands| operands.each_ref().map(word)).collect(),
        })
    }
}

/// As many ANDs are worth a long search: they are more than a random function of six inputs should take.
const LONG: usize = 20;

/// The most ANDs of which some are dropped and computed otherwise.
const LONGEST_REPAIR: usize = 14;

impl Synthesis {
    pub(super) fn new(effort: Effort) -> Self {
        let work = if effort >= Effort::Utmost { 1 << 31 } else { 1 << 29 };
        Synthesis { effort, work, known: BTreeMap::new(), found: BTreeMap::new() }
    }

    /// A chain with fewer ANDs than the function has now, if one is found.
    pub(super) fn chain(&mut self, function: &Function) -> Option<Chain> {
        let targets = Span::affine(function.inputs).missing(&function.outputs);
        let most = function.ands.len().checked_sub(1).filter(|&most| most >= least(&targets))?;
        let key = (function.inputs, targets);
        let known = self.known.get(&key);
        if known.is_none_or(|known| known.span.is_none() && known.most < most) {
            let span = self.span(function, &key.1, most);
            self.known.insert(key.clone(), Known { span, most });
        }
        self.known.get(&key)?.span.as_ref().filter(|span| span.ands.len() <= most)?.chain(&function.outputs)
    }

    fn span(&mut self, function: &Function, targets: &[u64], most: usize) -> Option<Span> {
        let invariants = Invariants::new(function.inputs, targets);
        let place = invariants.as_ref().map(|new| (function.inputs, targets.len(), new.summary));
        if let (Some(new), Some(place)) = (&invariants, place) {
            let alike = self.found.get(&place).into_iter().flatten();
            let moved = alike.filter_map(|(known, span)| new.moved(known, span, targets)).next();
            if moved.as_ref().is_some_and(|span| span.ands.len() <= most) {
                return moved;
            }
        }
        let span = self.searched(function, targets, most)?;
        if let (Some(new), Some(place)) = (invariants, place) {
            self.found.entry(place).or_default().push((new, span.clone()));
        }
        Some(span)
    }

    fn searched(&mut self, function: &Function, targets: &[u64], most: usize) -> Option<Span> {
        let is_thorough = self.effort >= Effort::Utmost;
        let each = match function.ands.len() {
            LONG.. => 1 << if is_thorough { 28 } else { 26 },
            ands => (ands as u64) << if is_thorough { 16 } else { 13 },
        };
        let work = self.work.min(each);
        let most = most.min(MAX_VALUES - function.inputs);
        let mut search = Search { targets, most, is_thorough, work, random: Random::new(0) };
        let mut best = None;
        let mut starts = repairs(function).chain(std::iter::repeat_with(|| Span::affine(function.inputs)));
        while search.work > 0 && search.most >= least(targets) {
            let before = search.work;
            let found = starts.next().and_then(|start| search.run(start));
            if let Some(span) = found {
                let ands = span.ands.len();
                best = Some(span);
                // Fewer than none there cannot be.
                let Some(fewer) = ands.checked_sub(1) else { break };
                search.most = fewer;
            }
            // A long search is so long that it succeeds the first time; another one gains little.
            if function.ands.len() >= LONG && best.is_some() {
                break;
            }
            search.work = search.work.min(before - 1);
        }
        self.work -= work - search.work;
        best
    }
}

/// The ANDs that there are now, without two or three of them and those that need them.
fn repairs(function: &Function) -> impl Iterator<Item = Span> {
    let ands = if function.ands.len() <= LONGEST_REPAIR { function.ands.len() } else { 0 };
    let pairs = (0..ands).flat_map(|a| (0..a).map(move |b| [a, b, b]));
    let triples = (0..ands).flat_map(|a| (0..a).flat_map(move |b| (0..b).map(move |c| [a, b, c])));
    pairs.chain(triples).map(|dropped| {
        let mut span = Span::affine(function.inputs);
        for (_, operands) in function.ands.iter().enumerate().filter(|(and, _)| !dropped.contains(and)) {
            let [a, b] = operands.map(|table| span.form(table));
            if let (Some(a), Some(b)) = (a, b) {
                span.push([a, b].map(without_constant));
            }
        }
        span
    })
}

/// Modulo a span it is the same product.
fn without_constant(form: Form) -> Form {
    Form(form.0 & !Form::ONE.0)
}

/// Fewer ANDs are never enough: each adds one dimension, and `k` of them have a degree of `k + 1` at most (Schnorr, "The
/// multiplicative complexity of Boolean functions", AAECC-6, 1988).
fn least(targets: &[u64]) -> usize {
    let degree = targets.iter().map(|&target| degree(target)).max().unwrap_or(0);
    targets.len().max(degree.saturating_sub(1))
}

/// The degree of the polynomial over GF(2), whose coefficients are sums of the table (the Möbius transform).
fn degree(mut table: u64) -> usize {
    for (input, ones) in PROJECTIONS.into_iter().enumerate() {
        table ^= (table << (1 << input)) & ones;
    }
    (0..64_u64)
        .filter(|monomial| table >> monomial & 1 == 1)
        .map(|monomial| monomial.count_ones() as usize)
        .max()
        .unwrap_or(0)
}
