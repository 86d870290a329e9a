//! The report as a page: one file, with nothing from elsewhere.

use std::fmt::Write;

use super::baseline::{Comparison, Verdict};
use super::links::LINKS;
use super::report::{Curve, Report, Row, Scenario};
use super::table::{busy, facts, number, reasons};
use super::{bars, palette, plots};
use crate::failure::Failure;
use crate::human::{bytes, time};

const STYLE: &str = include_str!("page.css");

/// What the plots show, beyond what their titles say.
const REMARKS: [(&str, &str); 5] = [
    (
        "curve.lanes",
        "A call of few lanes gathers its ANDs from all over the program; from a tile's width on, the lanes of one gate lie \
         side by side. The labels of many lanes leave the caches.",
    ),
    (
        "curve.link.once",
        "In ms, from the handshake to the goodbyes, beside what `halfgate estimate` says beforehand. A comparison waits for \
         the peer three times and sends little.",
    ),
    (
        "curve.link.bulk",
        "In ms, beside what `halfgate estimate` says beforehand. The rate bounds a long run and the round trip does not, \
         while three chunks are under way.",
    ),
    ("curve.circuits", "In M AND/s. Circuits differ in the exclusive ors that each AND brings along."),
    (
        "curve.writes",
        "What the operating system carries with nothing above it. halfgate writes rows in pieces of 256 KiB.",
    ),
];

/// The whole page.
pub(crate) fn html(report: &Report) -> Result<String, Failure> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>halfgate bench, {date}</title>\n<style>\n{}{STYLE}</style></head>\n<body><main>\n\
         <h1>halfgate bench</h1>\n<p class=\"muted\">{date}, suite {suite}</p>\n",
        palette::style(),
        date = escaped(&report.machine.date),
        suite = escaped(&format!("{:?}", report.suite).to_lowercase()),
    );
    page += &machine(report);
    if let Some(comparison) = &report.comparison {
        page += &changes(comparison);
    }
    page += &rows(report);
    for curve in &report.curves {
        page += &curve_section(curve)?;
    }
    if !report.scenarios.is_empty() {
        page += &phases(&report.scenarios)?;
        page += &links(&report.scenarios);
    }
    page += &limits(report);
    page += "</main></body></html>\n";
    Ok(page)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn machine(report: &Report) -> String {
    let mut html = "<dl class=\"facts\">".to_owned();
    for (name, value) in facts(report) {
        let _infallible = write!(html, "<dt>{name}</dt><dd>{}</dd>", escaped(&value));
    }
    html += "</dl>\n";
    if report.machine.build == "debug" {
        html += "<p class=\"warning\">This is a debug build. Its figures say nothing about halfgate.</p>\n";
    }
    if let Some(load) = busy(report) {
        let _infallible = writeln!(
            html,
            "<p class=\"warning\">The machine was busy (load {load:.2}); rows may be slower than they need be.</p>"
        );
    }
    for (reason, rows) in reasons(report) {
        let rows: Vec<_> = rows.iter().map(|row| format!("<code>{}</code>", escaped(row))).collect();
        let _infallible = writeln!(
            html,
            "<p class=\"note\">{}. The goals of these rows are shown and not judged: {}.</p>",
            capitalised(&escaped(&reason)),
            rows.join(", ")
        );
    }
    html
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A table with a head, in a box that scrolls on small screens. The first column is text.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut html = "<div class=\"scroll\"><table><thead><tr>".to_owned();
    for (index, name) in head.iter().enumerate() {
        let class = if index == 0 { " class=\"text\"" } else { "" };
        let _infallible = write!(html, "<th scope=\"col\"{class}>{}</th>", escaped(name));
    }
    html += "</tr></thead>\n<tbody>\n";
    for cells in rows {
        html += "<tr>";
        for (index, cell) in cells.iter().enumerate() {
            let class = if index == 0 { " class=\"text\"" } else { "" };
            let _infallible = write!(html, "<td{class}>{cell}</td>");
        }
        html += "</tr>\n";
    }
    html + "</tbody></table></div>\n"
}

fn rows(report: &Report) -> String {
    if report.rows.is_empty() {
        return String::new();
    }
    let head = ["row", "median", "min to max", "runs", "limit", "of the limit", "goal"];
    let table = table(&head, report.rows.iter().map(row_cells));
    format!(
        "<h2>Figures and limits</h2>\n<p>Medians. The limit beside each was measured in the same run: what this machine \
         would allow if everything else cost nothing, the best of its runs.</p>\n{table}"
    )
}

fn row_cells(row: &Row) -> Vec<String> {
    let figure = &row.figure;
    let kernel = row.kernel.as_ref().map_or_else(String::new, |kernel| format!(" ({})", escaped(kernel)));
    let (mut limit, mut reached, mut against) = Default::default();
    if let Some(bound) = &row.bound {
        let percent = bound.reached * 100.0;
        limit = number(bound.value);
        against = format!("; limit: {}", escaped(&bound.what));
        reached = format!(
            "{percent:.0} %<span class=\"meter\"><i style=\"width:{:.0}%\"></i></span>",
            percent.clamp(0.0, 100.0)
        );
    }
    let name =
        format!("<code>{}</code><small>{}{kernel}{against}</small>", escaped(&row.id), escaped(&row.what),);
    vec![
        name,
        format!("{}<small>{}</small>", number(figure.median), row.unit.label()),
        format!("{} to {}", number(figure.min), number(figure.max)),
        figure.runs.to_string(),
        limit,
        reached,
        goal(row),
    ]
}

fn goal(row: &Row) -> String {
    let Some(goal) = &row.goal else { return String::new() };
    let sign = if row.unit.is_rate() { '≥' } else { '≤' };
    let verdict = match goal.met {
        Some(true) => "<span class=\"met\">met</span>",
        Some(false) => "<span class=\"missed\">missed</span>",
        None => "<span class=\"muted\">does not apply</span>",
    };
    format!("{sign} {}<small>{verdict}</small>", number(goal.value))
}

fn curve_section(curve: &Curve) -> Result<String, Failure> {
    let svg = if curve.names.is_empty() { plots::lines(curve)? } else { bars::grouped(curve)? };
    let remark = REMARKS.iter().find(|(id, _)| *id == curve.id).map_or("", |(_, remark)| remark);
    let unit = curve.unit.label();
    let legend = curve.series.iter().enumerate().map(|(index, series)| {
        let mark = if curve.names.is_empty() { plots::mark(index) } else { '■' };
        legend_item(index, mark, &series.name)
    });
    Ok(format!(
        "<h2 id=\"{id}\">{title}</h2>\n<p>{remark}</p>\n<ul class=\"legend\">{}</ul>\n\
         <figure role=\"img\" aria-label=\"{title}, in {unit}. The numbers are in the table below.\">{svg}</figure>\n\
         <details><summary>The numbers</summary>{}</details>\n",
        legend.collect::<String>(),
        curve_table(curve),
        id = escaped(&curve.id),
        title = escaped(&curve.title),
    ))
}

fn legend_item(index: usize, mark: char, name: &str) -> String {
    let shade = palette::SERIES[index % palette::SERIES.len()].name;
    format!("<li><b style=\"color:var(--{shade})\" aria-hidden=\"true\">{mark}</b>{}</li>", escaped(name))
}

fn curve_table(curve: &Curve) -> String {
    let names = curve.series.iter().map(|series| series.name.as_str());
    let head: Vec<&str> = std::iter::once(curve.x.as_str()).chain(names).collect();
    let places = curve.series.first().map_or(&[][..], |series| &series.points);
    let rows = places.iter().enumerate().map(|(index, &(x, _))| {
        let place = curve.names.get(index).map_or_else(|| number(x), |name| escaped(name));
        let value = |points: &[(f64, f64)]| points.get(index).map_or_else(String::new, |&(_, y)| number(y));
        std::iter::once(place).chain(curve.series.iter().map(|series| value(&series.points))).collect()
    });
    table(&head, rows)
}

fn phases(scenarios: &[Scenario]) -> Result<String, Failure> {
    let mut names: Vec<&str> = Vec::new();
    let costs = scenarios.iter().flat_map(|scenario| [&scenario.garbler, &scenario.evaluator]);
    for phase in costs.flat_map(|cost| &cost.phases) {
        if !names.contains(&phase.name.as_str()) {
            names.push(&phase.name);
        }
    }
    let legend: String =
        names.iter().enumerate().map(|(index, name)| legend_item(index, '■', name)).collect();
    let span = |seconds: f64| time(std::time::Duration::from_secs_f64(seconds));
    let rows = scenarios.iter().flat_map(|scenario| {
        let sides = [("garbler", &scenario.garbler), ("evaluator", &scenario.evaluator)];
        sides.map(|(party, cost)| {
            let of = |name: &&str| {
                cost.phases.iter().find(|phase| phase.name == *name).map_or_else(String::new, |phase| {
                    format!(
                        "{}<small>{} of it waiting</small>",
                        span(phase.seconds),
                        span(phase.waiting_seconds)
                    )
                })
            };
            let name = escaped(&format!("{}, {party}", scenario.what));
            std::iter::once(name).chain(names.iter().map(of)).collect::<Vec<_>>()
        })
    });
    let head: Vec<&str> = std::iter::once("session").chain(names.iter().copied()).collect();
    Ok(format!(
        "<h2 id=\"phases\">Time of a session, by phase</h2>\n<p>Whole sessions of two processes over TCP loopback, \
         from the connection to the goodbye, each bar one party's time. The pale part of a phase is waiting for the other \
         party or the network.</p>\n<ul class=\"legend\">{legend}</ul>\n\
         <figure role=\"img\" aria-label=\"Time of each party by phase. The numbers are in the table below.\">{}</figure>\n\
         <details><summary>The numbers</summary>{}</details>\n",
        bars::phases(scenarios, &names)?,
        table(&head, rows),
    ))
}

fn links(scenarios: &[Scenario]) -> String {
    let span = |seconds: f64| time(std::time::Duration::from_secs_f64(seconds));
    let head = ["session", "garbler sends", "evaluator sends", "round trips", "here"];
    let head: Vec<&str> = head.into_iter().chain(LINKS.iter().map(|link| link.name)).collect();
    let rows = scenarios.iter().map(|scenario| {
        let measured = [
            escaped(&scenario.what),
            bytes(scenario.garbler.bytes_sent),
            bytes(scenario.evaluator.bytes_sent),
            scenario.round_trips().to_string(),
            span(scenario.seconds()),
        ];
        measured.into_iter().chain(LINKS.iter().map(|link| span(scenario.over(link)))).collect()
    });
    format!(
        "<h2>The same sessions on other links</h2>\n<p>Bytes, round trips and the time here are measured; the others are \
         computed: the longer of the time here and the bytes of the fuller direction on the link, and a round trip for the \
         connect and for each of the session's, though some of those overlap with computing.</p>\n{}",
        table(&head, rows)
    )
}

fn limits(report: &Report) -> String {
    if report.limits.is_empty() {
        return String::new();
    }
    let rows = report.limits.iter().map(|limit| {
        let figure = &limit.figure;
        vec![
            format!("<code>{}</code><small>{}</small>", escaped(&limit.id), escaped(&limit.what)),
            format!("{}<small>{}</small>", number(figure.median), limit.unit.label()),
            format!("{} to {}", number(figure.min), number(figure.max)),
            figure.runs.to_string(),
        ]
    });
    let table = table(&["limit", "median", "min to max", "runs"], rows);
    format!(
        "<h2>Limits of this machine</h2>\n<p>Measured in this run, with no code of halfgate but AES.</p>\n{table}"
    )
}

fn changes(comparison: &Comparison) -> String {
    let mut html = format!("<h2>Against the baseline of {}</h2>\n", escaped(&comparison.date));
    if !comparison.differences.is_empty() {
        let differences = escaped(&comparison.differences.join("; "));
        let _infallible = writeln!(
            html,
            "<p class=\"warning\"><strong>These runs are not comparable</strong>, so ratios mean little: {differences}.</p>"
        );
    }
    let rows = comparison.changes.iter().map(|change| {
        let verdict = match change.verdict {
            Verdict::Same => "<span class=\"muted\">within the spread</span>",
            Verdict::Better => "<span class=\"met\">better, beyond both spreads</span>",
            Verdict::Worse => "<span class=\"missed\">worse, beyond both spreads</span>",
        };
        let id = format!("<code>{}</code>", escaped(&change.id));
        let ratio = format!("× {:.3}", change.ratio);
        vec![id, number(change.before), number(change.now), ratio, verdict.to_owned()]
    });
    html + &table(&["row", "before", "now", "ratio", ""], rows)
}

#[cfg(test)]
mod tests {
    use super::super::baseline::Comparison;
    use super::super::sample;
    use super::html;

    #[test]
    fn the_page_has_every_plot_and_table() {
        let page = html(&sample::report()).unwrap();
        for id in ["curve.lanes", "curve.circuits", "curve.writes", "phases"] {
            assert!(page.contains(&format!("<h2 id=\"{id}\">")), "{id}");
        }
        assert_eq!(page.matches("<svg ").count(), 4);
        assert_eq!(page.matches("role=\"img\" aria-label=").count(), 4);
        for words in
            ["50 %", "met</span>", "missed</span>", "does not apply</span>", "The goal is for others"]
        {
            assert!(page.contains(words), "{words}");
        }
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere() {
        let page = html(&sample::report()).unwrap();
        for reference in ["http", "src=", "url(", "@import", "<script", "<link", "//"] {
            assert!(!page.contains(reference), "{reference}");
        }
    }

    #[test]
    fn names_cannot_become_markup() {
        let page = html(&sample::report()).unwrap();
        assert!(page.contains("Difference Engine &lt;No. 2&gt; &amp; more"));
        assert!(page.contains("a row &lt;that&gt; met its goal"));
    }

    #[test]
    fn a_report_without_plots_is_a_page_too() {
        let page = html(&sample::empty()).unwrap();
        assert!(!page.contains("<svg") && !page.contains("<tbody"));
    }

    #[test]
    fn a_comparison_comes_first() {
        let (before, mut now) = (sample::report(), sample::report());
        now.kernel = "vaes-512".to_owned();
        now.comparison = Some(Comparison::new(&before, &now));
        let page = html(&now).unwrap();
        let place = |text: &str| page.find(text).unwrap();
        assert!(place("not comparable") < place("Figures and limits"));
    }
}
