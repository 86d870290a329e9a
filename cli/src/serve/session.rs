//! One guest, from its proposal to its results.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use halfgate::Channel;
use halfgate::Values;
use halfgate_meet::{Arrival, Limit, MeetError, answer, hear_proposal, reply, turn_away};
use serde::Serialize;
use tokio::time::timeout;

use super::Server;
use super::guests::Guest;
use super::ledger::Place;
use crate::conversation::{self, Outcome, Run};
use crate::failure::{Exit, Failure};
use crate::results::{self, Results, SCHEMA_VERSION};
use crate::terms::{self, Expected};
use crate::{in_background, notes};

/// What is printed of a session, as one line.
#[derive(Serialize)]
struct Line<'a> {
    schema_version: u32,
    session: u64,
    /// When it ended.
    time: String,
    peer: &'a str,
    fingerprint: String,
    rows: u64,
    outputs: Results<'a>,
    seconds: f64,
    bytes_sent: u64,
    bytes_received: u64,
}

impl Server {
    /// Serves a guest and tells everybody what became of it.
    pub(super) async fn attend(self: Arc<Self>, number: u64, arrival: Arrival, guest: Guest, place: Place) {
        let _active = self.metrics.begin();
        let began = Instant::now();
        let (address, fingerprint) = (arrival.address.clone(), arrival.peer.to_string());
        let name = guest.name;
        let outcome = match self.serve(arrival, &name, place).await {
            Ok(outcome) => {
                self.metrics.completed(&name, outcome.lanes, &outcome.meter, began.elapsed());
                let line = Finished {
                    number,
                    name: name.clone(),
                    fingerprint,
                    seconds: began.elapsed().as_secs_f64(),
                };
                self.keep(line, outcome).await;
                "completed"
            }
            Err(failure) => {
                self.noted(format_args!("session {number} with {name} at {address}: {}", told(&failure)));
                word(&failure)
            }
        };
        self.metrics.ended(&name, outcome);
    }

    async fn serve(&self, arrival: Arrival, name: &str, mut place: Place) -> Result<Outcome, Failure> {
        let mut channel = arrival.channel;
        channel.obey(&self.stopper);
        let deal = &self.offer.deal;
        let proposal = self.hear(&mut channel).await?;
        let rows = self.offer.rows(&proposal);
        let questions = self.offer.questions(rows);
        if let Err(limit) = place.reserve(rows, questions) {
            self.metrics.turned_away(limit.code());
            turn_away(&mut channel, limit).await;
            return Err(MeetError::Limited { limit }.into());
        }
        let ours = terms::on_connection(deal, channel.binding())?;
        let agreed = reply(&mut channel, &ours, &proposal).await?;
        let lanes = conversation::checked_lanes(deal, &agreed, rows);
        let lanes = conversation::or_abort(&mut channel, lanes).await?;
        // The guest shows what it finds out; this side only has its part in it.
        let measured = Expected::measure(deal, &mut channel, &agreed, lanes).await;
        conversation::or_abort(&mut channel, measured).await?;
        answer(&mut channel, true, self.answer_timeout).await?;
        arrival.ticket.spend();
        self.count(&mut channel, &mut place).await?;
        self.metrics.asked(name, questions);
        let repeated = self.offer.repeated(lanes);
        let inputs: Vec<Option<&Values>> = match &repeated {
            Some(values) => values.iter().map(Option::as_ref).collect(),
            None => deal.inputs.values(),
        };
        let run = Run { deal, pool: None, inputs: &inputs, agreed, lanes, watched: None };
        conversation::run(run, channel).await
    }

    /// Counts the questions before anything is computed; a server that cannot count them has to stop.
    async fn count(&self, channel: &mut Channel, place: &mut Place) -> Result<(), Failure> {
        match place.spend().await {
            Ok(()) => Ok(()),
            Err(failure) => {
                channel.abort().await;
                let said = failure.to_string();
                self.give_up(failure);
                Err(Failure::Usage(said))
            }
        }
    }

    /// Hears what a guest wants, within the time that strangers have, too.
    async fn hear(&self, channel: &mut Channel) -> Result<halfgate::channel::Agreement, Failure> {
        let usual = channel.set_idle_limit(self.handshake_timeout);
        let heard = timeout(self.handshake_timeout, hear_proposal(channel)).await;
        channel.set_idle_limit(usual);
        let heard = match heard {
            Ok(heard) => heard.map_err(Failure::from),
            Err(_) => Err(Failure::NoProposal { limit: self.handshake_timeout }),
        };
        // Without a word it would believe in a lost connection, and come back.
        conversation::or_abort(channel, heard).await
    }

    /// Tells a guest for which there is no place.
    pub(super) async fn turn_away(self: Arc<Self>, arrival: Arrival, guest: Guest, limit: Limit) {
        self.metrics.turned_away(limit.code());
        self.metrics.ended(&guest.name, "turned away");
        self.noted(format_args!("turned away {} at {}: {limit}", guest.name, arrival.address));
        let mut channel = arrival.channel;
        channel.obey(&self.stopper);
        if self.hear(&mut channel).await.is_ok() {
            turn_away(&mut channel, limit).await;
        }
    }

    /// Prints what this side has learnt.
    async fn keep(self: &Arc<Self>, finished: Finished, outcome: Outcome) {
        let server = Arc::clone(self);
        let printed = in_background(move || server.print(&finished, &outcome)).await;
        if let Err(failure) = printed {
            self.give_up(failure);
        }
    }

    fn print(&self, finished: &Finished, outcome: &Outcome) -> Result<(), Failure> {
        let Finished { number, name, fingerprint, seconds } = finished;
        if let Some(failure) = &outcome.unfinished {
            notes::say(format_args!(
                "session {number} with {name}: its results stand, but the guest may lack its own: {failure}"
            ));
        }
        let Some(values) = &outcome.results.outputs else { return Ok(()) };
        let deal = &self.offer.deal;
        let groups = deal.output_groups();
        let outputs = Results {
            groups: groups.iter().collect(),
            values,
            radix: self.radix,
            ids: deal.inputs.ids(),
            function: deal.function,
            header: false,
            parts: false,
            lost: None,
        };
        let line = Line {
            schema_version: SCHEMA_VERSION,
            session: *number,
            time: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            peer: name,
            fingerprint: fingerprint.clone(),
            rows: outcome.lanes,
            outputs,
            seconds: *seconds,
            bytes_sent: outcome.meter.sent.bytes,
            bytes_received: outcome.meter.received.bytes,
        };
        results::print(|out| {
            serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
            writeln!(out)
        })
    }
}

/// A session that is over.
struct Finished {
    number: u64,
    name: String,
    fingerprint: String,
    seconds: f64,
}

/// A failure as this side sees it.
fn told(failure: &Failure) -> String {
    match failure {
        Failure::Meet(MeetError::Limited { limit }) => format!("turned away: {limit}"),
        failure => failure.to_string(),
    }
}

/// What metrics call the end of a session.
fn word(failure: &Failure) -> &'static str {
    match (failure, failure.exit()) {
        (Failure::Meet(MeetError::Limited { .. }), _) => "turned away",
        (Failure::Meet(MeetError::Declined { .. }), _) => "declined",
        (_, Exit::Disagreement) => "no agreement",
        (_, Exit::Network) => "network",
        (_, Exit::Cheating) => "cheating",
        _ => "failed",
    }
}
