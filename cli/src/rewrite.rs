//! `halfgate circuit convert` and `optimize`: circuits into files.

use halfgate::circuits::Circuit;
use halfgate::circuits::bristol::{self, Format, WriteError};
use halfgate::compiler::{Report, optimize};
use serde::Serialize;

use crate::args::{ConvertArgs, OptimizeArgs, OwnerArgs, TargetArgs};
use crate::failure::Failure;
use crate::figures::{FigureNames, figure_table};
use crate::notes;
use crate::program::Settings;
use crate::replacing::replace;
use crate::results::{self, SCHEMA_VERSION};

#[derive(Serialize)]
struct Written {
    schema_version: u32,
    circuit: String,
    output: String,
    format: String,
    #[serde(flatten)]
    figures: Option<BeforeAndAfter>,
}

#[derive(Serialize)]
struct BeforeAndAfter {
    before: FigureNames,
    after: FigureNames,
}

pub(crate) fn convert(args: &ConvertArgs) -> Result<(), Failure> {
    let (circuit, _) = args.circuit.load(&Settings::new(&args.program, &OwnerArgs::default()))?;
    let format = args.to.into();
    write(&circuit, format, &args.target)?;
    report(args.circuit.to_string(), format, &args.target, None)
}

pub(crate) fn improve(args: &OptimizeArgs) -> Result<(), Failure> {
    let (circuit, format) = args.circuit.load(&Settings::new(&args.program, &OwnerArgs::default()))?;
    let better = optimize(&circuit);
    let figures = Report::new(&circuit, &better)?;
    write(&better, format, &args.target)?;
    if !args.target.json {
        notes::say(figure_table(&figures, ["before", "after"]));
    }
    let figures = BeforeAndAfter { before: (&figures.before).into(), after: (&figures.after).into() };
    report(args.circuit.to_string(), format, &args.target, Some(figures))
}

fn report(
    circuit: String,
    format: Format,
    target: &TargetArgs,
    figures: Option<BeforeAndAfter>,
) -> Result<(), Failure> {
    if !target.json {
        return Ok(());
    }
    let (output, format) = (target.output.display().to_string(), format.to_string());
    results::print_json(&Written { schema_version: SCHEMA_VERSION, circuit, output, format, figures })
}

fn write(circuit: &Circuit, format: Format, target: &TargetArgs) -> Result<(), Failure> {
    let path = &target.output;
    replace(path, |file| bristol::write(circuit, format, file))
        .map_err(|source: WriteError| Failure::Write { path: path.clone(), source })
}
