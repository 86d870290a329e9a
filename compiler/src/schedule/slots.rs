//! Where each wire lies.

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::schedule::order::Order;
use crate::{AndGate, Operand, Program, ProgramOutput, Slot, XorGate};

/// The widest program that is run with 32 lanes side by side: more would push a tile of labels out of the L2 cache.
const WIDEST_FOR_32_LANES: u32 = 1024;

/// Writes the program down step by step; every gate of the graph has a step and is needed.
pub(crate) fn assign(graph: Graph, step_of: &[u32]) -> Program {
    let order = Order::new(&graph, step_of);
    let mut slots = Slots::new(&graph);
    let input_slots = (1..graph.first_gate()).map(|input| slots.define_if_read(NodeId::new(input))).collect();
    let zero = slots.define_if_read(NodeId::ZERO);
    let (xor_count, and_count) = order.counts();
    let (mut xors, mut ands) = (Vec::with_capacity(xor_count), Vec::with_capacity(and_count));
    for (step_xors, step_ands) in order.iter() {
        xors.extend(step_xors.iter().map(|&gate| slots.xor(&graph, gate as usize)));
        slots.and(&graph, step_ands, &mut ands);
    }
    let outputs = graph.outputs.into_iter().map(|(group, bits)| {
        let bits = bits.into_iter().map(|literal| slots.operand(literal)).collect();
        ProgramOutput { group, bits }
    });
    Program {
        inputs: graph.inputs,
        input_slots,
        zero,
        xors,
        ands,
        steps: order.steps,
        outputs: outputs.collect(),
        slots: slots.count,
        tile: if slots.count <= WIDEST_FOR_32_LANES { 32 } else { 16 },
    }
}

/// Slots in use and free ones; the one freed last is taken first, because it is in the cache.
struct Slots {
    slot_of: Vec<Slot>,
    /// Reads still to come; that of an output never comes.
    reads: Vec<u32>,
    free: Vec<Slot>,
    count: u32,
}

impl Slots {
    fn new(graph: &Graph) -> Self {
        let unused = Slot::new(0);
        Slots { slot_of: vec![unused; graph.node_count()], reads: graph.reads(), free: Vec::new(), count: 0 }
    }

    fn define_if_read(&mut self, node: NodeId) -> Option<Slot> {
        (self.reads[node.index()] > 0).then(|| self.define(node))
    }

    fn define(&mut self, node: NodeId) -> Slot {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            Slot::new(self.count - 1)
        });
        self.slot_of[node.index()] = slot;
        slot
    }

    fn release(&mut self, node: NodeId) {
        let reads = &mut self.reads[node.index()];
        *reads -= 1;
        if *reads == 0 {
            self.free.push(self.slot_of[node.index()]);
        }
    }

    fn xor(&mut self, graph: &Graph, gate: usize) -> XorGate {
        let reads = graph.gates[gate].reads();
        let [left, right] = reads.map(|read| self.slot_of[read.index()]);
        reads.into_iter().for_each(|read| self.release(read));
        XorGate { left, right, out: self.define(graph.node(gate)) }
    }

    /// A gate takes what it and earlier gates of its batch have released, never what a later one still reads: a
    /// machine may run the batch in order as well as at once.
    fn and(&mut self, graph: &Graph, gates: &[u32], program: &mut Vec<AndGate>) {
        for &gate in gates {
            let Node::And(left, right) = graph.gates[gate as usize] else {
                unreachable!("a batch holds ANDs only")
            };
            let [left, right] = [left, right].map(|literal| self.operand(literal));
            graph.gates[gate as usize].reads().into_iter().for_each(|read| self.release(read));
            program.push(AndGate { left, right, out: self.define(graph.node(gate as usize)) });
        }
    }

    fn operand(&self, literal: Literal) -> Operand {
        Operand::new(self.slot_of[literal.node().index()], literal.inverted())
    }
}
