//! Whole sessions of two processes with an emulated link between them, beside what `halfgate estimate` says of them.

use halfgate::channel::Link;
use halfgate::estimate::{Cost, Forecast, Pace};
use halfgate::{Program, Reveal, Security, Terms, compile, library};

use super::context::{Bench, Entry, Finding};
use super::party::Work;
use super::report::{Curve, Series, Unit};
use super::transport::Transport;
use crate::failure::Failure;

const CIRCUIT: &str = "lt64";

/// Comparisons of a bulk run: enough that the rate of a link shows, few enough that it does not take all day.
const BULK: usize = 10_000;

/// Round trips in milliseconds.
const TRIPS: [u32; 4] = [1, 5, 20, 80];

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new("curve.link.once", |bench| {
            let title = "One comparison against the round trip, two processes and an emulated link";
            curve(bench, "curve.link.once", title, 1, ["10mbit", "1gbit"])
        }),
        Entry::new("curve.link.bulk", |bench| {
            let title = "10,000 comparisons against the round trip, two processes and an emulated link";
            curve(bench, "curve.link.bulk", title, BULK, ["100mbit", "1gbit"])
        }),
    ]
}

fn curve(
    bench: &Bench,
    id: &str,
    title: &str,
    lanes: usize,
    rates: [&str; 2],
) -> Result<Vec<Finding>, Failure> {
    let program = compile(&library::find(CIRCUIT)?)?;
    let cost = forecast(&program, lanes)?;
    let pace = Pace::measure(&program, lanes, Security::SemiHonest, bench.backend)?
        .with_threads(bench.threads.get());
    let mut series = Vec::new();
    for rate in rates {
        let (mut measured, mut estimated) = (Vec::new(), Vec::new());
        for trip in TRIPS {
            let link: Link = format!("{rate},{trip}ms").parse()?;
            measured.push((f64::from(trip), 1e3 * session(bench, link, lanes)?));
            estimated.push((f64::from(trip), 1e3 * cost.time(&pace, &pace, &link).as_secs_f64()));
        }
        series.push(Series { name: format!("{rate}, measured"), points: measured });
        series.push(Series { name: format!("{rate}, estimated"), points: estimated });
    }
    Ok(vec![Finding::Curve(Curve {
        id: id.to_owned(),
        title: title.to_owned(),
        x: "round trip of the link in ms".to_owned(),
        unit: Unit::Milliseconds,
        names: Vec::new(),
        series,
    })])
}

/// What the parties of the bench do, on their terms.
fn forecast(program: &Program, lanes: usize) -> Result<Cost, Failure> {
    let terms = Terms::new(Security::SemiHonest);
    Ok(Forecast::new(&terms, 0)?.run(program, lanes, Reveal::Both)?.cost())
}

/// The seconds of a session, from its handshake to its end, on the side that takes longer: the median of three.
fn session(bench: &Bench, link: Link, lanes: usize) -> Result<f64, Failure> {
    let work = Work::Runs { circuit: CIRCUIT.to_owned(), lanes, runs: 1 };
    let once = || {
        let both = bench.pair_over(link, Transport::Tcp, &work)?;
        Ok::<_, Failure>(both.garbler.cost.seconds.max(both.evaluator.cost.seconds))
    };
    let mut seconds = [once()?, once()?, once()?];
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[1])
}
