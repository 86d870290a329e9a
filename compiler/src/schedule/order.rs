//! Gates sorted by step.

use crate::graph::Graph;
use crate::program::Step;
use crate::schedule::step::Time;

/// The gates of a graph sorted by step, those of one step in the order of the graph.
pub(crate) struct Order {
    /// All exclusive ors, then all ANDs.
    gates: Vec<u32>,
    xor_count: usize,
    pub(crate) steps: Vec<Step>,
}

impl Order {
    /// Sorts by counting; `times` tells when each node is computed.
    pub(crate) fn new(graph: &Graph, times: &[Time]) -> Self {
        let times = &times[graph.first_gate()..];
        let count = times.iter().map(|time| time.step() as usize + 1).max().unwrap_or(0);
        // For each step where its next exclusive or goes and its next AND; at first, how many of them there are. Which
        // kind comes next cannot be foreseen, so it is an index and no branch.
        let mut next = vec![[0_u32; 2]; count];
        for time in times {
            next[time.step() as usize][usize::from(time.is_and())] += 1;
        }
        let xor_count = next.iter().map(|[xors, _]| xors).sum::<u32>();
        let mut steps = Vec::with_capacity(count);
        let mut end = Step::default();
        for step in &mut next {
            let [xors, ands] = std::mem::replace(step, [end.xors_end, xor_count + end.ands_end]);
            end = Step { xors_end: end.xors_end + xors, ands_end: end.ands_end + ands };
            steps.push(end);
        }
        let mut sorted = vec![0; times.len()];
        for (gate, time) in times.iter().enumerate() {
            let place = &mut next[time.step() as usize][usize::from(time.is_and())];
            sorted[*place as usize] = gate as u32;
            *place += 1;
        }
        Order { gates: sorted, xor_count: xor_count as usize, steps }
    }

    /// How many exclusive ors and ANDs there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.xor_count, self.gates.len() - self.xor_count)
    }

    /// The exclusive ors and the ANDs of each step.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u32], &[u32])> {
        let (xors, ands) = self.gates.split_at(self.xor_count);
        (0..self.steps.len()).map(move |step| {
            let from = step.checked_sub(1).map_or(Step::default(), |before| self.steps[before]);
            let to = self.steps[step];
            let xors = &xors[from.xors_end as usize..to.xors_end as usize];
            (xors, &ands[from.ands_end as usize..to.ands_end as usize])
        })
    }
}
