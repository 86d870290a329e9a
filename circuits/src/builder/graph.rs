//! The gates of a circuit under construction, folded as they are added.

use std::ops::Not;

use super::index::Index;

/// A node read as it is or inverted, so that an inversion is no gate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Literal {
    pub(super) node: u32,
    pub(super) inverted: bool,
}

impl Literal {
    pub(super) fn constant(value: bool) -> Self {
        Literal { node: Graph::ZERO, inverted: value }
    }

    fn positive(node: u32) -> Self {
        Literal { node, inverted: false }
    }

    /// The value, where it does not depend on any input.
    pub(super) fn known(self) -> Option<bool> {
        (self.node == Graph::ZERO).then_some(self.inverted)
    }

    fn invert_if(self, condition: bool) -> Self {
        Literal { node: self.node, inverted: self.inverted ^ condition }
    }
}

impl Not for Literal {
    type Output = Literal;

    fn not(self) -> Literal {
        self.invert_if(true)
    }
}

/// What a node computes. Operands are older than the node and in ascending order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// The constant 0; node [`Graph::ZERO`] only.
    Zero,
    Input,
    Xor(u32, u32),
    And(Literal, Literal),
}

impl Node {
    /// The nodes a gate reads.
    pub(super) fn operands(self) -> Option<[u32; 2]> {
        match self {
            Node::Zero | Node::Input => None,
            Node::Xor(a, b) => Some([a, b]),
            Node::And(a, b) => Some([a.node, b.node]),
        }
    }
}

/// Nodes in the order in which they were made.
pub(super) struct Graph {
    nodes: Vec<Node>,
    index: Index,
    overflowed: bool,
}

impl Graph {
    pub(super) const ZERO: u32 = 0;

    pub(super) fn new() -> Self {
        Graph { nodes: vec![Node::Zero], index: Index::new(), overflowed: false }
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Whether there were more nodes than indices; the literals handed out since then are meaningless.
    pub(super) fn overflowed(&self) -> bool {
        self.overflowed
    }

    pub(super) fn input(&mut self) -> Literal {
        self.push(Node::Input)
    }

    pub(super) fn xor(&mut self, left: Literal, right: Literal) -> Literal {
        let (older, newer) = (left.node.min(right.node), left.node.max(right.node));
        let positive = match self.nodes[newer as usize] {
            _ if older == newer => Literal::constant(false),
            _ if older == Self::ZERO => Literal::positive(newer),
            Node::Xor(a, b) if a == older => Literal::positive(b),
            Node::Xor(a, b) if b == older => Literal::positive(a),
            _ => self.share(Node::Xor(older, newer)),
        };
        positive.invert_if(left.inverted ^ right.inverted)
    }

    pub(super) fn and(&mut self, left: Literal, right: Literal) -> Literal {
        let (older, newer) = (left.min(right), left.max(right));
        match older.known() {
            Some(true) => return newer,
            Some(false) => return older,
            None if older == newer => return older,
            None if older == !newer => return Literal::constant(false),
            None => {}
        }
        match self.given(older, newer) {
            Some(simpler) if simpler.known() == Some(false) => simpler,
            Some(simpler) if simpler == newer => newer,
            Some(simpler) => self.and(older, simpler),
            None => self.share(Node::And(older, newer)),
        }
    }

    /// What `newer` comes to where `older` is 1, if a look at its operands tells: `newer` itself if it implies
    /// `older`, otherwise a constant or one of the operands.
    fn given(&self, older: Literal, newer: Literal) -> Option<Literal> {
        let positive = match self.nodes[newer.node as usize] {
            Node::Xor(a, b) if a == older.node => Literal { node: b, inverted: !older.inverted },
            Node::Xor(a, b) if b == older.node => Literal { node: a, inverted: !older.inverted },
            Node::And(a, b) if a == !older || b == !older => Literal::constant(false),
            Node::And(a, b) if a == older || b == older => match newer.inverted {
                false => return Some(newer),
                true if a == older => b,
                true => a,
            },
            _ => return None,
        };
        Some(positive.invert_if(newer.inverted))
    }

    /// The node that computes this already, or a new one.
    fn share(&mut self, node: Node) -> Literal {
        let place = match self.index.find(&self.nodes, node) {
            Ok(same) => return Literal::positive(same),
            Err(place) => place,
        };
        let literal = self.push(node);
        self.index.insert(&self.nodes, place, literal.node);
        literal
    }

    fn push(&mut self, node: Node) -> Literal {
        match u32::try_from(self.nodes.len()) {
            Ok(index) => {
                self.nodes.push(node);
                Literal::positive(index)
            }
            Err(_) => {
                self.overflowed = true;
                Literal::constant(false)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Graph, Literal};

    const ZERO: Literal = Literal { node: 0, inverted: false };
    const ONE: Literal = Literal { node: 0, inverted: true };

    fn graph_of_three() -> (Graph, Literal, Literal, Literal) {
        let mut graph = Graph::new();
        let (x, y, z) = (graph.input(), graph.input(), graph.input());
        (graph, x, y, z)
    }

    /// Runs `build` and tells how many nodes it added.
    fn added(graph: &mut Graph, build: impl FnOnce(&mut Graph)) -> usize {
        let before = graph.nodes().len();
        build(graph);
        graph.nodes().len() - before
    }

    #[test]
    fn constants_and_equal_operands_make_no_gate() {
        let (mut graph, x, _, _) = graph_of_three();
        let gates = added(&mut graph, |graph| {
            for (left, right, xor, and) in [
                (x, x, ZERO, x),
                (x, !x, ONE, ZERO),
                (!x, !x, ZERO, !x),
                (x, ZERO, x, ZERO),
                (x, ONE, !x, x),
                (!x, ONE, x, !x),
                (ONE, ONE, ZERO, ONE),
                (ONE, ZERO, ONE, ZERO),
            ] {
                for (left, right) in [(left, right), (right, left)] {
                    assert!(graph.xor(left, right) == xor);
                    assert!(graph.and(left, right) == and);
                }
            }
        });
        assert_eq!(gates, 0);
    }

    #[test]
    fn inversions_move_out_of_exclusive_ors() {
        let (mut graph, x, y, _) = graph_of_three();
        let gates = added(&mut graph, |graph| {
            let plain = graph.xor(x, y);
            assert!(graph.xor(!x, y) == !plain);
            assert!(graph.xor(x, !y) == !plain);
            assert!(graph.xor(!y, !x) == plain);
        });
        assert_eq!(gates, 1);
    }

    #[test]
    fn identical_gates_are_shared() {
        let (mut graph, x, y, _) = graph_of_three();
        let gates = added(&mut graph, |graph| {
            let first = graph.and(x, !y);
            assert!(graph.and(!y, x) == first);
            assert!(graph.and(x, y) != first);
        });
        assert_eq!(gates, 2);
    }

    #[test]
    fn operands_are_looked_into_once() {
        let (mut graph, x, y, _) = graph_of_three();
        let both = graph.and(x, y);
        let either = graph.xor(x, y);
        let only_x = graph.and(x, !y);
        let only_y = graph.and(!x, y);
        let gates = added(&mut graph, |graph| {
            assert!(graph.xor(either, x) == y);
            assert!(graph.xor(y, !either) == !x);
            assert!(graph.and(both, x) == both);
            assert!(graph.and(both, !y) == ZERO);
            assert!(graph.and(x, !both) == only_x);
            assert!(graph.and(!x, !both) == !x);
            assert!(graph.and(x, either) == only_x);
            assert!(graph.and(x, !either) == both);
            assert!(graph.and(!x, either) == only_y);
        });
        assert_eq!(gates, 0);
    }
}
