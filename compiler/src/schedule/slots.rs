//! Where each wire lies.

use crate::graph::{Graph, Literal, Node, NodeId};
use crate::program::Step;
use crate::schedule::batches::Timetable;
use crate::{AndGate, Operand, Program, ProgramOutput, Slot, XorGate};

/// The widest program that is run with 32 lanes side by side: more would push a tile of labels out of the L2 cache.
const WIDEST_FOR_32_LANES: u32 = 1024;

/// Writes the program down step by step; `reads` tells for each node how often it is read.
pub(crate) fn assign(graph: Graph, reads: Vec<u32>, timetable: &Timetable) -> Program {
    let mut slots =
        Slots { slot_of: vec![Slot::new(0); graph.node_count()], reads, free: Vec::new(), count: 0 };
    let zero = (slots.reads[NodeId::ZERO.index()] > 0).then(|| slots.define(NodeId::ZERO));
    let input_slots = (1..graph.first_gate())
        .map(NodeId::new)
        .map(|input| (slots.reads[input.index()] > 0).then(|| slots.define(input)))
        .collect();

    let order = Order::new(&graph, &slots.reads, timetable);
    let mut xors = Vec::with_capacity(order.xors.len());
    let mut ands = Vec::with_capacity(order.ands.len());
    let mut from = Step { xors_end: 0, ands_end: 0 };
    for &step in &order.steps {
        for &gate in &order.xors[from.xors_end as usize..step.xors_end as usize] {
            xors.push(slots.xor(&graph, gate));
        }
        slots.batch(&graph, &order.ands[from.ands_end as usize..step.ands_end as usize], &mut ands);
        from = step;
    }

    let outputs = graph.outputs.into_iter().map(|(group, bits)| {
        let bits = bits.into_iter().map(|literal| slots.operand(literal)).collect();
        ProgramOutput { group, bits }
    });
    Program {
        inputs: graph.inputs,
        input_slots,
        zero,
        outputs: outputs.collect(),
        xors,
        ands,
        steps: order.steps,
        slots: slots.count,
        tile: if slots.count <= WIDEST_FOR_32_LANES { 32 } else { 16 },
    }
}

/// Gates sorted by step, those of one step in the order of the circuit.
struct Order {
    xors: Vec<u32>,
    ands: Vec<u32>,
    steps: Vec<Step>,
}

impl Order {
    fn new(graph: &Graph, reads: &[u32], timetable: &Timetable) -> Self {
        let live = || {
            let is_live = |gate: &usize| reads[graph.first_gate() + gate] > 0;
            (0..graph.gates.len()).filter(is_live).map(|gate| (gate, timetable.step_of[gate] as usize))
        };
        let is_and = |gate: usize| matches!(graph.gates[gate], Node::And(..));

        let mut steps = vec![Step { xors_end: 0, ands_end: 0 }; timetable.batches as usize + 1];
        for (gate, step) in live() {
            let step = &mut steps[step];
            *if is_and(gate) { &mut step.ands_end } else { &mut step.xors_end } += 1;
        }
        // From here on an end is the place of the step's next gate, and after the filling it is the end again.
        let (mut xors, mut ands) = (0, 0);
        for step in &mut steps {
            let size = *step;
            *step = Step { xors_end: xors, ands_end: ands };
            (xors, ands) = (xors + size.xors_end, ands + size.ands_end);
        }
        let mut order = Order { xors: vec![0; xors as usize], ands: vec![0; ands as usize], steps };
        for (gate, step) in live() {
            let step = &mut order.steps[step];
            let (place, gates) = match is_and(gate) {
                true => (&mut step.ands_end, &mut order.ands),
                false => (&mut step.xors_end, &mut order.xors),
            };
            gates[*place as usize] = gate as u32;
            *place += 1;
        }
        order.drop_empty_end();
        order
    }

    fn drop_empty_end(&mut self) {
        let before = |step: usize| step.checked_sub(1).map(|step| self.steps[step].xors_end).unwrap_or(0);
        if self.steps.last().is_some_and(|last| last.xors_end == before(self.steps.len() - 1)) {
            self.steps.pop();
        }
    }
}

/// Slots in use and free ones; the slot freed last is taken first, because it is in the cache.
struct Slots {
    slot_of: Vec<Slot>,
    /// Reads still to come, outputs among them, so that a wire that is an output is never freed.
    reads: Vec<u32>,
    free: Vec<Slot>,
    count: u32,
}

impl Slots {
    fn xor(&mut self, graph: &Graph, gate: u32) -> XorGate {
        let [a, b] = graph.gates[gate as usize].reads();
        let (left, right) = (self.slot_of[a.index()], self.slot_of[b.index()]);
        self.release(a);
        self.release(b);
        XorGate { left, right, out: self.define(NodeId::new(graph.first_gate() + gate as usize)) }
    }

    /// The gates of a batch read before any of them writes, so what they release is free for what they write.
    fn batch(&mut self, graph: &Graph, gates: &[u32], out: &mut Vec<AndGate>) {
        let first = out.len();
        for &gate in gates {
            let Node::And(a, b) = graph.gates[gate as usize] else { unreachable!("batches hold ANDs only") };
            out.push(AndGate { left: self.operand(a), right: self.operand(b), out: Slot::new(0) });
        }
        for &gate in gates {
            for read in graph.gates[gate as usize].reads() {
                self.release(read);
            }
        }
        for (and, &gate) in out[first..].iter_mut().zip(gates) {
            and.out = self.define(NodeId::new(graph.first_gate() + gate as usize));
        }
    }

    fn operand(&self, literal: Literal) -> Operand {
        Operand::new(self.slot_of[literal.node().index()], literal.inverted())
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
}
