use halfgate_circuits::{Circuit, Group, Input};

/// A node of a [`Graph`]: 0 is the constant zero, then the input wires, then the gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

impl NodeId {
    /// The constant zero.
    pub(crate) const ZERO: NodeId = NodeId(0);

    pub(crate) fn new(index: usize) -> Self {
        debug_assert!(index < Graph::MAX_NODES);
        NodeId(index as u32)
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A node read as it is or inverted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Literal(u32);

impl Literal {
    pub(crate) fn new(node: NodeId, inverted: bool) -> Self {
        Literal(node.0 << 1 | u32::from(inverted))
    }

    pub(crate) fn constant(value: bool) -> Self {
        Literal(u32::from(value))
    }

    pub(crate) fn node(self) -> NodeId {
        NodeId(self.0 >> 1)
    }

    pub(crate) fn inverted(self) -> bool {
        self.0 & 1 == 1
    }

    pub(crate) fn is_constant(self) -> bool {
        self.node() == NodeId::ZERO
    }

    pub(crate) fn invert_if(self, inverted: bool) -> Self {
        Literal(self.0 ^ u32::from(inverted))
    }
}

/// A gate of a [`Graph`]. Inversions of XOR operands have moved to its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Xor(NodeId, NodeId),
    And(Literal, Literal),
}

impl Node {
    /// The two nodes it reads.
    pub(crate) fn reads(self) -> [NodeId; 2] {
        match self {
            Node::Xor(a, b) => [a, b],
            Node::And(a, b) => [a.node(), b.node()],
        }
    }

    pub(crate) fn is_and(self) -> bool {
        matches!(self, Node::And(..))
    }
}

/// An XOR-AND graph: a circuit whose NOT, COPY and CONSTANT gates have become inversions on edges and the node zero.
///
/// Gates stand in topological order; the gate at index `g` is node `first_gate() + g`.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    pub(crate) inputs: Vec<Input>,
    pub(crate) gates: Vec<Node>,
    pub(crate) outputs: Vec<(Group, Vec<Literal>)>,
    pub(crate) input_width: usize,
}

impl Graph {
    /// A literal keeps one bit for the inversion.
    pub(crate) const MAX_NODES: usize = 1 << 31;

    /// The inputs of a circuit, no gates, and no outputs yet.
    pub(crate) fn with_inputs_of(circuit: &Circuit) -> Self {
        Graph {
            inputs: circuit.inputs().to_vec(),
            gates: Vec::with_capacity(circuit.gates().len()),
            outputs: Vec::with_capacity(circuit.outputs().len()),
            input_width: circuit.input_width(),
        }
    }

    /// The same inputs, no gates, and no outputs yet.
    pub(crate) fn without_gates(&self) -> Self {
        let gates = Vec::with_capacity(self.gates.len());
        let outputs = Vec::with_capacity(self.outputs.len());
        Graph { inputs: self.inputs.clone(), gates, outputs, input_width: self.input_width }
    }

    /// Appends a gate that reads only nodes before it.
    pub(crate) fn push(&mut self, node: Node) -> Literal {
        let id = NodeId::new(self.node_count());
        self.gates.push(node);
        Literal::new(id, false)
    }

    /// The number of nodes that are no gates: zero and the inputs.
    pub(crate) fn first_gate(&self) -> usize {
        1 + self.input_width
    }

    pub(crate) fn node_count(&self) -> usize {
        self.first_gate() + self.gates.len()
    }

    pub(crate) fn and_count(&self) -> usize {
        self.gates.iter().filter(|node| node.is_and()).count()
    }

    /// The largest number of ANDs on a path from an input to an output.
    pub(crate) fn and_depth(&self) -> usize {
        let mut depths: Vec<u32> = vec![0; self.node_count()];
        for (gate, &node) in self.gates.iter().enumerate() {
            let below = node.reads().map(|read| depths[read.index()]);
            depths[self.first_gate() + gate] = below[0].max(below[1]) + u32::from(node.is_and());
        }
        let outputs = self.outputs.iter().flat_map(|(_, bits)| bits);
        outputs.map(|literal| depths[literal.node().index()] as usize).max().unwrap_or(0)
    }

    /// The gate that computes a node, unless it is zero or an input.
    pub(crate) fn gate(&self, node: NodeId) -> Option<Node> {
        self.gate_index(node).map(|gate| self.gates[gate])
    }

    /// The node that a gate computes.
    pub(crate) fn node(&self, gate: usize) -> NodeId {
        NodeId::new(self.first_gate() + gate)
    }

    /// The index of the gate that computes a node, unless it is zero or an input.
    pub(crate) fn gate_index(&self, node: NodeId) -> Option<usize> {
        node.index().checked_sub(self.first_gate())
    }

    /// For each gate whether an output depends on it.
    pub(crate) fn needed(&self) -> Vec<bool> {
        let mut needed = vec![false; self.gates.len()];
        let need = |needed: &mut [bool], node| {
            if let Some(gate) = self.gate_index(node) {
                needed[gate] = true;
            }
        };
        for literal in self.outputs.iter().flat_map(|(_, bits)| bits) {
            need(&mut needed, literal.node());
        }
        for (gate, node) in self.gates.iter().enumerate().rev() {
            if needed[gate] {
                node.reads().into_iter().for_each(|read| need(&mut needed, read));
            }
        }
        needed
    }
}
