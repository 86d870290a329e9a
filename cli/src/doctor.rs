//! `halfgate doctor`: whether this machine, and the way to the host of an invite, are as they should be.

use serde::Serialize;

use crate::args::DoctorArgs;
use crate::failure::Failure;
use crate::notes::harmless;
use crate::results::{self, SCHEMA_VERSION};
use crate::{in_background, invited};

mod kernels;
mod machine;
mod way;

/// What was found out about one thing.
#[derive(Serialize)]
pub(crate) struct Finding {
    subject: String,
    state: State,
    /// What it is, or what is wrong with it.
    what: String,
    /// What to do about it; nothing if all is well.
    next: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Good,
    /// It works, but not as it should.
    Warning,
    Bad,
}

impl Finding {
    fn good(subject: impl Into<String>, what: impl Into<String>) -> Self {
        Finding { subject: subject.into(), state: State::Good, what: what.into(), next: None }
    }

    fn warning(subject: impl Into<String>, what: impl Into<String>, next: impl Into<String>) -> Self {
        let (subject, what) = (subject.into(), what.into());
        Finding { subject, state: State::Warning, what, next: Some(next.into()) }
    }

    fn bad(subject: impl Into<String>, what: impl Into<String>, next: impl Into<String>) -> Self {
        let (subject, what) = (subject.into(), what.into());
        Finding { subject, state: State::Bad, what, next: Some(next.into()) }
    }

    fn text(&self) -> String {
        let mark = match self.state {
            State::Good => "ok",
            State::Warning => "warning",
            State::Bad => "FAILED",
        };
        let next = self.next.as_ref().map_or(String::new(), |next| format!("\n{:26}→ {next}", ""));
        harmless(&format!("{mark:<8} {:<16} {}{next}\n", self.subject, self.what))
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    schema_version: u32,
    healthy: bool,
    findings: Vec<Finding>,
}

pub(crate) async fn run(args: DoctorArgs) -> Result<(), Failure> {
    let (mut findings, args) = in_background(move || {
        let mut findings = kernels::examine();
        findings.extend(machine::examine());
        Ok((findings, args))
    })
    .await?;
    if let Some(source) = args.invite.clone() {
        match in_background(move || invited::read(Some(&source))).await {
            Ok(invite) => findings.extend(way::examine(&invite, args.timeout).await),
            Err(failure) => findings.push(Finding::bad(
                "invite",
                failure.to_string(),
                "ask the host to send the invite again, as a file or in one piece",
            )),
        }
    }
    show(args.json, findings)
}

fn show(json: bool, findings: Vec<Finding>) -> Result<(), Failure> {
    let failed = findings.iter().filter(|finding| finding.state == State::Bad).count();
    if json {
        let report = Report { schema_version: SCHEMA_VERSION, healthy: failed == 0, findings };
        results::print_json(&report)?;
    } else {
        let text: String = findings.iter().map(Finding::text).collect();
        results::print(|out| out.write_all(text.as_bytes()))?;
    }
    if failed == 0 { Ok(()) } else { Err(Failure::Unwell { failed }) }
}
