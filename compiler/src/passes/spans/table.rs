use crate::chain::Form;

/// The truth table of a function of up to [`MAX_INPUTS`] inputs: bit `i` is the value where input `k` is bit `k` of `i`.
pub(super) type Table = [u64; 4];

/// A table has 256 entries.
pub(super) const MAX_INPUTS: usize = 8;

/// The function that is always one.
pub(super) const ONE: Table = [!0; 4];

/// The truth tables of the inputs.
pub(super) const PROJECTIONS: [Table; MAX_INPUTS] = {
    let [a, b, c, d, e, f] = crate::chain::PROJECTIONS;
    [[a; 4], [b; 4], [c; 4], [d; 4], [e; 4], [f; 4], [0, !0, 0, !0], [0, 0, !0, !0]]
};

pub(super) fn xor(a: Table, b: Table) -> Table {
    std::array::from_fn(|word| a[word] ^ b[word])
}

pub(super) fn and(a: Table, b: Table) -> Table {
    std::array::from_fn(|word| a[word] & b[word])
}

pub(super) fn not(a: Table) -> Table {
    a.map(|word| !word)
}

/// The position of the last one, if there is any.
fn lead(table: &Table) -> Option<usize> {
    let word = (0..4).rev().find(|&word| table[word] != 0)?;
    Some(64 * word + table[word].ilog2() as usize)
}

/// An echelon form of tables, each with the sum that it is.
#[derive(Default)]
pub(super) struct Space {
    /// By descending pivot, which is in no other row after it.
    rows: Vec<(usize, Table, Form)>,
}

impl Space {
    /// Takes in a table; `false` if it was in the space.
    pub(super) fn insert(&mut self, table: Table, form: Form) -> bool {
        let (rest, sum) = self.reduce(table);
        let Some(pivot) = lead(&rest) else { return false };
        let place = self.rows.partition_point(|&(other, ..)| other > pivot);
        self.rows.insert(place, (pivot, rest, form ^ sum));
        true
    }

    /// The sum that a table of the space is.
    pub(super) fn form(&self, table: Table) -> Option<Form> {
        let (rest, form) = self.reduce(table);
        (rest == [0; 4]).then_some(form)
    }

    /// What is left of a table, and the sum of what was taken away.
    fn reduce(&self, mut table: Table) -> (Table, Form) {
        let mut form = Form::default();
        for &(pivot, row, sum) in &self.rows {
            if table[pivot / 64] >> (pivot % 64) & 1 == 1 {
                table = xor(table, row);
                form = form ^ sum;
            }
        }
        (table, form)
    }
}
