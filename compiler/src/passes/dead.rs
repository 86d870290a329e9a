use crate::graph::{Graph, Literal};
use crate::passes::fold::push;
use crate::passes::rewrite::rewrite;

/// Drops gates that no output depends on.
pub(crate) fn dead(graph: &Graph) -> Graph {
    let mut needed = graph.needed().into_iter();
    rewrite(graph, |new, operation| match operation {
        _ if needed.next() == Some(false) => Literal::constant(false),
        operation => push(new, operation),
    })
}
