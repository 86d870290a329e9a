//! Rows of the malicious mode: two processes that deal triples and run whole sessions.

use halfgate::channel::Link;
use halfgate::compiler::evaluate;
use halfgate::estimate::{Forecast, Pace};
use halfgate::{Program, Reveal, Security, Statistical, Terms, compile, library};

use super::commands::{Folder, Settings};
use super::context::{Bench, Entry, Finding, debug_build};
use super::party::{Work, digest, inputs, lanes_for};
use super::processes::{Both, check};
use super::report::{Row, Scenario, Unit};
use super::statistics::Figure;
use super::transport::Transport;
use crate::failure::Failure;
use crate::human::count;

/// What the names of all its entries begin with.
pub(crate) const PREFIX: &str = "malicious.";

/// A session of this mode is measured with so many times fewer ANDs.
const FEWER: u64 = 10;

/// Runs of a session beside the first.
const RUNS: usize = 3;

/// Runs of one comparison over a link.
const RUNS_OVER_LINK: usize = 7;

/// Links as they are common within a building and across a continent.
const LINKS: [(&str, &str); 2] = [("lan", "1gbit,1ms"), ("wan", "100mbit,40ms")];

const MODE: &str = "malicious";

/// What both parties may send for each AND of a long program.
const BYTES: f64 = 215.0;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::row("malicious.triples", |bench| triples(bench, "malicious.triples", Statistical::Bits40)),
        Entry::row("malicious.triples.64", |bench| {
            triples(bench, "malicious.triples.64", Statistical::Bits64)
        }),
        Entry::new("malicious.aes128", aes),
        Entry::row("malicious.lt32", comparisons_in_lanes),
        Entry::row("malicious.once", |bench| once(bench, "malicious.once", false, 60.0)),
        Entry::row("malicious.once.pool", |bench| once(bench, "malicious.once.pool", true, 15.0)),
        Entry::new("malicious.link", over_links),
    ]
}

/// Function-independent triples of two dealers, in blocks as a long program has them.
fn triples(bench: &Bench, id: &str, statistical: Statistical) -> Result<Row, Failure> {
    let count_of = bench.pace.session_ands / FEWER;
    let work = Work::Triples { count: count_of as usize, runs: RUNS + 1, statistical: statistical.bits() };
    let both = bench.pair(Transport::Tcp, &work)?;
    // The first run grows the buffers.
    let rates = Figure::of_each(&both.slower()[1..], |seconds| count_of as f64 / 1e6 / seconds);
    let what = format!("AND triples, {} at a time, statistical security {statistical}", count(count_of));
    Ok(Row::new(id, what, Unit::MegaTriples, rates))
}

/// AES-128 in many lanes: how fast, how large, and what is sent, phase by phase.
fn aes(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let program = compile(&library::find("aes128")?)?;
    let lanes = lanes_for(&program, bench.pace.session_ands / FEWER);
    let both = session(bench, "aes128", lanes)?;
    let ands = (program.and_count() * lanes) as f64;
    let what = format!("two processes, TCP, AES-128 in {} lanes", count(lanes as u64));
    let rate = Figure::of_each(&both.slower()[1..], |seconds| ands / 1e6 / seconds);
    let rate = Row::new("malicious.aes128.rate", what.clone(), Unit::MegaAnds, rate)
        .aims_at(2.5, bench.unless_one_thread(bench.unless_vaes_512()));
    let sent = (both.garbler.cost.bytes_sent + both.evaluator.cost.bytes_sent) as f64;
    let bytes = Figure::exact(sent / ands / (RUNS + 1) as f64);
    let bytes = Row::new("malicious.aes128.bytes", format!("{what}: both ways"), Unit::BytesPerAnd, bytes)
        .aims_at(BYTES, None);
    let memory = Figure::of(vec![both.peak_memory()]);
    let what = format!("{what}: peak memory of the larger party");
    let memory = Row::new("malicious.aes128.memory", what, Unit::Mebibytes, memory)
        .aims_at(384.0, bench.unless_one_thread(None));
    let phases = Scenario {
        id: format!("malicious.aes128.{lanes}"),
        what: format!("aes128, malicious, {} lanes, {} runs", count(lanes as u64), RUNS + 1),
        garbler: both.garbler.cost,
        evaluator: both.evaluator.cost,
    };
    Ok(vec![Finding::Row(rate), Finding::Row(bytes), Finding::Row(memory), Finding::Scenario(phases)])
}

fn comparisons_in_lanes(bench: &Bench) -> Result<Row, Failure> {
    let program = compile(&library::find("lt32")?)?;
    let lanes = lanes_for(&program, bench.pace.session_ands / FEWER);
    let both = session(bench, "lt32", lanes)?;
    let rate = Figure::of_each(&both.slower()[1..], |seconds| lanes as f64 / 1e6 / seconds);
    let what = format!("two processes, TCP, {} comparisons of 32 bits", count(lanes as u64));
    Ok(Row::new("malicious.lt32", what, Unit::MegaComparisons, rate)
        .aims_at(0.040, bench.unless_one_thread(debug_build())))
}

/// One comparison, from the start of both processes to the end of both.
fn once(bench: &Bench, id: &str, prepared: bool, goal: f64) -> Result<Row, Failure> {
    let pool = prepared.then_some(forecast(&compile(&library::find("lt64")?)?)?.pool());
    let settings = Settings { pool, more: &["--json"], ..Settings::of(MODE, bench) };
    let times = Folder::for_one()?.times_of_one(bench, &settings)?;
    let with = if prepared { ", with a prepared pool" } else { "" };
    let what = format!("one comparison of 64 bits{with}, two processes from start to exit");
    let time = Figure::of_each(&times, |seconds| seconds * 1e3);
    Ok(Row::new(id, what, Unit::Milliseconds, time).aims_at(goal, bench.unless_one_thread(debug_build())))
}

/// One comparison over emulated links, with a pool and without, beside its round trips alone.
fn over_links(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let program = compile(&library::find("lt64")?)?;
    let begun = forecast(&program)?;
    let security = Security::Malicious { statistical: Statistical::default() };
    let pace = Pace::measure(&program, 1, security, bench.backend)?;
    let mut rows = Vec::new();
    for (name, link) in LINKS {
        let link: Link = link.parse()?;
        for pool in [None, Some(begun.pool())] {
            let session = pool.into_iter().fold(begun.clone(), Forecast::prepared);
            let timing = session.cost().timing(&pace, &pace, &link);
            let settings = Settings { link, pool, more: &["--json"], ..Settings::of(MODE, bench) };
            let (suffix, with) = if pool.is_some() { (".pool", ", with a prepared pool") } else { ("", "") };
            let estimated = 1e3 * timing.total.as_secs_f64();
            let what = format!(
                "one comparison of 64 bits{with}, from the handshake to the goodbye over {link}; estimated \
                 {estimated:.0} ms"
            );
            let id = format!("malicious.link.{name}{suffix}");
            let row = Row::new(id, what, Unit::Milliseconds, Figure::of(sessions(bench, &settings)?));
            let round_trips = 1e3 * timing.latency.as_secs_f64();
            rows.push(Finding::Row(row.bounded_by("its round trips alone", round_trips)));
        }
    }
    Ok(rows)
}

/// The milliseconds of some sessions of one comparison.
fn sessions(bench: &Bench, settings: &Settings<'_>) -> Result<Vec<f64>, Failure> {
    let folder = Folder::for_one()?;
    (0..RUNS_OVER_LINK)
        .map(|_| {
            folder.run_once(bench, settings)?;
            Ok(1e3 * folder.session_seconds()?)
        })
        .collect()
}

/// One comparison, as the commands run it.
fn forecast(program: &Program) -> Result<Forecast, Failure> {
    let terms = Terms::new(Security::Malicious { statistical: Statistical::default() });
    Ok(Forecast::new(&terms, 0)?.run(program, 1, Reveal::Both)?)
}

/// Some runs of one session, whose results are right.
fn session(bench: &Bench, circuit: &str, lanes: usize) -> Result<Both, Failure> {
    let program = compile(&library::find(circuit)?)?;
    let work = Work::AuthenticatedRuns { circuit: circuit.to_owned(), lanes, runs: RUNS + 1 };
    let both = bench.pair(Transport::Tcp, &work)?;
    check(&both, digest(&evaluate(&program, &inputs(&program, lanes))?))?;
    Ok(both)
}
