use crate::passes::spans::alternating::{Alternating, MAX_VALUES};
use crate::passes::spans::random::Random;
use crate::passes::spans::span::Span;

/// The sums of products of values of a span that are, modulo the span, a sum of targets, and those that are in the span.
///
/// They are a linear space of alternating forms, and those of low rank in it are the ways to reach a target with few
/// products (the MinRank problem).
pub(super) struct Forms {
    dimension: usize,
    /// Of what is left of a function modulo the span and the targets.
    bits: usize,
    basis: Vec<Alternating>,
}

/// As many dimensions are searched exhaustively.
const EXHAUSTED: usize = 9;

/// The work of a trial.
pub(super) const TRIAL: u64 = 64;

/// Where there are so many bits more in a function than in a low form, none will be it but for luck.
const HOPELESS: usize = 5;

/// The binary logarithm of a quarter of the most trials.
const MOST: usize = 10;

/// Trials that can be spent on luck.
const FEW: u64 = 1 << 8;

impl Forms {
    pub(super) fn new(span: &Span, targets: &[u64]) -> Self {
        let dimension = span.dimension().min(MAX_VALUES);
        let mut rows = span.echelon().0.map(|row| (row, Alternating::ZERO));
        for (index, &target) in targets.iter().enumerate() {
            let (rest, form) = reduce(&rows, target, Alternating::target(index));
            rows[rest.checked_ilog2().expect("targets are a basis modulo the span") as usize] = (rest, form);
        }
        let mut basis = Vec::new();
        for b in 0..dimension {
            for a in 0..b {
                let product = span.values()[a] & span.values()[b];
                let (rest, form) = reduce(&rows, product, Alternating::pair(a, b));
                match rest.checked_ilog2() {
                    Some(pivot) => rows[pivot as usize] = (rest, form),
                    None => basis.push(form),
                }
            }
        }
        let bits = ((1 << span.inputs) - 1_usize).saturating_sub(span.dimension() + targets.len());
        Forms { dimension, bits, basis }
    }

    /// Visits forms that are sums of at most so many products, until told to stop; the same form may come again.
    ///
    /// A form of low rank is zero on many vectors. So it guesses some, each of which leaves few of the forms.
    pub(super) fn low_rank(
        &self,
        products: usize,
        work: &mut u64,
        random: &mut Random,
        mut visit: impl FnMut(&Alternating, &mut Random) -> bool,
    ) {
        if !self.basis.iter().any(Alternating::has_target) {
            return;
        }
        for _ in 0..self.trials(products) {
            if *work == 0 {
                return;
            }
            *work = work.saturating_sub(TRIAL);
            let mut left = self.basis.clone();
            while left.len() > EXHAUSTED && left.iter().any(Alternating::has_target) {
                let vector = random.word() as u32 & ((1 << self.dimension) - 1);
                left = zero_on(left, vector);
            }
            if left.iter().any(Alternating::has_target)
                && exhaust(&left, products, |form| visit(form, random))
            {
                return;
            }
        }
    }
}

impl Forms {
    /// After so many trials a form of so many products has most likely been found: it is zero on each of the vectors
    /// guessed with a probability of one in four for each product.
    fn trials(&self, products: usize) -> u64 {
        let (mut left, mut equations, mut guesses) = (self.basis.len(), self.dimension, 0);
        while left > EXHAUSTED && equations > 1 {
            equations -= 1;
            left = left.saturating_sub(equations);
            guesses += 1;
        }
        let low_forms = self.low_forms(products);
        let expected = low_forms.saturating_sub(self.bits);
        let trials =
            if guesses == 0 { 1 } else { 4 << (2 * products * guesses).saturating_sub(expected).min(MOST) };
        if low_forms + HOPELESS < self.bits && trials > FEW { 0 } else { trials }
    }

    /// The binary logarithm of the number of alternating forms of so many products.
    fn low_forms(&self, products: usize) -> usize {
        products * (2 * self.dimension).saturating_sub(2 * products + 1)
    }
}

/// What is left of a table, and its form with those of the rows taken away.
fn reduce(rows: &[(u64, Alternating); 64], mut table: u64, mut form: Alternating) -> (u64, Alternating) {
    while let Some(pivot) = table.checked_ilog2() {
        let (row, other) = &rows[pivot as usize];
        if *row == 0 {
            break;
        }
        table ^= row;
        form.add(other);
    }
    (table, form)
}

/// The forms of a space that become zero if one argument is this vector.
fn zero_on(basis: Vec<Alternating>, vector: u32) -> Vec<Alternating> {
    let mut rows = [(0_u32, Alternating::ZERO); 32];
    let mut left = Vec::with_capacity(basis.len());
    for mut form in basis {
        let mut image = form.apply(vector);
        while image != 0 {
            let (row, other) = &mut rows[image.ilog2() as usize];
            if *row == 0 {
                (*row, *other) = (image, form);
                break;
            }
            form.add(other);
            image ^= *row;
        }
        if image == 0 {
            left.push(form);
        }
    }
    left
}

/// Visits all low sums of a few forms, in the order of the Gray code.
fn exhaust(basis: &[Alternating], products: usize, mut visit: impl FnMut(&Alternating) -> bool) -> bool {
    let mut sum = Alternating::ZERO;
    (1..1_u32 << basis.len()).any(|step| {
        sum.add(&basis[step.trailing_zeros() as usize]);
        sum.has_target() && sum.has_at_most(products) && visit(&sum)
    })
}
