//! What can be said of two circuits.

use halfgate_circuits::{Circuit, Group};

use crate::proof::sweep::SweepFigures;

/// What came of comparing two circuits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Their groups do not fit each other, so that they cannot even be compared.
    Misfit(Misfit),
    /// There is an input for which they differ.
    Different(Difference),
    /// No difference; what that rests on is said for each output group.
    Equal(Equality),
}

/// Groups of two circuits that do not fit each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// `input` or `output`.
    pub side: &'static str,
    /// The widths of the groups of either circuit.
    pub widths: [Vec<u32>; 2],
}

/// An input for which two circuits differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The words of each input group: bit `k mod 64` of word `k / 64` is wire `k`.
    pub inputs: Vec<Vec<u64>>,
    /// The words of each output group of either circuit.
    pub outputs: [Vec<Vec<u64>>; 2],
    /// The first output group in which they differ.
    pub group: usize,
    /// Its first wire that differs.
    pub wire: u32,
}

/// What the equality of two circuits rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equality {
    /// The output groups in order, named as in the first circuit.
    pub outputs: Vec<Evidence>,
    /// Inputs on which all outputs were compared.
    pub vectors: u64,
    /// Whether these were all inputs there are.
    pub exhaustive: bool,
    /// What the solver did.
    pub sweep: SweepFigures,
    /// Whether the solver met as many conflicts as it may in all.
    pub gave_up: bool,
}

impl Equality {
    /// All bits tested on so many inputs; if these were all inputs there are, that proves them.
    pub(super) fn of_groups(circuit: &Circuit, vectors: u64, exhaustive: bool) -> Self {
        let evidence = |group: &Group| {
            let (proved, tested) = if exhaustive { (group.width, 0) } else { (0, group.width) };
            Evidence { group: group.name.clone(), proved, tested }
        };
        let outputs = circuit.outputs().iter().map(|output| evidence(&output.group)).collect();
        Equality { outputs, vectors, exhaustive, sweep: SweepFigures::default(), gave_up: false }
    }

    /// Whether all outputs are proved equal: by trying all inputs, or by the solver.
    pub fn is_proved(&self) -> bool {
        self.outputs.iter().all(|evidence| evidence.tested == 0)
    }
}

/// What the equality of an output group rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The name of the group.
    pub group: String,
    /// Bits that are proved equal for all inputs.
    pub proved: u32,
    /// Bits that only agreed on all inputs that were tried.
    pub tested: u32,
}

impl Misfit {
    /// The first side whose groups differ in number or width.
    pub(super) fn of(circuits: [&Circuit; 2]) -> Option<Self> {
        let inputs = circuits.map(|circuit| widths(circuit.inputs().iter().map(|input| &input.group)));
        let outputs = circuits.map(|circuit| widths(circuit.outputs().iter().map(|output| &output.group)));
        [("input", inputs), ("output", outputs)]
            .into_iter()
            .find(|(_, [first, second])| first != second)
            .map(|(side, widths)| Misfit { side, widths })
    }
}

pub(super) fn widths<'a>(groups: impl Iterator<Item = &'a Group>) -> Vec<u32> {
    groups.map(|group| group.width).collect()
}
