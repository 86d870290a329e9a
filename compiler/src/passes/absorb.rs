use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::share::Sharing;

/// `x ∧ g` and `x ∧ ¬g`, where `g` is itself an AND and `x` a sum of its operands and itself, without an AND.
///
/// Where `g = (u ⊕ μ)(v ⊕ ν)` is one, `u`, `v` and `g` are known, and so is `x`: it is a constant `c` there, and
/// `x ∧ g = c ∧ g`, `x ∧ ¬g = x ⊕ (c ∧ g)`. Circuits that make exclusive ors of ANDs and ORs are full of this.
pub(crate) fn absorbed(sharing: &mut Sharing, graph: &mut Graph, x: Literal, g: Literal) -> Option<Literal> {
    let value = value_under(sharing, graph, x, g)?;
    let product = Literal::new(g.node(), false);
    let common = if value { product } else { Literal::constant(false) };
    Some(if g.inverted() { sharing.xor(graph, x, common) } else { common })
}

/// The value that `x` has wherever the AND behind `g` is one, if that is plain.
fn value_under(sharing: &mut Sharing, graph: &Graph, x: Literal, g: Literal) -> Option<bool> {
    let Some(Node::And(u, v)) = graph.gate(g.node()) else { return None };
    let forms = &mut sharing.forms;
    let target = forms.of(x.node());
    let terms = [u.node(), v.node(), g.node()];
    let signatures = terms.map(|term| forms.of(term));
    for subset in 1..8_u8 {
        let [has_u, has_v, has_g] = [0, 1, 2].map(|term| subset >> term & 1 == 1);
        let part = |is_there, term: usize| if is_there { signatures[term] } else { 0 };
        if target != part(has_u, 0) ^ part(has_v, 1) ^ part(has_g, 2) {
            continue;
        }
        let part = |is_there, term: usize| if is_there { terms[term] } else { NodeId::ZERO };
        if forms.is_zero(graph, [x.node(), part(has_u, 0), part(has_v, 1), part(has_g, 2)]) {
            let value = (has_u && !u.inverted()) ^ (has_v && !v.inverted()) ^ has_g;
            return Some(value ^ x.inverted());
        }
    }
    None
}
