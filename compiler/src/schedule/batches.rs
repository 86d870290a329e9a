//! When each gate runs.

use crate::Program;
use crate::graph::{Graph, Node, NodeId};

/// For each gate the step it runs in.
pub(crate) struct Timetable {
    /// One entry per gate; what stands at gates that nothing reads has no meaning.
    pub(crate) step_of: Vec<u32>,
    /// The number of batches of ANDs; the exclusive ors behind the last one have this number as their step.
    pub(crate) batches: u32,
}

/// Puts every AND into the earliest batch that has room, in the order of the circuit, and every exclusive or right
/// before the batch that needs it.
pub(crate) fn plan(graph: &Graph, reads: &[u32]) -> Timetable {
    let (mut step_of, batches) = place_ands(graph, reads);
    delay_xors(graph, reads, batches, &mut step_of);
    Timetable { step_of, batches }
}

/// First fit over unit tasks is list scheduling: no batch stays open while an AND that could run in it waits. The
/// step of an exclusive or is the first in which it could run.
fn place_ands(graph: &Graph, reads: &[u32]) -> (Vec<u32>, u32) {
    let mut step_of = vec![0; graph.gates.len()];
    let mut batches = Batches::default();
    for (gate, &node) in graph.gates.iter().enumerate() {
        if reads[graph.first_gate() + gate] == 0 {
            continue;
        }
        let ready =
            node.reads().map(|read| ready_after(graph, &step_of, read)).into_iter().max().unwrap_or(0);
        step_of[gate] = match node {
            Node::Xor(..) => ready,
            Node::And(..) => batches.place(ready),
        };
    }
    (step_of, batches.count())
}

/// The first step that may read a node.
fn ready_after(graph: &Graph, step_of: &[u32], node: NodeId) -> u32 {
    match graph.gate_index(node) {
        None => 0,
        Some(gate) => step_of[gate] + u32::from(matches!(graph.gates[gate], Node::And(..))),
    }
}

/// Moves exclusive ors to the step that first reads them.
fn delay_xors(graph: &Graph, reads: &[u32], batches: u32, step_of: &mut [u32]) {
    let mut first_read = vec![batches; graph.gates.len()];
    for (gate, &node) in graph.gates.iter().enumerate().rev() {
        if reads[graph.first_gate() + gate] == 0 {
            continue;
        }
        if let Node::Xor(..) = node {
            step_of[gate] = first_read[gate];
        }
        for read in node.reads() {
            if let Some(read) = graph.gate_index(read) {
                first_read[read] = first_read[read].min(step_of[gate]);
            }
        }
    }
}

/// Batches that fill up, with a path-compressed pointer from each full batch to one behind it that may have room.
#[derive(Default)]
struct Batches {
    used: Vec<u8>,
    next: Vec<u32>,
}

impl Batches {
    /// The size of the dense kernel of a machine that runs one lane.
    const FULL: u8 = 16;

    fn count(&self) -> u32 {
        self.used.len() as u32
    }

    /// Takes a place in the first batch from `earliest` on that has room.
    fn place(&mut self, earliest: u32) -> u32 {
        let batch = self.first_with_room(earliest);
        if batch as usize == self.used.len() {
            self.used.push(0);
            self.next.push(batch);
        }
        self.used[batch as usize] += 1;
        if self.used[batch as usize] == Self::FULL {
            self.next[batch as usize] = batch + 1;
        }
        batch
    }

    fn first_with_room(&mut self, earliest: u32) -> u32 {
        let mut batch = earliest;
        while let Some(&next) = self.next.get(batch as usize) {
            if next == batch {
                break;
            }
            // Halving the path keeps later searches short.
            let after = self.next.get(next as usize).copied().unwrap_or(next);
            self.next[batch as usize] = after;
            batch = after;
        }
        batch
    }
}

const _: () = assert!(Batches::FULL as usize <= Program::MAX_BATCH);
