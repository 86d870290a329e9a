//! Blocks of ANDs computed anew from their truth tables.

mod alternating;
mod block;
mod equivalence;
mod forms;
mod grow;
mod inversions;
mod random;
mod resubstitution;
mod search;
mod span;
mod substitute;
mod synthesis;
mod table;
mod web;

use crate::Effort;
use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::spans::block::Block;
use crate::passes::spans::grow::{Growth, MAX_ANDS};
use crate::passes::spans::resubstitution::{MOST_ANDS, Resubstitution};
use crate::passes::spans::substitute::{Replacement, substitute};
use crate::passes::spans::synthesis::{Function, Synthesis};
use crate::passes::spans::table::MAX_INPUTS;
use crate::passes::spans::web::Web;
use crate::passes::{dead, share};

pub(crate) use inversions::inversions;

/// The most inputs of a block that is computed anew: a truth table is a word.
const INPUTS: usize = 6;

/// How often a graph is gone through at most, from its outputs to its inputs and then from its inputs to its outputs:
/// either way finds whole blocks where the other finds pieces.
const SWEEPS: usize = 8;

/// Nodes looked at for each of the graph to make blocks at most, on average.
const LOOKS: usize = 1 << 7;

/// Tables written as sums of others for each AND to find superfluous ones at most, on average.
const TABLES: u64 = 1 << 13;

/// Computes anew what fewer ANDs can compute.
///
/// ANDs are taken together that have few inputs in common: not few wires, but few dimensions, since sums cost nothing.
/// What is read of them outside is a space, too. Each block is replaced by the best chain that is found for its truth
/// tables: those of all assignments of its inputs, so that nothing is assumed about what lies outside.
pub(crate) fn spans(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let mut synthesis = Synthesis::new(watch.effort);
    let mut best = dead(graph);
    let sweeps = if watch.effort >= Effort::Utmost { SWEEPS } else { 2 };
    for sweep in 0..sweeps {
        let smaller = swept(&best, sweep % 2 == 1, &mut synthesis, watch);
        if smaller.and_count() < best.and_count() {
            best = smaller;
        } else if sweep > 0 {
            break;
        }
    }
    best
}

/// The graph with all blocks replaced that are found from one end to the other.
fn swept(graph: &Graph, is_upward: bool, synthesis: &mut Synthesis, watch: &mut Watch<'_>) -> Graph {
    let web = Web::new(graph, if watch.effort >= Effort::Utmost { 16 * LOOKS } else { LOOKS });
    let mut seeds = web.ands();
    if !is_upward {
        seeds.reverse();
    }
    let mut replaced = vec![false; graph.node_count()];
    // What has been in a block is no seed again. On the way down it is left out of later blocks, too, so that they are
    // of one piece; on the way up it may be part of a larger one.
    let mut seen = replaced.clone();
    let mut replacements = Vec::new();
    for (done, &seed) in seeds.iter().enumerate() {
        if seen[seed.index()] {
            continue;
        }
        watch.tell(done, seeds.len());
        let mut ands = Growth::from_seed(&web, seed, INPUTS).largest(INPUTS, MAX_ANDS).to_vec();
        ands.retain(|and| !if is_upward { &replaced } else { &seen }[and.index()]);
        ands.iter().for_each(|and| seen[and.index()] = true);
        if ands.len() < 2 {
            continue;
        }
        if let Some(found) = Block::new(&web, &ands).and_then(|block| replacement(&web, block, synthesis)) {
            ands.iter().for_each(|and| replaced[and.index()] = true);
            replacements.push(found);
        }
    }
    dead(&share(&substitute(graph, replacements)))
}

/// A block with a chain of fewer ANDs, both checked.
fn replacement(web: &Web<'_>, block: Block, synthesis: &mut Synthesis) -> Option<Replacement> {
    let function = Function::of_block(&block)?;
    let chain = synthesis.chain(&function)?;
    (chain.tables() == function.outputs && block.is_sound(web)).then_some(Replacement { block, chain })
}

/// Saves ANDs that others of the same block make superfluous.
///
/// Blocks may have more inputs here than where they are computed anew, and one may overlap with another.
pub(crate) fn resubstitution(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = dead(graph);
    let web = Web::new(&graph, if watch.effort >= Effort::Utmost { 16 * LOOKS } else { 4 * LOOKS });
    let seeds = web.ands();
    let mut resubstitution = Resubstitution { work: TABLES * seeds.len() as u64 };
    let mut replaced = vec![false; graph.node_count()];
    let mut seen = replaced.clone();
    let mut replacements = Vec::new();
    for (done, &seed) in seeds.iter().enumerate().rev() {
        if seen[seed.index()] {
            continue;
        }
        watch.tell(seeds.len() - done, seeds.len());
        let mut ands = Growth::from_seed(&web, seed, MAX_INPUTS).largest(MAX_INPUTS, MOST_ANDS).to_vec();
        ands.retain(|and| !replaced[and.index()]);
        // Those next to the seed have been looked at in their midst.
        ands.iter().take(ands.len() / 5).for_each(|and| seen[and.index()] = true);
        let Some(block) = Block::new(&web, &ands) else { continue };
        if let Some(chain) = resubstitution.chain(&block).filter(|_| block.is_sound(&web)) {
            ands.iter().for_each(|and| replaced[and.index()] = true);
            replacements.push(Replacement { block, chain });
        }
    }
    dead(&share(&substitute(&graph, replacements)))
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Builder, Party};

    use super::{resubstitution, spans};
    use crate::graph::Graph;
    use crate::optimizer::Watch;
    use crate::passes::{large_cuts, shaken_cuts};
    use crate::{Effort, Optimizer};

    /// All products of two bits, one of four bits each, and the product of the sums of these bits, which is their sum. It
    /// depends on eight inputs, which is more than cuts have and blocks that are computed anew.
    #[test]
    fn a_sum_of_many_products_is_found() {
        let builder = Builder::new();
        let a = builder.input_bits("a", 4, Party::Garbler);
        let b = builder.input_bits("b", 4, Party::Evaluator);
        let products: Vec<_> = a.iter().flat_map(|&a| b.iter().map(move |&b| a & b)).collect();
        let sums = [&a, &b].map(|bits| bits.iter().skip(1).fold(bits[0], |sum, &bit| sum ^ bit));
        builder.output_bits("products", &builder.bits(products));
        builder.output_bit("of_sums", sums[0] & sums[1]);
        let graph = Graph::lower_folded(&builder.finish().unwrap()).unwrap();
        let mut silent = |_| ();
        let mut watch = Watch::new(Optimizer::new(Effort::Utmost), &mut silent);
        for pass in [large_cuts, shaken_cuts, spans] {
            assert_eq!(pass(&graph, &mut watch).and_count(), 17);
        }
        assert_eq!(resubstitution(&graph, &mut watch).and_count(), 16);
    }
}
