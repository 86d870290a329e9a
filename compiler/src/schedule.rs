use halfgate_circuits::Circuit;

use crate::graph::Graph;
use crate::{Program, ScheduleError};

mod batches;
mod depth_first;
mod order;
mod slots;
mod step;
mod xors;

/// Puts the gates of a circuit into batches of independent ANDs and its wires into reused slots.
///
/// NOT, COPY and CONSTANT gates vanish into inversions and the zero slot, and so do gates that no output depends on;
/// every other gate is kept as it is. The result depends on the circuit only: both parties get the same program.
///
/// # Errors
/// If the circuit has 2^31 wires or more.
///
/// ```
/// use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, WireId};
///
/// let input = Input { group: Group::uint("x", 2), owner: Party::Garbler };
/// let and = Gate::And(WireId::new(0), WireId::new(1));
/// let output = Output { group: Group::uint("y", 1), wires: vec![WireId::new(2)] };
/// let circuit = Circuit::new(vec![input], vec![and], vec![output])?;
/// let program = halfgate_compiler::schedule(&circuit)?;
/// assert_eq!(program.and_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn schedule(circuit: &Circuit) -> Result<Program, ScheduleError> {
    Ok(schedule_graph(Graph::lower(circuit)?))
}

/// Takes the graph, to free it as soon as it is sorted: a large one has to share memory with what follows.
pub(crate) fn schedule_graph(unsorted: Graph) -> Program {
    let graph = depth_first::reorder(&unsorted);
    drop(unsorted);
    let mut times = batches::plan(&graph);
    xors::hoist(&graph, &mut times);
    let program = slots::assign(graph, &times);
    debug_assert_eq!(program.verify(), Ok(()), "the scheduler made an invalid program");
    program
}
