//! What two sides that have met do: agree, run, and part.

use std::time::Duration;

use halfgate::channel::{Agreement, ChannelError, LineState};
use halfgate::{Channel, Entropy, Meter, Session, Terms, Values};
use halfgate_crypto::Oracle;
use halfgate_meet::{Reception, Ticket, decide, propose};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::deal::Deal;
use crate::failure::Failure;
use crate::question::Person;
use crate::terms::{self, Screen};
use crate::{notes, progress};

/// A peer that is there.
pub(crate) struct Met {
    pub(crate) channel: Channel,
    /// Where it is, for people to read.
    pub(crate) peer: String,
    /// What it was let in with; nothing on the side that came.
    pub(crate) ticket: Option<Ticket>,
    /// Where a cut connection comes back to; nothing on the side that came.
    pub(crate) reception: Option<Reception>,
}

/// Who answers for this side.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// The command line did.
    Yes,
    Ask(Person),
}

impl Answer {
    /// Finds out, before anybody is met, that there is somebody to ask.
    pub(crate) fn new(yes: bool) -> Result<Self, Failure> {
        match Person::find() {
            _ if yes => Ok(Answer::Yes),
            Some(person) => Ok(Answer::Ask(person)),
            None => Err(Failure::Usage(
                "there is no terminal on which the terms could be shown and answered: add --yes to go ahead on them"
                    .to_owned(),
            )),
        }
    }

    async fn give(self) -> bool {
        match self {
            Answer::Yes => true,
            // Who cannot be asked has not agreed.
            Answer::Ask(person) => person.agrees("Go ahead on these terms? [y/N] ").await.unwrap_or(false),
        }
    }
}

/// What a run has given.
pub(crate) struct Outcome {
    pub(crate) agreed: Agreement,
    pub(crate) lanes: u64,
    pub(crate) values: Option<Vec<Values>>,
    pub(crate) meter: Meter,
    /// Why the peer's goodbye did not come. The results stand all the same.
    pub(crate) unfinished: Option<Failure>,
}

/// Agrees on the terms and runs the function.
pub(crate) async fn hold(
    deal: &mut Deal,
    met: Met,
    answer: Answer,
    patience: Duration,
) -> Result<Outcome, Failure> {
    let Met { mut channel, peer, ticket, reception: _reception } = met;
    let _news = News::of(&channel);
    let ours = terms::on_connection(deal, channel.binding())?;
    let agreed = propose(&mut channel, &ours).await?;
    let lanes = match deal.checked_lanes(agreed.number("lanes").unwrap_or(1)) {
        Ok(lanes) => lanes,
        Err(refusal) => {
            channel.abort().await;
            return Err(refusal);
        }
    };
    notes::say(Screen { deal, agreed: &agreed, peer: &peer }.table());
    decide(&mut channel, answer.give(), patience).await?;
    if let Some(ticket) = ticket {
        ticket.spend();
    }
    run(deal, channel, agreed, lanes).await
}

async fn run(deal: &mut Deal, channel: Channel, agreed: Agreement, lanes: usize) -> Result<Outcome, Failure> {
    let odometer = channel.odometer();
    let session_terms = session_terms(deal, &agreed, lanes as u64);
    let entropy = Entropy::from_os().map_err(|error| halfgate::Error::NoEntropy(error.to_string()))?;
    let (own, reveal) = (deal.parts.own(), deal.parts.reveal);
    let (mut session, _) = Session::open_with(channel, own, session_terms, deal.backend, entropy).await?;
    session.use_threads(deal.bounds.threads)?;
    let inputs = deal.inputs.with_lanes(&deal.circuit, own, lanes);
    let running = session.run(&deal.program, lanes, &inputs, reveal);
    let values = progress::show(running, &odometer, &deal.program, lanes as u64).await?;
    let meter = session.meter();
    let outcome = |meter, unfinished| Outcome { agreed, lanes: lanes as u64, values, meter, unfinished };
    match (session.finish().await, meter) {
        (Ok(meter), _) => Ok(outcome(meter, None)),
        // A peer that gave up has found something wrong; a connection that broke says nothing about the results.
        (Err(error), Some(meter)) if !peer_aborted(&error) => Ok(outcome(meter, Some(error.into()))),
        (Err(error), _) => Err(error.into()),
    }
}

/// The terms of the run, bound to those that people have seen.
fn session_terms(deal: &Deal, agreed: &Agreement, lanes: u64) -> Terms {
    let digest = Oracle::unbound("terms of a meeting").field(&agreed.canonical_bytes()).digest();
    deal.run_terms(Some(lanes)).with(terms::MEETING, digest)
}

fn peer_aborted(error: &halfgate::Error) -> bool {
    matches!(error.channel_error(), Some(ChannelError::PeerAborted))
}

/// Tells the user when the connection is lost and when it is back.
struct News(JoinHandle<()>);

impl News {
    fn of(channel: &Channel) -> Self {
        News(tokio::spawn(tell(channel.line_state())))
    }
}

impl Drop for News {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn tell(mut state: watch::Receiver<LineState>) {
    while state.changed().await.is_ok() {
        match &*state.borrow_and_update() {
            LineState::Lost { cause } => {
                notes::say(format_args!("the connection was lost ({cause}); trying to get it back"));
            }
            _ => notes::say("the connection is back"),
        }
    }
}
