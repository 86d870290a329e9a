use crate::graph::{Graph, Literal, Node};

/// A gate whose operands have already been rewritten.
#[derive(Clone, Copy)]
pub(crate) enum Operation {
    Xor(Literal, Literal),
    And(Literal, Literal),
}

/// Makes a graph anew, gate by gate: `emit` appends to the new graph what a gate has become, if anything, and tells
/// which literal stands for it.
pub(crate) fn rewrite(old: &Graph, mut emit: impl FnMut(&mut Graph, Operation) -> Literal) -> Graph {
    let mut new = old.without_gates();
    let literals = follow(old, |operation| emit(&mut new, operation));
    for (group, bits) in &old.outputs {
        let bits = bits.iter().map(|&literal| moved(old, &literals, literal)).collect();
        new.outputs.push((group.clone(), bits));
    }
    new
}

/// Goes through the gates of a graph in order; `emit` tells which literal of another graph with the same inputs stands
/// for a gate. Gives all of these literals.
pub(crate) fn follow(graph: &Graph, mut emit: impl FnMut(Operation) -> Literal) -> Vec<Literal> {
    let mut literals = Vec::with_capacity(graph.gates.len());
    for &node in &graph.gates {
        let moved = |literal| moved(graph, &literals, literal);
        let operation = match node {
            Node::Xor(a, b) => Operation::Xor(moved(Literal::new(a, false)), moved(Literal::new(b, false))),
            Node::And(a, b) => Operation::And(moved(a), moved(b)),
        };
        literals.push(emit(operation));
    }
    literals
}

/// What a literal has become, given what the gates have.
pub(crate) fn moved(old: &Graph, literals: &[Literal], literal: Literal) -> Literal {
    match old.gate_index(literal.node()) {
        Some(gate) => literals[gate].invert_if(literal.inverted()),
        None => literal,
    }
}
