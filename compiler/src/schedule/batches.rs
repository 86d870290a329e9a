//! Which ANDs run together.

use crate::Program;
use crate::graph::Graph;
use crate::schedule::order::Order;
use crate::schedule::step::{Time, times_of_inputs};

/// The size of a full batch: what the dense kernel of a machine takes when it runs one lane. Larger batches make more
/// wires live and, where a circuit is narrow, more batches end in a part of a kernel.
const FULL: u8 = 16;

const _: () = assert!(FULL as usize <= Program::MAX_BATCH);

/// Tells for each node when it is computed: the steps' exclusive ors run before their batch of ANDs.
///
/// First every AND takes the earliest batch that has room, so that no batch stays open while an AND could run in it;
/// then, from the end, the latest. The second pass makes no more batches than the first, often fewer, and it computes
/// nothing long before it is read. (Forward-backward improvement, as known from project scheduling.)
pub(crate) fn plan(graph: &Graph) -> Vec<Time> {
    let mut times = place_early(graph);
    let order = Order::new(graph, &times);
    place_late(graph, &order, &mut times);
    times
}

fn place_early(graph: &Graph) -> Vec<Time> {
    let mut times = times_of_inputs(graph);
    let mut batches = Batches::default();
    for node in &graph.gates {
        let [a, b] = node.reads().map(|read| times[read.index()].readable_from());
        let ready = a.max(b);
        let step = if node.is_and() { batches.place(ready) } else { ready };
        times.push(Time::new(step, node.is_and()));
    }
    times
}

/// `order` is any valid order.
fn place_late(graph: &Graph, order: &Order, times: &mut [Time]) {
    let mut batches = Batches::default();
    let first = graph.first_gate();
    // Until all are placed, steps are counted from the end: they tell how many batches stand behind a node, at first
    // those that read it, then also its own.
    times.iter_mut().for_each(|time| *time = time.at(0));
    for (xors, ands) in order.iter().rev() {
        for gate in ands.iter().rev().map(|&gate| gate as usize) {
            let time = &mut times[first + gate];
            *time = time.at(batches.place(time.step()) + 1);
            require(graph, times, gate);
        }
        for gate in xors.iter().rev().map(|&gate| gate as usize) {
            require(graph, times, gate);
        }
    }
    let (inputs, gates) = times.split_at_mut(first);
    inputs.fill(Time::default());
    gates.iter_mut().for_each(|time| *time = time.at(batches.count() - time.step()));
}

/// What a gate reads stands before it.
fn require(graph: &Graph, times: &mut [Time], gate: usize) {
    let behind = times[graph.first_gate() + gate].step();
    for read in graph.gates[gate].reads() {
        let read = &mut times[read.index()];
        *read = read.at(behind.max(read.step()));
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
