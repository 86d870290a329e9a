use std::collections::VecDeque;

use super::addition::full_add;
use super::{Bit, Bits, Builder};

/// A sum of many addends, kept as the bits of each weight and added up column by column.
///
/// A full adder takes three bits of a column and leaves one, for one AND; carries join the next column as addends.
/// Compared with adding numbers two by two this spares an AND wherever a column has an odd number of bits.
pub(super) struct Columns<'b> {
    builder: &'b Builder,
    columns: Vec<Column<'b>>,
}

#[derive(Clone, Default)]
struct Column<'b> {
    variables: VecDeque<Bit<'b>>,
    ones: usize,
}

impl<'b> Columns<'b> {
    /// A sum modulo `2^width`, so far zero.
    pub(super) fn new(builder: &'b Builder, width: usize) -> Self {
        Columns { builder, columns: vec![Column::default(); width] }
    }

    /// Adds `2^weight` times a bit.
    pub(super) fn add_bit(&mut self, bit: Bit<'b>, weight: usize) {
        let Some(column) = self.columns.get_mut(weight) else { return };
        match bit.known() {
            Some(value) => column.ones += usize::from(value),
            None => column.variables.push_back(bit),
        }
    }

    /// Adds `2^weight` times a number.
    pub(super) fn add(&mut self, number: &[Bit<'b>], weight: usize) {
        for (k, &bit) in number.iter().enumerate() {
            self.add_bit(bit, weight + k);
        }
    }

    pub(super) fn sum(mut self) -> Bits<'b> {
        let mut sum = Vec::with_capacity(self.columns.len());
        for weight in 0..self.columns.len() {
            let column = std::mem::take(&mut self.columns[weight]);
            sum.push(self.sum_column(column, weight));
        }
        self.builder.bits(sum)
    }

    /// The sum of one column modulo 2; its carries go to the next.
    fn sum_column(&mut self, mut column: Column<'b>, weight: usize) -> Bit<'b> {
        let [zero, one] = [false, column.ones % 2 == 1].map(|value| self.builder.constant(value));
        let mut add = |a, b, c| {
            let (sum, carry) = full_add(a, b, c);
            self.add_bit(carry, weight + 1);
            sum
        };
        let bits = &mut column.variables;
        while bits.len() > 2 {
            let mut next = || bits.pop_front().unwrap_or(zero);
            let sum = add(next(), next(), next());
            bits.push_back(sum);
        }
        // A constant next to a single variable costs nothing, so it waits for the last adder.
        let sum = add(bits.pop_front().unwrap_or(zero), bits.pop_front().unwrap_or(zero), one);
        if let Some(next) = self.columns.get_mut(weight + 1) {
            next.ones += column.ones / 2;
        }
        sum
    }
}
