//! Reading Bristol text and compiling.

use std::hint::black_box;

use halfgate::circuits::Circuit;
use halfgate::circuits::bristol::{self, Format};
use halfgate::compiler::{Program, ScheduleError, schedule};
use halfgate::{compile, library};

use super::context::{Bench, Entry, debug_build};
use super::report::{Row, Unit};
use super::statistics::Figure;
use crate::failure::Failure;

/// The bytes that a gate takes in memory at least: two wires and a kind.
const GATE_BYTES: f64 = 12.0;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::row("text.read", read),
        Entry::row("compile.schedule", |bench| {
            Ok(compiled(bench, "compile.schedule", "schedule as it stands", schedule)?
                .aims_at(10.0, debug_build()))
        }),
        Entry::row("compile.whole", |bench| {
            compiled(bench, "compile.whole", "optimise and schedule", compile)
        }),
    ]
}

fn read(bench: &Bench) -> Result<Row, Failure> {
    let circuit = library::find(bench.pace.product)?;
    let mut text = Vec::new();
    bristol::write(&circuit, Format::Fashion, &mut text)
        .map_err(|error| Failure::Bench(format!("a circuit cannot be written: {error}")))?;
    let mut result = Ok(());
    let times = bench.pace.time(|| match bristol::read(black_box(text.as_slice()), "memory") {
        Ok(circuit) => drop(black_box(circuit)),
        Err(error) => result = Err(error),
    });
    result?;
    let rate = Figure::of_each(&times, |seconds| text.len() as f64 / 1e6 / seconds);
    let what = format!("read and validate Bristol text, {}, {} gates", bench.pace.product, gates(&circuit));
    Ok(Row::new("text.read", what, Unit::MegaBytes, rate)
        .bounded_by("a loop that reads the numbers and keeps none", bench.numbers(&text)?)
        .aims_at(800.0, debug_build()))
}

fn compiled(
    bench: &Bench,
    id: &str,
    what: &str,
    compile: fn(&Circuit) -> Result<Program, ScheduleError>,
) -> Result<Row, Failure> {
    let circuit = library::find(bench.pace.product)?;
    let mut result = Ok(());
    let times = bench.pace.time(|| match compile(black_box(&circuit)) {
        Ok(program) => drop(black_box(program)),
        Err(error) => result = Err(error),
    });
    result?;
    let rate = Figure::of_each(&times, |seconds| circuit.gates().len() as f64 / 1e6 / seconds);
    let what = format!("{what}: {}, {} gates", bench.pace.product, gates(&circuit));
    Ok(Row::new(id, what, Unit::MegaGates, rate)
        .bounded_by("copying the gates once", bench.memory_copy()? / GATE_BYTES))
}

fn gates(circuit: &Circuit) -> String {
    crate::human::count(circuit.gates().len() as u64)
}
