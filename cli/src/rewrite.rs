//! `halfgate circuit convert` and `optimize`: circuits into files.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use halfgate::circuits::Circuit;
use halfgate::circuits::bristol::{self, Format, WriteError};
use halfgate::compiler::{Effort, Equality, Optimized, ProofLimits, Report, Verdict};
use serde::Serialize;

use crate::args::{ConvertArgs, OptimizeArgs, TargetArgs};
use crate::equality::{ProofReport, compare, evidence};
use crate::failure::Failure;
use crate::figures::{FigureNames, StageNames, figure_table, stage_table};
use crate::notes;
use crate::progress::StepBar;
use crate::results::{self, SCHEMA_VERSION};

#[derive(Serialize)]
struct Written {
    schema_version: u32,
    circuit: String,
    output: String,
    format: String,
    #[serde(flatten)]
    improvement: Option<Improvement>,
}

/// What optimising has brought.
#[derive(Serialize)]
struct Improvement {
    effort: u8,
    before: FigureNames,
    after: FigureNames,
    stages: Vec<StageNames>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<ProofReport>,
}

pub(crate) fn convert(args: &ConvertArgs) -> Result<(), Failure> {
    let (circuit, _) = args.circuit.load()?;
    let format = args.to.into();
    write(&circuit, format, &args.target)?;
    report(args.circuit.to_string(), format, &args.target, None)
}

pub(crate) fn improve(args: &OptimizeArgs) -> Result<(), Failure> {
    let (circuit, format) = args.circuit.load()?;
    let Optimized { circuit: better, stages } = optimize(args, &circuit);
    let equality = check(args, &circuit, &better)?;
    let figures = Report::new(&circuit, &better)?;
    write(&better, format, &args.target)?;
    if !args.target.json {
        notes::say(figure_table(&figures, ["before", "after"]));
        if !stages.is_empty() {
            notes::say(format_args!("\n{}", stage_table(&stages)));
        }
        for line in equality.iter().flat_map(evidence) {
            notes::say(line);
        }
    }
    let improvement = Improvement {
        effort: args.effort().level(),
        before: (&figures.before).into(),
        after: (&figures.after).into(),
        stages: stages.iter().map(StageNames::from).collect(),
        proof: equality.as_ref().map(ProofReport::from),
    };
    report(args.circuit.to_string(), format, &args.target, Some(improvement))
}

fn optimize(args: &OptimizeArgs, circuit: &Circuit) -> Optimized {
    let bar = StepBar::new();
    args.optimizer().run(circuit, &mut |advance| bar.show(advance.pass, advance.done, advance.total))
}

/// Compares the result with the original: by a proof if one is asked for, on many inputs if the passes were bold.
fn check(args: &OptimizeArgs, circuit: &Circuit, better: &Circuit) -> Result<Option<Equality>, Failure> {
    let limits = match args.prove {
        true => ProofLimits::default(),
        false if args.effort() >= Effort::Thorough => ProofLimits::trial(),
        false => return Ok(None),
    };
    let output = match compare(circuit, better, limits)? {
        Verdict::Equal(equality) => return Ok(Some(equality)),
        Verdict::Different(difference) => circuit.outputs()[difference.group].group.name.clone(),
        Verdict::Misfit(misfit) => misfit.side.to_owned(),
    };
    Err(Failure::Miscompiled { circuit: args.circuit.to_string(), output })
}

fn report(
    circuit: String,
    format: Format,
    target: &TargetArgs,
    improvement: Option<Improvement>,
) -> Result<(), Failure> {
    if !target.json {
        return Ok(());
    }
    let (output, format) = (target.output.display().to_string(), format.to_string());
    results::print_json(&Written { schema_version: SCHEMA_VERSION, circuit, output, format, improvement })
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
