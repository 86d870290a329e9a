//! What two sides that have met do: agree, run, and part.

use std::time::Duration;

use halfgate::channel::{Agreement, ChannelError, Field, LineState};
use halfgate::{Channel, Entropy, Meter, Pool, Session, Values, check_pool};
use halfgate_meet::{Job, JobOutcome, MeetError, Reception, Ticket, decide, propose};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::deal::Deal;
use crate::failure::Failure;
use crate::question::Person;
use crate::terms::{self, Expected, Screen};
use crate::{notes, progress, showing};

/// A peer that is there.
pub(crate) struct Met {
    pub(crate) channel: Channel,
    /// Where it is, for people to read.
    pub(crate) peer: String,
    /// The names that an authority vouches for, if that is how it is known.
    pub(crate) names: Vec<String>,
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
    pub(crate) results: JobOutcome,
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
    let Met { mut channel, peer, names, ticket, reception: _reception } = met;
    let _news = News::of(&channel);
    if let Some(pool) = &deal.pool {
        let fits = check_pool(&channel, deal.parts.own(), deal.security, pool).map_err(Failure::from);
        or_abort(&mut channel, fits).await?;
    }
    let ours = terms::on_connection(deal, channel.binding());
    let ours = or_abort(&mut channel, ours).await?;
    let agreed = propose(&mut channel, &ours).await.map_err(of_ids)?;
    let prepared = prepare(deal, &agreed);
    let lanes = or_abort(&mut channel, prepared).await?;
    let measured = Expected::measure(deal, &mut channel, &agreed, lanes).await;
    let expected = or_abort(&mut channel, measured).await?;
    notes::say(Screen { deal, agreed: &agreed, peer: &peer, names: &names, expected: &expected }.table());
    decide(&mut channel, answer.give(), patience).await?;
    if let Some(ticket) = ticket {
        ticket.spend();
    }
    let pool = deal.pool.take();
    let inputs = deal.inputs.values();
    run(Run { deal, pool, inputs: &inputs, agreed, lanes, watched: Some(&expected) }, channel).await
}

/// Digests of row ids depend on the connection, so it would not help anybody to see them.
fn of_ids(error: MeetError) -> Failure {
    match &error {
        MeetError::Mismatch(mismatch) if mismatch.field == terms::IDS => {
            match (&mismatch.ours, &mismatch.theirs) {
                (Field::Digest(_), Field::Digest(_)) => Failure::OtherIds,
                _ => Failure::OneSidedIds,
            }
        }
        _ => error.into(),
    }
}

/// Takes in what the agreement says about the rows, which may be the peer's word.
fn prepare(deal: &mut Deal, agreed: &Agreement) -> Result<usize, Failure> {
    let lanes = checked_lanes(deal, agreed, agreed.number("lanes").unwrap_or(1))?;
    deal.inputs.fill(&deal.circuit, deal.parts.own(), lanes);
    Ok(lanes)
}

/// The rows of a run that is agreed on, and of its batches, may both be the peer's word.
pub(crate) fn checked_lanes(deal: &Deal, agreed: &Agreement, asked: u64) -> Result<usize, Failure> {
    if asked == 0 || batch(agreed) == Some(0) {
        return Err(Failure::EmptyBatches);
    }
    deal.checked_lanes(asked)
}

/// Gives the peer up if something is wrong here.
pub(crate) async fn or_abort<T>(channel: &mut Channel, outcome: Result<T, Failure>) -> Result<T, Failure> {
    if outcome.is_err() {
        channel.abort().await;
    }
    outcome
}

/// A function that both sides have agreed to run.
pub(crate) struct Run<'a> {
    pub(crate) deal: &'a Deal,
    /// What was prepared for it.
    pub(crate) pool: Option<Pool>,
    /// One entry per input group: the values of this side's.
    pub(crate) inputs: &'a [Option<&'a Values>],
    pub(crate) agreed: Agreement,
    pub(crate) lanes: usize,
    /// What is expected of it, if somebody watches how it gets on.
    pub(crate) watched: Option<&'a Expected>,
}

/// Runs the function and parts.
pub(crate) async fn run(run: Run<'_>, mut channel: Channel) -> Result<Outcome, Failure> {
    let Run { deal, pool, inputs, agreed, lanes, watched } = run;
    let (odometer, peer) = (channel.odometer(), agreed.digest(terms::of(deal.parts.seat.other())));
    let opened = deal.open_job(inputs, lanes, batch(&agreed));
    let mut job = or_abort(&mut channel, opened).await?;
    // What people and the probe needed says nothing about the function.
    channel.restart_meter();
    let session_terms = terms::of_session(deal, &agreed, lanes as u64);
    let entropy = Entropy::from_os().map_err(|error| halfgate::Error::NoEntropy(error.to_string()).into());
    let entropy = or_abort(&mut channel, entropy).await?;
    let (own, backend) = (deal.parts.own(), deal.backend);
    let (mut session, _) = match pool {
        Some(pool) => Session::open_prepared(channel, own, session_terms, pool, backend, entropy).await?,
        None => Session::open_with(channel, own, session_terms, backend, entropy).await?,
    };
    session.use_threads(deal.bounds.threads)?;
    let lasting_terms = terms::without_connection(&agreed);
    let to_run = match job.agree(&mut session, &lasting_terms, peer).await {
        Ok(standing) => showing::standing(&standing, &job.progress()),
        Err(error) => {
            session.abort().await;
            return Err(error.into());
        }
    };
    let running = job.run(&mut session, |_| {});
    match watched {
        Some(expected) => progress::show(running, &odometer, expected.bytes_of(to_run, lanes as u64)).await?,
        None => running.await?,
    }
    let meter = session.meter();
    let outcome = |job: Job<'_>, meter, unfinished| {
        let results = job.into_outcome();
        Outcome { agreed, lanes: lanes as u64, results, meter, unfinished }
    };
    match (session.finish().await, meter) {
        (Ok(meter), _) => {
            // The results are there, whatever becomes of the journal's last word.
            let unfinished = job.finished().err().map(Failure::from);
            Ok(outcome(job, meter, unfinished))
        }
        // A peer that gave up has found something wrong; a connection that broke says nothing about the results.
        (Err(error), Some(meter)) if !peer_aborted(&error) => Ok(outcome(job, meter, Some(error.into()))),
        (Err(error), _) => Err(error.into()),
    }
}

/// The rows of a batch, as agreed.
fn batch(agreed: &Agreement) -> Option<usize> {
    agreed.number(terms::BATCH).map(|rows| usize::try_from(rows).unwrap_or(usize::MAX))
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
