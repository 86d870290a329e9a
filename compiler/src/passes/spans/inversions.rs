//! Permutations of bytes that are inversions in GF(2^8), such as the S-boxes of AES, SM4 and Camellia.
//!
//! As a table each takes a hundred ANDs or more, and eight inputs are too many for blocks to be computed anew; the
//! inversion takes 32. What is between two affine maps is found whatever they are, and however it is computed.

mod bases;
mod equivalence;
mod region;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use halfgate_circuits::{Builder, Circuit, Party, library};

use crate::append::append;
use crate::chain::Form;
use crate::graph::{Graph, Literal, Node, NodeId};
use crate::optimizer::Watch;
use crate::passes::spans::LOOKS;
use crate::passes::spans::inversions::bases::Bases;
use crate::passes::spans::inversions::equivalence::{Affine, Inversion};
use crate::passes::spans::inversions::region::Region;
use crate::passes::spans::table::{MAX_INPUTS, PROJECTIONS, Table, and, not, xor};
use crate::passes::spans::web::Web;
use crate::passes::{Operation, dead, push_folded, share};

/// A circuit for one of these permutations.
struct Known {
    circuit: Circuit,
    ands: usize,
    inversion: Inversion,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let builder = Builder::new();
    let byte = builder.input_bits("x", 8, Party::Garbler);
    builder.output_bits("y", &library::aes_s_box(&byte));
    let circuit = builder.finish().expect("a small circuit");
    let graph = Graph::lower_folded(&circuit).expect("a small circuit");
    let inversion =
        Inversion::of(&function(&graph)).expect("the S-box of AES is an inversion between affine maps");
    Known { ands: graph.and_count(), circuit, inversion }
});

/// A permutation in place of the nodes of a region.
struct Replacement {
    region: Region,
    /// From its inputs to those of the known circuit, and from the outputs of that to its own.
    maps: [Affine; 2],
}

/// Computes such permutations with as few ANDs as an inversion takes.
pub(crate) fn inversions(whole: &Graph, watch: &mut Watch<'_>) -> Graph {
    let graph = dead(whole);
    let web = Web::new(&graph, LOOKS);
    let bases = Bases::new(&web);
    let ands = web.ands();
    let mut seen = vec![false; graph.node_count()];
    let mut found = Vec::new();
    for (done, &and) in ands.iter().enumerate() {
        if done % 1024 == 0 {
            watch.tell(done, ands.len());
        }
        let base = bases.of(and);
        if base.len() < MAX_INPUTS || std::mem::replace(&mut seen[and.index()], true) {
            continue;
        }
        let Some(region) = Region::new(&web, base) else { continue };
        region.ands.iter().for_each(|and| seen[and.index()] = true);
        found.extend(replacement(region));
    }
    if found.is_empty() { whole.clone() } else { dead(&share(&replaced(&graph, &found))) }
}

fn replacement(region: Region) -> Option<Replacement> {
    if region.ands.len() <= KNOWN.ands {
        return None;
    }
    let own = Inversion::of(&region.function)?;
    let [before, after] = [KNOWN.inversion.input.inverse(), KNOWN.inversion.output.inverse()];
    let input = Affine::of(|x| before.apply(own.input.apply(x)));
    let output = Affine::of(|y| own.output.apply(after.apply(y)));
    Some(Replacement { region, maps: [input, output] })
}

/// The graph with the outputs of regions computed by the known circuit.
fn replaced(graph: &Graph, replacements: &[Replacement]) -> Graph {
    let outputs = |(index, replacement): (usize, &Replacement)| {
        replacement.region.outputs.iter().map(move |&(node, form)| (node, (index, form))).collect::<Vec<_>>()
    };
    let owners: BTreeMap<NodeId, (usize, Form)> = replacements.iter().enumerate().flat_map(outputs).collect();
    let mut new = graph.without_gates();
    let mut values: Vec<Option<Vec<Literal>>> = vec![None; replacements.len()];
    let mut literals: Vec<Literal> =
        (0..graph.first_gate()).map(|node| Literal::new(NodeId::new(node), false)).collect();
    for (gate, &node) in graph.gates.iter().enumerate() {
        let moved = |literal: Literal| literals[literal.node().index()].invert_if(literal.inverted());
        let operation = match node {
            Node::Xor(a, b) => Operation::Xor(literals[a.index()], literals[b.index()]),
            Node::And(a, b) => Operation::And(moved(a), moved(b)),
        };
        literals.push(match owners.get(&graph.node(gate)) {
            Some(&(owner, form)) => {
                let values =
                    values[owner].get_or_insert_with(|| replacements[owner].emit(&mut new, &literals));
                let start = Literal::constant(form.is_inverted());
                form.values()
                    .fold(start, |sum, value| push_folded(&mut new, Operation::Xor(sum, values[value])))
            }
            None => push_folded(&mut new, operation),
        });
    }
    for (group, bits) in &graph.outputs {
        let moved = bits.iter().map(|bit| literals[bit.node().index()].invert_if(bit.inverted()));
        new.outputs.push((group.clone(), moved.collect()));
    }
    new
}

impl Replacement {
    /// Appends the permutation; gives its inputs and its outputs.
    fn emit(&self, graph: &mut Graph, literals: &[Literal]) -> Vec<Literal> {
        let mut values: Vec<_> = self.region.inputs.iter().map(|input| literals[input.index()]).collect();
        let arguments = mapped(graph, &self.maps[0], &values);
        let results = append(graph, &KNOWN.circuit, &arguments);
        values.extend(mapped(graph, &self.maps[1], &results));
        values
    }
}

fn mapped(graph: &mut Graph, map: &Affine, bits: &[Literal]) -> Vec<Literal> {
    let row = |k: usize| {
        let terms = bits.iter().zip(map.columns).filter(|(_, column)| column >> k & 1 == 1);
        let start = Literal::constant(map.constant >> k & 1 == 1);
        terms.fold(start, |sum, (&bit, _)| push_folded(graph, Operation::Xor(sum, bit)))
    };
    (0..8).map(row).collect()
}

/// What a graph of eight inputs and outputs computes.
fn function(graph: &Graph) -> [u8; 256] {
    let mut tables: Vec<Table> = vec![[0; 4]];
    tables.extend(PROJECTIONS);
    let read = |tables: &[Table], literal: Literal| {
        let table = tables[literal.node().index()];
        if literal.inverted() { not(table) } else { table }
    };
    for &node in &graph.gates {
        tables.push(match node {
            Node::Xor(a, b) => xor(tables[a.index()], tables[b.index()]),
            Node::And(a, b) => and(read(&tables, a), read(&tables, b)),
        });
    }
    let bits: Vec<Table> =
        graph.outputs.iter().flat_map(|(_, bits)| bits).map(|&bit| read(&tables, bit)).collect();
    let value = |x: usize| (0..8).fold(0, |sum, k| sum | ((bits[k][x / 64] >> (x % 64) & 1) as u8) << k);
    std::array::from_fn(value)
}
