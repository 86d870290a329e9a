use crate::graph::{Graph, Literal, Node};
use crate::passes::rewrite::Operation;

/// Appends a gate as it stands.
pub(crate) fn push(graph: &mut Graph, operation: Operation) -> Literal {
    match operation {
        Operation::Xor(a, b) => push_xor(graph, a, b),
        Operation::And(a, b) => graph.push(Node::And(a, b)),
    }
}

/// Folds a gate with a constant operand, or with two operands that are the same or complementary; appends any other.
pub(crate) fn push_folded(graph: &mut Graph, operation: Operation) -> Literal {
    folded(operation).unwrap_or_else(|| push(graph, operation))
}

/// Appends an exclusive or; inversions of its operands become one of its result.
pub(crate) fn push_xor(graph: &mut Graph, a: Literal, b: Literal) -> Literal {
    graph.push(Node::Xor(a.node(), b.node())).invert_if(a.inverted() ^ b.inverted())
}

/// The operand or constant that a gate is equal to, if it can be seen at once.
pub(crate) fn folded(operation: Operation) -> Option<Literal> {
    match operation {
        Operation::Xor(a, b) if a.node() == b.node() => Some(Literal::constant(a != b)),
        Operation::Xor(a, b) if a.is_constant() => Some(b.invert_if(a.inverted())),
        Operation::Xor(a, b) if b.is_constant() => Some(a.invert_if(b.inverted())),
        Operation::And(a, b) if a == b => Some(a),
        Operation::And(a, b) if a.node() == b.node() => Some(Literal::constant(false)),
        Operation::And(a, b) if a.is_constant() => Some(if a.inverted() { b } else { a }),
        Operation::And(a, b) if b.is_constant() => Some(if b.inverted() { a } else { b }),
        Operation::Xor(..) | Operation::And(..) => None,
    }
}
