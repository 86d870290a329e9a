use crate::graph::{Graph, Literal};
use crate::passes::{Operation, push_folded};

/// An affine sum over the values of a [`Chain`]: bit `k` is the coefficient of input `k`, or of the AND `k − inputs`;
/// the highest bit is the constant one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Form(pub(crate) u64);

impl Form {
    /// The constant one.
    pub(crate) const ONE: Form = Form(1 << 63);

    /// The value at an index alone.
    pub(crate) fn value(index: usize) -> Self {
        debug_assert!(index < Chain::MAX_VALUES);
        Form(1 << index)
    }

    /// The indices of the values in the sum, ascending.
    pub(crate) fn values(self) -> impl Iterator<Item = usize> {
        let mut left = self.0 & !Form::ONE.0;
        std::iter::from_fn(move || {
            let index = left.trailing_zeros() as usize;
            (left != 0).then(|| {
                left &= left - 1;
                index
            })
        })
    }

    /// Whether the constant one is in the sum.
    pub(crate) fn is_inverted(self) -> bool {
        self.0 & Form::ONE.0 != 0
    }
}

impl std::ops::BitXor for Form {
    type Output = Form;

    fn bitxor(self, other: Form) -> Form {
        Form(self.0 ^ other.0)
    }
}

/// A small circuit as algebra: a sequence of ANDs of affine sums, and outputs that are affine sums.
///
/// It is how small functions are written down where only ANDs cost something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    /// The number of inputs.
    pub(crate) inputs: usize,
    /// The operands of each AND, over the inputs and the ANDs before it.
    pub(crate) ands: Vec<[Form; 2]>,
    /// The outputs, over the inputs and all ANDs.
    pub(crate) outputs: Vec<Form>,
}

impl Chain {
    /// Inputs and ANDs together.
    pub(crate) const MAX_VALUES: usize = 63;

    /// The truth tables of the outputs: bit `i` is the value where input `k` is bit `k` of `i`.
    ///
    /// # Panics
    /// If there are more than 6 inputs.
    pub(crate) fn tables(&self) -> Vec<u64> {
        assert!(self.inputs <= 6, "a table has 64 entries");
        let mut values = PROJECTIONS[..self.inputs].to_vec();
        let sum = |values: &[u64], form: Form| {
            form.values().fold(if form.is_inverted() { !0 } else { 0 }, |sum, index| sum ^ values[index])
        };
        for &[a, b] in &self.ands {
            let product = sum(&values, a) & sum(&values, b);
            values.push(product);
        }
        let mask = mask(self.inputs);
        self.outputs.iter().map(|&form| sum(&values, form) & mask).collect()
    }

    /// Appends the chain to a graph, over these literals as inputs; gives the literals of the outputs.
    pub(crate) fn emit(&self, graph: &mut Graph, inputs: &[Literal]) -> Vec<Literal> {
        debug_assert_eq!(inputs.len(), self.inputs);
        let mut values = inputs.to_vec();
        for &[a, b] in &self.ands {
            let operands = [a, b].map(|form| sum(graph, &values, form));
            values.push(push_folded(graph, Operation::And(operands[0], operands[1])));
        }
        self.outputs.iter().map(|&form| sum(graph, &values, form)).collect()
    }
}

fn sum(graph: &mut Graph, values: &[Literal], form: Form) -> Literal {
    form.values().fold(Literal::constant(form.is_inverted()), |sum, index| {
        push_folded(graph, Operation::Xor(sum, values[index]))
    })
}

/// The truth tables of the variables.
pub(crate) const PROJECTIONS: [u64; 6] = [
    0xaaaa_aaaa_aaaa_aaaa,
    0xcccc_cccc_cccc_cccc,
    0xf0f0_f0f0_f0f0_f0f0,
    0xff00_ff00_ff00_ff00,
    0xffff_0000_ffff_0000,
    0xffff_ffff_0000_0000,
];

/// The entries that a truth table of so many variables has.
pub(crate) fn mask(inputs: usize) -> u64 {
    if inputs >= 6 { !0 } else { (1 << (1 << inputs)) - 1 }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Circuit, Group, Input, Party};

    use super::{Chain, Form};
    use crate::graph::Graph;
    use crate::schedule::schedule_graph;

    /// Sum and carry of three bits, with one AND.
    fn full_adder() -> Chain {
        let [x, y, z, product] = [0, 1, 2, 3].map(Form::value);
        Chain { inputs: 3, ands: vec![[x ^ z, y ^ z]], outputs: vec![x ^ y ^ z, product ^ z ^ Form::ONE] }
    }

    #[test]
    fn tables_are_those_of_the_function() {
        let tables = full_adder().tables();
        for assignment in 0..8_u32 {
            let bits = assignment.count_ones() as u64;
            assert_eq!(tables[0] >> assignment & 1, bits & 1);
            assert_eq!(tables[1] >> assignment & 1, 1 - (bits >> 1));
        }
        assert!(tables.iter().all(|table| table >> 8 == 0));
    }

    #[test]
    fn what_is_emitted_computes_the_tables() {
        let input = Input { group: Group::uint("x", 3), owner: Party::Garbler };
        let circuit = Circuit::new(vec![input], Vec::new(), Vec::new()).unwrap();
        let mut graph = Graph::lower(&circuit).unwrap();
        let inputs: Vec<_> =
            (1..4).map(|node| super::Literal::new(crate::graph::NodeId::new(node), false)).collect();
        let outputs = full_adder().emit(&mut graph, &inputs);
        graph.outputs.push((Group::uint("y", 2), outputs));
        assert_eq!((graph.verify(), graph.and_count()), (Ok(()), 1));
        let mut values = halfgate_circuits::Values::new(3, 8);
        (0..8).for_each(|lane| (0..3).for_each(|bit| values.set_bit(lane, bit, lane >> bit & 1 == 1)));
        let results = crate::evaluate(&schedule_graph(graph), &[values]).unwrap();
        let tables = full_adder().tables();
        for lane in 0..8 {
            for (bit, table) in tables.iter().enumerate() {
                assert_eq!(results[0].bit(lane, bit as u32), table >> lane & 1 == 1);
            }
        }
    }
}
