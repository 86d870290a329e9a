use std::collections::HashMap;

use crate::chain::{Chain, Form, mask};
use crate::passes::functions::classes::{Class, Database};
use crate::passes::functions::equivalence::{Equivalence, equivalence};
use crate::passes::functions::frame::Frame;
use crate::passes::functions::spectrum::Spectrum;

/// How functions of up to six variables are computed with the fewest ANDs, as far as the database goes; what has been
/// asked for once is remembered.
pub(crate) struct Functions {
    /// Numbers of chains, plus one, of functions of up to four variables, by table after a one bit that tells how many.
    small: Vec<u32>,
    /// The same of larger ones, by number of variables and table; none if there is no chain.
    known: HashMap<(u8, u64), Option<u32>>,
    chains: Vec<Chain>,
}

/// Functions of so many variables have places of their own.
const SMALL: usize = 4;

impl Default for Functions {
    fn default() -> Self {
        Functions { small: vec![0; 2 << (1 << SMALL)], known: HashMap::new(), chains: Vec::new() }
    }
}

impl Functions {
    /// The number of a chain with one output that computes the table. `None` if it takes more than four ANDs, or
    /// certainly more than `most`.
    pub(crate) fn find(&mut self, table: u64, variables: usize, most: usize) -> Option<u32> {
        if variables <= SMALL {
            return Some(self.find_small(table, variables));
        }
        let key = (variables as u8, table);
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let frame = Frame::new(&Spectrum::new(table, variables));
        // Each AND has two operands, and without one that all sums enter there is nothing that depends on them.
        if frame.sums.len().div_ceil(2) > most {
            return None;
        }
        let found = chain(table, variables, &frame).map(|chain| self.enter(chain));
        self.known.insert(key, found);
        found
    }

    fn find_small(&mut self, table: u64, variables: usize) -> u32 {
        let place = table as usize | 1 << (1 << variables);
        if self.small[place] == 0 {
            let frame = Frame::new(&Spectrum::new(table, variables));
            let chain = chain(table, variables, &frame).expect("all classes of four variables are known");
            self.small[place] = self.enter(chain) + 1;
        }
        self.small[place] - 1
    }

    fn enter(&mut self, chain: Chain) -> u32 {
        self.chains.push(chain);
        self.chains.len() as u32 - 1
    }

    /// The chain with a number.
    pub(crate) fn chain(&self, number: u32) -> &Chain {
        &self.chains[number as usize]
    }
}

/// Finds the class of a function and translates its chain.
fn chain(table: u64, variables: usize, frame: &Frame) -> Option<Chain> {
    debug_assert_eq!(table & !mask(variables), 0);
    let candidates = Database::get(frame.sums.len()).candidates(frame.spectrum.signature());
    let found = candidates.into_iter().find_map(|(class, spectrum)| {
        equivalence(&frame.spectrum, spectrum).map(|equivalence| (class, equivalence))
    });
    let (class, equivalence) = found?;
    let mut chain = translated(class, frame, &equivalence, variables);
    let difference = chain.tables()[0] ^ table;
    if difference & 1 == 1 {
        chain.outputs[0] = chain.outputs[0] ^ Form::ONE;
    }
    debug_assert_eq!(chain.tables(), [table], "a signature or an equivalence is wrong");
    (chain.tables() == [table]).then_some(chain)
}

/// The chain of a class over the variables of an equivalent function, up to a constant.
///
/// Spectra that are equal up to `u(w) = u₀ + Σ wᵢuᵢ` and signs that are affine in `w` mean that `F(y) = r(z) + u₀·z`, up
/// to a constant, with `uᵢ·z = yᵢ + βᵢ`, where `βᵢ` tells if the sign changes along axis `i`.
fn translated(class: &Class, frame: &Frame, equivalence: &Equivalence, variables: usize) -> Chain {
    let sums = frame.sums.iter().enumerate().map(|(axis, &sum)| {
        let inverted = equivalence.flips >> axis & 1 == 1;
        (equivalence.axes[axis], if inverted { linear(sum) ^ Form::ONE } else { linear(sum) })
    });
    let mut values = solved(sums.collect());
    let sum = |values: &[Form], mask: u16| {
        let terms = values.iter().enumerate().filter(|&(index, _)| mask >> index & 1 == 1);
        terms.fold(Form::default(), |sum, (_, &form)| sum ^ form)
    };
    let mut ands = Vec::with_capacity(class.ands.len());
    for operands in &class.ands {
        ands.push(operands.map(|mask| sum(&values, mask)));
        values.push(Form::value(variables + ands.len() - 1));
    }
    let outputs = u16::from(class.output) << class.variables | u16::from(equivalence.origin);
    Chain { inputs: variables, ands, outputs: vec![sum(&values, outputs) ^ linear(frame.origin)] }
}

fn linear(mask: u8) -> Form {
    Form(u64::from(mask))
}

/// Solves `uᵢ·z = tᵢ` for the entries of `z` by Gauss and Jordan. The `uᵢ` are a basis.
fn solved(mut equations: Vec<(u8, Form)>) -> Vec<Form> {
    for column in 0..equations.len() {
        let has = |&(row, _): &(u8, Form)| row >> column & 1 == 1;
        let pivot = (column..equations.len()).find(|&row| has(&equations[row]));
        equations.swap(column, pivot.unwrap_or(column));
        let (row, form) = equations[column];
        for (index, other) in equations.iter_mut().enumerate() {
            if index != column && has(other) {
                *other = (other.0 ^ row, other.1 ^ form);
            }
        }
    }
    equations.into_iter().map(|(_, form)| form).collect()
}

#[cfg(test)]
mod tests {
    use super::Functions;

    #[test]
    fn every_function_of_four_variables_is_found() {
        let mut functions = Functions::default();
        for table in 0..1 << 16 {
            let number = functions.find(table, 4, 3).unwrap();
            let chain = functions.chain(number);
            assert_eq!(chain.tables(), [table]);
            assert!(chain.ands.len() <= 3);
        }
    }
}
