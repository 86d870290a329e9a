//! `halfgate serve`: hosts many guests at once on the same input.
//!
//! Two sets of threads do the work. Connections live on the one of the command, so that strangers, handshakes and bytes are
//! seen to while sessions compute; sessions live on the other, which takes them in turns: one that waits for its guest
//! takes none of it, and one that does not wait gives way after a few messages.

use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use halfgate::channel::{Limits, Listener, Patience, Stopper};
use halfgate::circuits::Radix;
use halfgate_meet::{Arrival, Limit, MeetSettings, Outcome, Reception, Visit};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

mod guests;
mod ledger;
mod metrics;
mod offer;
mod page;
mod rate;
mod session;
mod signals;

use guests::Guests;
use ledger::{Ledger, Quotas};
use metrics::Metrics;
use offer::Offer;
use rate::Bucket;
pub(crate) use rate::Rate;
use signals::{Asked, Signals};

use crate::args::{ServeArgs, ServeTimeArgs, radix, threads};
use crate::failure::Failure;
use crate::human::counted;
use crate::{in_background, meeting, notes};

/// Guests that are being told that there is no place; more are only shown the door.
const TURNED_AWAY: usize = 64;

/// How long sessions that are stopped may take to tell their guests.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Notes about strangers.
const NOTES: &str = "20/10s";

/// What all guests' sessions share.
struct Server {
    offer: Offer,
    ledger: Ledger,
    guests: Guests,
    metrics: Metrics,
    radix: Radix,
    stopper: Stopper,
    handshake_timeout: Duration,
    answer_timeout: Duration,
    fatal: mpsc::Sender<Failure>,
    notes: Mutex<Option<Bucket>>,
    turning_away: Arc<Semaphore>,
}

pub(crate) async fn run(args: ServeArgs) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let (fatal, failures) = mpsc::channel(1);
    let (grace, threads) = (args.times.grace, threads(args.threads));
    let (server, reception) = tokio::select! {
        opened = open(args, fatal) => opened?,
        () = signals.end() => return Err(Failure::Interrupted),
    };
    // From here on nothing may drop it but its own shutdown: to drop it would block.
    let compute = compute_threads(threads)?;
    notes::say("ready");
    let mut house =
        House { server, reception, compute: &compute, sessions: JoinSet::new(), failures, count: 0 };
    let result = house.keep(&mut signals, grace).await;
    drop(house);
    compute.shutdown_background();
    result
}

/// Reads everything, and opens the door.
async fn open(args: ServeArgs, fatal: mpsc::Sender<Failure>) -> Result<(Arc<Server>, Reception), Failure> {
    let listeners = meeting::bind(&args.listen).await?;
    let page = match &args.metrics {
        Some(address) => Some(page::listen(address).await?),
        None => None,
    };
    let (server, args) = in_background(move || Ok((Server::new(&args, fatal)?, args))).await?;
    let server = Arc::new(server);
    let mut reception = server.open(listeners, &args.times);
    if let Some(listener) = page {
        let (server, tell) = (Arc::clone(&server), reception.teller());
        tokio::spawn(page::show(listener, Arc::new(move || server.metrics.page(tell()).ok())));
    }
    if let Some(visits) = reception.visits() {
        tokio::spawn(Arc::clone(&server).watch(visits));
    }
    Ok((server, reception))
}

/// Where sessions compute.
fn compute_threads(count: usize) -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .worker_threads(count)
        .thread_name("session")
        .enable_all()
        .build()
        .map_err(|source| Failure::System { what: "start threads", source })
}

impl Server {
    fn new(args: &ServeArgs, fatal: mpsc::Sender<Failure>) -> Result<Self, Failure> {
        let guests = Guests::read(&args.guests)?;
        let offer = Offer::new(args)?;
        let questions = offer.count_questions(args)?;
        warn(args, &offer);
        let now = Instant::now();
        Ok(Server {
            offer,
            ledger: Ledger::new(Quotas::new(&args.quotas), questions),
            guests,
            metrics: Metrics::new(),
            radix: radix(args.format),
            stopper: Stopper::default(),
            handshake_timeout: args.times.handshake_timeout,
            answer_timeout: args.times.answer_timeout,
            fatal,
            notes: Mutex::new(NOTES.parse().ok().map(|rate| Bucket::full(rate, now))),
            turning_away: Arc::new(Semaphore::new(TURNED_AWAY)),
        })
    }

    fn open(&self, listeners: Vec<Listener>, times: &ServeTimeArgs) -> Reception {
        let limits = Limits { idle: times.idle_timeout, total: Some(times.timeout), ..Limits::default() };
        let patience = Patience {
            reconnect: times.reconnect,
            keep_alive: times.keep_alive,
            window: times.window as usize,
        };
        let settings = MeetSettings {
            limits,
            patience,
            handshake: times.handshake_timeout,
            ..MeetSettings::new(self.guests.identity.clone(), self.guests.trust.clone())
        };
        Reception::over(listeners, self.guests.admission.clone(), settings)
    }

    /// Ends the server: it cannot keep what it has to keep.
    fn give_up(&self, failure: Failure) {
        // One reason is enough.
        let _ = self.fatal.try_send(failure);
    }

    /// Says something that strangers can cause as often as they like.
    fn noted(&self, line: impl Display) {
        let mut bucket = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if bucket.as_mut().is_some_and(|bucket| bucket.take(1, Instant::now()).is_ok()) {
            notes::say(line);
        }
    }

    /// Tells of those who come to the door and are not let in.
    async fn watch(self: Arc<Self>, mut visits: mpsc::Receiver<Visit>) {
        while let Some(Visit { address, outcome }) = visits.recv().await {
            match outcome {
                Outcome::Refused(refusal) => {
                    self.metrics.refused(refusal);
                    self.noted(format_args!("turned away {address}, and said why: {refusal}"));
                }
                Outcome::Failed(error) => {
                    self.noted(format_args!("somebody at {address} did not get in: {error}"));
                }
                Outcome::Crowded => {
                    self.noted(format_args!("turned away {address}: too many stand at the door"));
                }
                Outcome::NotAccepted(error) => self.noted(error),
                _ => {}
            }
        }
    }
}

/// Says what answers give away, and what is not counted.
fn warn(args: &ServeArgs, offer: &Offer) {
    let limit = args.quotas.max_queries;
    let what = match offer.questions(2) {
        1 => "sessions, each of which asks once about every row",
        _ => "rows, each of which asks about the same input",
    };
    notes::say(format_args!(
        "warning: every answer tells a guest something about this side's input; each guest may ask {} in all ({what}; \
         --max-queries)",
        counted(limit, "time"),
    ));
    if args.quotas.state.is_none() {
        notes::say(
            "warning: a restart forgets how often each guest has asked: keep the counts with --state FILE",
        );
    }
}

/// The door, and the sessions of those who are in.
struct House<'a> {
    server: Arc<Server>,
    reception: Reception,
    compute: &'a Runtime,
    sessions: JoinSet<()>,
    failures: mpsc::Receiver<Failure>,
    count: u64,
}

impl House<'_> {
    /// Lets guests in until a signal or a failure, and then sees the last of them out.
    async fn keep(&mut self, signals: &mut Signals, grace: Duration) -> Result<(), Failure> {
        let result = self.admit(signals).await;
        self.reception.stop_admitting();
        if !self.sessions.is_empty() {
            let left = counted(self.sessions.len() as u64, "session");
            notes::say(format_args!("closing: {left} may go on for {grace:?}; Ctrl-C again ends at once"));
        }
        tokio::select! {
            () = self.see_out(grace) => result,
            () = signals.end() => Err(Failure::Interrupted),
        }
    }

    async fn admit(&mut self, signals: &mut Signals) -> Result<(), Failure> {
        loop {
            tokio::select! {
                arrival = self.reception.next() => self.receive(arrival),
                Some(ended) = self.sessions.join_next() => {
                    if let Err(error) = ended {
                        notes::say(format_args!("a session ended by a mistake in halfgate: {error}"));
                    }
                }
                asked = signals.next() => match asked {
                    Asked::Reload => self.reload().await,
                    Asked::End => return Ok(()),
                },
                Some(failure) = self.failures.recv() => return Err(failure),
            }
        }
    }

    fn receive(&mut self, arrival: Arrival) {
        let (server, runtime) = (Arc::clone(&self.server), self.compute.handle());
        let guest = server.guests.who(&arrival);
        match server.ledger.enter(&guest.account) {
            Ok(place) => {
                self.count += 1;
                self.sessions.spawn_on(server.attend(self.count, arrival, guest, place), runtime);
            }
            Err(limit) => self.turn_away(arrival, guest, limit),
        }
    }

    fn turn_away(&mut self, arrival: Arrival, guest: guests::Guest, limit: Limit) {
        let server = Arc::clone(&self.server);
        if let Ok(place) = Arc::clone(&server.turning_away).try_acquire_owned() {
            self.sessions.spawn(async move {
                server.turn_away(arrival, guest, limit).await;
                drop(place);
            });
        }
    }

    async fn reload(&self) {
        let guests = self.server.guests.clone();
        if let Err(failure) = in_background(move || guests.reload()).await {
            notes::say(format_args!("the guests stay as they are: {failure}"));
        }
    }

    /// Waits for the sessions; those that are not over in time are stopped, which their guests are told.
    async fn see_out(&mut self, grace: Duration) {
        if timeout(grace, self.all_ended()).await.is_err() {
            let left = counted(self.sessions.len() as u64, "session");
            notes::say(format_args!("stopping {left}"));
            self.server.stopper.stop();
            // Who does not hear it in time is not waited for.
            let _ = timeout(LAST_WORDS, self.all_ended()).await;
        }
    }

    async fn all_ended(&mut self) {
        while self.sessions.join_next().await.is_some() {}
    }
}
