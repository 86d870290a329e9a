//! `halfgate circuit eval`: a circuit in the clear, the oracle of every two-party run.

use halfgate::Values;
use halfgate::circuits::{Circuit, Group};
use halfgate::compiler::{evaluate, schedule};
use halfgate_meet::Ids;
use serde::Serialize;

use crate::args::EvalArgs;
use crate::failure::Failure;
use crate::function_choice::FunctionChoice;
use crate::results::{self, Results, SCHEMA_VERSION};
use crate::tables::Table;
use crate::{groups, memory, tables};

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    circuit: String,
    lanes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<&'a Ids>,
    outputs: Results<'a>,
}

pub(crate) fn run(args: &EvalArgs) -> Result<(), Failure> {
    let FunctionChoice { circuit, text, function, .. } = args.function.load()?;
    let circuit = groups::apply_encodings(circuit, &args.encodings.encodings)?;
    // As the circuit stands, so that the optimiser has no part in the answer.
    let program = schedule(&circuit)?;
    let Table { values: inputs, ids } = read_inputs(args, &circuit, &text)?;
    let groups: Vec<&Group> = circuit.outputs().iter().map(|output| &output.group).collect();
    let lanes = inputs.first().map_or(1, Values::lanes);
    memory::check("the results", groups.iter().copied(), lanes as u64)?;
    let values = evaluate(&program, &inputs)?;
    let radix = args.output.radix();
    let results = Results {
        groups,
        values: &values,
        radix,
        ids: ids.as_ref(),
        function,
        header: function.is_some(),
        parts: args.output.parts,
        lost: None,
    };
    let stops = results.check_stops();
    if !args.output.json {
        results::print(|mut out| results.write_csv(&mut out))?;
        return stops;
    }
    results::print_json(&Report {
        schema_version: SCHEMA_VERSION,
        circuit: text,
        lanes,
        ids: ids.as_ref(),
        outputs: results,
    })?;
    stops
}

fn read_inputs(args: &EvalArgs, circuit: &Circuit, text: &str) -> Result<Table, Failure> {
    let groups: Vec<&Group> = circuit.inputs().iter().map(|input| &input.group).collect();
    let table = match &args.input {
        Some(source) => tables::read(source, &groups, args.id_column.as_deref())?,
        None if circuit.input_width() == 0 => Table { values: Vec::new(), ids: None },
        None => {
            let names = groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(",");
            return Err(Failure::Usage(format!("{text} has inputs ({names}): give a table with --input")));
        }
    };
    if circuit.input_width() > 0 {
        return Ok(table);
    }
    // Nothing but empty groups: the function has one value, so it has one lane.
    Ok(Table { values: groups.iter().map(|_| Values::new(0, 1)).collect(), ids: None })
}
