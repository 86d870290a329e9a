//! Sums of bits with full adders: one AND each.

use std::collections::VecDeque;

use crate::graph::{Graph, Literal};
use crate::passes::sums::identity::{Identity, Product};
use crate::passes::{Operation, push_folded};

/// The ANDs of the word of an identity, computed by columns: a full adder takes two bits from a column, leaves one, and
/// puts one into the next. A constant one next to a single bit makes a carry for nothing.
pub(crate) fn cost(identity: &Identity) -> usize {
    let mut carries = 0;
    let mut ands = identity.products.iter().map(Product::cost).sum();
    let top = identity.columns.len() - 1;
    for (weight, (column, &one)) in identity.columns[..top].iter().zip(&identity.ones).enumerate() {
        let products = identity.products.iter().filter(|product| product.weights().contains(&weight));
        let bits = column.len() + products.count() + carries;
        ands += bits / 2;
        carries = (bits + usize::from(one)) / 2;
    }
    ands
}

/// The sum of three bits modulo two.
pub(crate) fn sum(graph: &mut Graph, [a, b, c]: [Literal; 3]) -> Literal {
    let a_differs = xor(graph, a, c);
    xor(graph, a_differs, b)
}

/// Whether at least two of three bits are one (Kolesnikov, Sadeghi, Schneider 2009, section 3.1).
pub(crate) fn carry(graph: &mut Graph, [a, b, c]: [Literal; 3]) -> Literal {
    let (a_differs, b_differs) = (xor(graph, a, c), xor(graph, b, c));
    let product = push_folded(graph, Operation::And(a_differs, b_differs));
    xor(graph, product, c)
}

fn xor(graph: &mut Graph, a: Literal, b: Literal) -> Literal {
    push_folded(graph, Operation::Xor(a, b))
}

/// Computes one bit of the word from the addends and carries of its weight. Gives the carries to the next, unless this
/// is the highest.
pub(crate) fn sum_column(
    graph: &mut Graph,
    bits: Vec<Literal>,
    one: bool,
    is_top: bool,
) -> (Literal, Vec<Literal>) {
    let (zero, one) = (Literal::constant(false), Literal::constant(one));
    if is_top {
        return (bits.into_iter().fold(one, |sum, bit| xor(graph, sum, bit)), Vec::new());
    }
    let mut bits = VecDeque::from(bits);
    let mut carries = Vec::new();
    let mut add = |graph: &mut Graph, bits: [Literal; 3]| {
        carries.push(carry(graph, bits));
        sum(graph, bits)
    };
    let next = |bits: &mut VecDeque<_>| bits.pop_front().unwrap_or(zero);
    while bits.len() > 2 {
        let three = [next(&mut bits), next(&mut bits), next(&mut bits)];
        bits.push_back(add(graph, three));
    }
    // The constant waits for the last adder: next to a single bit it costs nothing.
    let sum = add(graph, [next(&mut bits), next(&mut bits), one]);
    carries.retain(|&carry| carry != zero);
    (sum, carries)
}
