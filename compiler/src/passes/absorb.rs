use crate::graph::{Graph, Literal, Node};
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
    let rest = forms.of(x.node());
    let (of_u, of_v, of_g) = (forms.of(u.node()), forms.of(v.node()), forms.of(g.node()));
    for terms in 1..8_u8 {
        let [has_u, has_v, has_g] = [0, 1, 2].map(|term| terms >> term & 1 == 1);
        let chosen = |is_there: bool, signature: u64| if is_there { signature } else { 0 };
        if rest != chosen(has_u, of_u) ^ chosen(has_v, of_v) ^ chosen(has_g, of_g) {
            continue;
        }
        let node = |is_there: bool, literal: Literal| {
            if is_there { literal.node() } else { crate::graph::NodeId::ZERO }
        };
        if forms.is_zero(graph, [x.node(), node(has_u, u), node(has_v, v), node(has_g, g)]) {
            let value = has_u & !u.inverted() ^ has_v & !v.inverted() ^ has_g;
            return Some(value ^ x.inverted());
        }
    }
    None
}
