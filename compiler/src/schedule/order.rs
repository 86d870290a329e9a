//! Gates sorted by step.

use crate::graph::Graph;
use crate::program::Step;

/// The exclusive ors and the ANDs of a graph sorted by step, those of one step in the order of the graph.
pub(crate) struct Order {
    xors: Vec<u32>,
    ands: Vec<u32>,
    pub(crate) steps: Vec<Step>,
}

impl Order {
    /// Sorts by counting; `step_of` tells the step of each gate.
    pub(crate) fn new(graph: &Graph, step_of: &[u32]) -> Self {
        let count = step_of.iter().max().map_or(0, |&last| last as usize + 1);
        let mut steps = vec![Step::default(); count];
        let gates = || graph.gates.iter().map(|node| node.is_and()).zip(step_of);
        for (is_and, &step) in gates() {
            *steps[step as usize].end_mut(is_and) += 1;
        }
        // Until all gates are placed, an end is where the next gate of its step goes.
        let mut next = Step::default();
        for step in &mut steps {
            let size = std::mem::replace(step, next);
            next = Step { xors_end: next.xors_end + size.xors_end, ands_end: next.ands_end + size.ands_end };
        }
        let mut order =
            Order { xors: vec![0; next.xors_end as usize], ands: vec![0; next.ands_end as usize], steps };
        for (gate, (is_and, &step)) in gates().enumerate() {
            let end = order.steps[step as usize].end_mut(is_and);
            let sorted = if is_and { &mut order.ands } else { &mut order.xors };
            sorted[*end as usize] = gate as u32;
            *end += 1;
        }
        order
    }

    /// How many exclusive ors and ANDs there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.xors.len(), self.ands.len())
    }

    /// The exclusive ors and the ANDs of each step.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u32], &[u32])> {
        (0..self.steps.len()).map(|step| {
            let from = step.checked_sub(1).map_or(Step::default(), |before| self.steps[before]);
            let to = self.steps[step];
            let xors = &self.xors[from.xors_end as usize..to.xors_end as usize];
            (xors, &self.ands[from.ands_end as usize..to.ands_end as usize])
        })
    }
}

impl Step {
    fn end_mut(&mut self, is_and: bool) -> &mut u32 {
        if is_and { &mut self.ands_end } else { &mut self.xors_end }
    }
}
