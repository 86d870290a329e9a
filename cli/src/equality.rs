//! What is known of two circuits, for people and as JSON; `halfgate circuit diff`.

use std::io::{self, Write};

use halfgate::circuits::{Circuit, Group, Radix, format_literal};
use halfgate::compiler::{Difference, Equality, Misfit, ProofLimits, Verdict, prove};
use serde::Serialize;

use crate::args::DiffArgs;
use crate::failure::Failure;
use crate::human::{count, counted};
use crate::program::Settings;
use crate::progress::StepBar;
use crate::results::{self, SCHEMA_VERSION};

#[derive(Serialize)]
struct DiffReport {
    schema_version: u32,
    circuits: [String; 2],
    equal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<ProofReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<DifferenceReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    misfit: Option<MisfitReport>,
}

/// What equality rests on.
#[derive(Serialize)]
pub(crate) struct ProofReport {
    proved: bool,
    exhaustive: bool,
    vectors: u64,
    outputs: Vec<EvidenceReport>,
    solver: SolverReport,
}

#[derive(Serialize)]
struct EvidenceReport {
    name: String,
    bits_proved: u32,
    bits_tested: u32,
}

#[derive(Serialize)]
struct SolverReport {
    nodes_proved: u64,
    nodes_refuted: u64,
    nodes_open: u64,
    conflicts: u64,
    gave_up: bool,
}

#[derive(Serialize)]
struct DifferenceReport {
    inputs: Vec<Value>,
    outputs: [Vec<Value>; 2],
    output: String,
    wire: u32,
}

#[derive(Serialize)]
struct Value {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct MisfitReport {
    side: &'static str,
    widths: [Vec<u32>; 2],
}

pub(crate) fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let circuits = [args.first.load(&Settings::default())?.0, args.second.load(&Settings::default())?.0];
    let limits = if args.no_proof { ProofLimits::trial() } else { args.proof.limits() };
    let verdict = compare(&circuits[0], &circuits[1], limits)?;
    if args.json {
        let names = [args.first.to_string(), args.second.to_string()];
        results::print_json(&report(names, &circuits[0], &verdict))?;
    } else {
        results::print(|out| write(out, &circuits[0], &verdict))?;
    }
    match verdict {
        Verdict::Equal(_) => Ok(()),
        Verdict::Different(_) | Verdict::Misfit(_) => Err(Failure::Differ),
    }
}

/// Compares two circuits, with a bar on the terminal.
pub(crate) fn compare(first: &Circuit, second: &Circuit, limits: ProofLimits) -> Result<Verdict, Failure> {
    let bar = StepBar::new();
    Ok(prove(first, second, limits, &mut |advance| bar.show(advance.step, advance.done, advance.total))?)
}

fn write(out: &mut dyn Write, circuit: &Circuit, verdict: &Verdict) -> io::Result<()> {
    match verdict {
        Verdict::Equal(equality) => {
            let how = if equality.is_proved() { "proved" } else { "as far as could be found out" };
            writeln!(out, "equal: {how}")?;
            for line in evidence(equality) {
                writeln!(out, "  {line}")?;
            }
            Ok(())
        }
        Verdict::Different(difference) => write_difference(out, circuit, difference),
        Verdict::Misfit(Misfit { side, widths }) => {
            writeln!(out, "different: the {side} groups do not fit each other")?;
            widths.iter().zip(["first", "second"]).try_for_each(|(widths, which)| {
                let widths: Vec<_> = widths.iter().map(u32::to_string).collect();
                writeln!(out, "  {which:<6}  {}", widths.join(" + "))
            })
        }
    }
}

/// What equality rests on, a line for each output group and one on how.
pub(crate) fn evidence(equality: &Equality) -> Vec<String> {
    let widest = equality.outputs.iter().map(|output| output.group.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for output in &equality.outputs {
        let (proved, tested) = (counted(output.proved.into(), "bit"), counted(output.tested.into(), "bit"));
        let rests = match (output.proved, output.tested) {
            (_, 0) => format!("{proved} proved"),
            (0, _) => format!("{tested} tested, not proved"),
            _ => format!("{proved} proved, {tested} tested only"),
        };
        lines.push(format!("{:<widest$}  {rests}", output.group));
    }
    let vectors = counted(equality.vectors, "input");
    let sweep = &equality.sweep;
    lines.push(match (equality.exhaustive, equality.is_proved()) {
        (true, _) => format!("all {vectors} tried"),
        (false, true) if sweep.proved == 0 => {
            format!("{vectors} tried; the rest is normal forms: the solver was not needed")
        }
        (false, false) if (sweep.proved, sweep.open) == (0, 0) => {
            format!("{vectors} tried; the solver was not asked")
        }
        (false, proved) => {
            let met = if equality.gave_up && !proved { "which gave up after " } else { "" };
            let (pairs, conflicts) = (counted(sweep.proved, "pair"), count(sweep.conflicts));
            format!(
                "{vectors} tried; {pairs} of nodes proved equal by the solver, {met}{conflicts} conflicts"
            )
        }
    });
    lines
}

fn write_difference(out: &mut dyn Write, circuit: &Circuit, difference: &Difference) -> io::Result<()> {
    let outputs = output_groups(circuit);
    let name = &outputs[difference.group].name;
    writeln!(out, "different: output `{name}`, wire {}, for", difference.wire)?;
    for Value { name, value } in values(input_groups(circuit), &difference.inputs) {
        writeln!(out, "  input   {name} = {value}")?;
    }
    let [first, second] = difference.outputs.each_ref().map(|words| values(outputs.clone(), words));
    for (first, second) in first.into_iter().zip(second) {
        let Value { name, value } = first;
        match value == second.value {
            true => writeln!(out, "  output  {name} = {value}")?,
            false => writeln!(out, "  output  {name} = {value} (first), {} (second)", second.value)?,
        }
    }
    Ok(())
}

fn report(circuits: [String; 2], circuit: &Circuit, verdict: &Verdict) -> DiffReport {
    let mut report = DiffReport {
        schema_version: SCHEMA_VERSION,
        circuits,
        equal: false,
        proof: None,
        difference: None,
        misfit: None,
    };
    match verdict {
        Verdict::Equal(equality) => (report.equal, report.proof) = (true, Some(equality.into())),
        Verdict::Different(difference) => {
            let outputs = output_groups(circuit);
            report.difference = Some(DifferenceReport {
                inputs: values(input_groups(circuit), &difference.inputs),
                output: outputs[difference.group].name.clone(),
                wire: difference.wire,
                outputs: difference.outputs.each_ref().map(|words| values(outputs.clone(), words)),
            });
        }
        Verdict::Misfit(misfit) => {
            report.misfit = Some(MisfitReport { side: misfit.side, widths: misfit.widths.clone() });
        }
    }
    report
}

impl From<&Equality> for ProofReport {
    fn from(equality: &Equality) -> Self {
        let outputs = equality.outputs.iter().map(|output| EvidenceReport {
            name: output.group.clone(),
            bits_proved: output.proved,
            bits_tested: output.tested,
        });
        ProofReport {
            proved: equality.is_proved(),
            exhaustive: equality.exhaustive,
            vectors: equality.vectors,
            outputs: outputs.collect(),
            solver: SolverReport {
                nodes_proved: equality.sweep.proved,
                nodes_refuted: equality.sweep.refuted,
                nodes_open: equality.sweep.open,
                conflicts: equality.sweep.conflicts,
                gave_up: equality.gave_up,
            },
        }
    }
}

fn input_groups(circuit: &Circuit) -> Vec<&Group> {
    circuit.inputs().iter().map(|input| &input.group).collect()
}

fn output_groups(circuit: &Circuit) -> Vec<&Group> {
    circuit.outputs().iter().map(|output| &output.group).collect()
}

/// The words as literals of their groups.
fn values(groups: Vec<&Group>, words: &[Vec<u64>]) -> Vec<Value> {
    let value = |(group, words): (&Group, &Vec<u64>)| Value {
        name: group.name.clone(),
        value: format_literal(group, words, Radix::Natural),
    };
    groups.into_iter().zip(words).map(value).collect()
}
