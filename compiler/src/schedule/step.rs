//! When each node is computed.

use crate::graph::Graph;

/// The step that a node is computed in, and whether an AND computes it. One word for both spares a look at the gate.
#[derive(Clone, Copy, Default)]
pub(crate) struct Time(u32);

impl Time {
    pub(crate) fn new(step: u32, is_and: bool) -> Self {
        Time(step << 1 | u32::from(is_and))
    }

    pub(crate) fn step(self) -> u32 {
        self.0 >> 1
    }

    pub(crate) fn is_and(self) -> bool {
        self.0 & 1 == 1
    }

    /// The first step that may read the node: within a step exclusive ors come before ANDs.
    pub(crate) fn readable_from(self) -> u32 {
        self.0.div_ceil(2)
    }

    pub(crate) fn at(self, step: u32) -> Self {
        Time::new(step, self.is_and())
    }
}

/// The times of zero and the inputs, which are there from the start, with room for those of the gates.
pub(crate) fn times_of_inputs(graph: &Graph) -> Vec<Time> {
    let mut times = Vec::with_capacity(graph.node_count());
    times.resize(graph.first_gate(), Time::default());
    times
}
