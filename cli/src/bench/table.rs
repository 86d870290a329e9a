//! The report as text.

use std::fmt::Write;

use super::baseline::{Change, Comparison, Verdict};
use super::links::LINKS;
use super::report::{Goal, Report, Row, Unit};
use crate::human::{bytes, counted, time};

/// Everything, for standard output.
pub(crate) fn text(report: &Report) -> String {
    let mut text = header(report);
    if !report.rows.is_empty() {
        text += &rows(report);
    }
    if !report.limits.is_empty() {
        text += &limits(report);
    }
    if !report.scenarios.is_empty() {
        text += &links(report);
    }
    if let Some(comparison) = &report.comparison {
        text += &changes(comparison);
    }
    text
}

/// Three or four digits that count.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 999.5 => crate::human::count(value.round().max(0.0) as u64),
        v if v >= 99.95 => format!("{value:.0}"),
        v if v >= 9.995 => format!("{value:.1}"),
        v if v >= 0.9995 => format!("{value:.2}"),
        v if v >= 0.0995 => format!("{value:.3}"),
        0.0 => "0".to_owned(),
        _ => format!("{value:.4}"),
    }
}

pub(crate) fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let machine = &report.machine;
    let load = machine.load.map_or_else(|| "unknown".to_owned(), |load| format!("{load:.2}"));
    vec![
        ("processor", format!("{}, {} cores", machine.processor, machine.cores)),
        ("features", machine.features.join(" ")),
        ("kernels", report.kernel.clone()),
        ("threads", counted(report.threads as u64, "thread") + " per party where there are two processes"),
        ("system", machine.system.clone()),
        ("halfgate", format!("{}, {} build, {}", machine.halfgate, machine.build, machine.rustc)),
        ("measured", format!("{}, load {load} before", machine.date)),
        ("suite", format!("{:?}", report.suite).to_lowercase()),
    ]
}

fn header(report: &Report) -> String {
    let mut text = String::new();
    for (name, value) in facts(report) {
        let _infallible = writeln!(text, "{name:<10} {value}");
    }
    if report.machine.build == "debug" {
        text += "\nWARNING: this is a debug build. Its figures say nothing about halfgate; use --release.\n";
    }
    if let Some(load) = busy(report) {
        let _infallible =
            writeln!(text, "\nWARNING: the machine was busy (load {load:.2}); rows may be slower.");
    }
    text
}

/// The load before the run, if others were at work.
pub(crate) fn busy(report: &Report) -> Option<f64> {
    report.machine.load.filter(|&load| load > 0.5)
}

/// The goal and whether it is met; a goal that does not apply is not judged.
fn goal(goal: &Goal, unit: Unit) -> String {
    let sign = if unit.is_rate() { '≥' } else { '≤' };
    let verdict = match goal.met {
        Some(true) => "met",
        Some(false) => "missed",
        None => "n/a",
    };
    format!("{sign} {} {verdict}", number(goal.value))
}

fn rows(report: &Report) -> String {
    let mut text = format!(
        "\n{:<24} {:>9} {:<15} {:>19} {:>4}  {:>9} {:>5}  {:<16}\n",
        "row", "median", "unit", "min .. max", "runs", "limit", "of it", "goal"
    );
    for row in &report.rows {
        text += &line(row);
    }
    text += "\nwhat the rows are, and what limits them:\n";
    for row in &report.rows {
        let kernel = row.kernel.as_ref().map_or_else(String::new, |kernel| format!(" [{kernel}]"));
        let bound = row.bound.as_ref().map_or_else(String::new, |bound| format!("; limit: {}", bound.what));
        let _infallible = writeln!(text, "  {:<24} {}{kernel}{bound}", row.id, row.what);
    }
    text + &not_applicable(report)
}

fn line(row: &Row) -> String {
    let figure = &row.figure;
    let (limit, reached) = row.bound.as_ref().map_or_else(Default::default, |bound| {
        (number(bound.value), format!("{:.0} %", bound.reached * 100.0))
    });
    let text = format!(
        "{:<24} {:>9} {:<15} {:>19} {:>4}  {limit:>9} {reached:>5}  {}",
        row.id,
        number(figure.median),
        row.unit.label(),
        format!("{} .. {}", number(figure.min), number(figure.max)),
        figure.runs,
        row.goal.as_ref().map_or_else(String::new, |aim| goal(aim, row.unit)),
    );
    format!("{}\n", text.trim_end())
}

/// The reasons why goals are not judged, each with its rows.
pub(crate) fn reasons(report: &Report) -> Vec<(String, Vec<&str>)> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for row in &report.rows {
        let Some(reason) = row.goal.as_ref().and_then(|goal| goal.does_not_apply.as_ref()) else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, rows)) => rows.push(&row.id),
            None => reasons.push((reason.clone(), vec![&row.id])),
        }
    }
    reasons
}

fn not_applicable(report: &Report) -> String {
    let reasons = reasons(report);
    if reasons.is_empty() {
        return String::new();
    }
    let mut text = "\ngoals that do not apply to this run (n/a):\n".to_owned();
    for (reason, rows) in reasons {
        let _infallible = writeln!(text, "  {reason}: {}", rows.join(", "));
    }
    text
}

fn limits(report: &Report) -> String {
    let mut text = "\nlimits of this machine, measured in this run:\n".to_owned();
    for limit in &report.limits {
        let figure = &limit.figure;
        let _infallible = writeln!(
            text,
            "  {:<23} {:>9} {:<8} {:>19}  {}",
            limit.id,
            number(figure.median),
            limit.unit.label(),
            format!("{} .. {}", number(figure.min), number(figure.max)),
            limit.what,
        );
    }
    text
}

fn links(report: &Report) -> String {
    let mut text =
        "\nwhole sessions, set-up included; other links computed from bytes and round trips, at most:\n"
            .to_owned();
    let _infallible = write!(
        text,
        "  {:<22} {:>9} {:>9} {:>11} {:>10}",
        "session", "garbler", "evaluator", "round trips", "here"
    );
    for link in &LINKS {
        let _infallible = write!(text, " {:>17}", link.name);
    }
    text.push('\n');
    let span = |seconds: f64| time(std::time::Duration::from_secs_f64(seconds));
    for scenario in &report.scenarios {
        let _infallible = write!(
            text,
            "  {:<22} {:>9} {:>9} {:>11} {:>10}",
            scenario.what,
            bytes(scenario.garbler.bytes_sent),
            bytes(scenario.evaluator.bytes_sent),
            scenario.round_trips(),
            span(scenario.seconds()),
        );
        for link in &LINKS {
            let _infallible = write!(text, " {:>17}", span(scenario.over(link)));
        }
        text.push('\n');
    }
    text
}

/// What changed since the baseline.
pub(crate) fn changes(comparison: &Comparison) -> String {
    let mut text = format!("\nagainst the baseline of {}:\n", comparison.date);
    if !comparison.differences.is_empty() {
        text += "  WARNING: these runs are NOT COMPARABLE; the ratios below mean little:\n";
        for difference in &comparison.differences {
            let _infallible = writeln!(text, "    {difference}");
        }
    }
    for change in &comparison.changes {
        text += &change_line(change);
    }
    for (ids, only) in [(&comparison.only_before, "before"), (&comparison.only_now, "now")] {
        if !ids.is_empty() {
            let _infallible = writeln!(text, "  only {only}: {}", ids.join(", "));
        }
    }
    text
}

fn change_line(change: &Change) -> String {
    let verdict = match change.verdict {
        Verdict::Same => "",
        Verdict::Better => "  better, beyond both spreads",
        Verdict::Worse => "  WORSE, beyond both spreads",
    };
    let Change { id, before, now, ratio, .. } = change;
    format!("  {id:<24} {:>9} -> {:>9}  x {ratio:.3}{verdict}\n", number(*before), number(*now))
}

#[cfg(test)]
mod tests {
    use super::super::baseline::Comparison;
    use super::super::sample;
    use super::{changes, number, text};

    #[test]
    fn numbers_have_the_digits_that_count() {
        let numbers = [0.0, 0.00731, 0.35, 3.3333, 12.345, 123.45, 1_234_567.0];
        assert_eq!(numbers.map(number), ["0", "0.0073", "0.350", "3.33", "12.3", "123", "1,234,567"]);
    }

    #[test]
    fn a_goal_that_does_not_apply_is_neither_met_nor_missed() {
        let text = text(&sample::report());
        let line = |id: &str| text.lines().find(|line| line.starts_with(id)).unwrap();
        assert!(line("fast").ends_with("50 %  ≤ 9.50 met"), "{text}");
        assert!(line("slow").ends_with("25 %  ≥ 100 missed"), "{text}");
        assert!(line("other").ends_with("≥ 250 n/a"), "{text}");
        assert!(text.contains("\n  the goal is for others: other\n"), "{text}");
        assert!(!text.contains("WARNING"), "{text}");
    }

    #[test]
    fn a_debug_build_and_a_busy_machine_are_said_loudly() {
        let mut report = sample::report();
        report.machine.build = "debug".to_owned();
        report.machine.load = Some(3.0);
        assert_eq!(text(&report).matches("WARNING").count(), 2);
    }

    #[test]
    fn the_comparison_says_what_moved_and_what_cannot_be_compared() {
        let (before, mut now) = (sample::report(), sample::report());
        let slow = &mut now.rows[1].figure;
        (slow.min, slow.median, slow.max) = (20.0, 30.0, 40.0);
        let comparison = changes(&Comparison::new(&before, &now));
        assert!(comparison.contains("x 0.500  WORSE, beyond both spreads"), "{comparison}");
        assert!(comparison.contains("x 1.000\n"), "{comparison}");
        assert!(!comparison.contains("NOT COMPARABLE"), "{comparison}");
        now.kernel = "vaes-512".to_owned();
        let comparison = changes(&Comparison::new(&before, &now));
        assert!(comparison.contains("NOT COMPARABLE"), "{comparison}");
    }
}
