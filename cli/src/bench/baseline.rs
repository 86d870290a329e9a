//! Two runs of the bench side by side.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::report::{COMMAND, Report, Row};
use crate::failure::Failure;
use crate::results::SCHEMA_VERSION;

/// What has changed since the baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// When the baseline was measured.
    pub(crate) date: String,
    /// Why the two cannot be compared fairly; empty if they can.
    pub(crate) differences: Vec<String>,
    pub(crate) changes: Vec<Change>,
    /// Rows that only one of the two has.
    pub(crate) only_before: Vec<String>,
    pub(crate) only_now: Vec<String>,
}

/// A row then and now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) id: String,
    pub(crate) before: f64,
    pub(crate) now: f64,
    /// The median now in parts of the median before.
    pub(crate) ratio: f64,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// The spreads overlap: nothing can be said.
    Same,
    /// All runs now are better than all runs before.
    Better,
    /// All runs now are worse than all runs before.
    Worse,
}

/// Reads a report that an earlier run has printed.
pub(crate) fn read(path: &Path) -> Result<Report, Failure> {
    let name = path.display().to_string();
    let text = fs::read(path).map_err(|source| Failure::Unreadable { name: name.clone(), source })?;
    parse(&text).map_err(|reason| Failure::Baseline { name, reason })
}

fn parse(text: &[u8]) -> Result<Report, String> {
    let not_json = |error| format!("is no report of `halfgate bench --json`: {error}");
    let value: Value = serde_json::from_slice(text).map_err(not_json)?;
    if value["command"] != COMMAND {
        return Err("is JSON, but no report of `halfgate bench --json`".to_owned());
    }
    let version = &value["schema_version"];
    if *version != SCHEMA_VERSION {
        return Err(format!(
            "has schema version {version}, and this halfgate reads {SCHEMA_VERSION}: measure the baseline again"
        ));
    }
    serde_json::from_value(value).map_err(not_json)
}

impl Comparison {
    pub(crate) fn new(before: &Report, now: &Report) -> Self {
        let missing = |from: &Report, others: &Report| -> Vec<String> {
            let lacks = |row: &&Row| others.rows.iter().all(|other| other.id != row.id);
            from.rows.iter().filter(lacks).map(|row| row.id.clone()).collect()
        };
        let changes = now.rows.iter().filter_map(|row| {
            let old = before.rows.iter().find(|old| old.id == row.id && old.unit == row.unit)?;
            Some(Change::new(old, row))
        });
        Comparison {
            date: before.machine.date.clone(),
            differences: differences(before, now),
            changes: changes.collect(),
            only_before: missing(before, now),
            only_now: missing(now, before),
        }
    }
}

impl Change {
    fn new(before: &Row, now: &Row) -> Self {
        let (old, new) = (&before.figure, &now.figure);
        let verdict = match (new.is_apart_from(old), now.unit.is_as_good(new.median, old.median)) {
            (false, _) => Verdict::Same,
            (true, true) => Verdict::Better,
            (true, false) => Verdict::Worse,
        };
        let ratio = new.median / old.median;
        Change { id: now.id.clone(), before: old.median, now: new.median, ratio, verdict }
    }
}

/// A difference in load that can be seen in the figures.
const UNEQUAL_LOAD: f64 = 0.5;

/// What has to be alike for ratios to speak of the program alone.
fn differences(before: &Report, now: &Report) -> Vec<String> {
    let suite = |report: &Report| format!("{:?}", report.suite).to_lowercase();
    let cores = |report: &Report| report.machine.cores.to_string();
    let features = |report: &Report| report.machine.features.join(" ");
    let load = |report: &Report| report.machine.load.unwrap_or_default().to_string();
    let loads = before.machine.load.zip(now.machine.load);
    let unequal = loads.is_some_and(|(before, now)| (before - now).abs() > UNEQUAL_LOAD);
    let busy = unequal.then(|| ("load", load(before), load(now)));
    [
        ("processor", before.machine.processor.clone(), now.machine.processor.clone()),
        ("cores", cores(before), cores(now)),
        ("features", features(before), features(now)),
        ("system", before.machine.system.clone(), now.machine.system.clone()),
        ("build", before.machine.build.clone(), now.machine.build.clone()),
        ("compiler", before.machine.rustc.clone(), now.machine.rustc.clone()),
        ("kernels", before.kernel.clone(), now.kernel.clone()),
        ("threads", before.threads.to_string(), now.threads.to_string()),
        ("suite", suite(before), suite(now)),
    ]
    .into_iter()
    .chain(busy)
    .filter(|(_, before, now)| before != now)
    .map(|(name, before, now)| format!("{name}: `{before}` before, `{now}` now"))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::options::Suite;
    use super::super::report::{Report, Row, Unit};
    use super::super::sample;
    use super::super::statistics::Figure;
    use super::{Comparison, Verdict, parse};

    fn with(report: &mut Report, id: &str, unit: Unit, runs: [f64; 3]) {
        report.rows.push(Row::new(id, id, unit, Figure::of(runs.to_vec())));
    }

    fn pair(unit: Unit, before: [f64; 3], now: [f64; 3]) -> Comparison {
        let [mut old, mut new] = [sample::empty(), sample::empty()];
        with(&mut old, "row", unit, before);
        with(&mut new, "row", unit, now);
        Comparison::new(&old, &new)
    }

    #[test]
    fn only_what_moved_beyond_both_spreads_is_flagged() {
        for (unit, before, now, verdict) in [
            (Unit::NsPerAnd, [9.0, 10.0, 11.0], [10.9, 12.0, 13.0], Verdict::Same),
            (Unit::NsPerAnd, [9.0, 10.0, 11.0], [11.1, 12.0, 13.0], Verdict::Worse),
            (Unit::NsPerAnd, [9.0, 10.0, 11.0], [7.0, 8.0, 8.9], Verdict::Better),
            (Unit::MegaAnds, [9.0, 10.0, 11.0], [11.1, 12.0, 13.0], Verdict::Better),
            (Unit::MegaAnds, [9.0, 10.0, 11.0], [7.0, 8.0, 8.9], Verdict::Worse),
            (Unit::RoundTrips, [3.0, 3.0, 3.0], [3.0, 3.0, 3.0], Verdict::Same),
            (Unit::RoundTrips, [3.0, 3.0, 3.0], [4.0, 4.0, 4.0], Verdict::Worse),
        ] {
            let change = &pair(unit, before, now).changes[0];
            assert_eq!(change.verdict, verdict, "{unit:?} {before:?} {now:?}");
            assert_eq!(change.ratio, now[1] / before[1]);
        }
    }

    #[test]
    fn rows_of_one_side_are_named() {
        let [mut old, mut new] = [sample::empty(), sample::empty()];
        with(&mut old, "gone", Unit::NsPerAnd, [1.0; 3]);
        with(&mut new, "added", Unit::NsPerAnd, [1.0; 3]);
        let comparison = Comparison::new(&old, &new);
        assert_eq!(
            (comparison.only_before, comparison.only_now),
            (vec!["gone".into()], vec!["added".into()])
        );
        assert!(comparison.changes.is_empty() && comparison.differences.is_empty());
    }

    #[test]
    fn unequal_load_is_said() {
        let [old, mut new] = [sample::empty(), sample::empty()];
        new.machine.load = Some(0.7);
        assert!(Comparison::new(&old, &new).differences.is_empty());
        new.machine.load = Some(1.0);
        assert_eq!(Comparison::new(&old, &new).differences, ["load: `0.25` before, `1` now"]);
    }

    #[test]
    fn another_machine_or_suite_is_said() {
        let [old, mut new] = [sample::empty(), sample::empty()];
        new.machine.processor = "abacus".to_owned();
        new.suite = Suite::Full;
        let differences = Comparison::new(&old, &new).differences;
        assert_eq!(differences.len(), 2);
        assert!(differences[0].starts_with("processor: ") && differences[0].ends_with("`abacus` now"));
        assert_eq!(differences[1], "suite: `quick` before, `full` now");
    }

    #[test]
    fn a_report_comes_back_from_json_as_it_was() {
        let report = sample::report();
        assert_eq!(parse(&serde_json::to_vec(&report).unwrap()), Ok(report));
    }

    #[test]
    fn other_files_are_no_baseline() {
        for (text, reason) in [
            ("", "is no report"),
            ("[]", "is JSON, but no report"),
            ("{\"schema_version\": 1}", "is JSON, but no report"),
            ("{\"schema_version\": 1000, \"command\": \"bench\"}", "has schema version 1000"),
            ("{\"schema_version\": 1, \"command\": \"bench\"}", "missing field"),
        ] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
