//! Functions of one bit given as tables: BLIF's `.names`, Yosys's `$lut`.

use std::collections::HashMap;

use halfgate_circuits::{Bit, Builder};

/// A sum of products: the function is `value` where a row matches, and the opposite elsewhere.
pub(crate) struct Cover {
    pub(crate) inputs: usize,
    /// For each row and input what it asks for: one, zero, or nothing.
    pub(crate) rows: Vec<Vec<Option<bool>>>,
    pub(crate) value: bool,
}

/// Up to so many inputs a table is taken apart variable by variable; beyond, it is computed as it stands.
const WIDEST_TABLE: usize = 10;

impl Cover {
    /// A full table: bit `i` is the value where input `k` is bit `k` of `i`.
    pub(crate) fn of_table(inputs: usize, table: &[bool]) -> Self {
        let row = |index: usize| (0..inputs).map(|input| Some(index >> input & 1 == 1)).collect();
        let rows =
            table.iter().enumerate().filter(|&(_, &value)| value).map(|(index, _)| row(index)).collect();
        Cover { inputs, rows, value: true }
    }

    /// The function of these bits.
    pub(crate) fn build<'b>(&self, builder: &'b Builder, bits: &[Bit<'b>]) -> Bit<'b> {
        if self.inputs <= WIDEST_TABLE {
            let table = (0..1 << self.inputs).map(|index| self.at(index)).collect();
            return decompose(builder, table, bits, &mut HashMap::new());
        }
        let products = self.rows.iter().map(|row| {
            let wanted = row
                .iter()
                .zip(bits)
                .filter_map(|(want, &bit)| want.map(|want| if want { bit } else { !bit }));
            builder.bits(wanted).all()
        });
        let any = builder.bits(products.collect::<Vec<_>>()).any();
        if self.value { any } else { !any }
    }

    fn at(&self, index: usize) -> bool {
        let matches = |row: &Vec<Option<bool>>| {
            row.iter()
                .enumerate()
                .all(|(input, want)| want.is_none_or(|want| (index >> input & 1 == 1) == want))
        };
        self.rows.iter().any(matches) == self.value
    }
}

/// `f = f₀ ⊕ x·(f₀ ⊕ f₁)` for the last variable `x` (positive Davio): no AND where `f₀ ⊕ f₁` is constant, and equal
/// parts are made once.
fn decompose<'b>(
    builder: &'b Builder,
    table: Vec<bool>,
    bits: &[Bit<'b>],
    known: &mut HashMap<Vec<bool>, Bit<'b>>,
) -> Bit<'b> {
    if table.iter().all(|&value| value == table[0]) {
        return builder.constant(table[0]);
    }
    if let Some(&bit) = known.get(&table) {
        return bit;
    }
    let (variable, others) = (bits[bits.len() - 1], &bits[..bits.len() - 1]);
    let (low, high) = table.split_at(table.len() / 2);
    let difference = low.iter().zip(high).map(|(a, b)| a ^ b).collect();
    // Tables of different lengths are of different functions, so one map serves all levels.
    let low = decompose(builder, low.to_vec(), others, known);
    let bit = low ^ (variable & decompose(builder, difference, others, known));
    known.insert(table, bit);
    bit
}
