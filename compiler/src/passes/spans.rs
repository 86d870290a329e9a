//! Blocks of ANDs computed anew from their truth tables.

mod alternating;
mod block;
mod equivalence;
mod forms;
mod grow;
mod random;
mod search;
mod span;
mod substitute;
mod synthesis;
mod web;

use crate::graph::{Graph, NodeId};
use crate::optimizer::Watch;
use crate::passes::dead;
use crate::passes::spans::block::Block;
use crate::passes::spans::grow::Growth;
use crate::passes::spans::substitute::{Replacement, substitute};
use crate::passes::spans::synthesis::{Function, Synthesis};
use crate::passes::spans::web::Web;

/// Computes anew what few ANDs can compute.
///
/// ANDs are taken together that have few inputs in common: not few wires, but few dimensions, since sums cost nothing.
/// What is read of them outside is a space, too. Each block is replaced by the best chain that is found for its truth
/// tables, which are those of all assignments of its inputs.
pub(crate) fn spans(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = dead(graph);
    let mut synthesis = Synthesis::new(watch.effort);
    let replacements = replacements(&Web::new(&graph), &mut synthesis, watch);
    dead(&substitute(&graph, replacements))
}

fn replacements(web: &Web<'_>, synthesis: &mut Synthesis, watch: &mut Watch<'_>) -> Vec<Replacement> {
    let gates = web.graph.gates.len();
    let mut seen = vec![false; web.graph.node_count()];
    let mut replacements = Vec::new();
    for seed in (0..gates).rev().map(|gate| web.graph.node(gate)).filter(|&node| web.and(node).is_some()) {
        if seen[seed.index()] {
            continue;
        }
        watch.tell(web.graph.node_count() - seed.index(), gates);
        let growth = Growth::from_seed(web, seed, 6);
        let ands: Vec<NodeId> = growth.largest(6).iter().copied().filter(|and| !seen[and.index()]).collect();
        ands.iter().for_each(|and| seen[and.index()] = true);
        let Some(block) = Block::new(web, &ands).filter(|block| block.inputs.len() <= 6) else { continue };
        let function = Function {
            inputs: block.inputs.len(),
            outputs: block.outputs.iter().map(|output| output.table[0]).collect(),
            ands: block.operands.iter().map(|[a, b]| [a[0], b[0]]).collect(),
        };
        let chain = synthesis.chain(&function);
        if let Some(chain) = chain.filter(|_| block.is_sound(web)) {
            replacements.push(Replacement { block, chain });
        }
    }
    replacements
}
