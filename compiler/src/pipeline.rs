use halfgate_circuits::Circuit;

use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::{recognise, share, sweep};
use crate::schedule::schedule_graph;
use crate::{Effort, Optimizer, Program, ScheduleError};

/// Makes a circuit smaller that computes the same, with [`Effort::Quick`].
///
/// Groups stay as they are, names, owners, encodings and empty ones included. There are never more ANDs than before.
/// NOT gates are left only where an AND or an output reads an inversion, at most one per wire. A circuit of 2^31 wires
/// or more, too large to be scheduled, is returned as it is.
pub fn optimize(circuit: &Circuit) -> Circuit {
    Optimizer::new(Effort::Quick).run(circuit, &mut |_| ()).circuit
}

/// [Optimises](optimize) and [schedules](crate::schedule).
///
/// # Errors
/// If the circuit has 2^31 wires or more.
pub fn compile(circuit: &Circuit) -> Result<Program, ScheduleError> {
    let mut silent = |_| ();
    let graph = Graph::lower_folded(circuit)?;
    Ok(schedule_graph(run(graph, &mut Watch::new(Optimizer::new(Effort::Quick), &mut silent))))
}

/// All passes that the effort allows, on a graph that was folded when it was read. Gates that nothing reads may be left:
/// the scheduler drops them, too.
pub(crate) fn run(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = watch.run("share", |graph, _| share(graph), graph);
    if watch.effort < Effort::Thorough {
        return graph;
    }
    let graph = watch.run("recognise", recognise, graph);
    watch.run("sweep", sweep, graph)
}
