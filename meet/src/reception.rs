//! The listening side: who comes, who is let in, and who comes back after a cut.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use halfgate::channel::{Address, Channel, ChannelError, Fingerprint, Listener};
use tokio::{sync::mpsc, task::JoinSet, time::sleep};

use crate::{
    Admission, MeetError, MeetSettings, Refusal, Ticket,
    crowd::{Crowd, Source},
};

mod desk;
mod hall;
mod tally;
mod visitor;

use desk::Desk;
use hall::{Hall, Known};
use tally::Counts;
pub use tally::Tally;

/// Arrivals that wait to be taken, and visits that wait to be read.
const ARRIVALS: usize = 16;
const VISITS: usize = 1024;

/// The pause after the operating system could not accept a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens on one address or several, lets in whom [`Admission`] lets in, and hands cut connections that come back to
/// the session that they belong to. Strangers do no harm: each has a task of its own with a time limit, and so many
/// may be at the door at once ([`MeetSettings::visitors`]).
///
/// It has to live for as long as sessions that came through it may have to be resumed. Dropping it stops everything but
/// the channels that were handed out.
pub struct Reception {
    house: Arc<House>,
    addresses: Vec<Address>,
    arrivals: mpsc::Receiver<Arrival>,
    visits: Option<mpsc::Receiver<Visit>>,
    /// One task for each address; each holds the tasks of its visitors.
    _doors: JoinSet<()>,
}

/// What all visitors' tasks share.
struct House {
    settings: MeetSettings,
    admission: Admission,
    desk: Desk,
    crowd: Crowd,
    hall: Hall,
    admits: AtomicBool,
    arrivals: mpsc::Sender<Arrival>,
    visits: mpsc::Sender<Visit>,
    counts: Counts,
}

/// A guest who was let in.
pub struct Arrival {
    /// The way to it, which outlives its connections. No terms were exchanged yet.
    pub channel: Channel,
    /// The fingerprint of its certificate.
    pub peer: Fingerprint,
    /// The DNS names that an authority has certified it to have; none unless the host trusts authorities.
    pub names: Vec<String>,
    /// Where it is, for people to read.
    pub address: String,
    /// To be spent when the terms are accepted.
    pub ticket: Ticket,
}

/// Somebody who came to the door.
#[derive(Debug)]
pub struct Visit {
    /// Where from, for people to read.
    pub address: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a visit.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It was let in.
    Admitted,
    /// It only wanted to know whether a meeting would work.
    Examined,
    /// It continues a session.
    Resumed,
    /// It knocked and was not let in.
    Refused(Refusal),
    /// It wants to continue a session that this host does not have with it (any more).
    NothingToResume,
    /// It did not get as far as knocking: not TLS, no certificate, too slow, gone.
    Failed(ChannelError),
    /// There were too many at the door: it came from where others stood already, or it was the oldest of those who had
    /// not shown who they are.
    Crowded,
    /// The operating system could not accept a connection.
    NotAccepted(ChannelError),
}

impl Reception {
    /// Starts to listen.
    ///
    /// # Errors
    /// If there is no address, or one cannot be listened on.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn open(
        addresses: &[Address],
        admission: Admission,
        settings: MeetSettings,
    ) -> Result<Self, MeetError> {
        if addresses.is_empty() {
            return Err(MeetError::NoAddress);
        }
        let mut listeners = Vec::with_capacity(addresses.len());
        for address in addresses {
            listeners.push(Listener::bind(address).await?);
        }
        Ok(Reception::over(listeners, admission, settings))
    }

    /// As [`Reception::open`], on what is listened on already.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn over(listeners: Vec<Listener>, admission: Admission, settings: MeetSettings) -> Self {
        let (arriving, arrivals) = mpsc::channel(ARRIVALS);
        let (visiting, visits) = mpsc::channel(VISITS);
        let house = Arc::new(House {
            admission,
            desk: Desk::default(),
            crowd: Crowd::new(settings.visitors_per_source),
            hall: Hall::new(settings.visitors),
            admits: AtomicBool::new(true),
            arrivals: arriving,
            visits: visiting,
            counts: Counts::default(),
            settings,
        });
        let addresses = listeners.iter().map(|listener| listener.address().clone()).collect();
        let mut doors = JoinSet::new();
        for listener in listeners {
            doors.spawn(Arc::clone(&house).keep_door(listener));
        }
        Reception { house, addresses, arrivals, visits: Some(visits), _doors: doors }
    }

    /// Where it listens; ports are real ones even where port 0 was asked for.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// The next guest who was let in. May be dropped while it waits.
    pub async fn next(&mut self) -> Arrival {
        match self.arrivals.recv().await {
            Some(arrival) => arrival,
            // It cannot be: the house, which this holds, has the other end.
            None => std::future::pending().await,
        }
    }

    /// News of everybody who comes to the door; `None` if they were taken before. Visits that nobody reads are forgotten.
    pub fn visits(&mut self) -> Option<mpsc::Receiver<Visit>> {
        self.visits.take()
    }

    /// How many have come to the door so far, and what became of them.
    pub fn tally(&self) -> Tally {
        self.house.counts.tally()
    }

    /// As [`Reception::tally`], for somebody who asks at other times.
    pub fn teller(&self) -> impl Fn() -> Tally + Send + Sync + use<> {
        let house = Arc::clone(&self.house);
        move || house.counts.tally()
    }

    /// The rules, which may be changed.
    pub fn admission(&self) -> &Admission {
        &self.house.admission
    }

    /// Lets in nobody any more; who was let in may still come back after a cut.
    pub fn stop_admitting(&self) {
        self.house.admits.store(false, Ordering::Relaxed);
    }
}

impl House {
    /// Accepts connections on one address for ever.
    async fn keep_door(self: Arc<Self>, listener: Listener) {
        let mut visitors = JoinSet::new();
        loop {
            let stream = match listener.accept().await {
                Ok(stream) => stream,
                Err(error) => {
                    self.report(listener.address().to_string(), Outcome::NotAccepted(error));
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let Some(standing) = self.crowd.enter(Source::of(&stream)) else {
                self.report(stream.peer(), Outcome::Crowded);
                continue;
            };
            let (house, known, address) = (Arc::clone(&self), Known::default(), stream.peer());
            let (visitor, from) = (known.clone(), address.clone());
            let task = visitors.spawn(async move {
                let outcome = house.receive(stream, &visitor).await;
                house.report(from, outcome);
                drop(standing);
            });
            if let Some(sent_away) = self.hall.enter(address, task, known) {
                self.report(sent_away, Outcome::Crowded);
            }
            while visitors.try_join_next().is_some() {}
        }
    }

    /// Tells whoever listens; nobody waits for one who does not.
    fn report(&self, address: String, outcome: Outcome) {
        self.counts.add(&outcome);
        let _ = self.visits.try_send(Visit { address, outcome });
    }
}
