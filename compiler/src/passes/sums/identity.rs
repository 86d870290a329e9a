use std::collections::BTreeMap;
use std::ops::Range;

use halfgate_circuits::{Circuit, Gate};

use crate::graph::{Literal, NodeId};

/// What is known of a word: as numbers modulo `2^n`, its bits are the sum of some bits and a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The word: for each of `n` weights the literal that the bit of this weight is, if it is anywhere in the graph.
    pub(crate) word: Vec<Option<Literal>>,
    /// The addends by weight.
    pub(crate) columns: Vec<Vec<Literal>>,
    /// Products among the addends.
    pub(crate) products: Vec<Product>,
    /// The bits of the constant.
    pub(crate) ones: Vec<bool>,
}

/// What a circuit of the library computes of some bits, read as a number, times a power of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Product {
    pub(crate) circuit: Circuit,
    pub(crate) operands: Vec<Literal>,
    pub(crate) weight: usize,
}

impl Product {
    /// The ANDs of the circuit.
    pub(crate) fn cost(&self) -> usize {
        self.circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count()
    }

    /// The weights of its bits.
    pub(crate) fn weights(&self) -> Range<usize> {
        self.weight..self.weight + self.circuit.output_width()
    }
}

impl Identity {
    /// The same for twice the word plus a bit, which is its own sum.
    pub(crate) fn above(mut self, lowest: Literal) -> Self {
        self.word.insert(0, Some(lowest));
        self.columns.insert(0, vec![lowest]);
        self.ones.insert(0, false);
        self.products.iter_mut().for_each(|product| product.weight += 1);
        self
    }

    /// All that has to be known to compute the word.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = NodeId> {
        let operands = self.products.iter().flat_map(|product| &product.operands);
        self.columns.iter().flatten().chain(operands).map(|literal| literal.node())
    }

    /// The nodes of the word.
    pub(crate) fn roots(&self) -> impl Iterator<Item = NodeId> {
        self.word.iter().flatten().map(|literal| literal.node())
    }
}

/// A sum with integer coefficients, modulo a power of two: for each place how often each term is there times the
/// place's power of two.
#[derive(Clone, Debug)]
pub(crate) struct Terms<T> {
    places: Vec<BTreeMap<T, i64>>,
}

impl<T: Copy + Ord> Terms<T> {
    pub(crate) fn new() -> Self {
        Terms { places: Vec::new() }
    }

    pub(crate) fn add(&mut self, place: usize, term: T, times: i64) {
        if self.places.len() <= place {
            self.places.resize_with(place + 1, BTreeMap::new);
        }
        let sum = self.places[place].entry(term).or_default();
        *sum += times;
        if *sum == 0 {
            self.places[place].remove(&term);
        }
    }

    /// How many places have been reached so far.
    pub(crate) fn width(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn at(&self, place: usize) -> impl DoubleEndedIterator<Item = (T, i64)> {
        self.places.get(place).into_iter().flatten().map(|(&term, &times)| (term, times))
    }

    /// How often a term is at a place.
    pub(crate) fn times(&self, place: usize, term: T) -> i64 {
        self.places.get(place).and_then(|terms| terms.get(&term)).copied().unwrap_or(0)
    }

    /// A multiple of the sum.
    pub(crate) fn times_all(mut self, factor: i64) -> Self {
        self.places.iter_mut().flat_map(BTreeMap::values_mut).for_each(|times| *times *= factor);
        self
    }

    /// The same with the places in the opposite order.
    pub(crate) fn reversed(mut self) -> Self {
        self.places.reverse();
        self
    }

    /// The coefficients as signed digits modulo `2^width`, place 0 being the lowest: no term has digits at neighbouring
    /// places (Reitwiesner 1960), so that none is left of what cancels out.
    pub(crate) fn into_digits(mut self, width: usize) -> Vec<BTreeMap<T, i8>> {
        self.places.resize_with(width, BTreeMap::new);
        let mut digits = vec![BTreeMap::new(); width];
        for (place, digits) in digits.iter_mut().enumerate() {
            for (term, times) in std::mem::take(&mut self.places[place]) {
                let above =
                    self.places.get(place + 1).and_then(|terms| terms.get(&term)).copied().unwrap_or(0);
                let digit = match (times + 2 * above).rem_euclid(4) {
                    1 => 1,
                    3 if place + 1 < width => -1,
                    3 => 1, // the same, modulo the power above
                    _ => 0,
                };
                if digit != 0 {
                    digits.insert(term, digit as i8);
                }
                if place + 1 < width && times != digit {
                    *self.places[place + 1].entry(term).or_default() += (times - digit) / 2;
                }
            }
        }
        digits
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
