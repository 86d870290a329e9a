use halfgate_circuits::Circuit;

use crate::graph::Graph;
use crate::passes::{dead, share};
use crate::schedule::schedule_graph;
use crate::{Program, ScheduleError};

/// Makes a circuit smaller that computes the same.
///
/// Groups stay as they are, names, owners, encodings and empty ones included. There are never more ANDs than before,
/// and at most two more exclusive ors for each AND less. NOT gates are left only where an AND or an output reads an
/// inversion, at most one per wire. A circuit of 2^31 wires or more, too large to be scheduled, is returned as it is.
pub fn optimize(circuit: &Circuit) -> Circuit {
    match optimized(circuit) {
        Ok(graph) => run("dead", dead, &graph).raise().unwrap_or_else(|_too_many_inversions| circuit.clone()),
        Err(_too_large) => circuit.clone(),
    }
}

/// [Optimises](optimize) and [schedules](crate::schedule).
///
/// # Errors
/// If the circuit has 2^31 wires or more.
pub fn compile(circuit: &Circuit) -> Result<Program, ScheduleError> {
    Ok(schedule_graph(optimized(circuit)?))
}

/// The circuit as a graph, after all passes but the one that drops gates that nothing reads: the scheduler does so, too.
/// Inversions are pushed into gates, and trivial gates folded, by reading the circuit.
fn optimized(circuit: &Circuit) -> Result<Graph, ScheduleError> {
    Ok(run("share", share, &Graph::lower_folded(circuit)?))
}

fn run(name: &str, pass: fn(&Graph) -> Graph, before: &Graph) -> Graph {
    let after = pass(before);
    debug_assert_eq!(after.verify(), Ok(()), "pass `{name}` made an invalid graph");
    debug_assert!(after.and_count() <= before.and_count(), "pass `{name}` added ANDs");
    after
}
