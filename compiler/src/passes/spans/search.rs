use crate::chain::Form;
use crate::passes::spans::alternating::MAX_VALUES;
use crate::passes::spans::forms::{Forms, TRIAL};
use crate::passes::spans::random::Random;
use crate::passes::spans::span::Span;

/// The search for a span with few ANDs that has some targets.
///
/// Products are added until it does. A target, or a sum of targets, that is a sum of one, two or three products of
/// functions of the span is found by linear algebra ([`Forms`]). Where none is, the span is too small. A random product
/// makes it larger; of many random ones those are kept after which a target comes into reach.
pub(super) struct Search<'t> {
    pub(super) targets: &'t [u64],
    /// No more ANDs than these.
    pub(super) most: usize,
    /// Whether to look for a start that leads to two targets at once, and not to take the first.
    pub(super) is_thorough: bool,
    /// What may still be done; a unit is a look at a random product.
    pub(super) work: u64,
    pub(super) random: Random,
}

/// Spans that are looked at side by side.
const SPANS: usize = 64;

/// Random products tried on the same span.
const PRODUCTS: u64 = 1 << 10;

/// Ways to write the same form as products, which lead to different spans.
const SPLITS: usize = 10;

/// The most products added at once.
const TOGETHER: usize = 3;

/// The most random products to begin with.
const LONGEST_OPENING: usize = 5;

/// How many times to begin with so many random products; with four there are spans enough that one of a million has the
/// first target of a random function of six inputs two products away.
const OPENINGS: [usize; LONGEST_OPENING] = [1, 1 << 3, 1 << 5, 1 << 15, 1 << 7];

impl Search<'_> {
    /// Continues a span.
    pub(super) fn run(&mut self, start: Span) -> Option<Span> {
        let mut spans = self.open(start);
        loop {
            let missing = spans.first()?.missing(self.targets).len();
            if missing == 0 {
                return spans.pop().filter(|span| span.ands.len() <= self.most);
            }
            if spans[0].ands.len() + missing > self.most || self.work == 0 {
                return None;
            }
            spans = self.advance(spans);
        }
    }

    /// Spans that have a target, or two, with as few ANDs as can be found; or the same span, if it has one in reach.
    fn open(&mut self, start: Span) -> Vec<Span> {
        let missing = start.missing(self.targets).len();
        if missing == 0 || (1..=TOGETHER).any(|products| !self.reach(&start, products).is_empty()) {
            return vec![start];
        }
        for (ands, openings) in OPENINGS.into_iter().enumerate() {
            let mut pool = Vec::new();
            for _ in 0..openings {
                if start.ands.len() + ands + missing > self.most || self.work == 0 {
                    break;
                }
                let base = (0..ands).fold(start.clone(), |span, _| self.widened(span));
                for span in self.opened(&base) {
                    let further = self.reach(&span, 2);
                    if !further.is_empty() {
                        return further;
                    }
                    pool.push(span);
                }
                if missing == 1 || !self.is_thorough && !pool.is_empty() {
                    break;
                }
            }
            if !pool.is_empty() {
                return pool;
            }
        }
        vec![start]
    }

    /// Spans with a target, with one product and then some more.
    ///
    /// Whether a target comes into reach is a question of linear algebra, and most of it is the same for all products:
    /// is it in the span of the products of any two functions?
    fn opened(&mut self, base: &Span) -> Vec<Span> {
        let square = base.square();
        let missing = base.missing(self.targets);
        let mut found = Vec::new();
        self.work = self.work.saturating_sub(PRODUCTS);
        for _ in 0..PRODUCTS {
            let operands = self.operands(base);
            let product = base.product(operands);
            let mut wider = square;
            wider.insert(product);
            for value in base.values() {
                wider.insert(product & value);
            }
            if missing.iter().all(|&target| wider.insert(target)) {
                continue;
            }
            let mut span = base.clone();
            span.push(operands);
            let reached = (1..=2).map(|products| self.reach(&span, products));
            found.extend(reached.into_iter().find(|reached| !reached.is_empty()).unwrap_or_default());
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
        let ands = span.ands.len() + products + missing.len();
        if missing.is_empty() || span.dimension() + products > MAX_VALUES || ands > self.most + 1 {
            return found;
        }
        let forms = Forms::new(span, &missing);
        self.work = self.work.saturating_sub(TRIAL);
        forms.low_rank(products, &mut self.work, &mut self.random, |form, random| {
            for _ in 0..SPLITS {
                let mut wider = span.clone();
                form.split(random).into_iter().for_each(|factors| wider.push(factors));
                found.push(wider);
            }
            true
        });
        found
    }

    fn widened(&mut self, mut span: Span) -> Span {
        let before = span.dimension();
        // A span that has all functions has the targets, and does not come here.
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
