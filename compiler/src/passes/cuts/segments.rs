use halfgate_circuits::Group;

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::passes::{Operation, push_folded};

/// Gates that are rewritten together, as a graph of their own.
struct Segment {
    graph: Graph,
    /// The gates whose values are read outside, in the order of the outputs of the graph.
    exported: Vec<usize>,
    /// What its inputs are in the whole graph: nodes of the old one.
    imported: Vec<NodeId>,
}

/// Runs a pass over a graph, segment by segment, so that what the pass remembers stays small. It is told how many gates
/// are done.
pub(crate) fn by_segments(graph: &Graph, size: usize, mut pass: impl FnMut(&Graph, usize) -> Graph) -> Graph {
    if graph.gates.len() <= size {
        return pass(graph, 0);
    }
    let exported = exported(graph, size);
    let mut new = graph.without_gates();
    let mut literals: Vec<Literal> = Vec::with_capacity(graph.gates.len());
    for start in (0..graph.gates.len()).step_by(size) {
        let end = graph.gates.len().min(start + size);
        let segment = Segment::new(graph, start..end, &exported);
        let imported: Vec<_> =
            segment.imported.iter().map(|&node| moved(graph, &literals, Literal::new(node, false))).collect();
        let after = pass(&segment.graph, start);
        let outputs = append(&mut new, &after, &imported);
        literals.resize(end, Literal::constant(false));
        for (gate, literal) in segment.exported.into_iter().zip(outputs) {
            literals[gate] = literal;
        }
    }
    for (group, bits) in &graph.outputs {
        let bits = bits.iter().map(|&literal| moved(graph, &literals, literal)).collect();
        new.outputs.push((group.clone(), bits));
    }
    new
}

fn moved(graph: &Graph, literals: &[Literal], literal: Literal) -> Literal {
    match graph.gate_index(literal.node()) {
        Some(gate) => literals[gate].invert_if(literal.inverted()),
        None => literal,
    }
}

/// For each gate whether an output or another segment reads it.
fn exported(graph: &Graph, size: usize) -> Vec<bool> {
    let mut exported = vec![false; graph.gates.len()];
    for literal in graph.outputs.iter().flat_map(|(_, bits)| bits) {
        if let Some(gate) = graph.gate_index(literal.node()) {
            exported[gate] = true;
        }
    }
    for (gate, node) in graph.gates.iter().enumerate() {
        for read in node.reads().into_iter().filter_map(|read| graph.gate_index(read)) {
            exported[read] |= read / size != gate / size;
        }
    }
    exported
}

impl Segment {
    fn new(whole: &Graph, gates: std::ops::Range<usize>, exported: &[bool]) -> Self {
        let first = whole.first_gate() + gates.start;
        let reads = whole.gates[gates.clone()].iter().flat_map(|node| node.reads());
        let mut imported: Vec<_> =
            reads.filter(|&read| read != NodeId::ZERO && read.index() < first).collect();
        imported.sort_unstable();
        imported.dedup();
        let width = imported.len();
        let place = |node: NodeId| match node.index().checked_sub(first) {
            Some(gate) => NodeId::new(1 + width + gate),
            None if node == NodeId::ZERO => node,
            None => NodeId::new(1 + imported.binary_search(&node).expect("all reads are imported")),
        };
        let literal = |literal: Literal| Literal::new(place(literal.node()), literal.inverted());
        let inside = whole.gates[gates.clone()].iter().map(|&node| match node {
            Node::Xor(a, b) => Node::Xor(place(a), place(b)),
            Node::And(a, b) => Node::And(literal(a), literal(b)),
        });
        let mut graph =
            Graph { inputs: Vec::new(), gates: inside.collect(), outputs: Vec::new(), input_width: width };
        let exported: Vec<_> = gates.clone().filter(|&gate| exported[gate]).collect();
        let bits = exported.iter().map(|&gate| Literal::new(graph.node(gate - gates.start), false));
        let bits = bits.collect();
        graph.outputs.push((Group::uint("exported", exported.len() as u32), bits));
        Segment { graph, exported, imported }
    }
}

/// Appends a graph to another, over these literals as inputs; gives the literals of its outputs.
fn append(whole: &mut Graph, part: &Graph, inputs: &[Literal]) -> Vec<Literal> {
    let needed = part.needed();
    let mut literals = Vec::with_capacity(part.node_count());
    literals.push(Literal::constant(false));
    literals.extend(inputs);
    for (&gate, needed) in part.gates.iter().zip(needed) {
        let literal = |literal: Literal| literals[literal.node().index()].invert_if(literal.inverted());
        let node = |node: NodeId| literals[node.index()];
        let operation = match gate {
            Node::Xor(a, b) => Operation::Xor(node(a), node(b)),
            Node::And(a, b) => Operation::And(literal(a), literal(b)),
        };
        literals.push(if needed { push_folded(whole, operation) } else { Literal::constant(false) });
    }
    let outputs = part.outputs.iter().flat_map(|(_, bits)| bits);
    outputs.map(|literal| literals[literal.node().index()].invert_if(literal.inverted())).collect()
}
