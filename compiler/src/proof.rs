//! Whether two circuits compute the same: tried on many inputs, then proved.
//!
//! Few inputs are all tried. Otherwise a million of them are, and then both circuits become one graph in which
//! [SAT sweeping](sweep) merges what is equal from the inputs up, until the outputs are the same nodes or the solver is
//! asked about them. What it does not settle within its limits is said to be tested only.

mod signatures;
mod solver;
mod stimulus;
mod sweep;
mod trial;
mod verdict;

use halfgate_circuits::Circuit;

use crate::ScheduleError;
use crate::graph::{Graph, Literal};
use crate::passes::{moved, share};
use crate::schedule::schedule;
use sweep::Known;
use trial::Trial;

pub(crate) use signatures::Signatures;
pub use sweep::SweepFigures;
pub(crate) use sweep::{Sweep, SweepLimits};
pub use verdict::{Difference, Equality, Evidence, Misfit, Verdict};

/// How much work a proof may be. Counted, not timed: the verdict is the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofLimits {
    /// All inputs are tried if these are at most so many bits.
    pub exhaustive_bits: u32,
    /// Inputs that are tried otherwise.
    pub vectors: u64,
    /// Conflicts the solver may meet in one question about inner nodes; an output may have fifty times as many. Zero
    /// for no proof.
    pub conflicts: u64,
    /// Conflicts it may meet in all before it gives up.
    pub all_conflicts: u64,
}

impl Default for ProofLimits {
    fn default() -> Self {
        ProofLimits { exhaustive_bits: 20, vectors: 1 << 20, conflicts: 2_000, all_conflicts: 300_000 }
    }
}

impl ProofLimits {
    /// Tries inputs and proves nothing, unless all inputs can be tried.
    pub fn trial() -> Self {
        ProofLimits { conflicts: 0, ..Self::default() }
    }
}

/// How far a proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofAdvance {
    /// What is being done.
    pub step: &'static str,
    /// Units of work done, of [`ProofAdvance::total`].
    pub done: usize,
    /// All units of the step.
    pub total: usize,
}

/// Finds out whether two circuits compute the same. Groups are compared by order and width; names, owners and encodings
/// do not matter.
///
/// # Errors
/// If a circuit has 2^31 wires or more.
///
/// ```
/// use halfgate_circuits::library;
/// use halfgate_compiler::{ProofLimits, Verdict, optimize, prove};
///
/// let circuit = library::find("lt32")?;
/// let verdict = prove(&circuit, &optimize(&circuit), ProofLimits::default(), &mut |_| ())?;
/// assert!(matches!(verdict, Verdict::Equal(equality) if equality.is_proved()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn prove(
    first: &Circuit,
    second: &Circuit,
    limits: ProofLimits,
    progress: &mut dyn FnMut(ProofAdvance),
) -> Result<Verdict, ScheduleError> {
    if let Some(misfit) = Misfit::of([first, second]) {
        return Ok(Verdict::Misfit(misfit));
    }
    let programs = [schedule(first)?, schedule(second)?];
    let trial = Trial::new([&programs[0], &programs[1]]);
    let exhaustive = first.input_width() <= limits.exhaustive_bits as usize;
    let found = match exhaustive {
        true => trial.exhaust(&mut |done, total| progress(ProofAdvance { step: "all inputs", done, total })),
        false => trial.sample(limits.vectors, &mut |done, total| {
            progress(ProofAdvance { step: "sampling", done, total });
        }),
    };
    if let Some(difference) = found {
        return Ok(Verdict::Different(difference));
    }
    let vectors = if exhaustive { 1 << first.input_width() } else { limits.vectors };
    let mut equality = Equality::of_groups(first, vectors, exhaustive);
    if !exhaustive && limits.conflicts > 0 {
        let graphs = [share(&Graph::lower_folded(first)?), share(&Graph::lower_folded(second)?)];
        if let Some(inputs) = sweep(&graphs, limits, &mut equality, progress)
            && let Some(difference) = trial.compare(&trial.single(&inputs))
        {
            return Ok(Verdict::Different(difference));
        }
    }
    Ok(Verdict::Equal(equality))
}

/// Proves what it can of the outputs; gives an input for which they differ if it meets one.
fn sweep(
    graphs: &[Graph; 2],
    limits: ProofLimits,
    equality: &mut Equality,
    progress: &mut dyn FnMut(ProofAdvance),
) -> Option<Vec<bool>> {
    let work = SweepLimits {
        conflicts: limits.conflicts,
        all_conflicts: limits.all_conflicts,
        ..SweepLimits::default()
    };
    let mut sweep = Sweep::new(&[&graphs[0], &graphs[1]], work).with_ceiling(limits.all_conflicts);
    let total = graphs[0].gates.len() + graphs[1].gates.len();
    let mut before = 0;
    let outputs = graphs.each_ref().map(|graph| {
        let literals = sweep.take(graph, |done| {
            progress(ProofAdvance { step: "sweeping", done: before + done, total });
        });
        before = graph.gates.len();
        let read = |&literal: &Literal| moved(graph, &literals, literal);
        graph.outputs.iter().map(|(_, bits)| bits.iter().map(read).collect::<Vec<_>>()).collect::<Vec<_>>()
    });
    for (group, evidence) in equality.outputs.iter_mut().enumerate() {
        for (&first, &second) in outputs[0][group].iter().zip(&outputs[1][group]) {
            match sweep.compare(first, second, limits.conflicts.saturating_mul(OUTPUT_FACTOR)) {
                Known::Equal => evidence.proved += 1,
                Known::Open => {}
                Known::Different => return sweep.counterexample(first, second),
            }
        }
        evidence.tested -= evidence.proved;
    }
    equality.sweep = sweep.figures;
    equality.gave_up = sweep.figures.conflicts >= limits.all_conflicts;
    None
}

/// How many times as many conflicts a question about outputs may take.
const OUTPUT_FACTOR: u64 = 50;
