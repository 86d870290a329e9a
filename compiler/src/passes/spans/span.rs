use crate::chain::{Chain, Form, PROJECTIONS, mask};

/// All that can be had from a sequence of ANDs of functions of up to six inputs without another AND: the span of one,
/// the inputs and the products.
#[derive(Clone)]
pub(super) struct Span {
    pub(super) inputs: usize,
    /// The truth tables of the inputs and of the products.
    values: Vec<u64>,
    pub(super) ands: Vec<[Form; 2]>,
    rows: Rows,
}

impl Span {
    /// Without any AND.
    pub(super) fn affine(inputs: usize) -> Self {
        let mut span = Span { inputs, values: Vec::new(), ands: Vec::new(), rows: Rows::new() };
        span.rows.insert(mask(inputs), Form::ONE);
        for table in &PROJECTIONS[..inputs] {
            span.push_value(table & mask(inputs));
        }
        span
    }

    fn push_value(&mut self, table: u64) {
        self.rows.insert(table, Form::value(self.values.len()));
        self.values.push(table);
    }

    /// Multiplies; does nothing if the product is in the span.
    pub(super) fn push(&mut self, operands: [Form; 2]) {
        let product = self.product(operands);
        if self.rest(product) != 0 {
            self.ands.push(operands);
            self.push_value(product);
        }
    }

    /// The table of a product.
    pub(super) fn product(&self, operands: [Form; 2]) -> u64 {
        let [a, b] = operands.map(|form| self.table(form));
        a & b
    }

    /// The inputs and products, which are a basis modulo the constant one.
    pub(super) fn dimension(&self) -> usize {
        self.values.len()
    }

    pub(super) fn table(&self, form: Form) -> u64 {
        let constant = if form.is_inverted() { mask(self.inputs) } else { 0 };
        form.values().fold(constant, |sum, value| sum ^ self.values[value])
    }

    /// What is left of a function modulo the span; zero exactly if it is in it.
    pub(super) fn rest(&self, table: u64) -> u64 {
        self.rows.reduce(table).0
    }

    /// A function of the span as a sum.
    pub(super) fn form(&self, table: u64) -> Option<Form> {
        let (rest, form) = self.rows.reduce(table);
        (rest == 0).then_some(form)
    }

    /// A reduced basis of functions modulo the span.
    pub(super) fn missing(&self, targets: &[u64]) -> Vec<u64> {
        let mut rows = Rows::new();
        targets.iter().for_each(|&table| rows.insert(self.rest(table), Form::default()));
        rows.reduced()
    }

    pub(super) fn echelon(&self) -> Echelon {
        Echelon(self.rows.rows.map(|(row, _)| row))
    }

    /// The span and all products of two of its functions.
    pub(super) fn square(&self) -> Echelon {
        let mut echelon = self.echelon();
        for (index, a) in self.values.iter().enumerate() {
            for b in &self.values[..index] {
                echelon.insert(a & b);
            }
        }
        echelon
    }

    /// The values.
    pub(super) fn values(&self) -> &[u64] {
        &self.values
    }

    /// The same ANDs with other inputs, which are affine forms of new ones.
    pub(super) fn moved(&self, inputs: &[Form]) -> Self {
        let mut moved = Span::affine(self.inputs);
        for operands in &self.ands {
            moved.push(operands.map(|form| {
                let constant = if form.is_inverted() { Form::ONE } else { Form::default() };
                let value = |value: usize| inputs.get(value).copied().unwrap_or(Form::value(value));
                form.values().fold(constant, |sum, index| sum ^ value(index))
            }));
        }
        moved
    }

    /// The chain that computes functions of the span.
    pub(super) fn chain(&self, tables: &[u64]) -> Option<Chain> {
        let outputs = tables.iter().map(|&table| self.form(table)).collect::<Option<_>>()?;
        Some(Chain { inputs: self.inputs, ands: self.ands.clone(), outputs })
    }
}

/// An echelon form of tables, each with the sum that it is.
#[derive(Clone)]
pub(super) struct Rows {
    rows: [(u64, Form); 64],
}

impl Rows {
    fn new() -> Self {
        Rows { rows: [(0, Form(0)); 64] }
    }

    fn insert(&mut self, table: u64, form: Form) {
        let (rest, sum) = self.reduce(table);
        if rest != 0 {
            self.rows[rest.ilog2() as usize] = (rest, form ^ sum);
        }
    }

    /// What is left of a table, and the sum of what was taken away.
    pub(super) fn reduce(&self, table: u64) -> (u64, Form) {
        let (mut rest, mut form, mut left) = (table, Form::default(), table);
        while left != 0 {
            let pivot = left.ilog2();
            let (row, sum) = self.rows[pivot as usize];
            if row != 0 {
                rest ^= row;
                form = form ^ sum;
            }
            left = rest & ((1 << pivot) - 1);
        }
        (rest, form)
    }

    /// The rows with every pivot in one row only, by ascending pivots.
    fn reduced(&self) -> Vec<u64> {
        let mut reduced: Vec<u64> = Vec::new();
        for (row, _) in self.rows.iter().filter(|(row, _)| *row != 0) {
            let has = |table: u64, pivot: u64| table >> pivot.ilog2() & 1 == 1;
            let row =
                reduced.iter().fold(*row, |row, &below| if has(row, below) { row ^ below } else { row });
            reduced.push(row);
        }
        reduced
    }
}

/// A space of tables: row `k` has `k` as its highest bit, if there is one.
#[derive(Clone, Copy)]
pub(super) struct Echelon(pub(super) [u64; 64]);

impl Echelon {
    /// What is left of a table without that part which the highest bits betray; zero exactly if it is in the space.
    pub(super) fn rest(&self, mut table: u64) -> u64 {
        while table != 0 {
            let row = self.0[table.ilog2() as usize];
            if row == 0 {
                break;
            }
            table ^= row;
        }
        table
    }

    /// Whether the table was new.
    pub(super) fn insert(&mut self, table: u64) -> bool {
        let rest = self.rest(table);
        if rest != 0 {
            self.0[rest.ilog2() as usize] = rest;
        }
        rest != 0
    }
}
