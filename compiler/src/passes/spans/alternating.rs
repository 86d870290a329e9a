use crate::chain::Form;
use crate::passes::spans::random::Random;

/// A sum of products of values of a span, modulo the span: as an alternating bilinear form, a symmetric matrix with an
/// empty diagonal. Bit `k` of row `i` says whether the product of the values `i` and `k` is in the sum.
///
/// Half its rank is the fewest products of sums of values that it can be written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alternating {
    rows: [u32; MAX_VALUES],
    /// The targets that the sum has to do with, a bit for each; none for a sum that is in the span.
    targets: u32,
}

/// Values of a span whose products are looked at; with the targets, the words of a form fill whole vector registers.
pub(super) const MAX_VALUES: usize = 23;

impl Alternating {
    pub(super) const ZERO: Alternating = Alternating { rows: [0; MAX_VALUES], targets: 0 };

    /// Nothing but a target.
    pub(super) fn target(index: usize) -> Self {
        Alternating { targets: 1 << index, ..Self::ZERO }
    }

    /// Whether the sum reaches any target.
    pub(super) fn has_target(&self) -> bool {
        self.targets != 0
    }

    /// The product of two values.
    pub(super) fn pair(a: usize, b: usize) -> Self {
        let mut pair = Self::ZERO;
        pair.rows[a] = 1 << b;
        pair.rows[b] = 1 << a;
        pair
    }

    pub(super) fn add(&mut self, other: &Alternating) {
        self.rows.iter_mut().zip(other.rows).for_each(|(row, other)| *row ^= other);
        self.targets ^= other.targets;
    }

    /// The linear form that comes of fixing one argument.
    pub(super) fn apply(&self, vector: u32) -> u32 {
        let mut left = vector;
        let mut sum = 0;
        while left != 0 {
            sum ^= self.rows[left.trailing_zeros() as usize];
            left &= left - 1;
        }
        sum
    }

    /// Whether the form is a sum of at most so many products.
    pub(super) fn has_at_most(&self, products: usize) -> bool {
        let mut basis = [0_u32; 32];
        let mut rank = 0;
        for mut row in self.rows {
            while row != 0 {
                let pivot = row.ilog2() as usize;
                if basis[pivot] == 0 {
                    basis[pivot] = row;
                    rank += 1;
                    if rank > 2 * products {
                        return false;
                    }
                    break;
                }
                row ^= basis[pivot];
            }
        }
        true
    }

    /// The form as products, as few as there can be; there are many ways, of which it takes a random one.
    pub(super) fn split(mut self, random: &mut Random) -> Vec<[Form; 2]> {
        let mut products = Vec::new();
        while self.rows != [0; MAX_VALUES] {
            let (p, q) = (self.apply(random.word() as u32 & LOW), self.apply(random.word() as u32 & LOW));
            // Where the form takes the value one on the two vectors, this takes both out of it.
            let mut rest = self;
            for (k, row) in rest.rows.iter_mut().enumerate() {
                *row ^= if p >> k & 1 == 1 { q } else { 0 } ^ if q >> k & 1 == 1 { p } else { 0 };
            }
            let before = products.len() + self.half_rank();
            if products.len() + 1 + rest.half_rank() == before {
                products.push([p, q].map(|vector| Form(u64::from(vector))));
                self = rest;
            }
        }
        products
    }

    fn half_rank(&self) -> usize {
        (0..).find(|&products| self.has_at_most(products)).unwrap_or(0)
    }
}

const LOW: u32 = (1 << MAX_VALUES) - 1;

#[cfg(test)]
mod tests {
    use super::{Alternating, MAX_VALUES};
    use crate::passes::spans::random::Random;

    /// The product of two sums of values.
    fn product(p: u64, q: u64) -> Alternating {
        let mut sum = Alternating::ZERO;
        for a in (0..MAX_VALUES).filter(|a| p >> a & 1 == 1) {
            (0..MAX_VALUES)
                .filter(|&b| b != a && q >> b & 1 == 1)
                .for_each(|b| sum.add(&Alternating::pair(a, b)));
        }
        sum
    }

    #[test]
    fn a_form_is_split_into_as_few_products_as_it_has() {
        let mut random = Random::new(1);
        for products in 1..5 {
            let mut form = Alternating::ZERO;
            (0..products).for_each(|_| form.add(&product(random.word(), random.word())));
            assert!(form.has_at_most(products) && !form.has_at_most(products - 1));
            let split = form.split(&mut random);
            assert_eq!(split.len(), products);
            split.into_iter().for_each(|[p, q]| form.add(&product(p.0, q.0)));
            assert_eq!(form, Alternating::ZERO);
        }
    }

    #[test]
    fn fixing_an_argument_leaves_a_linear_form() {
        let form = product(0b0110, 0b1000);
        assert_eq!([form.apply(0b0010), form.apply(0b1000), form.apply(0b1010)], [0b1000, 0b0110, 0b1110]);
    }
}
