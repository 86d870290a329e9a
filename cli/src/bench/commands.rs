//! The commands that users run, as rows of the bench run them: two processes on tables of 64-bit comparisons.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use halfgate::PoolSize;
use halfgate::channel::Link;
use serde_json::Value;

use super::context::Bench;
use super::machine::peak_memory;
use super::processes::could_not_start;
use super::transport::Transport;
use crate::failure::Failure;

/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// What both commands are told.
pub(crate) struct Settings<'a> {
    pub(crate) mode: &'a str,
    pub(crate) link: Link,
    /// What is prepared for the run, if anything is.
    pub(crate) pool: Option<PoolSize>,
    pub(crate) more: &'a [&'a str],
}

impl<'a> Settings<'a> {
    /// Nothing but the mode, over the link of the bench.
    pub(crate) fn of(mode: &'a str, bench: &Bench) -> Self {
        Settings { mode, link: bench.link, pool: None, more: &[] }
    }
}

pub(crate) fn garbler_number(row: u64) -> u64 {
    (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

pub(crate) fn evaluator_number(row: u64) -> u64 {
    (row + 1).wrapping_mul(0xd1b5_4a32_d192_ed03)
}

/// Tables and results, in a folder of their own that goes away.
pub(crate) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind lies among the temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    pub(crate) fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("halfgate-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(no_file)?;
        Ok(Folder(folder))
    }

    /// With a table of one row for each side.
    pub(crate) fn for_one() -> Result<Self, Failure> {
        let folder = Folder::new()?;
        folder.write("garbler.csv", 1, garbler_number)?;
        folder.write("evaluator.csv", 1, evaluator_number)?;
        Ok(folder)
    }

    /// The seconds of one comparison, from the start of both processes to the end of both; a pool is filled before that.
    pub(crate) fn times_of_one(&self, bench: &Bench, settings: &Settings<'_>) -> Result<Vec<f64>, Failure> {
        bench.pace.repeat(bench.pace.starts, || self.run_once(bench, settings))
    }

    /// One of them.
    pub(crate) fn run_once(&self, bench: &Bench, settings: &Settings<'_>) -> Result<Duration, Failure> {
        if let Some(size) = settings.pool {
            self.prepare(size)?;
        }
        let start = Instant::now();
        self.compare(bench, settings)?;
        Ok(start.elapsed())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, rows: usize, number: fn(u64) -> u64) -> Result<(), Failure> {
        let write = || {
            let mut file = BufWriter::new(File::create(self.path(name))?);
            (0..rows as u64).try_for_each(|row| writeln!(file, "{}", number(row)))?;
            file.flush()
        };
        write().map_err(no_file)
    }

    /// Runs both commands to the end and gives the peak memory of the larger one in bytes.
    pub(crate) fn compare(&self, bench: &Bench, settings: &Settings<'_>) -> Result<u64, Failure> {
        let (threads, link) = (bench.threads.to_string(), settings.link.to_string());
        self.both(["garble", "evaluate"], |party| {
            let mut args =
                words(&["builtin:lt64", "--yes", "--security", settings.mode, "--threads", &threads]);
            args.extend(words(&["--link", &link]).into_iter().chain(words(settings.more)));
            args.extend(["--input".into(), self.path(&format!("{party}.csv")).into()]);
            if settings.pool.is_some() {
                args.extend(["--pool".into(), self.path(&format!("{party}.pool")).into()]);
            }
            args
        })
    }

    /// Fills a pool for one comparison.
    fn prepare(&self, size: PoolSize) -> Result<(), Failure> {
        let (triples, masks) = (size.triples.to_string(), size.bits.to_string());
        let peak = self.both(["prepare"; 2], |party| {
            let mut args = words(&["--triples", &triples, "--masks", &masks, "--pool"]);
            args.push(self.path(&format!("{party}.pool")).into());
            args
        });
        peak.map(drop)
    }

    /// Runs a command for each party, the garbler's being the host.
    fn both(&self, commands: [&str; 2], args: impl Fn(&str) -> Vec<OsString>) -> Result<u64, Failure> {
        let address = Transport::Tcp.free_address().map_err(could_not_start)?.to_string();
        let start = |command, party, endpoint| self.start(command, party, [endpoint, &address], args(party));
        let garbler = start(commands[0], "garbler", "--listen")?;
        let evaluator = start(commands[1], "evaluator", "--connect")?;
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
        args: Vec<OsString>,
    ) -> Result<Child, Failure> {
        let file = |kind: &str| File::create(self.path(&format!("{party}.{kind}"))).map_err(no_file);
        Command::new(std::env::current_exe().map_err(could_not_start)?)
            .args([command, "--insecure-plaintext", "--connect-timeout", "20s"])
            .args(endpoint)
            .args(args)
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
    pub(crate) fn check(&self, rows: usize) -> Result<(), Failure> {
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
    pub(crate) fn round_trips(&self) -> Result<f64, Failure> {
        self.largest(|number| number("round_trips") + number("exchanges") / 2.0)
    }

    /// From the handshake to the goodbye, on the side on which it took longer.
    pub(crate) fn session_seconds(&self) -> Result<f64, Failure> {
        self.largest(|number| number("seconds"))
    }

    /// The larger of what the counters of both sides' `--json` say.
    fn largest(&self, figure: impl Fn(&dyn Fn(&str) -> f64) -> f64) -> Result<f64, Failure> {
        let of = |party: &str| {
            let report = fs::read(self.path(&format!("{party}.out"))).map_err(no_file)?;
            let report: Value = serde_json::from_slice(&report)
                .map_err(|_| Failure::Bench(format!("the {party} printed no JSON")))?;
            Ok::<_, Failure>(figure(&|name| report["counters"][name].as_f64().unwrap_or(f64::NAN)))
        };
        Ok(of("garbler")?.max(of("evaluator")?))
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn no_file(source: io::Error) -> Failure {
    Failure::System { what: "keep its tables among the temporary files", source }
}
