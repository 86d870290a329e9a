//! Operations of the library, recognised in a circuit by what they compute.
//!
//! How the circuit computes them does not matter. Operations over its input words are put beside it; where a gate
//! agrees with one on a sample of inputs, [SAT sweeping](crate::proof) has to prove that they are equal, with helpers
//! whose inner values are stepping stones between one way of computing and another. Gates that are proved to be an
//! operation are replaced by it if that leaves fewer ANDs.

mod catalogue;
mod division;

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::Effort;
use crate::append::append;
use crate::graph::{Graph, Literal, NodeId};
use crate::optimizer::Watch;
use crate::passes::{dead, follow, moved, push_folded};
use crate::proof::{Signatures, Sweep, SweepLimits};
use catalogue::Operation;

/// An operation over certain words of a graph.
struct Candidate {
    operation: &'static Operation,
    inputs: Vec<Literal>,
}

/// Replaces what is an operation of the library by that operation, where it saves ANDs.
pub(crate) fn recognise(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let candidates = candidates(graph);
    if candidates.is_empty() {
        return graph.clone();
    }
    let proved = prove(graph, &candidates, watch);
    replace(graph, &candidates, &proved)
}

/// Operations taken further at most.
const MOST: usize = 48;
/// Gates of operations that are put beside the graph at most, and so many more for each gate of the graph: many words
/// have many pairs.
const MOST_GATES: usize = 1 << 23;
const GATES_PER_GATE: usize = 8;
/// Words of 64 inputs on which gates and operations are compared first.
const SAMPLE: usize = 64;

/// Operations that gates of the graph agree with on a sample of inputs, the largest first.
fn candidates(graph: &Graph) -> Vec<Candidate> {
    let mut both = graph.clone();
    let mut signatures = Signatures::new(graph, SAMPLE);
    signatures.follow(graph);
    (graph.first_gate()..graph.node_count()).for_each(|node| signatures.enter(NodeId::new(node)));
    let mut found = Vec::new();
    let mut gates = MOST_GATES + GATES_PER_GATE * graph.gates.len();
    'pairs: for (a, b) in catalogue::word_pairs(graph) {
        for operation in catalogue::operations(a.len()) {
            let Some(left) = gates.checked_sub(operation.circuit.gates().len()) else { break 'pairs };
            gates = left;
            let inputs = operation.inputs(&a, &b);
            let outputs = append(&mut both, &operation.circuit, &inputs);
            signatures.follow(&both);
            let agrees = outputs.iter().map(|literal| signatures.equals(literal.node()).next().is_some());
            let agreement: Vec<bool> = agrees.collect();
            signatures.forget(&mut both, graph);
            if let Some(size) = operation.size_of(&agreement) {
                found.push((size, Candidate { operation, inputs }));
            }
        }
    }
    found.sort_by_key(|&(size, _)| Reverse(size));
    found.truncate(MOST);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// For each gate of the graph the candidate, the output of it and the inversion that the gate was proved to be.
type Proved = HashMap<NodeId, Vec<(usize, usize, bool)>>;

/// The inner values of dividers take some twenty conflicts each; what takes far more will not be proved.
fn limits(effort: Effort) -> SweepLimits {
    match effort {
        Effort::Utmost => {
            SweepLimits { conflicts: 3_000, gates: 20_000, all_conflicts: 4_000_000, words: 64 }
        }
        _ => SweepLimits { conflicts: 1_000, gates: 3_000, all_conflicts: 200_000, words: 64 },
    }
}

fn prove(graph: &Graph, candidates: &[Candidate], watch: &mut Watch<'_>) -> Proved {
    let mut pool = graph.without_gates();
    let mut results = Vec::new();
    for (index, Candidate { operation, inputs }) in candidates.iter().enumerate() {
        for helper in &operation.helpers {
            append(&mut pool, helper, inputs);
        }
        let outputs = append(&mut pool, &operation.circuit, inputs);
        results.extend(outputs.into_iter().enumerate().map(|(output, literal)| (index, output, literal)));
    }
    let total = pool.gates.len() + graph.gates.len();
    let mut sweep = Sweep::new(&[&pool, graph], limits(watch.effort));
    let of_pool = sweep.take(&pool, |done| watch.tell(done, total));
    let of_graph = sweep.take(graph, |done| watch.tell(pool.gates.len() + done, total));
    let mut places: HashMap<NodeId, Vec<(usize, usize, bool)>> = HashMap::new();
    for (index, output, literal) in results {
        let place = moved(&pool, &of_pool, literal);
        if !place.is_constant() {
            places.entry(place.node()).or_default().push((index, output, place.inverted()));
        }
    }
    let mut proved = Proved::new();
    for (gate, place) in of_graph.iter().enumerate() {
        let same = places.get(&place.node()).into_iter().flatten();
        let same = same.map(|&(index, output, inverted)| (index, output, inverted ^ place.inverted()));
        proved.insert(graph.node(gate), same.collect());
    }
    proved
}

/// Takes one candidate after the other, if it makes the circuit smaller.
fn replace(graph: &Graph, candidates: &[Candidate], proved: &Proved) -> Graph {
    let mut best = graph.clone();
    let mut chosen = Vec::new();
    for index in 0..candidates.len() {
        chosen.push(index);
        let tried = rebuild(graph, candidates, &chosen, proved);
        if tried.and_count() < best.and_count() {
            best = tried;
        } else {
            chosen.pop();
        }
    }
    best
}

/// The graph with the chosen operations in place of all gates that were proved to be their results.
fn rebuild(graph: &Graph, candidates: &[Candidate], chosen: &[usize], proved: &Proved) -> Graph {
    let mut new = graph.without_gates();
    let results: Vec<Vec<Literal>> = chosen
        .iter()
        .map(|&index| append(&mut new, &candidates[index].operation.circuit, &candidates[index].inputs))
        .collect();
    let mut gate = 0;
    let literals = follow(graph, |operation| {
        let own = proved.get(&graph.node(gate)).into_iter().flatten();
        gate += 1;
        let known = own.filter_map(|&(index, output, inverted)| {
            let place = chosen.iter().position(|&chosen| chosen == index)?;
            Some(results[place][output].invert_if(inverted))
        });
        known.min().unwrap_or_else(|| push_folded(&mut new, operation))
    });
    for (group, bits) in &graph.outputs {
        let bits = bits.iter().map(|&literal| moved(graph, &literals, literal)).collect();
        new.outputs.push((group.clone(), bits));
    }
    dead(&new)
}

#[cfg(test)]
#[path = "recognise/tests.rs"]
mod tests;
