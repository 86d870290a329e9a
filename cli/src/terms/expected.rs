//! What a run is expected to cost on the link to the peer.

use std::time::Duration;

use halfgate::channel::{Agreement, Link, probe};
use halfgate::estimate::{Cost, Forecast, Pace};
use halfgate::{Channel, Party};

use super::{BATCH, of_session};
use crate::deal::Deal;
use crate::failure::Failure;

/// The link is measured with no more than this part of what the run sends.
const PROBED_PART: u64 = 8;

/// What is expected of the run; the same on both sides.
pub(crate) struct Expected {
    pub(crate) cost: Cost,
    pub(crate) link: Link,
    pub(crate) time: Duration,
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
        let mut forecast = Forecast::new(&of_session(deal, agreed, lanes as u64), key)?;
        let batch = agreed.number(BATCH).and_then(|rows| usize::try_from(rows).ok()).unwrap_or(lanes);
        for first in (0..lanes).step_by(batch.max(1)) {
            forecast = forecast.run(&deal.program, batch.min(lanes - first), deal.parts.reveal)?;
        }
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
        let time = cost.time(&garbler, &evaluator, &probed.link);
        let threads = [garbler.threads as usize, evaluator.threads as usize];
        Ok(Expected { cost, link: probed.link, time, threads })
    }

    /// What a party holds at most, in bytes.
    pub(crate) fn memory(&self, party: Party) -> u64 {
        let [garbler, evaluator] = self.threads;
        let threads = if party == Party::Garbler { garbler } else { evaluator };
        self.cost.memory(party, threads)
    }
}
