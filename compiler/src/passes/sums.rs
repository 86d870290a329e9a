//! Sums of many numbers, computed at once.

mod adders;
mod cells;
mod cuts;
mod identity;
mod rebuild;
mod region;
mod regular;
mod uses;

use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::products::{Frame, with_products};
use crate::passes::{dead, share};

use adders::cost;
use cells::Cells;
pub(crate) use identity::{Identity, Product, Terms, bits};
use rebuild::rebuild;
use region::{Field, identity};
use regular::regular;
pub(crate) use uses::Uses;

/// Replaces adders that hang together by sums of columns, wherever that needs fewer ANDs.
///
/// A full adder says that `x + y + z = 2·carry + sum`, whatever it is made of. Added up over adders whose carries and
/// sums only they use, with the right powers of two, this says that the bits of a word are the sum of many bits:
/// an exact identity, from which the word is computed anew.
pub(crate) fn sums(graph: &Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = dead(&share(&regular(graph, &Cells::new(graph))));
    if std::env::var("DBG").is_ok() { eprintln!("regular: {}", graph.and_count()); }
    let cells = Cells::new(&graph);
    let mut uses = Uses::new(&graph);
    let mut identities = Vec::new();
    let mut work = 0;
    let budget = 1000 + 64 * graph.gates.len();
    for gate in (0..graph.gates.len()).rev() {
        let top = graph.node(gate);
        if work > budget {
            break;
        }
        if !uses.is_needed(top) || uses.is_replaced(top) {
            continue;
        }
        let field = Field { graph: &graph, cells: &cells, uses: &uses };
        let Some(identity) = identity(field, top, &mut work) else { continue };
        let frames = [Frame::Operands, Frame::Inputs];
        let others = frames.map(|frame| with_products(&uses, &identity, frame));
        identities.extend(best(&mut uses, others.into_iter().flatten().chain([identity])));
    }
    watch.tell(graph.gates.len(), graph.gates.len());
    rebuild(&graph, &identities)
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
        if std::env::var("DBG").is_ok() && identity.word.len() > 2 {
            eprintln!("word {} roots {} terms {} products {} gain {gain} cost {}", identity.word.len(), identity.roots().count(), identity.leaves().count(), identity.products.len(), cost(&identity));
        }
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
