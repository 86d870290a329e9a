//! How the server does, for a monitoring system. Numbers, outcomes and names of guests only; nothing of anybody's data.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use halfgate::Meter;
use halfgate_meet::{Refusal, Tally};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Seconds of sessions, from a quick one on this machine to a long one over the world.
const SECONDS: [f64; 12] = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3600.0];

/// So many guests have a name here; authorities may know any number of others.
const NAMES: usize = 512;
const OTHERS: &str = "others";

type Label = (&'static str, String);

/// Counts what happens.
pub(crate) struct Metrics {
    registry: Registry,
    sessions: Family<[Label; 2], Counter>,
    active: Gauge,
    rows: Family<[Label; 1], Counter>,
    questions: Family<[Label; 1], Counter>,
    bytes: Family<[Label; 1], Counter>,
    seconds: Histogram,
    turned_away: Family<[Label; 1], Counter>,
    refused: Family<[Label; 1], Counter>,
    visits: Family<[Label; 1], Counter>,
    names: std::sync::Mutex<std::collections::HashSet<String>>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("halfgate"),
            sessions: Family::default(),
            active: Gauge::default(),
            rows: Family::default(),
            questions: Family::default(),
            bytes: Family::default(),
            seconds: Histogram::new(SECONDS),
            turned_away: Family::default(),
            refused: Family::default(),
            visits: Family::default(),
            names: std::sync::Mutex::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("sessions", "Sessions that ended, by guest and outcome", self.sessions.clone());
        registry.register("sessions_active", "Sessions under way", self.active.clone());
        registry.register("rows", "Rows computed, by guest", self.rows.clone());
        registry.register(
            "questions",
            "Questions about the same row that were counted, by guest",
            self.questions.clone(),
        );
        registry.register(
            "transferred",
            "Bytes of sessions that were completed, by direction",
            self.bytes.clone(),
        );
        registry.register_with_unit(
            "session",
            "How long completed sessions took, with the time that people needed",
            Unit::Seconds,
            self.seconds.clone(),
        );
        registry.register("turned_away", "Guests that were over a limit, by limit", self.turned_away.clone());
        registry.register("refused", "Visitors that were not let in, by reason", self.refused.clone());
        registry.register("visits", "Connections, by what became of them", self.visits.clone());
    }

    /// One more session is under way, until what is returned is dropped.
    pub(crate) fn begin(&self) -> Active {
        self.active.inc();
        Active(self.active.clone())
    }

    pub(crate) fn asked(&self, guest: &str, questions: u64) {
        self.questions.get_or_create(&[self.peer(guest)]).inc_by(questions);
    }

    pub(crate) fn ended(&self, guest: &str, outcome: &str) {
        self.sessions.get_or_create(&[self.peer(guest), ("outcome", outcome.to_owned())]).inc();
    }

    pub(crate) fn completed(&self, guest: &str, rows: u64, meter: &Meter, took: Duration) {
        self.rows.get_or_create(&[self.peer(guest)]).inc_by(rows);
        for (direction, traffic) in [("sent", meter.sent), ("received", meter.received)] {
            self.bytes.get_or_create(&[("direction", direction.to_owned())]).inc_by(traffic.bytes);
        }
        self.seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn turned_away(&self, limit: &str) {
        self.turned_away.get_or_create(&[("limit", limit.to_owned())]).inc();
    }

    pub(crate) fn refused(&self, refusal: Refusal) {
        self.refused.get_or_create(&[("reason", refusal.code().to_owned())]).inc();
    }

    /// The page, with the visits so far.
    pub(crate) fn page(&self, tally: Tally) -> Result<String, fmt::Error> {
        let visits = [
            ("admitted", tally.admitted),
            ("resumed", tally.resumed),
            ("refused", tally.refused),
            ("nothing to resume", tally.nothing_to_resume),
            ("failed", tally.failed),
            ("crowded", tally.crowded),
            ("not accepted", tally.not_accepted),
        ];
        for (outcome, count) in visits {
            let counter = self.visits.get_or_create(&[("outcome", outcome.to_owned())]);
            counter.inner().store(count, Ordering::Relaxed);
        }
        let mut page = String::new();
        encode(&mut page, &self.registry)?;
        Ok(page)
    }

    /// A guest as a label, of which there are only so many.
    fn peer(&self, guest: &str) -> Label {
        let mut names = self.names.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !names.contains(guest) {
            if names.len() >= NAMES {
                return ("peer", OTHERS.to_owned());
            }
            names.insert(guest.to_owned());
        }
        ("peer", guest.to_owned())
    }
}

/// A session that is under way.
pub(crate) struct Active(Gauge);

impl Drop for Active {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_bounded_and_quoted() {
        let metrics = Metrics::new();
        for guest in 0..2 * NAMES {
            metrics.ended(&format!("guest {guest}"), "completed");
        }
        let page = metrics.page(Tally { failed: 3, ..Tally::default() }).unwrap();
        let sessions = page.lines().filter(|line| line.starts_with("halfgate_sessions_total{"));
        assert_eq!(sessions.count(), NAMES + 1);
        let others = format!("halfgate_sessions_total{{peer=\"others\",outcome=\"completed\"}} {NAMES}");
        assert!(page.contains(&others), "{page}");
        assert!(page.contains("halfgate_visits_total{outcome=\"failed\"} 3") && page.ends_with("# EOF\n"));
    }
}
