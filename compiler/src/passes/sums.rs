//! Sums of many numbers, computed at once.

mod adders;
mod cells;
mod cuts;
mod identity;
mod rebuild;
mod region;
mod regular;
mod uses;

use crate::graph::{Graph, NodeId};
use crate::optimizer::Watch;
use crate::passes::{dead, share};

use adders::cost;
use cells::Cells;
use identity::Identity;
use rebuild::rebuild;
use region::{Field, identity};
use regular::regular;
use uses::Uses;

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
        let Some((identity, _)) = identity(field, top, &mut work) else { continue };
        if pays(&mut uses, &identity) {
            identities.push(identity);
        }
    }
    watch.tell(graph.gates.len(), graph.gates.len());
    rebuild(&graph, &identities)
}

/// Whether computing the word by its sum saves ANDs.
fn pays(uses: &mut Uses<'_>, identity: &Identity) -> bool {
    let roots: Vec<NodeId> = identity.word.iter().flatten().map(|literal| literal.node()).collect();
    if roots.iter().any(|&root| uses.is_replaced(root)) {
        return false;
    }
    let leaves: Vec<NodeId> = identity.columns.iter().flatten().map(|literal| literal.node()).collect();
    let saved = uses.replace(&roots, &leaves);
    if std::env::var("DBG").is_ok() && identity.word.len()>2 {
        eprintln!("word {} roots {} terms {} saved {saved} cost {}", identity.word.len(), roots.len(), leaves.len(), cost(identity));
    }
    if saved > cost(identity) as isize {
        return true;
    }
    uses.undo();
    false
}
