//! Sums of many numbers, computed at once.

mod adders;
mod carries;
mod cells;
mod cuts;
mod identity;
mod rebuild;
mod region;
mod regroup;
mod regular;
mod uses;

use std::collections::HashSet;

use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::products::{Frame, with_products};
use crate::passes::{dead, share};

use adders::cost;
use carries::ripple;
use cells::Cells;
pub(crate) use identity::{Identity, Product, Terms, bits};
use rebuild::rebuild;
use region::{Field, Work, identities_of};
use regroup::regroup;
use regular::regular;
pub(crate) use uses::Uses;

/// Replaces adders that hang together by sums of columns, wherever that needs fewer ANDs.
///
/// A full adder says that `x + y + z = 2·carry + sum`, whatever it is made of. Added up over adders whose carries and
/// sums only they use, with the right powers of two, this says that the bits of a word are the sum of many bits:
/// an exact identity, from which the word is computed anew.
pub(crate) fn sums(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    if graph.gates.len() > MOST_GATES {
        return graph.clone();
    }
    let graph = dead(&share(&regular(graph, &Cells::new(graph))));
    let plain = added_up(&graph, watch);
    // Carries that are equal by chance, where a sum cannot overflow, lead away from words.
    let rippled = ripple(&graph, watch).map(|graph| added_up(&graph, watch));
    rippled.filter(|rippled| watch.prefers(rippled, &plain)).unwrap_or(plain)
}

/// The graph with words computed by their sums.
fn added_up(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = dead(&regroup(graph, &Cells::new(graph)));
    rebuild(&graph, &identities(&graph, watch))
}

/// Larger graphs are left alone: cuts take some hundred bytes per gate.
const MOST_GATES: usize = 1 << 22;
/// Gates looked at per gate of the graph at most.
const WORK_PER_GATE: usize = 64;

/// Words that are better computed from their identities.
fn identities(graph: &Graph, watch: &mut Watch<'_>) -> Vec<Identity> {
    let cells = Cells::new(graph);
    let mut uses = Uses::new(graph);
    let mut identities = Vec::new();
    let mut work = Work { left: 1000 + WORK_PER_GATE * graph.gates.len(), inner: HashSet::new() };
    for (done, gate) in (0..graph.gates.len()).rev().enumerate() {
        if done % 4096 == 0 {
            watch.tell(done, graph.gates.len());
        }
        let top = graph.node(gate);
        if work.left == 0 {
            break;
        }
        if !uses.is_needed(top) || uses.is_replaced(top) || work.inner.contains(&top) {
            continue;
        }
        let field = Field { graph, cells: &cells, uses: &uses };
        let Some(found) = identities_of(field, top, &mut work) else { continue };
        let products = found.each_ref().map(|identity| products(&uses, identity, &mut work));
        identities.extend(best(&mut uses, products.into_iter().flatten().chain(found)));
    }
    identities
}

/// The identity with products in place of addends, as far as some can be found.
fn products(uses: &Uses<'_>, identity: &Identity, work: &mut Work) -> Vec<Identity> {
    /// Gates that make an addend, about.
    const PER_ADDEND: usize = 16;
    let highest = identity.columns.iter().map(Vec::len).max().unwrap_or(0);
    if highest < 3 {
        return Vec::new();
    }
    work.left = work.left.saturating_sub(PER_ADDEND * identity.leaves().count());
    [Frame::Operands, Frame::Inputs]
        .into_iter()
        .filter_map(|frame| with_products(uses, identity, frame))
        .collect()
}

/// The way to compute a word that saves most ANDs, if one does.
fn best(uses: &mut Uses<'_>, identities: impl Iterator<Item = Identity>) -> Option<Identity> {
    let mut best: Option<(isize, Identity)> = None;
    for identity in identities {
        if identity.roots().any(|root| uses.is_replaced(root)) {
            continue;
        }
        let gain = replace(uses, &identity) - cost(&identity) as isize;
        uses.undo();
        if gain > best.as_ref().map_or(0, |&(gain, _)| gain) {
            best = Some((gain, identity));
        }
    }
    let (_, best) = best?;
    replace(uses, &best);
    uses.keep();
    Some(best)
}

/// The ANDs that are not needed any more if a word is computed from the leaves of its identity.
fn replace(uses: &mut Uses<'_>, identity: &Identity) -> isize {
    let (roots, leaves): (Vec<_>, Vec<_>) = (identity.roots().collect(), identity.leaves().collect());
    uses.replace(&roots, &leaves)
}
