//! What the bench has found, as it is saved, compared and shown.

use serde::{Deserialize, Serialize};

use super::baseline::Comparison;
use super::machine::Machine;
use super::options::Suite;
use super::statistics::Figure;

/// A whole run of the bench: what `--json` prints and `--baseline` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) schema_version: u32,
    /// Always `bench`, so that no other object of this command is taken for a report.
    pub(crate) command: String,
    pub(crate) suite: Suite,
    /// The kernels that the rows were measured with, unless a row says otherwise.
    pub(crate) kernel: String,
    /// That compute in each party where there are two processes.
    pub(crate) threads: usize,
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) curves: Vec<Curve>,
    pub(crate) scenarios: Vec<Scenario>,
    /// Only if there was a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) comparison: Option<Comparison>,
}

/// The name of the command, for [`Report::command`].
pub(crate) const COMMAND: &str = "bench";

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) unit: Unit,
    pub(crate) figure: Figure,
    /// Only if the row was measured with other kernels than the report's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kernel: Option<String>,
    pub(crate) bound: Option<Bound>,
    pub(crate) goal: Option<Goal>,
}

/// The limit that no change of the code could pass, as measured in the same run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Bound {
    pub(crate) what: String,
    /// In the unit of the row.
    pub(crate) value: f64,
    /// How much of the limit is reached: 1 is all.
    pub(crate) reached: f64,
}

/// A figure that the project aims at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Goal {
    /// In the unit of the row.
    pub(crate) value: f64,
    /// Why the goal says nothing about this run; nothing if it does.
    pub(crate) does_not_apply: Option<String>,
    /// Only if it applies.
    pub(crate) met: Option<bool>,
}

/// What a figure counts, and which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unit {
    #[serde(rename = "ns/AND")]
    NsPerAnd,
    #[serde(rename = "M AND/s")]
    MegaAnds,
    #[serde(rename = "M triples/s")]
    MegaTriples,
    #[serde(rename = "B/AND")]
    BytesPerAnd,
    #[serde(rename = "M comparisons/s")]
    MegaComparisons,
    #[serde(rename = "M OT/s")]
    MegaOts,
    #[serde(rename = "bits/OT")]
    BitsPerOt,
    #[serde(rename = "M gates/s")]
    MegaGates,
    #[serde(rename = "MB/s")]
    MegaBytes,
    #[serde(rename = "MiB")]
    Mebibytes,
    #[serde(rename = "ms")]
    Milliseconds,
    #[serde(rename = "µs")]
    Microseconds,
    #[serde(rename = "ns")]
    Nanoseconds,
    #[serde(rename = "round trips")]
    RoundTrips,
    #[serde(rename = "×")]
    Times,
}

impl Unit {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Unit::NsPerAnd => "ns/AND",
            Unit::MegaAnds => "M AND/s",
            Unit::MegaTriples => "M triples/s",
            Unit::BytesPerAnd => "B/AND",
            Unit::MegaComparisons => "M comparisons/s",
            Unit::MegaOts => "M OT/s",
            Unit::BitsPerOt => "bits/OT",
            Unit::MegaGates => "M gates/s",
            Unit::MegaBytes => "MB/s",
            Unit::Mebibytes => "MiB",
            Unit::Milliseconds => "ms",
            Unit::Microseconds => "µs",
            Unit::Nanoseconds => "ns",
            Unit::RoundTrips => "round trips",
            Unit::Times => "×",
        }
    }

    /// Whether more is better.
    pub(crate) fn is_rate(self) -> bool {
        matches!(
            self,
            Unit::MegaAnds
                | Unit::MegaTriples
                | Unit::MegaComparisons
                | Unit::MegaOts
                | Unit::MegaGates
                | Unit::MegaBytes
                | Unit::Times
        )
    }

    /// Whether `value` is at least as good as `other`.
    pub(crate) fn is_as_good(self, value: f64, other: f64) -> bool {
        if self.is_rate() { value >= other } else { value <= other }
    }
}

impl Row {
    pub(crate) fn new(id: impl Into<String>, what: impl Into<String>, unit: Unit, figure: Figure) -> Self {
        let (id, what) = (id.into(), what.into());
        Row { id, what, unit, figure, kernel: None, bound: None, goal: None }
    }

    /// Puts the limit beside the figure.
    pub(crate) fn bounded_by(mut self, what: impl Into<String>, value: f64) -> Self {
        let median = self.figure.median;
        let reached = if self.unit.is_rate() { median / value } else { value / median };
        self.bound = Some(Bound { what: what.into(), value, reached });
        self
    }

    /// Puts the goal beside the figure. It is judged only if it applies.
    pub(crate) fn aims_at(mut self, value: f64, does_not_apply: Option<String>) -> Self {
        let met = does_not_apply.is_none().then(|| self.unit.is_as_good(self.figure.median, value));
        self.goal = Some(Goal { value, does_not_apply, met });
        self
    }

    pub(crate) fn with_kernel(mut self, kernel: &str) -> Self {
        self.kernel = Some(kernel.to_owned());
        self
    }
}

/// A limit of the machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Limit {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) unit: Unit,
    pub(crate) figure: Figure,
}

/// Figures against something: lines over numbers, or bars over names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Curve {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) x: String,
    pub(crate) unit: Unit,
    /// The names, if x is no number; the x of a point is an index into them then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) names: Vec<String>,
    pub(crate) series: Vec<Series>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// One whole session, set-up included: where its time goes and what it puts on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) garbler: Cost,
    pub(crate) evaluator: Cost,
}

/// What a session costs one of its parties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cost {
    pub(crate) seconds: f64,
    pub(crate) bytes_sent: u64,
    pub(crate) round_trips: u64,
    /// Half a round trip each.
    pub(crate) exchanges: u64,
    /// In the order in which they began.
    pub(crate) phases: Vec<PhaseCost>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PhaseCost {
    pub(crate) name: String,
    pub(crate) seconds: f64,
    pub(crate) waiting_seconds: f64,
    pub(crate) bytes_sent: u64,
}
