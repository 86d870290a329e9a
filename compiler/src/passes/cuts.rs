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
    /// Gates rewritten together.
    pub(crate) segment: usize,
}

/// Cones of up to four sums, in one sweep of linear time.
pub(crate) fn small_cuts(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    sweep(graph, watch, Limits { variables: 4, members: 4, cones: 8, terms: 6, segment: 1 << 18 })
}

/// Cones of up to six sums.
pub(crate) fn large_cuts(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    sweep(graph, watch, Limits { variables: 6, members: 9, cones: 48, terms: 16, segment: 1 << 20 })
}

fn sweep(graph: &Graph, watch: &mut Watch<'_>, limits: Limits) -> Graph {
    let mut functions = Functions::default();
    segments::by_segments(graph, limits.segment, |segment, done| {
        watch.tell(done, graph.gates.len());
        Rewriting::run(segment, limits, &mut functions)
    })
}
