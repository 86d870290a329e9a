//! Reports that nobody measured, for tests.

use super::machine::Machine;
use super::options::Suite;
use super::report::{COMMAND, Cost, Curve, Limit, PhaseCost, Report, Row, Scenario, Series, Unit};
use super::statistics::Figure;
use crate::results::SCHEMA_VERSION;

/// A report without rows.
pub(crate) fn empty() -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        command: COMMAND.to_owned(),
        suite: Suite::Quick,
        kernel: "portable".to_owned(),
        threads: 1,
        machine: Machine {
            processor: "Difference Engine <No. 2> & more".to_owned(),
            cores: 2,
            features: vec!["aes".to_owned()],
            system: "brass".to_owned(),
            halfgate: "0.0.0".to_owned(),
            rustc: "rustc 1.95.0".to_owned(),
            build: "release".to_owned(),
            date: "1849-03-01 12:00 UTC".to_owned(),
            load: Some(0.25),
        },
        rows: Vec::new(),
        limits: Vec::new(),
        curves: Vec::new(),
        scenarios: Vec::new(),
        comparison: None,
    }
}

/// A report with something of everything.
pub(crate) fn report() -> Report {
    let figure = |values: [f64; 3]| Figure::of(values.to_vec());
    let rows = vec![
        Row::new("fast", "a row <that> met its goal", Unit::NsPerAnd, figure([8.0, 9.0, 10.0]))
            .bounded_by("everything for nothing", 4.5)
            .aims_at(9.5, None),
        Row::new("slow", "a row that missed its goal", Unit::MegaAnds, figure([50.0, 60.0, 70.0]))
            .bounded_by("the wire", 240.0)
            .aims_at(100.0, None),
        Row::new("other", "a row of other kernels", Unit::MegaOts, figure([1.0, 1.0, 1.0]))
            .with_kernel("aes-ni")
            .aims_at(250.0, Some("the goal is for others".to_owned())),
    ];
    let limit = Limit {
        id: "wire".to_owned(),
        what: "the wire".to_owned(),
        unit: Unit::NsPerAnd,
        figure: figure([4.0, 4.1, 4.2]),
    };
    Report {
        rows,
        limits: vec![limit],
        curves: ["curve.lanes", "curve.circuits", "curve.writes"].map(curve).into(),
        scenarios: vec![scenario("phases.one"), scenario("phases.many")],
        ..empty()
    }
}

fn curve(id: &str) -> Curve {
    let names = if id == "curve.circuits" { vec!["and".to_owned(), "or".to_owned()] } else { Vec::new() };
    let points =
        if names.is_empty() { vec![(1.0, 10.0), (32.0, 90.0)] } else { vec![(0.0, 10.0), (1.0, 9.0)] };
    let series = ["garble", "evaluate"].map(|name| Series { name: name.to_owned(), points: points.clone() });
    Curve {
        id: id.to_owned(),
        title: format!("title of {id}"),
        x: "x".to_owned(),
        unit: Unit::MegaAnds,
        names,
        series: series.into(),
    }
}

fn scenario(id: &str) -> Scenario {
    let phase = |name: &str, seconds: f64| PhaseCost {
        name: name.to_owned(),
        seconds,
        waiting_seconds: seconds / 2.0,
        bytes_sent: 1000,
    };
    let cost = Cost {
        seconds: 0.5,
        bytes_sent: 125_000_000,
        round_trips: 2,
        exchanges: 3,
        phases: vec![phase("handshake", 0.1), phase("rows", 0.4)],
    };
    let (garbler, evaluator) = (cost.clone(), Cost { bytes_sent: 1_000, ..cost });
    Scenario { id: id.to_owned(), what: format!("what {id} is"), garbler, evaluator }
}
