//! Which ANDs run together.

use crate::Program;
use crate::graph::{Graph, NodeId};
use crate::schedule::order::Order;

/// The size of a full batch: what the dense kernel of a machine takes when it runs one lane. Larger batches make more
/// wires live and, where a circuit is narrow, more batches end in a part of a kernel.
const FULL: u8 = 16;

const _: () = assert!(FULL as usize <= Program::MAX_BATCH);

/// Tells for each gate the step it runs in: the steps' exclusive ors run before their batch of ANDs.
///
/// First every AND takes the earliest batch that has room, so that no batch stays open while an AND could run in it;
/// then, from the end, the latest. The second pass makes no more batches than the first, often fewer, and it computes
/// nothing long before it is read. (Forward-backward improvement, as known from project scheduling.)
pub(crate) fn plan(graph: &Graph) -> Vec<u32> {
    let earliest = place_early(graph);
    place_late(graph, &Order::new(graph, &earliest))
}

fn place_early(graph: &Graph) -> Vec<u32> {
    let mut step_of = Vec::with_capacity(graph.gates.len());
    let mut batches = Batches::default();
    for node in &graph.gates {
        let [a, b] = node.reads().map(|read| readable_from(graph, &step_of, read));
        let ready = a.max(b);
        step_of.push(if node.is_and() { batches.place(ready) } else { ready });
    }
    step_of
}

/// The first step that may read a node.
pub(crate) fn readable_from(graph: &Graph, step_of: &[u32], node: NodeId) -> u32 {
    graph.gate_index(node).map_or(0, |gate| step_of[gate] + u32::from(graph.gates[gate].is_and()))
}

/// `order` is any valid order. Batches are counted from the end here, until the last line.
fn place_late(graph: &Graph, order: &Order) -> Vec<u32> {
    let mut batches = Batches::default();
    // For each gate how many batches stand behind it: at first those that read it, then also its own.
    let mut behind = vec![0; graph.gates.len()];
    for (xors, ands) in order.iter().rev() {
        for gate in ands.iter().rev().map(|&gate| gate as usize) {
            behind[gate] = batches.place(behind[gate]) + 1;
            require(graph, &mut behind, gate);
        }
        for gate in xors.iter().rev().map(|&gate| gate as usize) {
            require(graph, &mut behind, gate);
        }
    }
    behind.into_iter().map(|behind| batches.count() - behind).collect()
}

/// What a gate reads stands before it.
fn require(graph: &Graph, behind: &mut [u32], gate: usize) {
    for read in graph.gates[gate].reads() {
        if let Some(read) = graph.gate_index(read) {
            behind[read] = behind[read].max(behind[gate]);
        }
    }
}

/// Batches that fill up, each with a pointer to the next one that may have room (itself, as long as it has).
#[derive(Default)]
struct Batches {
    used: Vec<u8>,
    next: Vec<u32>,
}

impl Batches {
    fn count(&self) -> u32 {
        self.used.len() as u32
    }

    /// Takes a place in the first batch from `earliest` on that has room.
    fn place(&mut self, earliest: u32) -> u32 {
        let batch = self.first_with_room(earliest);
        let index = batch as usize;
        if index == self.used.len() {
            self.used.push(0);
            self.next.push(batch);
        }
        self.used[index] += 1;
        if self.used[index] == FULL {
            self.next[index] = batch + 1;
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
