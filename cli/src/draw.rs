//! `halfgate circuit draw`: circuits as pictures.

use std::io::{self, Write};

use halfgate::circuits::Circuit;
use serde::Serialize;
use svg::Document;

use crate::args::{DrawArgs, PartyGroupArgs};
use crate::failure::Failure;
use crate::groups;
use crate::human::count;
use crate::notes;
use crate::replacing::replace;
use crate::results::{self, SCHEMA_VERSION};

mod chart;
mod columns;
mod diagram;
mod graph;
mod grid;
mod heights;
mod layout;
mod legend;
mod order;
mod page;
mod profile;
mod symbols;
mod text;

use profile::Profile;

/// The most gates and bits of inputs and outputs that are drawn one by one: more are a thicket, and take long.
const MOST: usize = 800;

#[derive(Serialize)]
struct Drawn {
    schema_version: u32,
    circuit: String,
    output: String,
    /// `diagram` or `profile`.
    drawn: &'static str,
    gates: usize,
    and: usize,
    and_layers: usize,
    widest_layer: Option<Widest>,
    /// The ANDs of each layer, the first one first.
    ands_per_layer: Vec<usize>,
}

#[derive(Serialize)]
struct Widest {
    layer: usize,
    and: usize,
}

pub(crate) fn run(args: &DrawArgs) -> Result<(), Failure> {
    let choice = args.function.load()?;
    let PartyGroupArgs { garbler_groups, evaluator_groups } = &args.groups;
    let circuit = groups::apply_owners(choice.circuit, garbler_groups.as_ref(), evaluator_groups.as_ref())?;
    let profile = Profile::of(&circuit);
    let is_small = symbols(&circuit) <= MOST;
    let (drawn, document) = match is_small && !args.profile {
        true => ("diagram", diagram::diagram(&circuit, &choice.text)),
        false => ("profile", chart::chart(&circuit, &profile, &choice.text)),
    };
    if !is_small && !args.profile {
        notes::say(too_large(&choice.text, &circuit));
    }
    let path = &args.target.output;
    let written = replace(path, |mut file| write(&document, &mut file));
    written.map_err(|source: io::Error| Failure::WriteFile { path: path.clone(), source })?;
    if !args.target.json {
        return Ok(());
    }
    results::print_json(&Drawn {
        schema_version: SCHEMA_VERSION,
        circuit: choice.text,
        output: path.display().to_string(),
        drawn,
        gates: circuit.gates().len(),
        and: profile.ands(),
        and_layers: profile.depth(),
        widest_layer: profile.widest().map(|(layer, and)| Widest { layer, and }),
        ands_per_layer: profile.layers().to_vec(),
    })
}

fn symbols(circuit: &Circuit) -> usize {
    circuit.wire_count() + circuit.output_width()
}

fn too_large(name: &str, circuit: &Circuit) -> String {
    format!(
        "{name}: {} gates and bits of inputs and outputs are too many to be drawn one by one (the limit is {MOST}); \
         the drawing shows the ANDs of each AND layer",
        count(symbols(circuit) as u64)
    )
}

fn write(document: &Document, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}")
}
