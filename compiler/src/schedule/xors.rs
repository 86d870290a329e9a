//! When exclusive ors run.

use crate::graph::Graph;
use crate::schedule::batches::readable_from;

/// What reads a node last, and what would if that were gone.
#[derive(Clone, Copy, Default)]
struct LastReads {
    last: u32,
    before: u32,
}

/// Moves exclusive ors forward, from right before the first batch that needs them to the point from which on nothing
/// else needs their operands: there one wire takes the place of two.
pub(crate) fn hoist(graph: &Graph, step_of: &mut [u32]) {
    let reads = last_reads(graph, step_of);
    for (gate, node) in graph.gates.iter().enumerate() {
        if node.is_and() {
            continue;
        }
        let late = step_of[gate];
        let from = node.reads().map(|read| {
            let LastReads { last, before } = reads[read.index()];
            let others = if last == late { before } else { last };
            others.max(readable_from(graph, step_of, read))
        });
        step_of[gate] = late.min(from[0].max(from[1]));
    }
}

fn last_reads(graph: &Graph, step_of: &[u32]) -> Vec<LastReads> {
    let mut reads = vec![LastReads::default(); graph.node_count()];
    for literal in graph.outputs.iter().flat_map(|(_, bits)| bits) {
        reads[literal.node().index()] = LastReads { last: u32::MAX, before: u32::MAX };
    }
    for (node, &step) in graph.gates.iter().zip(step_of) {
        for read in node.reads() {
            let reads = &mut reads[read.index()];
            if step > reads.last {
                *reads = LastReads { last: step, before: reads.last };
            } else {
                reads.before = reads.before.max(step);
            }
        }
    }
    reads
}
