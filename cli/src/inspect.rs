//! `halfgate circuit check`, `info` and `list`.

use std::io::{self, Write};

use halfgate::circuits::bristol::Format;
use halfgate::circuits::library::functions::{Function, Parameter, functions};
use halfgate::circuits::{Circuit, Group, Party, library};
use halfgate::compile;
use halfgate::compiler::{Figures, Report, optimize};
use serde::Serialize;

use crate::args::{CheckArgs, InfoArgs, ListArgs, OwnerArgs};
use crate::circuit_name::CircuitName;
use crate::failure::Failure;
use crate::figures::{FigureNames, figure_table};
use crate::function_choice::FunctionName;
use crate::groups;
use crate::human::{count, counted, hex};
use crate::notes;
use crate::program::{self, Settings};
use crate::results::{self, SCHEMA_VERSION, encoding_name, order_name};

/// How many errors `check` shows.
const ERRORS_SHOWN: usize = 10;

#[derive(Serialize)]
struct CheckReport {
    schema_version: u32,
    circuit: String,
    good: bool,
    errors: Vec<String>,
}

pub(crate) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let settings = Settings::new(&args.program, &OwnerArgs::default());
    let errors = args.circuit.check(&settings, ERRORS_SHOWN)?;
    let good = errors.is_empty();
    if args.json {
        let circuit = args.circuit.to_string();
        results::print_json(&CheckReport { schema_version: SCHEMA_VERSION, circuit, good, errors })?;
    } else {
        errors.iter().for_each(notes::say);
    }
    if good { Ok(()) } else { Err(Failure::CheckFailed) }
}

/// What there is to know about a circuit.
#[derive(Serialize)]
struct Info {
    schema_version: u32,
    circuit: String,
    format: &'static str,
    circuit_digest: String,
    program_digest: String,
    wires: usize,
    inputs: Vec<GroupInfo>,
    outputs: Vec<GroupInfo>,
    gates: FigureNames,
    /// The same after optimising, and with what the schedule adds.
    compiled: FigureNames,
    /// ANDs of the circuit that garble_lang itself makes of a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    garble_lang_and: Option<usize>,
    #[serde(skip)]
    report: Report,
}

#[derive(Serialize)]
struct GroupInfo {
    index: usize,
    name: String,
    width: u32,
    encoding: &'static str,
    bit_order: &'static str,
    scale: u32,
    /// Of the values of a program.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    shape: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'static str>,
}

pub(crate) fn info(args: &InfoArgs) -> Result<(), Failure> {
    let choice = args.function.load()?;
    let format = format_name(&args.function.function, choice.format);
    let circuit = groups::apply(choice.circuit, &args.groups)?;
    let mut info = Info::new(choice.text, &circuit, format)?;
    if let FunctionName::Circuit(CircuitName::Program(path)) = &args.function.function {
        let settings = Settings::new(&args.function.options.program, &OwnerArgs::default());
        info.garble_lang_and = program::read(path)?.garble_lang_ands(&settings.options());
    }
    if args.json { results::print_json(&info) } else { results::print(|out| info.write(out)) }
}

fn format_name(name: &FunctionName, format: Format) -> &'static str {
    match (name, format) {
        (FunctionName::Circuit(CircuitName::File(_)), Format::Old) => "bristol",
        (FunctionName::Circuit(CircuitName::File(_)), Format::Fashion) => "fashion",
        (FunctionName::Circuit(CircuitName::Program(_)), _) => "garble",
        (FunctionName::Circuit(CircuitName::Netlist(_)), _) => "netlist",
        (FunctionName::Circuit(CircuitName::Compiled(_)), _) => "compiled",
        _ => "library",
    }
}

impl Info {
    fn new(name: String, circuit: &Circuit, format: &'static str) -> Result<Self, Failure> {
        let report = Report { before: Figures::of(circuit)?, after: Figures::of(&optimize(circuit))? };
        let inputs = circuit.inputs().iter().enumerate();
        let outputs = circuit.outputs().iter().enumerate();
        Ok(Info {
            schema_version: SCHEMA_VERSION,
            circuit: name,
            format,
            circuit_digest: hex(&circuit.digest()),
            program_digest: hex(&compile(circuit)?.digest()),
            wires: circuit.wire_count(),
            inputs: inputs
                .map(|(index, input)| GroupInfo::new(index, &input.group, Some(input.owner)))
                .collect(),
            outputs: outputs.map(|(index, output)| GroupInfo::new(index, &output.group, None)).collect(),
            gates: FigureNames::from(&report.before),
            compiled: FigureNames::from(&report.after),
            garble_lang_and: None,
            report,
        })
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let format = match self.format {
            "bristol" => "old Bristol format",
            "fashion" => "Bristol Fashion",
            "netlist" => "netlist",
            "compiled" => "compiled program",
            "garble" => "Garble program",
            _ => "library circuit",
        };
        writeln!(out, "{}: {format}, {} wires", self.circuit, count(self.wires as u64))?;
        writeln!(out, "circuit  {}", self.circuit_digest)?;
        writeln!(out, "program  {}\n", self.program_digest)?;
        for (title, groups) in [("inputs", &self.inputs), ("outputs", &self.outputs)] {
            writeln!(out, "{title}")?;
            let widest = groups.iter().map(|group| group.name.chars().count()).max().unwrap_or(0);
            for group in groups {
                group.write(widest, out)?;
            }
        }
        writeln!(out, "\n{}", figure_table(&self.report, ["circuit", "compiled"]))?;
        match self.garble_lang_and {
            Some(ands) => writeln!(out, "AND, if garble_lang made the circuit: {}", count(ands as u64)),
            None => Ok(()),
        }
    }
}

impl GroupInfo {
    fn new(index: usize, group: &Group, owner: Option<Party>) -> Self {
        GroupInfo {
            index,
            name: group.name.clone(),
            width: group.width,
            encoding: encoding_name(group.encoding),
            bit_order: order_name(group.order),
            scale: group.scale,
            shape: group.shape.as_ref().map(ToString::to_string),
            owner: owner.map(|owner| match owner {
                Party::Garbler => "garbler",
                Party::Evaluator => "evaluator",
            }),
        }
    }

    fn write(&self, widest: usize, out: &mut dyn Write) -> io::Result<()> {
        let GroupInfo { index, name, width, encoding, bit_order, scale, shape, owner } = self;
        let bits = counted(u64::from(*width), "bit");
        write!(out, "  {index}  {name:<widest$}  {bits:>10}  ")?;
        match shape {
            Some(shape) => write!(out, "{shape}")?,
            None => write!(out, "{encoding}, {bit_order}")?,
        }
        if *scale > 0 {
            write!(out, ", {}", counted(u64::from(*scale), "decimal"))?;
        }
        match owner {
            Some(owner) => writeln!(out, "  {owner}"),
            None => writeln!(out),
        }
    }
}

#[derive(Serialize)]
struct List {
    schema_version: u32,
    circuits: Vec<Listed>,
    functions: Vec<ListedFunction>,
}

#[derive(Serialize)]
struct Listed {
    /// With `N` in place of a width and another letter in place of a second number.
    name: String,
    about: &'static str,
    widths: Option<[u32; 2]>,
    /// The range of the second number.
    counts: Option<[u32; 2]>,
}

/// A comparison function, as the catalogue has it.
#[derive(Serialize)]
struct ListedFunction {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    inputs: &'static str,
    parameters: Vec<ListedParameter>,
    ties: &'static str,
    reveals: &'static str,
    infers: &'static str,
    example: &'static str,
}

#[derive(Serialize)]
struct ListedParameter {
    name: &'static str,
    about: &'static str,
    required: bool,
}

pub(crate) fn list(args: &ListArgs) -> Result<(), Failure> {
    let circuits = library::list().map(|entry| Listed {
        name: entry.pattern(),
        about: entry.about(),
        widths: entry.widths().map(|widths| [*widths.start(), *widths.end()]),
        counts: entry.counts().map(|counts| [*counts.start(), *counts.end()]),
    });
    let list = List {
        schema_version: SCHEMA_VERSION,
        circuits: circuits.collect(),
        functions: functions().iter().map(ListedFunction::new).collect(),
    };
    if args.json { results::print_json(&list) } else { results::print(|out| list.write(out)) }
}

impl List {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for Listed { name, about, widths, counts } in &self.circuits {
            let widths = widths.map_or_else(String::new, |[from, to]| format!(" (N from {from} to {to})"));
            let counts =
                counts.map_or_else(String::new, |[from, to]| format!(" (before the x: {from} to {to})"));
            writeln!(out, "builtin:{name:<15} {about}{widths}{counts}")?;
        }
        writeln!(out)?;
        for ListedFunction { name, about, parameters, .. } in &self.functions {
            write!(out, "{name:<20} {about}")?;
            for ListedParameter { name, required, .. } in parameters {
                let setting = format!("--set {name}=…");
                if *required { write!(out, " {setting}")? } else { write!(out, " [{setting}]")? }
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

impl ListedFunction {
    fn new(function: &'static Function) -> Self {
        let Function { name, title, about, inputs, parameters, ties, reveals, infers, example, .. } =
            *function;
        let parameters = parameters
            .iter()
            .map(|&Parameter { name, about, required, .. }| ListedParameter { name, about, required })
            .collect();
        ListedFunction { name, title, about, inputs, parameters, ties, reveals, infers, example }
    }
}
