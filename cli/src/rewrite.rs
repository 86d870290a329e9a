//! `halfgate circuit convert` and `optimize`: circuits into files.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use halfgate::circuits::Circuit;
use halfgate::circuits::bristol::{self, Format, WriteError};
use halfgate::compiler::{Report, optimize};
use serde::Serialize;

use crate::args::{ConvertArgs, OptimizeArgs, OwnerArgs, TargetArgs};
use crate::failure::Failure;
use crate::figures::{FigureNames, figure_table};
use crate::notes;
use crate::program::Settings;
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
    write_file(circuit, format, path).map_err(|source| Failure::Write { path: path.clone(), source })
}

/// Writes beside the file and puts it in its place when it is complete: the file may be the one that was read.
fn write_file(circuit: &Circuit, format: Format, path: &Path) -> Result<(), WriteError> {
    let path = match fs::metadata(path) {
        // A pipe or device cannot be replaced.
        Ok(there) if !there.is_file() => return bristol::write(circuit, format, File::create(path)?),
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let beside = beside(&path);
    let written = File::create_new(&beside)
        .map_err(WriteError::from)
        .and_then(|file| {
            bristol::write(circuit, format, &file)?;
            Ok(file.sync_all()?)
        })
        .and_then(|()| Ok(fs::rename(&beside, &path)?));
    if written.is_err() {
        remove(&beside);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    name.into()
}

/// Best effort: the error that made it useless is the one to report.
fn remove(path: &Path) {
    let _: io::Result<()> = fs::remove_file(path);
}
