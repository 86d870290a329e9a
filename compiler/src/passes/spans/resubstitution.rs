//! ANDs of a block that its other ANDs make superfluous.
//!
//! Resubstitution (Mishchenko and Brayton, "Scalable logic synthesis using a simple circuit structure", IWLS 2006; for
//! XOR-AND graphs Riener et al., "On-the-fly and DAG-aware: Rewriting Boolean networks with exact synthesis", DATE
//! 2019) computes a function from others that are there anyway. Here these are all sums of inputs and ANDs of the
//! block, so that an AND is looked for in a linear space, with Gauss's method on truth tables over all assignments of
//! the inputs. Assignments for which no output of the block changes with the AND (its observability don't-cares) are
//! left out; those that its operands cannot take (satisfiability don't-cares) never appear in tables over the inputs.

use crate::chain::{Chain, Form};
use crate::passes::spans::block::Block;
use crate::passes::spans::table::{MAX_INPUTS, ONE, PROJECTIONS, Space, Table, and, not, xor};

/// The most ANDs of a block.
pub(super) const MOST_ANDS: usize = Chain::MAX_VALUES - MAX_INPUTS;

/// Looks for ANDs to save.
pub(super) struct Resubstitution {
    /// Tables that may still be written as sums of others.
    pub(super) work: u64,
}

impl Resubstitution {
    /// A chain of fewer ANDs for a block.
    pub(super) fn chain(&mut self, block: &Block) -> Option<Chain> {
        let tables: Vec<_> = block.outputs.iter().map(|output| output.table).collect();
        let chain = self.thinned(realized(block.inputs.len(), &block.operands, &tables)?);
        (chain.ands.len() < block.ands.len() && outputs(&chain) == tables).then_some(chain)
    }

    /// A chain of the same outputs, without the ANDs that can be spared.
    fn thinned(&mut self, mut chain: Chain) -> Chain {
        let outputs = outputs(&chain);
        while let Some(smaller) = self.smaller(&chain, &outputs) {
            chain = smaller;
        }
        chain
    }

    fn smaller(&mut self, chain: &Chain, outputs: &[Table]) -> Option<Chain> {
        let ands = || (0..chain.ands.len()).rev();
        // This first: after the other a root and what it needs may be of two pieces.
        let replaced = ands().find_map(|and| self.replaced(chain, outputs, and));
        replaced.or_else(|| ands().find_map(|and| self.dropped(chain, outputs, and)))
    }

    fn spend(&mut self, tables: usize) -> Option<()> {
        self.work = self.work.checked_sub(tables as u64)?;
        Some(())
    }

    /// The chain without an AND, if all that read it can read others.
    fn dropped(&mut self, chain: &Chain, outputs: &[Table], and: usize) -> Option<Chain> {
        self.spend(3 * chain.ands.len())?;
        let mut operands = operands(chain);
        operands.remove(and);
        realized(chain.inputs, &operands, outputs)
    }

    /// The chain with an AND, and those that only it needs, computed by others and at most one new AND.
    fn replaced(&mut self, chain: &Chain, outputs: &[Table], and: usize) -> Option<Chain> {
        let place = Place::new(chain, and);
        let found = self.substitute(&place)?;
        realized(chain.inputs, &operands(&place.filled(&found)), outputs)
    }

    fn substitute(&mut self, place: &Place<'_>) -> Option<Substitute> {
        let values = place.values.len();
        self.spend(values)?;
        if let Some(sum) = place.on(place.care) {
            return Some(Substitute { sum, product: None });
        }
        if place.private.count_ones() < 2 {
            return None;
        }
        let mut selectors: Vec<_> = place.values[1..].to_vec();
        for (place, &(form, table)) in selectors.clone().iter().enumerate() {
            let pairs: Vec<_> = selectors[..place]
                .iter()
                .map(|&(other, second)| (form ^ other, xor(table, second)))
                .collect();
            selectors.extend(pairs);
        }
        // Where a selector is one the AND is one sum, where it is zero another: that is a product and a sum.
        selectors.into_iter().find_map(|(form, table)| {
            self.spend(values)?;
            let one = place.on(and(place.care, table))?;
            self.spend(values)?;
            let zero = place.on(and(place.care, not(table)))?;
            Some(Substitute { sum: zero, product: Some([form, one ^ zero]) })
        })
    }
}

/// What stands in the place of an AND: a sum, and a product of two sums if there is no other way.
struct Substitute {
    sum: Form,
    product: Option<[Form; 2]>,
}

/// An AND of a chain, and what is known of it.
struct Place<'c> {
    chain: &'c Chain,
    and: usize,
    /// ANDs that depend on it, itself included.
    above: u64,
    /// ANDs that nothing else needs, itself included.
    private: u64,
    /// The assignments for which an output depends on it.
    care: Table,
    target: Table,
    /// What it may be a sum of, and the constant one first.
    values: Vec<(Form, Table)>,
}

impl<'c> Place<'c> {
    fn new(chain: &'c Chain, and: usize) -> Self {
        let (above, private) = (above(chain, and), private(chain, and));
        let [now, flipped] = [None, Some(and)].map(|flipped| values(chain, flipped));
        let changes = chain.outputs.iter().map(|&form| xor(sum(&now, form), sum(&flipped, form)));
        let care = changes.fold([0; 4], |care, change| not(self::and(not(care), not(change))));
        let is_there = |value: &usize| {
            value.checked_sub(chain.inputs).is_none_or(|other| (above | private) >> other & 1 == 0)
        };
        let there = (0..now.len()).filter(is_there).map(|value| (Form::value(value), now[value]));
        let values = std::iter::once((Form::ONE, ONE)).chain(there).collect();
        Place { chain, and, above, private, care, target: now[chain.inputs + and], values }
    }

    /// A sum that agrees with the AND for some assignments.
    fn on(&self, assignments: Table) -> Option<Form> {
        let mut space = Space::default();
        for &(form, table) in &self.values {
            space.insert(and(table, assignments), form);
        }
        space.form(and(self.target, assignments))
    }

    /// The chain with something else in this place.
    fn filled(&self, substitute: &Substitute) -> Chain {
        let inputs = self.chain.inputs;
        let mut new = Chain { inputs, ands: Vec::new(), outputs: Vec::new() };
        let mut forms: Vec<_> = (0..inputs + self.chain.ands.len()).map(Form::value).collect();
        let moved = |forms: &[Form], form: Form| {
            let constant = if form.is_inverted() { Form::ONE } else { Form::default() };
            form.values().fold(constant, |sum, value| sum ^ forms[value])
        };
        let all = 0..self.chain.ands.len();
        let has = |set: u64, other: &usize| set >> other & 1 == 1;
        let below = all.clone().filter(|other| !has(self.above | self.private, other));
        let above = all.filter(|other| has(self.above, other) && *other != self.and);
        for other in below.chain([self.and]).chain(above) {
            let (base, operands) = match other == self.and {
                true => (substitute.sum, substitute.product),
                false => (Form::default(), Some(self.chain.ands[other])),
            };
            let mut form = moved(&forms, base);
            if let Some(operands) = operands {
                new.ands.push(operands.map(|operand| moved(&forms, operand)));
                form = form ^ Form::value(inputs + new.ands.len() - 1);
            }
            forms[inputs + other] = form;
        }
        new.outputs = self.chain.outputs.iter().map(|&form| moved(&forms, form)).collect();
        new
    }
}

/// The ANDs that depend on one, as bits.
fn above(chain: &Chain, and: usize) -> u64 {
    let mut above = 1 << and;
    for (other, operands) in chain.ands.iter().enumerate().skip(and) {
        if operands.iter().any(|form| form.0 >> chain.inputs & above != 0) {
            above |= 1 << other;
        }
    }
    above
}

/// The ANDs that only one needs, as bits.
fn private(chain: &Chain, and: usize) -> u64 {
    let reads =
        |forms: &[Form]| forms.iter().fold(0, |reads, form| reads | form.0 & !Form::ONE.0) >> chain.inputs;
    let mut others = reads(&chain.outputs);
    let mut private = 1 << and;
    for (other, operands) in chain.ands.iter().enumerate().rev() {
        if other > and || other < and && others >> other & 1 == 1 {
            others |= reads(operands);
        } else if other < and {
            private |= 1 << other;
        }
    }
    private
}

/// A chain of these products that has these outputs, if they are enough; without those that are sums of others.
fn realized(inputs: usize, products: &[[Table; 2]], outputs: &[Table]) -> Option<Chain> {
    let mut space = Space::default();
    space.insert(ONE, Form::ONE);
    for (input, table) in PROJECTIONS[..inputs].iter().enumerate() {
        space.insert(*table, Form::value(input));
    }
    let mut ands: Vec<[Form; 2]> = Vec::new();
    let mut left = products.to_vec();
    loop {
        let before = left.len();
        left.retain(|&[a, b]| {
            let (Some(left), Some(right)) = (space.form(a), space.form(b)) else { return true };
            if space.insert(and(a, b), Form::value(inputs + ands.len())) {
                ands.push([left, right]);
            }
            false
        });
        if left.len() == before {
            break;
        }
    }
    let outputs = outputs.iter().map(|&table| space.form(table)).collect::<Option<_>>()?;
    Some(Chain { inputs, ands, outputs })
}

/// The values of a chain for all assignments, one AND inverted if told so.
fn values(chain: &Chain, flipped: Option<usize>) -> Vec<Table> {
    let mut values = PROJECTIONS[..chain.inputs].to_vec();
    for (index, operands) in chain.ands.iter().enumerate() {
        let [a, b] = operands.map(|form| sum(&values, form));
        let product = and(a, b);
        values.push(if flipped == Some(index) { not(product) } else { product });
    }
    values
}

fn sum(values: &[Table], form: Form) -> Table {
    let constant = if form.is_inverted() { ONE } else { [0; 4] };
    form.values().fold(constant, |sum, value| xor(sum, values[value]))
}

fn operands(chain: &Chain) -> Vec<[Table; 2]> {
    let values = values(chain, None);
    chain.ands.iter().map(|operands| operands.map(|form| sum(&values, form))).collect()
}

fn outputs(chain: &Chain) -> Vec<Table> {
    let values = values(chain, None);
    chain.outputs.iter().map(|&form| sum(&values, form)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Resubstitution, outputs};
    use crate::chain::{Chain, Form};
    use crate::passes::spans::random::Random;

    fn thinned(chain: &Chain) -> Chain {
        let thinned = Resubstitution { work: 1 << 20 }.thinned(chain.clone());
        assert_eq!(outputs(&thinned), outputs(chain));
        thinned
    }

    fn value<const N: usize>(indices: [usize; N]) -> Form {
        indices.into_iter().fold(Form::default(), |sum, index| sum ^ Form::value(index))
    }

    #[test]
    fn an_and_that_is_a_sum_of_others_is_dropped() {
        // (a + b)(c + d), and its four terms.
        let [a, b, c, d] = [0, 1, 2, 3].map(Form::value);
        let ands = vec![[a, c], [a, d], [b, c], [b, d], [a ^ b, c ^ d]];
        let outputs = vec![value([4, 0]), value([5]), value([6, 1]), value([7]), value([8, 3])];
        assert_eq!(thinned(&Chain { inputs: 4, ands, outputs }).ands.len(), 4);
    }

    #[test]
    fn what_no_output_shows_does_not_matter() {
        // c and (a and (c or d)).
        let [a, c, d] = [0, 1, 2].map(Form::value);
        let ands = vec![[c ^ Form::ONE, d ^ Form::ONE], [a, value([3]) ^ Form::ONE], [c, value([4])]];
        let thinned = thinned(&Chain { inputs: 3, ands, outputs: vec![value([5])] });
        assert_eq!(thinned.ands.len(), 1);
    }

    #[test]
    fn one_and_takes_the_place_of_several() {
        // A multiplexer of sums as two products, each inverted, whose product is inverted, too.
        let [s, a, b, c, d] = [0, 1, 2, 3, 4].map(Form::value);
        let not = |form| form ^ Form::ONE;
        let ands = vec![[s, a ^ b], [not(s), c ^ d], [not(value([5])), not(value([6]))]];
        assert_eq!(thinned(&Chain { inputs: 5, ands, outputs: vec![value([7, 2])] }).ands.len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn random_chains_keep_their_function(seed: u64, inputs in 1_usize..=8, ands in 0_usize..20) {
            let mut random = Random::new(seed);
            let mut form = |values: usize| Form(random.word() & random.word() & (1 << 63 | ((1 << values) - 1)));
            let products = (0..ands).map(|and| [form(inputs + and), form(inputs + and)]).collect();
            let outputs = (0..3).map(|_| form(inputs + ands)).collect();
            let chain = Chain { inputs, ands: products, outputs };
            prop_assert!(thinned(&chain).ands.len() <= ands);
        }
    }
}
