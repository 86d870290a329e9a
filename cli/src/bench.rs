//! `halfgate bench`: how fast both parties are, against the limits of the machine measured in the same run.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `catalogue.rs` | everything that can be measured, in order |
//! | `kernels.rs`, `threads.rs`, `files.rs`, `transfers.rs` | rows that this process measures |
//! | `processes.rs`, `party.rs`, `commands.rs`, `comparisons.rs`, `malicious.rs` | rows that take two processes |
//! | `limits.rs`, `transport.rs` | what the machine allows |
//! | `curves.rs`, `distance.rs` | figures against something, for the plots; sessions over emulated links |
//! | `context.rs`, `pace.rs`, `statistics.rs`, `machine.rs` | what they share; how long; what runs say; where |
//! | `report.rs`, `table.rs`, `links.rs`, `baseline.rs`, `page.rs`, `palette.rs`, `plots.rs`, `bars.rs` | what was found, and how it is shown |

mod bars;
mod baseline;
mod catalogue;
mod commands;
mod comparisons;
mod context;
mod curves;
mod distance;
mod files;
mod kernels;
mod limits;
mod links;
mod machine;
mod malicious;
mod options;
mod pace;
mod page;
mod palette;
mod party;
mod plots;
mod processes;
mod report;
#[cfg(test)]
mod sample;
mod statistics;
mod table;
mod threads;
mod transfers;
mod transport;

use std::fs;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Handle;

use self::baseline::Comparison;
use self::context::{Bench, Entry, Finding};
use self::machine::Machine;
pub(crate) use self::options::{BenchArgs, BenchPartyArgs};
pub(crate) use self::party::run as run_party;
use self::report::{COMMAND, Report};
use crate::failure::Failure;
use crate::results::SCHEMA_VERSION;
use crate::{backend, in_background, notes, results};

pub(crate) async fn run(args: BenchArgs) -> Result<(), Failure> {
    let runtime = Handle::current();
    in_background(move || {
        let entries = catalogue::select(&args.only, args.security)?;
        if args.list {
            return results::print(|out| entries.iter().try_for_each(|entry| writeln!(out, "{}", entry.id)));
        }
        // A baseline that cannot be read is better known before a quarter of an hour has passed.
        let baseline = args.baseline.as_deref().map(baseline::read).transpose()?;
        let mut report = measure(&args, &entries, runtime)?;
        report.comparison = baseline.map(|baseline| Comparison::new(&baseline, &report));
        show(&args, &report)
    })
    .await
}

fn measure(args: &BenchArgs, entries: &[Entry], runtime: Handle) -> Result<Report, Failure> {
    let machine = Machine::ask();
    let bench = Bench::new(args, backend::choose()?, runtime);
    let progress = Progress::new(entries.len());
    let (mut rows, mut curves, mut scenarios) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        progress.begin(entry.id);
        for finding in (entry.measure)(&bench)? {
            match finding {
                Finding::Row(row) => rows.push(row),
                Finding::Curve(curve) => curves.push(curve),
                Finding::Scenario(scenario) => scenarios.push(scenario),
            }
        }
        progress.end();
    }
    Ok(Report {
        schema_version: SCHEMA_VERSION,
        command: COMMAND.to_owned(),
        suite: args.suite,
        kernel: bench.backend.name().to_owned(),
        threads: bench.threads.get(),
        machine,
        rows,
        curves,
        scenarios,
        limits: bench.into_limits(),
        comparison: None,
    })
}

fn show(args: &BenchArgs, report: &Report) -> Result<(), Failure> {
    if let Some(path) = &args.html {
        let page = page::html(report)?;
        fs::write(path, page)
            .map_err(|source| Failure::Unwritable { name: path.display().to_string(), source })?;
        notes::say(format_args!("the page is {}", path.display()));
    }
    if args.json {
        return results::print_json(report);
    }
    results::print(|out| out.write_all(table::text(report).as_bytes()))
}

/// How far the bench is, on standard error: a bar on a terminal, lines elsewhere.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new(entries: usize) -> Self {
        Progress(std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{pos:>3}/{len} {wide_bar} {elapsed} {msg:<28}");
            ProgressBar::new(entries as u64).with_style(style.expect("the template is well-formed"))
        }))
    }

    fn begin(&self, id: &'static str) {
        match &self.0 {
            Some(bar) => bar.set_message(id),
            None => notes::say(format_args!("measuring {id}")),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn the_bar_can_be_made_and_dropped() {
        let progress = Progress::new(2);
        progress.begin("something");
        progress.end();
    }
}
