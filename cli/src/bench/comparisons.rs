//! Rows that run the commands that users run: `halfgate garble` and `halfgate evaluate` on 64-bit comparisons.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use halfgate::{compile, library};
use serde_json::Value;

use super::context::{Bench, Entry, Finding, debug_build};
use super::kernels::Lanes;
use super::machine::peak_memory;
use super::processes::could_not_start;
use super::report::{Row, Unit};
use super::statistics::Figure;
use super::transport::Transport;
use crate::failure::Failure;

/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(2);

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
        let peak = folder.compare(bench, "semi-honest", &["--idle-timeout", "1h"])?;
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
    let times = folder.times_of_one(bench, "semi-honest")?;
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

/// The seconds of one comparison in a mode, from the start of both processes to the end of both.
pub(crate) fn times_of_one(bench: &Bench, mode: &str) -> Result<Vec<f64>, Failure> {
    Folder::for_one()?.times_of_one(bench, mode)
}

fn garbler_number(row: u64) -> u64 {
    (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn evaluator_number(row: u64) -> u64 {
    (row + 1).wrapping_mul(0xd1b5_4a32_d192_ed03)
}

/// Tables and results, in a folder of their own that goes away.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind lies among the temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("halfgate-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(no_file)?;
        Ok(Folder(folder))
    }

    /// With a table of one row for each side.
    fn for_one() -> Result<Self, Failure> {
        let folder = Folder::new()?;
        folder.write("garbler.csv", 1, garbler_number)?;
        folder.write("evaluator.csv", 1, evaluator_number)?;
        Ok(folder)
    }

    fn times_of_one(&self, bench: &Bench, mode: &str) -> Result<Vec<f64>, Failure> {
        bench.pace.repeat(bench.pace.starts, || {
            let start = Instant::now();
            self.compare(bench, mode, &["--json"])?;
            Ok(start.elapsed())
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: &str, rows: usize, number: fn(u64) -> u64) -> Result<(), Failure> {
        let write = || {
            let mut file = BufWriter::new(File::create(self.path(name))?);
            (0..rows as u64).try_for_each(|row| writeln!(file, "{}", number(row)))?;
            file.flush()
        };
        write().map_err(no_file)
    }

    /// Runs both commands to the end and gives the peak memory of the larger one in bytes.
    fn compare(&self, bench: &Bench, mode: &str, more: &[&str]) -> Result<u64, Failure> {
        let address = Transport::Tcp.free_address().map_err(could_not_start)?.to_string();
        let (threads, link) = (bench.threads.to_string(), bench.link.to_string());
        let more = [&["--security", mode, "--threads", &threads, "--link", &link], more].concat();
        let start = |command, party, endpoint| self.start(command, party, [endpoint, &address], &more);
        let garbler = start("garble", "garbler", "--listen")?;
        let evaluator = start("evaluate", "evaluator", "--connect")?;
        thread::scope(|scope| {
            let garbler = scope.spawn(|| self.watch("garbler", garbler));
            let evaluator = self.watch("evaluator", evaluator);
            let garbler = garbler.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok(garbler?.max(evaluator?))
        })
    }

    fn start(
        &self,
        command: &str,
        party: &str,
        endpoint: [&str; 2],
        more: &[&str],
    ) -> Result<Child, Failure> {
        let file = |kind: &str| File::create(self.path(&format!("{party}.{kind}"))).map_err(no_file);
        Command::new(std::env::current_exe().map_err(could_not_start)?)
            .args([command, "builtin:lt64", "--insecure-plaintext", "--yes", "--connect-timeout", "20s"])
            .args(endpoint)
            .args(more)
            .arg("--input")
            .arg(self.path(&format!("{party}.csv")))
            .stdin(Stdio::null())
            .stdout(file("out")?)
            .stderr(file("err")?)
            .spawn()
            .map_err(could_not_start)
    }

    /// Waits for the end of a process and looks at its memory meanwhile; the peak only grows, so the last look counts.
    fn watch(&self, party: &str, mut child: Child) -> Result<u64, Failure> {
        let (process, mut peak) = (child.id().to_string(), 0);
        let status = loop {
            if let Some(memory) = peak_memory(&process) {
                peak = memory;
            }
            match child.try_wait().map_err(could_not_start)? {
                Some(status) => break status,
                None => thread::sleep(LOOK),
            }
        };
        if status.success() {
            return Ok(peak);
        }
        let said = fs::read_to_string(self.path(&format!("{party}.err"))).unwrap_or_default();
        Err(Failure::Bench(format!("the {party}'s process failed; it said:\n{said}")))
    }

    /// Whether both sides have learned who is less, row by row.
    fn check(&self, rows: usize) -> Result<(), Failure> {
        for party in ["garbler", "evaluator"] {
            let results = fs::read_to_string(self.path(&format!("{party}.out"))).map_err(no_file)?;
            let expected = (0..rows as u64)
                .map(|row| if garbler_number(row) < evaluator_number(row) { "1" } else { "0" });
            if !results.lines().eq(expected) {
                return Err(Failure::Bench(format!("the {party}'s comparisons are wrong: a bug")));
            }
        }
        Ok(())
    }

    /// Those of the side that waited more often.
    fn round_trips(&self) -> Result<f64, Failure> {
        let trips = |party: &str| {
            let report = fs::read(self.path(&format!("{party}.out"))).map_err(no_file)?;
            let report: Value = serde_json::from_slice(&report)
                .map_err(|_| Failure::Bench(format!("the {party} printed no JSON")))?;
            let number = |name: &str| report["counters"][name].as_f64().unwrap_or(f64::NAN);
            Ok::<_, Failure>(number("round_trips") + number("exchanges") / 2.0)
        };
        Ok(trips("garbler")?.max(trips("evaluator")?))
    }
}

fn no_file(source: io::Error) -> Failure {
    Failure::System { what: "keep its tables among the temporary files", source }
}
