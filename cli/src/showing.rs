//! What a side shows of a run that is over.

use halfgate::circuits::Group;

use crate::args::OutputArgs;
use crate::conversation::Outcome;
use crate::deal::Deal;
use crate::failure::Failure;
use crate::results::{self, Results};
use crate::run_report::{Run, RunReport};
use crate::{notes, summary};

/// Prints results and a summary.
pub(crate) fn show(deal: &Deal, outcome: Outcome, output: &OutputArgs) -> Result<(), Failure> {
    print(deal, &outcome, output)?;
    outcome.unfinished.map_or(Ok(()), |failure| Err(Failure::Unfinished(Box::new(failure))))
}

fn print(deal: &Deal, outcome: &Outcome, output: &OutputArgs) -> Result<(), Failure> {
    let Outcome { agreed, lanes, values, meter, .. } = outcome;
    notes::say(summary::table(meter, deal.ands(*lanes)));
    let groups: Vec<&Group> = deal.circuit.outputs().iter().map(|output| &output.group).collect();
    let outputs = values.as_ref().map(|values| Results {
        groups,
        values,
        radix: output.radix(),
        ids: deal.inputs.ids(),
        function: deal.function,
    });
    if !output.json {
        return outputs.map_or(Ok(()), |outputs| results::print(|mut out| outputs.write_csv(&mut out)));
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
    results::print_json(&RunReport::new(run, outputs))
}
