use halfgate_circuits::Circuit;

use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::{
    dead, hasten, inversions, large_cuts, recognise, resubstitution, shaken_cuts, share, small_cuts, spans,
    sums, sweep,
};
use crate::schedule::schedule_graph;
use crate::{Effort, Objective, Optimizer, Program, ScheduleError};

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
    let graph = with_few_ands(graph, watch);
    match watch.objective {
        Objective::Ands => graph,
        Objective::Depth => repeat_for_depth(graph, watch),
    }
}

fn with_few_ands(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    let mut shared = watch.run("share", |graph, _| share(graph), graph);
    if watch.effort >= Effort::Thorough {
        shared = watch.run("inversions", inversions, shared);
    }
    match watch.effort {
        Effort::Folds => shared,
        Effort::Quick => quick(shared, watch),
        Effort::Thorough => thorough(shared, watch),
        Effort::Utmost => watch.better(shared, utmost, |graph, watch| {
            watch.effort = Effort::Thorough;
            let graph = thorough(graph, watch);
            watch.effort = Effort::Utmost;
            graph
        }),
    }
}

fn quick(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    watch.run("small cuts", small_cuts, graph)
}

/// A pass that saves ANDs may leave less for those after it, so that a lower effort is no worse only where it was tried.
fn thorough(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    watch.better(graph, |graph, watch| bits(words(graph, watch), watch), quick)
}

fn utmost(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    let mut graph = bits(words(graph, watch), watch);
    loop {
        let before = graph.and_count();
        graph = bits(words(graph, watch), watch);
        if graph.and_count() >= before {
            return graph;
        }
    }
}

/// Each sweep can halve what is left of a chain.
fn repeat_for_depth(mut graph: Graph, watch: &mut Watch<'_>) -> Graph {
    loop {
        let before = graph.and_depth();
        graph = dead(&watch.run("hasten", hasten, graph));
        if graph.and_depth() >= before {
            return graph;
        }
    }
}

/// What looks for words: the files' own structure shows them best, so it comes before all that changes single bits.
fn words(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = watch.run("recognise", recognise, graph);
    let graph = watch.run("sums", sums, graph);
    let graph = watch.run("share", |graph, _| share(graph), graph);
    watch.run("sweep", sweep, graph)
}

/// What looks at functions of few bits.
fn bits(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    // Blocks are easier to see before cuts have mixed them.
    let graph = watch.run("spans", spans, graph);
    let graph = watch.run("share", |graph, _| share(graph), graph);
    let graph = quick(graph, watch);
    let graph = cuts(graph, watch);
    let before = graph.and_count();
    let graph = repeat("resubstitution", resubstitution, graph, watch, patience(watch.effort));
    if graph.and_count() < before { cuts(graph, watch) } else { graph }
}

fn cuts(graph: Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = repeat("large cuts", large_cuts, graph, watch, patience(watch.effort));
    match watch.effort {
        Effort::Folds | Effort::Quick | Effort::Thorough => graph,
        Effort::Utmost => repeat("shaken cuts", shaken_cuts, graph, watch, usize::MAX),
    }
}

/// A sweep that saves one AND in so many is followed by another.
fn patience(effort: Effort) -> usize {
    match effort {
        Effort::Folds | Effort::Quick | Effort::Thorough => 500,
        Effort::Utmost => usize::MAX,
    }
}

/// Runs a pass for as long as it saves at least one AND in so many.
fn repeat(
    name: &'static str,
    pass: fn(&Graph, &mut Watch<'_>) -> Graph,
    mut graph: Graph,
    watch: &mut Watch<'_>,
    one_in: usize,
) -> Graph {
    loop {
        let before = graph.and_count();
        graph = watch.run(name, pass, graph);
        // Where depth matters more, ANDs may have become more.
        if before.saturating_sub(graph.and_count()) <= before / one_in {
            return graph;
        }
    }
}
