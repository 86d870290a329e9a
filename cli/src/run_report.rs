//! A run as one JSON object.

use halfgate::channel::{Agreement, Field, Traffic};
use halfgate::{Meter, Party, Program};
use halfgate_meet::Ids;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::human::hex;
use crate::results::{Results, SCHEMA_VERSION};
use crate::summary;

/// What `garble --json` and `evaluate --json` print. Times are in seconds.
#[derive(Serialize)]
pub(crate) struct RunReport<'a> {
    schema_version: u32,
    circuit: String,
    role: String,
    /// The ids of the rows, if the input named them.
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<&'a Ids>,
    /// Null if this side learns nothing; shares if the agreement says so.
    outputs: Option<Results<'a>>,
    agreement: Map<String, Value>,
    counters: Counters,
    /// In the order in which they began.
    phases: Vec<PhaseReport>,
}

#[derive(Serialize)]
struct Counters {
    lanes: u64,
    ands_per_lane: u64,
    ands: u64,
    #[serde(flatten)]
    traffic: TrafficReport,
    seconds: f64,
    waiting_seconds: f64,
    /// Without what a session does once: handshake and setup.
    computing_seconds: f64,
    backend: &'static str,
}

#[derive(Serialize)]
struct PhaseReport {
    name: &'static str,
    seconds: f64,
    waiting_seconds: f64,
    #[serde(flatten)]
    traffic: TrafficReport,
}

#[derive(Serialize)]
struct TrafficReport {
    bytes_sent: u64,
    messages_sent: u64,
    bytes_received: u64,
    messages_received: u64,
    round_trips: u64,
    /// Half a round trip each.
    exchanges: u64,
}

/// What a report is made of.
pub(crate) struct Run<'a> {
    pub(crate) circuit: String,
    pub(crate) role: Party,
    pub(crate) agreement: &'a Agreement,
    pub(crate) lanes: u64,
    pub(crate) program: &'a Program,
    pub(crate) meter: &'a Meter,
    pub(crate) backend: &'static str,
}

impl<'a> RunReport<'a> {
    pub(crate) fn new(run: Run<'a>, outputs: Option<Results<'a>>) -> Self {
        let ands_per_lane = run.program.and_count() as u64;
        let meter = run.meter;
        let phases = meter.phases.iter().map(|phase| PhaseReport {
            name: phase.name,
            seconds: phase.duration.as_secs_f64(),
            waiting_seconds: phase.waited.as_secs_f64(),
            traffic: TrafficReport::new([phase.sent, phase.received], phase.round_trips, phase.exchanges),
        });
        RunReport {
            schema_version: SCHEMA_VERSION,
            circuit: run.circuit,
            role: run.role.to_string(),
            ids: outputs.as_ref().and_then(|outputs| outputs.ids),
            outputs,
            agreement: run
                .agreement
                .fields()
                .map(|(name, field)| (name.replace(' ', "_"), json(field)))
                .collect(),
            counters: Counters {
                lanes: run.lanes,
                ands_per_lane,
                ands: ands_per_lane.saturating_mul(run.lanes),
                traffic: TrafficReport::new([meter.sent, meter.received], meter.round_trips, meter.exchanges),
                seconds: meter.duration.as_secs_f64(),
                waiting_seconds: meter.waited.as_secs_f64(),
                computing_seconds: summary::computing(meter).as_secs_f64(),
                backend: run.backend,
            },
            phases: phases.collect(),
        }
    }
}

impl TrafficReport {
    fn new([sent, received]: [Traffic; 2], round_trips: u64, exchanges: u64) -> Self {
        TrafficReport {
            bytes_sent: sent.bytes,
            messages_sent: sent.messages,
            bytes_received: received.bytes,
            messages_received: received.messages,
            round_trips,
            exchanges,
        }
    }
}

fn json(field: &Field) -> Value {
    match field {
        Field::Unspecified => Value::Null,
        Field::Text(text) => text.as_str().into(),
        Field::Number(number) => (*number).into(),
        Field::Digest(digest) => hex(digest).into(),
    }
}
