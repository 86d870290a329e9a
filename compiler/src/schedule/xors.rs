//! When exclusive ors run.

use crate::graph::Graph;
use crate::schedule::step::Time;

/// What reads a node last, in the upper half, and what would if that were gone, in the lower: one word, as both are
/// always wanted.
#[derive(Clone, Copy, Default)]
struct LastReads(u64);

impl LastReads {
    /// What an output reads is read to the end.
    const FOREVER: LastReads = LastReads(u64::MAX);

    fn last(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn before(self) -> u32 {
        self.0 as u32
    }

    fn and(self, step: u32) -> Self {
        let last = self.last().max(step);
        let before = self.before().max(self.last().min(step));
        LastReads(u64::from(last) << 32 | u64::from(before))
    }

    /// The last read besides one at `step`.
    fn besides(self, step: u32) -> u32 {
        if self.last() == step { self.before() } else { self.last() }
    }
}

/// Moves exclusive ors forward, from right before the first batch that needs them to the point from which on nothing
/// else needs their operands: there one wire takes the place of two.
pub(crate) fn hoist(graph: &Graph, times: &mut [Time]) {
    let reads = last_reads(graph, times);
    for (gate, node) in graph.gates.iter().enumerate().filter(|(_, node)| !node.is_and()) {
        let own = graph.first_gate() + gate;
        let late = times[own].step();
        let [a, b] = node
            .reads()
            .map(|read| reads[read.index()].besides(late).max(times[read.index()].readable_from()));
        times[own] = times[own].at(late.min(a.max(b)));
    }
}

fn last_reads(graph: &Graph, times: &[Time]) -> Vec<LastReads> {
    let mut reads = vec![LastReads::default(); graph.node_count()];
    for literal in graph.outputs.iter().flat_map(|(_, bits)| bits) {
        reads[literal.node().index()] = LastReads::FOREVER;
    }
    for (node, time) in graph.gates.iter().zip(&times[graph.first_gate()..]) {
        for read in node.reads() {
            let reads = &mut reads[read.index()];
            *reads = reads.and(time.step());
        }
    }
    reads
}
