use crate::graph::{Graph, Literal, NodeId};
use crate::passes::push_folded;
use crate::passes::rewrite::rewrite;
use crate::passes::sums::adders::{carry, sum};
use crate::passes::sums::cells::Cells;

/// Makes every adder of its operands alone, with one AND, so that it shows who uses which sum and which carry: shared
/// exclusive ors often lead past them.
pub(crate) fn regular(graph: &Graph, cells: &Cells) -> Graph {
    let mut literals: Vec<Literal> = Vec::with_capacity(graph.node_count());
    literals.extend((0..graph.first_gate()).map(|node| Literal::new(NodeId::new(node), false)));
    let mut gate = 0;
    rewrite(graph, |new, operation| {
        let node = graph.node(gate);
        gate += 1;
        let moved = |literal: Literal| literals[literal.node().index()].invert_if(literal.inverted());
        let carried = cells.with_carry(node).first();
        let literal = if let Some(literal) = cells.trivial(node) {
            moved(literal)
        } else if let Some(cell) = cells.with_sum(node) {
            sum(new, cell.operands.map(moved)).invert_if(cell.sum.inverted())
        } else if let Some(cell) = carried {
            carry(new, cell.operands.map(moved)).invert_if(cell.carry.inverted())
        } else if let Some((operands, inverted)) = cells.exclusive_or(node) {
            sum(new, operands.map(|operand| moved(Literal::new(operand, false)))).invert_if(*inverted)
        } else {
            push_folded(new, operation)
        };
        literals.push(literal);
        literal
    })
}
