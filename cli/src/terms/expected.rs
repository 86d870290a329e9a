//! What a run is expected to cost on the link to the peer.

use std::time::Duration;

use halfgate::channel::{Agreement, Link, probe};
use halfgate::estimate::{Cost, Pace};
use halfgate::{Channel, Party};

use super::{BATCH, of_session};
use crate::deal::Deal;
use crate::failure::Failure;
use crate::human::time;

/// The link is measured with no more than this part of what the run sends.
const PROBED_PART: u64 = 8;

/// What is shorter need not be told apart.
const SECOND: Duration = Duration::from_secs(1);

/// So many batches are forecast one by one.
const FORECAST: usize = 256;

/// What is expected of the run; the same on both sides.
pub(crate) struct Expected {
    cost: Cost,
    /// How often the cost comes.
    scale: f64,
    pub(crate) link: Link,
    pub(crate) time: Duration,
    /// Whether it takes no longer than that on a slow machine; otherwise it is what it takes on these two.
    pub(crate) is_bound: bool,
    threads: [usize; 2],
}

impl Expected {
    /// Measures the link together with the peer, and hears how fast it computes.
    pub(crate) async fn measure(
        deal: &Deal,
        channel: &mut Channel,
        agreed: &Agreement,
        lanes: usize,
    ) -> Result<Self, Failure> {
        let key = channel.binding().own_key.len();
        let mut forecast = deal.forecast(&of_session(deal, agreed, lanes as u64), key)?;
        let batch = agreed.number(BATCH).and_then(|rows| usize::try_from(rows).ok()).unwrap_or(lanes).max(1);
        let batches = lanes.div_ceil(batch);
        // The peer may have proposed the batches; more of the same tell nothing new.
        for first in (0..lanes).step_by(batch).take(FORECAST) {
            forecast = forecast.run(&deal.program, batch.min(lanes - first), deal.parts.reveal)?;
        }
        let scale = batches.max(1) as f64 / batches.clamp(1, FORECAST) as f64;
        let cost = forecast.cost();
        let bytes = cost.sent(Party::Garbler).bytes + cost.sent(Party::Evaluator).bytes;
        let probed = probe(channel, &deal.pace.to_terms(), bytes / PROBED_PART).await?;
        // A peer that does not say how fast it is may be as fast as this side.
        let theirs = Pace::from_terms(&probed.peer).unwrap_or(deal.pace);
        // As the peer has got them: figures are rounded on the way.
        let ours = Pace::from_terms(&deal.pace.to_terms()).unwrap_or(deal.pace);
        let (garbler, evaluator) = match deal.parts.own() {
            Party::Garbler => (ours, theirs),
            Party::Evaluator => (theirs, ours),
        };
        let took = cost.time(&garbler, &evaluator, &probed.link);
        let threads = [garbler.threads as usize, evaluator.threads as usize];
        let (link, time, is_bound) = (probed.link, took.mul_f64(scale), deal.is_short(lanes));
        Ok(Expected { cost, scale, link, time, is_bound, threads })
    }

    /// How long it takes, for people to read.
    pub(crate) fn duration(&self) -> String {
        match self.is_bound {
            true if self.time < SECOND => "less than a second".to_owned(),
            true => format!("at most {}", time(self.time)),
            false => format!("about {}", time(self.time)),
        }
    }

    /// The bytes that a party sends; exact unless there are very many batches.
    pub(crate) fn sent(&self, party: Party) -> u64 {
        self.scaled(self.cost.sent(party).bytes as f64) as u64
    }

    /// The bytes that cross the channel for some of the rows, both ways.
    pub(crate) fn bytes_of(&self, rows: u64, of: u64) -> u64 {
        let all = self.sent(Party::Garbler) + self.sent(Party::Evaluator);
        (all as f64 * rows as f64 / of.max(1) as f64) as u64
    }

    pub(crate) fn round_trips(&self) -> f64 {
        self.scaled(self.cost.round_trips())
    }

    fn scaled(&self, figure: f64) -> f64 {
        if self.scale > 1.0 { (figure * self.scale).round() } else { figure }
    }

    /// What a party holds at most, in bytes.
    pub(crate) fn memory(&self, party: Party) -> u64 {
        let [garbler, evaluator] = self.threads;
        let threads = if party == Party::Garbler { garbler } else { evaluator };
        self.cost.memory(party, threads)
    }
}
