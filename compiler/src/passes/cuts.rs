//! Rewrites cones of ANDs by what their function takes at least.
//!
//! A *cone* is a set of ANDs below a gate. The function of the gate is one of the sums of other nodes that the operands
//! of these ANDs are made of, whichever nodes the circuit computes these sums by: exclusive ors are free, so cuts run
//! through them anywhere (Testa et al., "Reducing the Multiplicative Complexity in Logic Networks for Cryptography and
//! Security Applications", DAC 2019, cut where there are wires). If the function of up to six such sums takes fewer ANDs
//! than die with the gate, the gate is computed anew.
//!
//! Every replacement is right by construction: the truth table of the cone over all values of the sums, taken as
//! independent, is the table of the chain that replaces it.

mod cone;
mod grow;
mod net;
mod segments;
mod terms;

use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::cuts::grow::Rewriting;
use crate::passes::functions::Functions;

/// How far to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Sums that the function of a cone may depend on, at most 6.
    pub(crate) variables: usize,
    /// ANDs in a cone.
    pub(crate) members: usize,
    /// Cones looked at per gate.
    pub(crate) cones: usize,
    /// Terms of a sum before it counts as a term itself.
    pub(crate) terms: usize,
    /// Whether to rewrite also what takes as many ANDs as before: the next sweep then meets other cones.
    pub(crate) neutral: bool,
    /// Gates rewritten together.
    pub(crate) segment: usize,
}

/// For one sweep of linear time.
const SMALL: Limits =
    Limits { variables: 4, members: 4, cones: 12, terms: 6, neutral: false, segment: 1 << 18 };

/// For as many sweeps as pay.
const LARGE: Limits =
    Limits { variables: 6, members: 9, cones: 48, terms: 16, neutral: false, segment: 1 << 20 };

/// Cones of up to four sums.
pub(crate) fn small_cuts(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    sweep(graph, watch, SMALL)
}

/// Cones of up to six sums.
pub(crate) fn large_cuts(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    sweep(graph, watch, LARGE)
}

/// Cones of up to six sums once more after all that can be rewritten without a gain has been; the graph as it was if
/// that leads nowhere.
pub(crate) fn shaken_cuts(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let shaken = sweep(graph, watch, Limits { neutral: true, ..LARGE });
    let after = sweep(&shaken, watch, LARGE);
    if watch.prefers(&after, graph) { after } else { graph.clone() }
}

/// Segments in a row without a gain after which only one in so many is looked at, until there is one again: what a loop
/// of a program or a generator has written a thousand times is the same everywhere.
const PATIENCE: usize = 8;

/// A gain is at least one AND in so many.
const GAIN: usize = 1000;

fn sweep(graph: &Graph, watch: &mut Watch<'_>, limits: Limits) -> Graph {
    let mut functions = Functions::default();
    let mut idle = 0;
    segments::by_segments(graph, limits.segment, |segment, done| {
        if idle >= PATIENCE && !(done / limits.segment).is_multiple_of(PATIENCE) {
            return segment.clone();
        }
        let tell = |gates| watch.tell(done + gates, graph.gates.len());
        let after = Rewriting::run(segment, limits, &mut functions, tell);
        let saved = segment.and_count().saturating_sub(after.and_count());
        idle = if saved * GAIN > segment.and_count() { 0 } else { idle + 1 };
        after
    })
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Group, Values};
    use proptest::prelude::*;

    use super::segments::by_segments;
    use super::{Limits, large_cuts, shaken_cuts, small_cuts, sweep};
    use crate::evaluate;
    use crate::graph::{Graph, Literal, Node, NodeId};
    use crate::optimizer::{Optimizer, Watch};
    use crate::random::{self, Shape};
    use crate::schedule::schedule_graph;

    /// A random circuit of six inputs, and what it computes for all of their values.
    fn small(seed: u64) -> Graph {
        let shape = Shape { inputs: vec![6], gates: 20 + (seed % 200) as usize, outputs: vec![9] };
        Graph::lower_folded(&random::circuit(seed, &shape)).unwrap()
    }

    fn outputs(graph: &Graph) -> Vec<Values> {
        let all = Values::from_u64s(6, &(0..64).collect::<Vec<_>>());
        evaluate(&schedule_graph(graph.clone()), &[all]).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn small_circuits_compute_the_same_for_all_inputs(seed: u64) {
            let graph = small(seed);
            let mut silent = |_| ();
            let mut watch = Watch::new(Optimizer::default(), &mut silent);
            for pass in [small_cuts, large_cuts, shaken_cuts] {
                let after = pass(&graph, &mut watch);
                prop_assert_eq!(after.verify(), Ok(()));
                prop_assert!(after.and_count() <= graph.and_count());
                prop_assert!(outputs(&after) == outputs(&graph));
            }
        }

        #[test]
        fn segments_fit_together(seed: u64, size in 1_usize..40) {
            let graph = small(seed);
            let same = by_segments(&graph, size, |segment, _| {
                assert!(segment.gates.len() <= size);
                segment.clone()
            });
            prop_assert_eq!(same.verify(), Ok(()));
            prop_assert!(outputs(&same) == outputs(&graph));
            let mut silent = |_| ();
            let limits = Limits { variables: 5, members: 6, cones: 20, terms: 8, neutral: true, segment: size };
            let after = sweep(&graph, &mut Watch::new(Optimizer::default(), &mut silent), limits);
            prop_assert_eq!(after.verify(), Ok(()));
            prop_assert!(outputs(&after) == outputs(&graph));
        }
    }

    /// So many ANDs of inputs that nothing can be done about, then as many exclusive ors of three ANDs each.
    #[test]
    fn a_gain_after_a_long_time_without_is_found() {
        const GATES: usize = 3000;
        let shape = Shape { inputs: vec![GATES as u32], gates: 1, outputs: vec![1] };
        let circuit = random::circuit(0, &shape);
        let mut graph = Graph::lower_folded(&circuit).unwrap().without_gates();
        let inputs = random::inputs(0, &circuit, 64);
        let [first, mut next] = [0, GATES / 2].map(|input| Literal::new(NodeId::new(1 + input), false));
        let mut last = first;
        let mut outputs = Vec::new();
        for input in (1..GATES).map(|input| Literal::new(NodeId::new(1 + input), false)) {
            last = graph.push(Node::And(last.invert_if(true), input));
        }
        outputs.push(last);
        for input in (1..GATES / 3).map(|input| Literal::new(NodeId::new(1 + input), false)) {
            let one = graph.push(Node::And(next, input.invert_if(true)));
            let other = graph.push(Node::And(next.invert_if(true), input));
            next = graph.push(Node::And(one.invert_if(true), other.invert_if(true)));
            outputs.push(next);
        }
        graph.outputs = vec![(Group::uint("y", outputs.len() as u32), outputs)];
        let values = |graph: &Graph| evaluate(&schedule_graph(graph.clone()), &inputs).unwrap();
        let saved = |segment: usize| {
            let limits = Limits { segment, ..super::SMALL };
            let after = sweep(&graph, &mut Watch::new(Optimizer::default(), &mut |_| ()), limits);
            assert!(values(&after) == values(&graph));
            graph.and_count() - after.and_count()
        };
        let (whole, parts) = (saved(1 << 20), saved(60));
        assert!(whole > GATES / 2 && parts > whole * 8 / 10, "{parts} of {whole}");
    }

    /// A multiplexer, a majority and an exclusive or, each with three ANDs.
    #[test]
    fn textbook_cones_take_one_and_or_none() {
        let not = |literal: Literal| literal.invert_if(true);
        let or = |graph: &mut Graph, a, b| not(graph.push(Node::And(not(a), not(b))));
        let ands = |first: [Literal; 2], second: [Literal; 2]| {
            let mut graph = small(0).without_gates();
            let [a, b] = [first, second].map(|[a, b]| graph.push(Node::And(a, b)));
            let result = or(&mut graph, a, b);
            graph.outputs = vec![(Group::uint("y", 1), vec![result])];
            let after = small_cuts(&graph, &mut Watch::new(Optimizer::default(), &mut |_| ()));
            assert!(outputs(&after) == outputs(&graph));
            after.and_count()
        };
        let [x, y, z] = [1, 2, 3].map(|input| Literal::new(NodeId::new(input), false));
        assert_eq!(ands([x, y], [not(x), z]), 1);
        assert_eq!(ands([x, not(y)], [not(x), y]), 0);
        assert_eq!(ands([x, y], [z, not(x)]), 1);
        assert_eq!(ands([x, y], [z, not(z)]), 1);
    }
}
