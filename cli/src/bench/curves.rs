//! Figures against lanes, circuits and the size of writes, for the plots.

use halfgate::{Party, compile, library};

use super::context::{Bench, Entry, Finding};
use super::kernels::Lanes;
use super::report::{Curve, Series, Unit};
use super::transport::Transport;
use crate::failure::Failure;

/// Circuits of the library from small to large.
const CIRCUITS: [&str; 6] = ["lt64", "add64", "mul64", "div64", "aes128", "sha256"];

const LARGEST_LANES: u32 = 10;

/// Writes from 4 KiB to 4 MiB.
const WRITES: [u32; 11] = [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];

const PARTIES: [(Party, &str); 2] = [(Party::Garbler, "garble"), (Party::Evaluator, "evaluate")];

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new("curve.lanes", lanes),
        Entry::new("curve.circuits", circuits),
        Entry::new("curve.writes", writes),
    ]
}

fn lanes(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let mut series = Vec::new();
    for (party, verb) in PARTIES {
        for circuit in ["aes128", "lt64"] {
            let point = |power: u32| {
                let lanes = Lanes::Exactly(1 << power);
                let figure = bench.in_memory(bench.backend, party, circuit, lanes)?;
                Ok::<_, Failure>((f64::from(1 << power), 1e3 / figure.median))
            };
            let points = (0..=LARGEST_LANES).map(point).collect::<Result<_, _>>()?;
            series.push(Series { name: format!("{verb} {circuit}"), points });
        }
    }
    curve("curve.lanes", "Rate against lanes, in memory, one core", "lanes of a call", Unit::MegaAnds, series)
}

fn circuits(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let mut series = Vec::new();
    for (lanes, name) in [(Lanes::Tile, "a tile of lanes"), (Lanes::One, "one lane")] {
        for (party, verb) in PARTIES {
            let point = |(index, circuit): (usize, &&str)| {
                let figure = bench.in_memory(bench.backend, party, circuit, lanes)?;
                Ok::<_, Failure>((index as f64, 1e3 / figure.median))
            };
            let points = CIRCUITS.iter().enumerate().map(point).collect::<Result<_, _>>()?;
            series.push(Series { name: format!("{verb}, {name}"), points });
        }
    }
    let mut names = Vec::new();
    for circuit in CIRCUITS {
        let ands = compile(&library::find(circuit)?)?.and_count();
        names.push(format!("{circuit} ({} ANDs)", crate::human::count(ands as u64)));
    }
    Ok(vec![Finding::Curve(Curve {
        id: "curve.circuits".to_owned(),
        title: "Rate against circuit, in memory, one core".to_owned(),
        x: "circuit".to_owned(),
        unit: Unit::MegaAnds,
        names,
        series,
    })])
}

fn writes(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let mut series = Vec::new();
    for transport in [Transport::Tcp, Transport::Unix] {
        let point = |power: &u32| {
            let rate = bench.throughput(transport, 1 << power)?;
            Ok::<_, Failure>((f64::from(1 << power) / 1024.0, rate.median))
        };
        let points = WRITES.iter().map(point).collect::<Result<_, _>>()?;
        series.push(Series { name: transport.name().to_owned(), points });
    }
    let title = "Rate against the size of writes, plain sockets, two threads";
    curve("curve.writes", title, "KiB in a write", Unit::MegaBytes, series)
}

fn curve(id: &str, title: &str, x: &str, unit: Unit, series: Vec<Series>) -> Result<Vec<Finding>, Failure> {
    let (id, title, x) = (id.to_owned(), title.to_owned(), x.to_owned());
    Ok(vec![Finding::Curve(Curve { id, title, x, unit, names: Vec::new(), series })])
}
