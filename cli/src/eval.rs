//! `halfgate circuit eval`: a circuit in the clear, the oracle of every two-party run.

use halfgate::Values;
use halfgate::circuits::{Circuit, Group};
use halfgate::compiler::{evaluate, schedule};
use serde::Serialize;

use crate::args::EvalArgs;
use crate::failure::Failure;
use crate::results::{self, Results, SCHEMA_VERSION};
use crate::{groups, memory, tables};

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    circuit: String,
    lanes: usize,
    outputs: Results<'a>,
}

pub(crate) fn run(args: &EvalArgs) -> Result<(), Failure> {
    let (circuit, _) = args.circuit.load()?;
    let circuit = groups::apply_encodings(circuit, &args.encodings.encodings)?;
    // As the circuit stands, so that the optimiser has no part in the answer.
    let program = schedule(&circuit)?;
    let inputs = read_inputs(args, &circuit)?;
    let groups: Vec<&Group> = circuit.outputs().iter().map(|output| &output.group).collect();
    let lanes = inputs.first().map_or(1, Values::lanes);
    memory::check("the results", groups.iter().copied(), lanes as u64)?;
    let values = evaluate(&program, &inputs)?;
    let results = Results { groups, values: &values, radix: args.output.radix() };
    if !args.output.json {
        return results::print(|mut out| results.write_csv(&mut out));
    }
    results::print_json(&Report {
        schema_version: SCHEMA_VERSION,
        circuit: args.circuit.to_string(),
        lanes,
        outputs: results,
    })
}

fn read_inputs(args: &EvalArgs, circuit: &Circuit) -> Result<Vec<Values>, Failure> {
    let groups: Vec<&Group> = circuit.inputs().iter().map(|input| &input.group).collect();
    let values = match &args.input {
        Some(source) => tables::read(source, &groups)?,
        None if circuit.input_width() == 0 => Vec::new(),
        None => {
            let names = groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(",");
            return Err(Failure::Usage(format!(
                "{} has inputs ({names}): give a table with --input",
                args.circuit
            )));
        }
    };
    if circuit.input_width() > 0 {
        return Ok(values);
    }
    // Nothing but empty groups: the function has one value, so it has one lane.
    Ok(groups.iter().map(|_| Values::new(0, 1)).collect())
}
