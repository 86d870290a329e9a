use std::collections::HashMap;

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::optimizer::Watch;
use crate::passes::fold::folded;
use crate::passes::rewrite::{Operation, rewrite};

/// Cones of at most so many gates are taken apart for the sake of depth.
const LARGEST: usize = 48;

/// Makes a circuit less deep in ANDs, at the price of more of them.
///
/// Where an AND waits for a signal `x` that comes late, it is a function `f` of `x` and of signals that come earlier, and
/// `f = f₀ ⊕ x·(f₀ ⊕ f₁)` (positive Davio) with `f₀ = f|x=0` and `f₁ = f|x=1`: both are ready when `x` comes, and `x`
/// passes one AND instead of all on its way. That turns chains of carries into carry-select adders and chains of ANDs into
/// trees, step by step: each sweep finds the chains that the one before has shortened.
///
/// The identity holds for every function, so nothing has to be proven about the cone.
pub(crate) fn hasten(graph: &Graph, _watch: &mut Watch<'_>) -> Graph {
    let mut making = Making { depths: vec![0; graph.first_gate()], known: HashMap::new() };
    rewrite(graph, |new, operation| match operation {
        Operation::Xor(..) => making.push(new, operation),
        Operation::And(a, b) => making.and(new, a, b),
    })
}

struct Making {
    /// Of each node of the new graph.
    depths: Vec<u32>,
    known: HashMap<(bool, Literal, Literal), Literal>,
}

/// The gates above a late signal, in the order in which they are computed.
struct Cone {
    late: NodeId,
    gates: Vec<NodeId>,
}

impl Making {
    fn depth(&self, literal: Literal) -> u32 {
        self.depths[literal.node().index()]
    }

    /// Appends a gate unless it is trivial or there already.
    fn push(&mut self, graph: &mut Graph, operation: Operation) -> Literal {
        if let Some(literal) = folded(operation) {
            return literal;
        }
        let (is_and, a, b, inverted) = match operation {
            Operation::And(a, b) => (true, a.min(b), a.max(b), false),
            Operation::Xor(a, b) => {
                let [x, y] = [a, b].map(|literal| Literal::new(literal.node(), false));
                (false, x.min(y), x.max(y), a.inverted() ^ b.inverted())
            }
        };
        if let Some(known) = self.known.get(&(is_and, a, b)) {
            return known.invert_if(inverted);
        }
        let depth = self.depth(a).max(self.depth(b)) + u32::from(is_and);
        let node = if is_and { Node::And(a, b) } else { Node::Xor(a.node(), b.node()) };
        let literal = graph.push(node);
        self.depths.push(depth);
        self.known.insert((is_and, a, b), literal);
        literal.invert_if(inverted)
    }

    fn and(&mut self, graph: &mut Graph, a: Literal, b: Literal) -> Literal {
        let plain = self.depth(a).max(self.depth(b)) + 1;
        let before = graph.gates.len();
        for cone in self.cones(graph, a, b) {
            let operands = [false, true].map(|value| {
                let moved = self.restrict(graph, &cone, value);
                let [a, b] = [a, b].map(|literal| read(&moved, literal));
                self.push(graph, Operation::And(a, b))
            });
            let difference = self.push(graph, Operation::Xor(operands[0], operands[1]));
            let late = self.push(graph, Operation::And(Literal::new(cone.late, false), difference));
            let hastened = self.push(graph, Operation::Xor(operands[0], late));
            if self.depth(hastened) < plain {
                return hastened;
            }
            self.forget(graph, before);
        }
        self.push(graph, Operation::And(a, b))
    }

    /// Takes back what was tried in vain.
    fn forget(&mut self, graph: &mut Graph, gates: usize) {
        graph.gates.truncate(gates);
        self.depths.truncate(graph.node_count());
        let nodes = graph.node_count();
        self.known.retain(|_, literal| literal.node().index() < nodes);
    }

    /// The ways to see an AND as a function of one late signal: cones grown by the latest gate until two or more ANDs lie
    /// between.
    fn cones(&self, graph: &Graph, a: Literal, b: Literal) -> Vec<Cone> {
        let top = self.depth(a).max(self.depth(b)) + 1;
        let mut leaves = vec![a.node(), b.node()];
        let (mut gates, mut cones) = (Vec::new(), Vec::new());
        while gates.len() < LARGEST && cones.len() < 4 {
            leaves.sort_unstable_by_key(|&leaf| (self.depths[leaf.index()], leaf));
            leaves.dedup();
            let Some(&late) = leaves.last() else { break };
            let depth = self.depths[late.index()];
            let next = leaves.len().checked_sub(2).map_or(0, |second| self.depths[leaves[second].index()]);
            if depth > next && depth + 2 <= top {
                let mut gates = gates.clone();
                gates.sort_unstable();
                cones.push(Cone { late, gates });
            }
            let Some(gate) = graph.gate(late) else { break };
            leaves.pop();
            leaves.extend(gate.reads());
            gates.push(late);
        }
        // The longest way first: it has most to gain.
        cones.reverse();
        cones
    }

    /// What the gates of a cone become where the late signal is known.
    fn restrict(&mut self, graph: &mut Graph, cone: &Cone, value: bool) -> HashMap<NodeId, Literal> {
        let mut moved = HashMap::from([(cone.late, Literal::constant(value))]);
        for &node in &cone.gates {
            let operation = match graph.gate(node).expect("a cone holds gates only") {
                Node::Xor(a, b) => {
                    let [a, b] = [a, b].map(|node| read(&moved, Literal::new(node, false)));
                    Operation::Xor(a, b)
                }
                Node::And(a, b) => Operation::And(read(&moved, a), read(&moved, b)),
            };
            let restricted = self.push(graph, operation);
            moved.insert(node, restricted);
        }
        moved
    }
}

fn read(moved: &HashMap<NodeId, Literal>, literal: Literal) -> Literal {
    moved.get(&literal.node()).map_or(literal, |moved| moved.invert_if(literal.inverted()))
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::library;
    use proptest::prelude::*;

    use super::hasten;
    use crate::graph::Graph;
    use crate::optimizer::{Objective, Optimizer, Watch};
    use crate::passes::dead;
    use crate::random::{self, Shape};
    use crate::schedule::schedule_graph;
    use crate::{Effort, evaluate};

    fn hastened(graph: &Graph) -> Graph {
        let optimizer = Optimizer::new(Effort::Thorough).with_objective(Objective::Depth);
        dead(&hasten(graph, &mut Watch::new(optimizer, &mut |_| ())))
    }

    proptest! {
        #[test]
        fn the_function_stays_and_depth_does_not_grow(seed: u64) {
            let circuit = random::circuit(seed, &Shape::of_seed(seed));
            let before = Graph::lower_folded(&circuit).unwrap();
            let after = hastened(&before);
            prop_assert_eq!(after.verify(), Ok(()));
            prop_assert!(after.and_depth() <= before.and_depth());
            let lanes = if circuit.inputs().is_empty() { 1 } else { 64 };
            let inputs = random::inputs(seed, &circuit, lanes);
            let values = |graph| evaluate(&schedule_graph(graph), &inputs).unwrap();
            prop_assert!(values(before) == values(after));
        }
    }

    #[test]
    fn chains_become_shallow() {
        for (name, most) in [("add64", 16), ("lt64", 16), ("eq64", 16)] {
            let mut graph = Graph::lower_folded(&library::find(name).unwrap()).unwrap();
            let ands = graph.and_count();
            loop {
                let next = hastened(&graph);
                if next.and_depth() >= graph.and_depth() {
                    break;
                }
                graph = next;
            }
            assert!(
                graph.and_depth() <= most,
                "{name}: depth {}, {} ANDs",
                graph.and_depth(),
                graph.and_count()
            );
            assert!(graph.and_count() <= 12 * ands, "{name}: {ands} ANDs became {}", graph.and_count());
        }
    }
}
