//! The order in which gates ask for a place: each right behind what it reads.

use crate::graph::{Graph, Literal, Node, NodeId};

/// Sorts the gates as a depth-first walk from the outputs leaves them, the deeper operand first, and drops those that
/// no output depends on. Circuits as published stand in any order, level by level among them; in this order few wires
/// are live at a time.
pub(crate) fn reorder(graph: &Graph) -> Graph {
    let mut walk = Walk { graph, marks: marks(graph), sorted: graph.without_gates(), stack: Vec::new() };
    for (group, bits) in &graph.outputs {
        for literal in bits {
            walk.visit(literal.node());
        }
        let bits = bits.iter().map(|&literal| moved(literal, walk.marks[literal.node().index()])).collect();
        walk.sorted.outputs.push((group.clone(), bits));
    }
    walk.sorted
}

/// What a walk knows of a node: until it has a place its depth, then its place. One word for both, because the walk is
/// bound by the memory that it touches.
#[derive(Clone, Copy)]
struct Mark(u32);

impl Mark {
    const OPEN: u32 = 1 << 31;

    fn placed(node: NodeId) -> Self {
        Mark(node.index() as u32)
    }

    fn open(depth: u32) -> Self {
        Mark(depth | Self::OPEN)
    }

    fn is_open(self) -> bool {
        self.0 & Self::OPEN != 0
    }

    /// The depth of an open node, zero for inputs as long as no gate has a place.
    fn depth(self) -> u32 {
        if self.is_open() { self.0 & !Self::OPEN } else { 0 }
    }

    fn place(self) -> NodeId {
        NodeId::new(self.0 as usize)
    }
}

/// For each gate the largest number of ANDs on a path to it, its own included; inputs keep their places.
fn marks(graph: &Graph) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(graph.node_count());
    marks.extend((0..graph.first_gate()).map(|node| Mark::placed(NodeId::new(node))));
    for node in &graph.gates {
        let [a, b] = node.reads().map(|read| marks[read.index()].depth());
        marks.push(Mark::open(a.max(b) + u32::from(node.is_and())));
    }
    marks
}

struct Walk<'a> {
    graph: &'a Graph,
    /// One for each node.
    marks: Vec<Mark>,
    sorted: Graph,
    /// The way from the root to the gate that is looked at. It is ours: circuits may be deeper than the thread's stack.
    stack: Vec<NodeId>,
}

impl Walk<'_> {
    /// Places a node after all that it depends on.
    fn visit(&mut self, root: NodeId) {
        if !self.marks[root.index()].is_open() {
            return;
        }
        let mut node = root;
        loop {
            let gate = self.graph.gates[node.index() - self.graph.first_gate()];
            let [a, b] = gate.reads();
            let marks = [a, b].map(|read| self.marks[read.index()]);
            match marks.map(Mark::is_open) {
                [false, false] => {
                    self.place(node, gate, marks);
                    let Some(above) = self.stack.pop() else { return };
                    node = above;
                }
                [a_open, b_open] => {
                    self.stack.push(node);
                    let deeper = b_open && (!a_open || marks[1].depth() > marks[0].depth());
                    node = if deeper { b } else { a };
                }
            }
        }
    }

    /// Places a gate, given the marks of its operands, which have places.
    fn place(&mut self, node: NodeId, gate: Node, [a, b]: [Mark; 2]) {
        let gate = match gate {
            Node::Xor(..) => Node::Xor(a.place(), b.place()),
            Node::And(left, right) => Node::And(moved(left, a), moved(right, b)),
        };
        self.marks[node.index()] = Mark::placed(self.sorted.push(gate).node());
    }
}

fn moved(literal: Literal, mark: Mark) -> Literal {
    Literal::new(mark.place(), literal.inverted())
}
