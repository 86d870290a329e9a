use crate::chain::{Form, mask};
use crate::passes::index::scatter;
use crate::passes::spans::span::Span;

/// What does not change in a few functions under affine maps of their inputs, invertible linear maps of their outputs,
/// and sums with affine functions: for each difference of inputs how often sums of the functions change, in any order.
///
/// The inputs of a block come in the order of its circuit, and the same S-box comes in many orders.
#[derive(Clone)]
pub(super) struct Invariants {
    inputs: usize,
    /// By difference.
    changes: Vec<u64>,
    /// Of all differences together.
    pub(super) summary: u64,
}

/// More targets have too many sums.
const MOST_TARGETS: usize = 8;

/// Partial maps tried to make two functions equal.
const PARTIAL_MAPS: usize = 1 << 12;

impl Invariants {
    pub(super) fn new(inputs: usize, targets: &[u64]) -> Option<Self> {
        if targets.len() > MOST_TARGETS {
            return None;
        }
        let sums: Vec<u64> = (1..1_usize << targets.len())
            .map(|subset| {
                (0..targets.len()).filter(|k| subset >> k & 1 == 1).fold(0, |sum, k| sum ^ targets[k])
            })
            .collect();
        let half = 1_i64 << inputs >> 1;
        let changes = |difference: usize| {
            let changes = sums.iter().map(|&sum| {
                let changed = (sum ^ translated(sum, difference)) & mask(inputs);
                scatter((i64::from(changed.count_ones()) - half).unsigned_abs() + 1)
            });
            changes.fold(0, u64::wrapping_add)
        };
        let changes: Vec<_> = (0..1 << inputs).map(changes).collect();
        let summary = changes.iter().fold(0, |sum: u64, &change| sum.wrapping_add(scatter(change)));
        Some(Invariants { inputs, changes, summary })
    }

    /// The known span moved to the inputs of these functions, if they are functions of it after an affine map.
    ///
    /// It finds linear maps basis vector by basis vector, as the invariants allow, and then tries all translations.
    pub(super) fn moved(&self, known: &Invariants, span: &Span, targets: &[u64]) -> Option<Span> {
        let mut left = PARTIAL_MAPS;
        self.extended(known, &mut vec![0], &mut left, &mut |map| {
            (0..1 << self.inputs).find_map(|translation| {
                let moved = span.moved(&forms(self.inputs, map, translation));
                moved.missing(targets).is_empty().then_some(moved)
            })
        })
    }

    /// Continues a linear map, given by its values on a subspace, to one more basis vector, and so on.
    fn extended<T>(
        &self,
        known: &Invariants,
        map: &mut Vec<usize>,
        left: &mut usize,
        found: &mut impl FnMut(&[usize]) -> Option<T>,
    ) -> Option<T> {
        let size = map.len();
        if size == 1 << self.inputs {
            return found(map);
        }
        for image in 1..1 << self.inputs {
            let fits = |(vector, value): (usize, &usize)| {
                *value != image && self.changes[vector | size] == known.changes[value ^ image]
            };
            if *left == 0 || !map.iter().enumerate().all(fits) {
                continue;
            }
            *left -= 1;
            map.extend_from_within(..);
            map[size..].iter_mut().for_each(|value| *value ^= image);
            let result = self.extended(known, map, left, found);
            map.truncate(size);
            if result.is_some() {
                return result;
            }
        }
        None
    }
}

/// The inputs of the known functions as affine forms of the new ones.
fn forms(inputs: usize, map: &[usize], translation: usize) -> Vec<Form> {
    let form = |input: usize| {
        let constant = if translation >> input & 1 == 1 { Form::ONE } else { Form::default() };
        let values = (0..inputs).filter(|k| map[1 << k] >> input & 1 == 1);
        values.fold(constant, |form, k| form ^ Form::value(k))
    };
    (0..inputs).map(form).collect()
}

/// The function of the inputs plus a difference.
fn translated(table: u64, difference: usize) -> u64 {
    let inputs = (0..6).filter(|input| difference >> input & 1 == 1);
    inputs.fold(table, |table, input| {
        let (ones, distance) = (crate::chain::PROJECTIONS[input], 1 << input);
        (table & ones) >> distance | (table & !ones) << distance
    })
}

#[cfg(test)]
mod tests {
    use super::{Invariants, translated};
    use crate::chain::{Form, PROJECTIONS, mask};
    use crate::passes::spans::random::Random;
    use crate::passes::spans::span::Span;

    /// Four random products of four inputs; three sums of them are the targets.
    fn example() -> (Span, Vec<u64>) {
        let mut random = Random::new(5);
        let mut span = Span::affine(4);
        while span.ands.len() < 4 {
            let below = (1 << span.dimension()) - 1;
            span.push([0, 1].map(|_| Form(random.word() & below)));
        }
        let targets = [0b0001_0011, 0b0110_0101, 0b1000_1100].map(|sum| span.table(Form(sum)));
        let targets = Span::affine(4).missing(&targets);
        (span, targets)
    }

    #[test]
    fn functions_of_other_inputs_are_recognised() {
        let (span, targets) = example();
        let [a, b, c, d] = [0, 1, 2, 3].map(Form::value);
        let other = span.moved(&[a ^ c, b ^ Form::ONE, b ^ c ^ d, a ^ b]);
        let moved_targets = [0b0110_0101 ^ 0b0001_0011, 0b0110_0101, 0b1000_1111];
        let moved_targets = Span::affine(4).missing(&moved_targets.map(|sum| other.table(Form(sum))));
        let [known, new] = [&targets, &moved_targets].map(|targets| Invariants::new(4, targets).unwrap());
        assert_eq!(known.summary, new.summary);
        let found = new.moved(&known, &span, &moved_targets).unwrap();
        assert!(found.missing(&moved_targets).is_empty() && found.ands.len() == span.ands.len());
    }

    #[test]
    fn other_functions_are_not() {
        let (span, targets) = example();
        let others = [
            PROJECTIONS[0] & PROJECTIONS[1] & mask(4),
            PROJECTIONS[1] & PROJECTIONS[2] & PROJECTIONS[3] & mask(4),
        ];
        let [known, new] = [targets.as_slice(), &others].map(|targets| Invariants::new(4, targets).unwrap());
        assert_ne!(known.summary, new.summary);
        assert!(new.moved(&known, &span, &others).is_none());
    }

    #[test]
    fn translations_move_the_table() {
        let table = 0x0123_4567_89ab_cdef;
        for difference in [1, 6, 37, 63] {
            (0..64).for_each(|at| {
                assert_eq!(translated(table, difference) >> at & 1, table >> (at ^ difference) & 1);
            });
        }
    }
}
