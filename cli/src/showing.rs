//! What a side shows of a run that is over.

use std::ops::Range;

use halfgate::Reveal;
use halfgate_meet::{Progress, Ranges, Standing};

use crate::args::OutputArgs;
use crate::conversation::Outcome;
use crate::deal::Deal;
use crate::failure::Failure;
use crate::human::{count, counted};
use crate::results::{self, Results};
use crate::run_report::{Run, RunReport};
use crate::{notes, summary};

/// Prints results and a summary.
pub(crate) fn show(deal: &Deal, outcome: Outcome, output: &OutputArgs) -> Result<(), Failure> {
    let stops = match print(deal, &outcome, output) {
        Err(stopped @ Failure::Stopped { .. }) => Err(stopped),
        printed => printed.map(Ok)?,
    };
    let resent = outcome.results.resent_rows();
    if !resent.is_empty() {
        notes::say(format_args!(
            "the results of rows {} are the peer's word: it sent them again after a crash",
            list(&resent)
        ));
    }
    if let Some(failure) = outcome.unfinished {
        return Err(Failure::Unfinished(Box::new(failure)));
    }
    match outcome.results.lost_rows() {
        lost if lost.is_empty() => stops,
        lost => Err(Failure::Lost { rows: lost.count(), which: list(&lost) }),
    }
}

/// Says where a job stands that goes on, and gives the rows that are left to run.
pub(crate) fn standing(standing: &Standing, progress: &Progress) -> u64 {
    if progress.batches_done > 0 {
        let (done, all) = (count(progress.batches_done as u64), counted(progress.batches as u64, "batch"));
        notes::say(format_args!("going on: {done} of {all} were opened before and are not computed again"));
    }
    if !standing.forgotten.is_empty() {
        notes::say(format_args!(
            "warning: the peer's journal knows nothing of {} that it must have opened: it was lost, or replaced by an \
             older copy; they stay spent",
            counted(standing.forgotten.count(), "batch"),
        ));
    }
    (progress.rows - progress.rows_done) as u64
}

/// `1 to 65,536, 131,073 to 196,608`, counted from one.
fn list(rows: &Ranges) -> String {
    let range = |range: &Range<u64>| format!("{} to {}", count(range.start + 1), count(range.end));
    rows.ranges().iter().map(range).collect::<Vec<_>>().join(", ")
}

fn print(deal: &Deal, outcome: &Outcome, output: &OutputArgs) -> Result<(), Failure> {
    let Outcome { agreed, lanes, results: given, meter, .. } = outcome;
    notes::say(summary::table(meter, deal.ands(*lanes)));
    let groups = deal.output_groups();
    let lost = given.lost_rows();
    let outputs = given.outputs.as_ref().map(|values| Results {
        groups: groups.iter().collect(),
        values,
        radix: output.radix(),
        ids: deal.inputs.ids(),
        // The words stand for values, not for shares of them.
        function: deal.function.filter(|_| deal.parts.reveal != Reveal::Shares),
        header: deal.function.is_some(),
        parts: output.parts,
        lost: Some(&lost),
    });
    let stops = outputs.as_ref().map_or(Ok(()), Results::check_stops);
    if !output.json {
        outputs.map_or(Ok(()), |outputs| results::print(|mut out| outputs.write_csv(&mut out)))?;
        return stops;
    }
    let run = Run {
        circuit: deal.name.clone(),
        role: deal.parts.own(),
        agreement: agreed,
        lanes: *lanes,
        program: &deal.program,
        meter,
        backend: deal.backend.name(),
    };
    results::print_json(&RunReport::new(run, outputs))?;
    stops
}
