//! Where each wire lies.

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::program::Digest;
use crate::schedule::order::Order;
use crate::schedule::step::Time;
use crate::{AndGate, Operand, Program, ProgramOutput, Slot, XorGate};

/// The widest program that is run with 32 lanes side by side: more would push a tile of labels out of the L2 cache.
const WIDEST_FOR_32_LANES: u32 = 1024;

/// Writes the program down step by step; `times` tells when each node is computed, and every gate is needed.
pub(crate) fn assign(graph: Graph, times: &[Time]) -> Program {
    let order = Order::new(&graph, times);
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
        digest: Digest::default(),
    }
}

/// What lies in a slot.
#[derive(Clone, Copy)]
struct Wire {
    slot: u32,
    /// Reads still to come; that of the outputs, one for all of them, never comes.
    reads: u32,
}

/// Slots in use and free ones; the one freed last is taken first, because it is in the cache.
struct Slots {
    /// One for each node.
    wires: Vec<Wire>,
    /// A stack of free slots, with room for all.
    free: Vec<u32>,
    /// The height of the stack.
    free_count: usize,
    count: u32,
}

impl Slots {
    fn new(graph: &Graph) -> Self {
        let mut wires = vec![Wire { slot: 0, reads: 0 }; graph.node_count()];
        for literal in graph.outputs.iter().flat_map(|(_, bits)| bits) {
            wires[literal.node().index()].reads = 1;
        }
        for read in graph.gates.iter().flat_map(|node| node.reads()) {
            wires[read.index()].reads += 1;
        }
        Slots { wires, free: vec![0], free_count: 0, count: 0 }
    }

    fn define_if_read(&mut self, node: NodeId) -> Option<Slot> {
        (self.wires[node.index()].reads > 0).then(|| self.define(node))
    }

    fn define(&mut self, node: NodeId) -> Slot {
        let slot = match self.free_count.checked_sub(1) {
            Some(top) => {
                self.free_count = top;
                self.free[top]
            }
            None => self.add_slot(),
        };
        self.wires[node.index()].slot = slot;
        Slot::new(slot)
    }

    #[cold]
    fn add_slot(&mut self) -> u32 {
        self.free.push(0);
        self.count += 1;
        self.count - 1
    }

    /// Notes a read. The slot is written onto the stack in any case, which keeps it or not: whether a read is the last
    /// cannot be foreseen, so there is no branch.
    fn release(&mut self, node: NodeId) {
        let wire = &mut self.wires[node.index()];
        wire.reads -= 1;
        self.free[self.free_count] = wire.slot;
        self.free_count += usize::from(wire.reads == 0);
    }

    fn xor(&mut self, graph: &Graph, gate: usize) -> XorGate {
        let reads = graph.gates[gate].reads();
        let [left, right] = reads.map(|read| self.slot(read));
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
            let operands = [left, right].map(|literal| self.operand(literal));
            [left, right].into_iter().for_each(|literal| self.release(literal.node()));
            let [left, right] = operands;
            program.push(AndGate { left, right, out: self.define(graph.node(gate as usize)) });
        }
    }

    fn operand(&self, literal: Literal) -> Operand {
        Operand::new(self.slot(literal.node()), literal.inverted())
    }

    fn slot(&self, node: NodeId) -> Slot {
        Slot::new(self.wires[node.index()].slot)
    }
}
