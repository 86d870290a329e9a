//! `halfgate circuit convert` and `optimize`: circuits into files.

use halfgate::circuits::Circuit;
use halfgate::circuits::bristol::{self, Format, WriteError};
use halfgate::compiler::{Effort, Equality, Optimized, ProofLimits, Report, Verdict};
use serde::Serialize;

use crate::args::{ConvertArgs, OptimizeArgs, OwnerArgs, TargetArgs};
use crate::equality::{ProofReport, compare, evidence};
use crate::failure::Failure;
use crate::figures::{FigureNames, StageNames, figure_table, stage_table};
use crate::notes;
use crate::program::Settings;
use crate::progress::StepBar;
use crate::replacing::replace;
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
    let (circuit, _) = args.circuit.load(&Settings::new(&args.program, &OwnerArgs::default()))?;
    let format = args.to.into();
    write(&circuit, format, &args.target)?;
    report(args.circuit.to_string(), format, &args.target, None)
}

pub(crate) fn improve(args: &OptimizeArgs) -> Result<(), Failure> {
    let (circuit, format) = args.circuit.load(&Settings::new(&args.program, &OwnerArgs::default()))?;
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
        true => args.proof.limits(),
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
    replace(path, |file| bristol::write(circuit, format, file))
        .map_err(|source: WriteError| Failure::Write { path: path.clone(), source })
}
