use crate::Effort;
use crate::chain::Form;
use crate::passes::spans::alternating::MAX_VALUES;
use crate::passes::spans::forms::Forms;
use crate::passes::spans::random::Random;
use crate::passes::spans::span::Span;

/// A span with few ANDs that has all targets.
///
/// Products are added until it does. A target, or a sum of targets, that is a sum of one, two or three products of
/// functions of the span is found by linear algebra ([`Forms`]). Where none is, the span is too small. A random product
/// makes it larger; of many random ones those are kept after which a target comes into reach.
pub(super) fn search(inputs: usize, targets: &[u64], effort: Effort) -> Option<Span> {
    let attempts = match inputs {
        0..=4 => 1 << 10,
        5 => 1 << 6,
        _ => 1,
    };
    let mut best: Option<Span> = None;
    for seed in 0..attempts {
        if best.as_ref().is_some_and(|span| span.ands.len() == targets.len()) {
            break;
        }
        let most = best.as_ref().map_or(MAX_VALUES - inputs, |span| span.ands.len() - 1);
        let attempt = Attempt { targets, most, effort, random: Random::new(seed) };
        best = attempt.run(Span::affine(inputs)).or(best);
    }
    best
}

struct Attempt<'t> {
    targets: &'t [u64],
    /// ANDs.
    most: usize,
    effort: Effort,
    random: Random,
}

/// Spans that are looked at side by side.
const SPANS: usize = 64;

/// Random products tried on the same span.
const PRODUCTS: usize = 1 << 10;

/// Ways to write the same form as products, which lead to different spans.
const SPLITS: usize = 10;

/// The most products added at once.
const TOGETHER: usize = 3;

impl Attempt<'_> {
    fn run(mut self, start: Span) -> Option<Span> {
        let mut spans = self.open(start);
        loop {
            let missing = spans.first()?.missing(self.targets).len();
            if missing == 0 {
                return spans.pop();
            }
            if spans[0].ands.len() + missing > self.most {
                return None;
            }
            spans = self.advance(spans);
        }
    }

    /// Spans that have a target, or two if it is worth it, with as few ANDs as can be found.
    fn open(&mut self, start: Span) -> Vec<Span> {
        let is_easy = (1..=TOGETHER).any(|products| !self.reach(&start, products).is_empty());
        if is_easy || start.missing(self.targets).is_empty() {
            return vec![start];
        }
        for ands in 0..self.most.min(5) {
            let mut pool = Vec::new();
            for _ in 0..self.openings(start.inputs, ands) {
                let base = (0..ands).fold(start.clone(), |span, _| self.widened(span));
                let opened = self.opened(&base);
                for span in &opened {
                    let further = self.reach(span, 2);
                    if span.missing(self.targets).is_empty() || !further.is_empty() {
                        return if further.is_empty() { vec![span.clone()] } else { further };
                    }
                }
                pool.extend(opened);
                if self.effort < Effort::Utmost && !pool.is_empty() {
                    break;
                }
            }
            if !pool.is_empty() {
                return pool;
            }
        }
        vec![start]
    }

    /// How many times to start from that many random products.
    fn openings(&self, inputs: usize, ands: usize) -> usize {
        match (inputs, ands) {
            (6, 3) => 1 << 14,
            (6, _) => 1 << 7,
            (5, _) => 1 << 4,
            _ => 1,
        }
    }

    /// Spans with a target, with one product and then some more.
    ///
    /// Whether a target comes into reach is a question of linear algebra, and most of it is the same for all products:
    /// is it in the span of the products of any two functions?
    fn opened(&mut self, base: &Span) -> Vec<Span> {
        let square = base.square();
        let missing = base.missing(self.targets);
        let mut found = Vec::new();
        for _ in 0..PRODUCTS {
            let operands = self.operands(base);
            let product = base.product(operands);
            let mut wider = square;
            wider.insert(product);
            base.values().iter().for_each(|value| drop(wider.insert(product & value)));
            if missing.iter().any(|&target| !wider.insert(target)) {
                let mut span = base.clone();
                span.push(operands);
                let reached = (1..=2).map(|products| self.reach(&span, products));
                found.extend(reached.into_iter().find(|reached| !reached.is_empty()).unwrap_or_default());
            }
        }
        found
    }

    /// Spans with a target more than those given, or, if there are none in reach, with a random product more.
    fn advance(&mut self, spans: Vec<Span>) -> Vec<Span> {
        for products in 1..=TOGETHER {
            let mut found = Vec::new();
            for span in &spans {
                found.extend(self.reach(span, products));
                if let Some(done) = found.iter().position(|span| span.missing(self.targets).is_empty()) {
                    return vec![found.swap_remove(done)];
                }
                if found.len() >= SPANS {
                    break;
                }
            }
            if !found.is_empty() {
                return found;
            }
        }
        spans.into_iter().take(SPANS).map(|span| self.widened(span)).collect()
    }

    /// Spans with a target more and so many products more.
    fn reach(&mut self, span: &Span, products: usize) -> Vec<Span> {
        let missing = span.missing(self.targets);
        let mut found = Vec::new();
        if span.dimension() + products <= MAX_VALUES {
            Forms::new(span, &missing).low_rank(products, &mut self.random, |form, random| {
                for _ in 0..SPLITS {
                    let mut wider = span.clone();
                    form.split(random).into_iter().for_each(|factors| wider.push(factors));
                    found.push(wider);
                }
                true
            });
        }
        found
    }

    fn widened(&mut self, mut span: Span) -> Span {
        let before = span.dimension();
        // If all functions are in the span, so are the targets, and no one comes here.
        while span.dimension() == before && before < MAX_VALUES {
            let operands = self.operands(&span);
            span.push(operands);
        }
        span
    }

    fn operands(&mut self, span: &Span) -> [Form; 2] {
        [0, 1].map(|_| Form(self.random.word() & ((1 << span.dimension()) - 1)))
    }
}
