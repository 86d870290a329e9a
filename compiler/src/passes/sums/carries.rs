//! Carries found by what they compute.
//!
//! Fast adders have carries that are computed from groups of bits (Weinberger and Smith, "A logic for high-speed
//! addition", 1958), and adders of constants have lost half of their gates. But each has bits that are sums
//! `x ⊕ y ⊕ z`, and somewhere among its gates is the carry that goes with it.

use std::collections::HashSet;

use crate::graph::{Graph, Literal, NodeId};
use crate::optimizer::Watch;
use crate::passes::sums::adders::carry;
use crate::passes::sums::cells::{Cells, as_sum};
use crate::passes::sums::cuts::Cuts;
use crate::passes::sums::identity::Identity;
use crate::passes::sums::rebuild::rebuild;
use crate::passes::sums::uses::Uses;
use crate::passes::sweep::limits;
use crate::passes::{Operation, Sharing, dead, follow, moved};
use crate::proof::{Signatures, Sweep};

/// Words of 64 inputs on which gates and carries are compared first.
const SAMPLE: usize = 64;

/// Gates taken for the same carry at most.
const PER_CARRY: usize = 2;

/// A gate that is the carry of three literals.
struct Carry {
    gate: Literal,
    operands: [Literal; 3],
}

/// Computes carries from the carries before them, by full adders, where that takes no more ANDs. None if nothing changes.
pub(crate) fn ripple(graph: &Graph, watch: &mut Watch<'_>) -> Option<Graph> {
    let found = hidden(graph, candidates(graph));
    if found.is_empty() {
        return None;
    }
    let chosen = chosen(graph, &proved(graph, found, watch));
    (!chosen.is_empty()).then(|| dead(&rebuild(graph, &chosen)))
}

/// Gates that agree with a carry on a sample of inputs and are not known as one.
fn candidates(graph: &Graph) -> Vec<Carry> {
    let (cells, cuts) = (Cells::new(graph), Cuts::new(graph));
    let mut both = graph.clone();
    let mut signatures = Signatures::new(graph, SAMPLE);
    signatures.follow(graph);
    let gates = || (graph.first_gate()..graph.node_count()).map(NodeId::new);
    gates().for_each(|node| signatures.enter(node));
    let is_unknown =
        |gate: &Literal| graph.gate_index(gate.node()).is_some() && cells.with_carry(gate.node()).is_empty();
    let (mut met, mut found) = (HashSet::new(), Vec::new());
    for cut in gates().flat_map(|node| cuts.of(node)).filter(|cut| as_sum(cut).is_some()) {
        if !met.insert(cut.leaves) {
            continue;
        }
        // Inverting all operands inverts the carry, so that these are all ways to invert some.
        for inverted in [None, Some(0), Some(1), Some(2)] {
            let operands = [0, 1, 2].map(|k| Literal::new(cut.leaves[k], inverted == Some(k)));
            let carry = carry(&mut both, operands);
            signatures.follow(&both);
            let equal = signatures.equals(carry.node()).map(|gate| gate.invert_if(carry.inverted()));
            let unknown = equal.filter(is_unknown).take(PER_CARRY);
            found.extend(unknown.map(|gate| Carry { gate, operands }));
            signatures.forget(&mut both, graph);
        }
    }
    found
}

/// Those that are not one AND of the same sums already, put together otherwise.
fn hidden(graph: &Graph, mut carries: Vec<Carry>) -> Vec<Carry> {
    let (both, computed) = with_carries(graph, &carries);
    let mut shared = both.without_gates();
    let mut sharing = Sharing::new(&shared, both.gates.len(), both.and_count());
    let literals = follow(&both, |operation| match operation {
        Operation::Xor(a, b) => sharing.xor(&mut shared, a, b),
        Operation::And(a, b) => sharing.and(&mut shared, a, b),
    });
    let mut computed = computed.into_iter().map(|carry| moved(&both, &literals, carry));
    carries.retain(|found| computed.next() != Some(moved(&both, &literals, found.gate)));
    carries
}

/// Those that are equal to their carries for all inputs.
fn proved(graph: &Graph, mut carries: Vec<Carry>, watch: &mut Watch<'_>) -> Vec<Carry> {
    let (both, computed) = with_carries(graph, &carries);
    let mut sweep = Sweep::new(&[&both], limits(watch.effort));
    let literals = sweep.take(&both, |done| watch.tell(done, both.gates.len()));
    let mut computed = computed.into_iter().map(|carry| moved(&both, &literals, carry));
    carries.retain(|found| computed.next() == Some(moved(&both, &literals, found.gate)));
    carries
}

/// The graph with the carries computed beside it.
fn with_carries(graph: &Graph, carries: &[Carry]) -> (Graph, Vec<Literal>) {
    let mut both = graph.clone();
    let computed = carries.iter().map(|found| carry(&mut both, found.operands)).collect();
    (both, computed)
}

/// Carries to be computed anew, as identities: `x + y + z` is a number whose higher bit is the gate.
///
/// One carry of a group alone may save nothing, because the others need the rest of the group; but when the last has
/// been taken, the group is not needed any more.
fn chosen(graph: &Graph, carries: &[Carry]) -> Vec<Identity> {
    let mut uses = Uses::new(graph);
    let mut chosen: Vec<Identity> = Vec::new();
    for _ in 0..2 {
        for found in carries.iter().rev() {
            let root = found.gate.node();
            if uses.is_replaced(root) || !uses.is_needed(root) {
                continue;
            }
            if uses.replace(&[root], &found.operands.map(Literal::node)) > 0 {
                uses.keep();
                chosen.push(found.identity());
            } else {
                uses.undo();
            }
        }
    }
    chosen
}

impl Carry {
    fn identity(&self) -> Identity {
        Identity {
            word: vec![None, Some(self.gate)],
            columns: vec![self.operands.to_vec(), Vec::new()],
            products: Vec::new(),
            ones: vec![false; 2],
        }
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::{Bit, Builder, Circuit, Party, Values};

    use super::{Cells, ripple};
    use crate::graph::Graph;
    use crate::optimizer::Watch;
    use crate::passes::sums::regular::regular;
    use crate::passes::{dead, share};
    use crate::schedule::schedule_graph;
    use crate::{Effort, Optimizer, evaluate};

    const WIDTH: usize = 16;

    /// Generates and propagates of longer and longer groups (Kogge and Stone 1973); the highest carry may be wrong.
    fn fast_sum<'b>(a: &[Bit<'b>], b: &[Bit<'b>], wrong: Bit<'b>) -> Vec<Bit<'b>> {
        let mut groups: Vec<_> = a.iter().zip(b).map(|(&a, &b)| (a & b, a ^ b)).collect();
        let mut sums: Vec<_> = groups.iter().map(|&(_, sum)| sum).collect();
        for distance in [1, 2, 4, 8] {
            for high in (distance..a.len()).rev() {
                let ((g, p), (below, through)) = (groups[high], groups[high - distance]);
                groups[high] = (!(!g & !(p & below)), p & through);
            }
        }
        groups[a.len() - 2].0 = groups[a.len() - 2].0 ^ wrong;
        (1..a.len()).for_each(|bit| sums[bit] = sums[bit] ^ groups[bit - 1].0);
        sums
    }

    /// Adds two words, or a constant to one, wrongly for one pair of words.
    fn adder(constant: Option<u64>, exception: Option<[u64; 2]>) -> Circuit {
        let builder = Builder::new();
        let [a, b] = [("a", Party::Garbler), ("b", Party::Evaluator)]
            .map(|(name, owner)| builder.input_bits(name, WIDTH as u32, owner).to_vec());
        let bit = |value: u64, k: usize| builder.constant(value >> k & 1 == 1);
        let addend = constant.map_or(b.clone(), |value| (0..WIDTH).map(|k| bit(value, k)).collect());
        let wrong = exception.map_or(builder.constant(false), |values| {
            let words = [&a, &b].into_iter().zip(values);
            let equal = words.flat_map(|(word, value)| (0..WIDTH).map(move |k| !(word[k] ^ bit(value, k))));
            equal.reduce(|all, bit| all & bit).expect("words have bits")
        });
        builder.output_bits("sum", &builder.bits(fast_sum(&a, &addend, wrong)));
        builder.finish().unwrap()
    }

    fn rippled(circuit: &Circuit) -> Graph {
        let graph = share(&Graph::lower_folded(circuit).unwrap());
        let graph = dead(&share(&regular(&graph, &Cells::new(&graph))));
        let after = ripple(&graph, &mut Watch::new(Optimizer::new(Effort::Thorough), &mut |_| ())).unwrap();
        assert_eq!(after.verify(), Ok(()));
        after
    }

    fn sums(graph: Graph, a: &[u64], b: &[u64]) -> Vec<u64> {
        let inputs = [a, b].map(|values| Values::from_u64s(WIDTH as u32, values));
        let sums = evaluate(&schedule_graph(graph), &inputs).unwrap();
        (0..a.len()).map(|lane| sums[0].lane(lane)[0]).collect()
    }

    #[test]
    fn fast_adders_become_slow() {
        let circuit = adder(None, None);
        assert!(Graph::lower_folded(&circuit).unwrap().and_count() > 80);
        let after = rippled(&circuit);
        assert_eq!(after.and_count(), WIDTH - 1);
        let (a, b) = ([0xffff, 0x1234, 0x8000], [0x0001, 0xfedc, 0x8000]);
        assert_eq!(sums(after, &a, &b), [0, 0x1110, 0]);
    }

    #[test]
    fn adders_of_constants_too() {
        let after = rippled(&adder(Some(0x5a83), None));
        assert_eq!(after.and_count(), WIDTH - 2, "the lowest carry is the lowest bit");
        assert_eq!(sums(after, &[0xffff, 0xa57d], &[7, 7]), [0x5a82, 0]);
    }

    #[test]
    fn a_carry_that_is_wrong_once_stays_wrong() {
        let after = rippled(&adder(None, Some([0x2b94, 0x7e11])));
        let right = 0x2b94 + 0x7e11;
        assert_eq!(sums(after, &[0x2b94, 0x2b95], &[0x7e11, 0x7e11]), [right ^ 0x8000, right + 1]);
    }
}
