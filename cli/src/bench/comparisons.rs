//! Rows that run the commands that users run, in the semi-honest mode: a table of comparisons, and one.

use std::time::Instant;

use halfgate::{compile, library};

use super::commands::{Folder, Settings, evaluator_number, garbler_number};
use super::context::{Bench, Entry, Finding, debug_build};
use super::kernels::Lanes;
use super::report::{Row, Unit};
use super::statistics::Figure;
use super::transport::Transport;
use crate::failure::Failure;

const MODE: &str = "semi-honest";

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::new("compare.table", table), Entry::new("compare.once", once)]
}

/// A table of comparisons on each side, results to both.
fn table(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let (rows, folder) = (bench.pace.comparisons, Folder::new()?);
    folder.write("garbler.csv", rows, garbler_number)?;
    folder.write("evaluator.csv", rows, evaluator_number)?;
    let (mut rates, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..bench.pace.sessions {
        let start = Instant::now();
        let more = &["--idle-timeout", "1h"];
        let peak = folder.compare(bench, &Settings { more, ..Settings::of(MODE, bench) })?;
        rates.push(rows as f64 / 1e6 / start.elapsed().as_secs_f64());
        memory.push(peak as f64 / f64::from(1 << 20));
        folder.check(rows)?;
    }
    let what = format!("{} comparisons, CSV in and out", crate::human::count(rows as u64));
    let program = compile(&library::find("lt64")?)?;
    let (part, time) = bench.slowest_part(Transport::Tcp, "lt64", Lanes::Tile)?;
    let limit = 1e3 / (time * program.and_count() as f64);
    let size = "a million comparisons";
    let rate = Row::new("compare.table.rate", what.clone(), Unit::MegaComparisons, Figure::of(rates))
        .bounded_by(format!("its ANDs alone, {part}"), limit)
        .aims_at(1.1, bench.unless_full(size, bench.unless_one_thread(bench.unless_vaes_512())));
    let what = format!("{what}: peak memory of the larger party");
    let memory = Row::new("compare.table.memory", what, Unit::Mebibytes, Figure::of(memory))
        .aims_at(96.0, bench.unless_full(size, bench.unless_one_thread(None)));
    Ok(vec![Finding::Row(rate), Finding::Row(memory)])
}

/// One comparison, from the start of both processes to the end of both.
fn once(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let folder = Folder::for_one()?;
    let times = folder.times_of_one(bench, &Settings { more: &["--json"], ..Settings::of(MODE, bench) })?;
    let round_trips = folder.round_trips()?;
    // Both points of 64 base OTs, if there are no more OTs than input bits.
    let start = bench.process_start()? + 128.0 * bench.multiplication()? / 1e3;
    let limit = start + 3.0 * bench.round_trip(Transport::Tcp)? / 1e3;
    let time = Figure::of_each(&times, |seconds| seconds * 1e3);
    let what = "one comparison, two processes from start to exit";
    let time = Row::new("compare.once.time", what, Unit::Milliseconds, time)
        .bounded_by("a process that does nothing, 128 curve multiplications, 3 round trips", limit)
        .aims_at(15.0, bench.unless_one_thread(debug_build()));
    let what = "one comparison: round trips after the connect";
    let trips =
        Row::new("compare.once.trips", what, Unit::RoundTrips, Figure::exact(round_trips)).aims_at(3.0, None);
    Ok(vec![Finding::Row(time), Finding::Row(trips)])
}
