//! What a party's process holds at its peak.

use halfgate_circuits::{Party, Reveal};

use super::outline::Outline;
use super::run::Run;

/// The process itself: its code, runtime and stacks.
const PROCESS: u64 = 8 << 20;

/// Bytes of a label.
const LABEL: u64 = 16;

pub(super) fn peak(outline: &Outline, party: Party, threads: usize) -> u64 {
    PROCESS + outline.runs().iter().map(|run| of_run(run, party, threads)).max().unwrap_or(0)
}

fn of_run(run: &Run, party: Party, _threads: usize) -> u64 {
    let lanes = run.all_lanes() as u64;
    let words = |bits: usize| 8 * bits.div_ceil(64) as u64;
    let own: u64 = run.widths(party).map(words).sum::<u64>() * lanes;
    let results =
        if run.to == Reveal::Shares || run.to.reaches(party) { words(run.outputs) * lanes } else { 0 };
    let chunk = run.lanes(0) as u64
        * LABEL
        * (run.width(Party::Garbler) + run.width(Party::Evaluator) + run.outputs) as u64;
    own + results
        + chunk * (1 + run.look_ahead as u64)
        + run.tile_labels as u64 * LABEL
        + run.program_bytes as u64
}
