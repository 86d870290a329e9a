use crate::graph::{Graph, Literal, Node};
use crate::passes::fold::push_xor;
use crate::passes::rewrite::{Operation, rewrite};

/// Drops gates that no output depends on.
pub(crate) fn dead(graph: &Graph) -> Graph {
    let mut needed = graph.needed().into_iter();
    rewrite(graph, |new, operation| match operation {
        _ if needed.next() == Some(false) => Literal::constant(false),
        Operation::Xor(a, b) => push_xor(new, a, b),
        Operation::And(a, b) => new.push(Node::And(a, b)),
    })
}
