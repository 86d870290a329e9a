use halfgate_circuits::Circuit;

use crate::graph::Graph;
use crate::passes::{dead, fold, share};
use crate::schedule::schedule_graph;
use crate::{Program, ScheduleError};

/// A pass by its name.
type Pass = (&'static str, fn(&Graph) -> Graph);

/// All passes, in order. Inversions are pushed into gates before the first one, by reading the circuit as a graph.
const PASSES: [Pass; 3] = [("fold", fold), ("share", share), ("dead", dead)];

/// Makes a circuit smaller that computes the same.
///
/// Groups stay as they are, names, owners, encodings and empty ones included. There are never more ANDs than before,
/// and at most two more exclusive ors for each AND less. NOT gates are left only where an AND or an output reads an
/// inversion, at most one per wire. A circuit of 2^31 wires or more, too large to be scheduled, is returned as it is.
pub fn optimize(circuit: &Circuit) -> Circuit {
    match Graph::lower(circuit) {
        Ok(graph) => run(graph).raise().unwrap_or_else(|_too_many_inversions| circuit.clone()),
        Err(_too_large) => circuit.clone(),
    }
}

/// [Optimises](optimize) and [schedules](crate::schedule).
///
/// # Errors
/// If the circuit has 2^31 wires or more.
pub fn compile(circuit: &Circuit) -> Result<Program, ScheduleError> {
    Ok(schedule_graph(run(Graph::lower(circuit)?)))
}

fn run(graph: Graph) -> Graph {
    PASSES.iter().fold(graph, |before, (name, pass)| {
        let after = pass(&before);
        debug_assert_eq!(after.verify(), Ok(()), "pass `{name}` made an invalid graph");
        debug_assert!(after.and_count() <= before.and_count(), "pass `{name}` added ANDs");
        after
    })
}
