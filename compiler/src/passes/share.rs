use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::absorb::absorbed;
use crate::passes::fold::{folded, push_xor};
use crate::passes::index::{Index, scatter};
use crate::passes::linear::LinearForms;
use crate::passes::rewrite::{Operation, rewrite};

/// Computes once what is computed more than once.
///
/// Exclusive ors are compared as sums of inputs and ANDs, however they are put together. ANDs are compared by the sums
/// that their operands span: the products of any two of `a`, `b` and `a ⊕ b`, inverted or not, differ from each other
/// by sums only, so that one AND serves for all of them, and `a ∨ b` among them.
pub(crate) fn share(graph: &Graph) -> Graph {
    let mut sharing = Sharing::new(graph, graph.gates.len(), graph.and_count());
    rewrite(graph, |new, operation| match operation {
        Operation::Xor(a, b) => sharing.xor(new, a, b),
        Operation::And(a, b) => sharing.and(new, a, b),
    })
}

pub(crate) struct Sharing {
    pub(crate) forms: LinearForms,
    /// Nodes by signature.
    sums: Index,
    /// ANDs by the signatures that their operands span.
    products: Index,
}

impl Sharing {
    /// Knows the inputs of the graph; so many gates may come, and so many ANDs among them.
    pub(crate) fn new(graph: &Graph, gates: usize, ands: usize) -> Self {
        let mut sharing = Sharing {
            forms: LinearForms::new(graph, gates),
            sums: Index::new(graph.first_gate() + gates),
            products: Index::new(ands),
        };
        for input in (1..graph.first_gate()).map(NodeId::new) {
            sharing.sums.insert(sharing.forms.of(input), input);
        }
        sharing
    }

    pub(crate) fn xor(&mut self, graph: &mut Graph, a: Literal, b: Literal) -> Literal {
        if let Some(literal) = folded(Operation::Xor(a, b)) {
            return literal;
        }
        let inverted = a.inverted() ^ b.inverted();
        let signature = self.forms.of(a.node()) ^ self.forms.of(b.node());
        if signature == 0 && self.forms.is_zero(graph, [a.node(), b.node()]) {
            return Literal::constant(inverted);
        }
        match self.sums.find(signature, |node| self.forms.of(node) == signature) {
            Some(node) if self.forms.is_zero(graph, [a.node(), b.node(), node]) => {
                Literal::new(node, inverted)
            }
            found => {
                let sum = push_xor(graph, a, b);
                self.forms.push(Node::Xor(a.node(), b.node()));
                if found.is_none() {
                    self.sums.insert(signature, sum.node());
                }
                sum
            }
        }
    }

    pub(crate) fn and(&mut self, graph: &mut Graph, a: Literal, b: Literal) -> Literal {
        let known = folded(Operation::And(a, b))
            .or_else(|| absorbed(self, graph, a, b))
            .or_else(|| absorbed(self, graph, b, a));
        if let Some(literal) = known {
            return literal;
        }
        let span = self.span(a, b);
        let key = scatter(span[0]) ^ span[1];
        let same_span = |node| matches!(graph.gate(node), Some(Node::And(u, v)) if self.span(u, v) == span);
        if let Some(product) = self.products.find(key, same_span)
            && let Some(literal) = self.as_product(graph, product, a, b)
        {
            return literal;
        }
        let product = graph.push(Node::And(a, b));
        self.forms.push(Node::And(a, b));
        self.sums.insert(self.forms.of(product.node()), product.node());
        self.products.insert(key, product.node());
        product
    }

    /// The signatures of `a`, `b` and `a ⊕ b`, sorted; inversions do not matter.
    fn span(&self, a: Literal, b: Literal) -> [u64; 3] {
        let (a, b) = (self.forms.of(a.node()), self.forms.of(b.node()));
        let mut span = [a, b, a ^ b];
        span.sort_unstable();
        span
    }

    /// `a ∧ b` as the AND `product` and a sum.
    ///
    /// With `product = (x ⊕ μ)(y ⊕ ν)`, `a = px ⊕ qy ⊕ α` and `b = rx ⊕ sy ⊕ β`, multiplied out by `x² = x`.
    fn as_product(&mut self, graph: &mut Graph, product: NodeId, a: Literal, b: Literal) -> Option<Literal> {
        let Some(Node::And(u, v)) = graph.gate(product) else { return None };
        let [x, y] = [u.node(), v.node()];
        let (p, q) = self.coordinates(graph, a.node(), x, y)?;
        let (r, s) = self.coordinates(graph, b.node(), x, y)?;
        if (p & s) == (q & r) {
            return None;
        }
        let (mu, nu, alpha, beta) = (u.inverted(), v.inverted(), a.inverted(), b.inverted());
        let has_x = nu ^ (p & r) ^ (alpha & r) ^ (beta & p);
        let has_y = mu ^ (q & s) ^ (alpha & s) ^ (beta & q);
        let zero = Literal::constant(false);
        let term = |is_there: bool, node| if is_there { Literal::new(node, false) } else { zero };
        let sum = self.xor(graph, term(has_x, x), term(has_y, y));
        let sum = sum.invert_if((mu & nu) ^ (alpha & beta));
        Some(self.xor(graph, Literal::new(product, false), sum))
    }

    /// Which of `x` and `y` add up to `node`.
    fn coordinates(&mut self, graph: &Graph, node: NodeId, x: NodeId, y: NodeId) -> Option<(bool, bool)> {
        if node == x {
            Some((true, false))
        } else if node == y {
            Some((false, true))
        } else {
            self.forms.is_zero(graph, [node, x, y]).then_some((true, true))
        }
    }
}
