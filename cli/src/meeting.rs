//! The way to the peer: a reception for one guest, or an approach to a host; or a connection in plaintext.

use std::time::{Duration, SystemTime};

use halfgate::channel::{Address, Limits, Link, Listener, Patience, Stream, Trust, dial};
use halfgate_meet::{
    Admission, Credential, Invite, InviteError, MeetError, MeetSettings, Meeting, Outcome, Reception,
    Refusal, Visit, approach, join,
};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::args::{LimitArgs, SideArgs};
use crate::conversation::Met;
use crate::failure::Failure;
use crate::inviting::Inviting;
use crate::who::{Known, Who};
use crate::{interrupt, notes};

/// How long a side that connects tries if nothing else is said.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Listens, so that the peer can connect while files are read.
pub(crate) async fn bind(addresses: &[Address]) -> Result<Vec<Listener>, Failure> {
    let mut listeners = Vec::with_capacity(addresses.len());
    for address in addresses {
        let listener = Listener::bind(address).await?;
        notes::say(format_args!("listening on {}", listener.address()));
        listeners.push(listener);
    }
    Ok(listeners)
}

/// What a connection is like.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    pub(crate) limits: &'a LimitArgs,
    /// A link to behave like, in plaintext only.
    pub(crate) link: Link,
    /// Whether the two may have met before: there is a journal.
    pub(crate) returns: bool,
}

impl<'a> Way<'a> {
    /// As it is.
    pub(crate) fn over(side: &'a SideArgs) -> Self {
        Way { limits: &side.limits, link: Link::UNLIMITED, returns: side.job.journal.is_some() }
    }

    /// For one meeting of two who prepare something.
    pub(crate) fn to_prepare(limits: &'a LimitArgs) -> Self {
        Way { limits, link: Link::UNLIMITED, returns: false }
    }
}

/// Waits for the peer to come.
pub(crate) async fn receive(
    listeners: Vec<Listener>,
    who: Option<Who>,
    inviting: Inviting,
    way: Way<'_>,
) -> Result<Met, Failure> {
    let limits = way.limits;
    let places: Vec<_> = listeners.iter().map(|listener| listener.address().to_string()).collect();
    let arrival = async {
        match who {
            Some(who) => let_in(listeners, who, inviting, limits).await,
            None => accept(listeners, way).await,
        }
    };
    let Some(limit) = limits.connect_timeout else { return arrival.await };
    let arrival = timeout(limit, arrival).await;
    arrival.unwrap_or_else(|_| Err(Failure::NoPeer { address: places.join(","), limit }))
}

async fn let_in(
    listeners: Vec<Listener>,
    who: Who,
    inviting: Inviting,
    limits: &LimitArgs,
) -> Result<Met, Failure> {
    let admission = Admission::new();
    let mut limit = None;
    match &who.known {
        Known::Invite => {
            limit = Some(inviting.lifetime());
            admission.add_invite(&inviting.hand_out(&who)?);
        }
        Known::Key(peer) => admission.add_key(peer.fingerprint),
        Known::Authority(_) => admission.add_all_authenticated(),
    }
    // The knock decides on keys and invites, so that the guest hears why it is not let in.
    let trust = match &who.known {
        Known::Authority(trust) => trust.clone(),
        Known::Invite | Known::Key(_) => Trust::Anyone,
    };
    let mut reception = Reception::over(listeners, admission, settings(who, trust, limits));
    let visits = Visits::told(reception.visits());
    let arrival = match limit {
        Some(limit) => timeout(limit, reception.next()).await.map_err(|_| Failure::InviteUnused { limit })?,
        None => reception.next().await,
    };
    drop(visits);
    // Cut connections come back through it, and nobody else comes in.
    reception.stop_admitting();
    Ok(Met {
        channel: interrupt::obeyed_by(arrival.channel),
        peer: arrival.address,
        names: arrival.names,
        ticket: Some(arrival.ticket),
        reception: Some(reception),
    })
}

/// The first to connect in plaintext is the peer.
async fn accept(listeners: Vec<Listener>, way: Way<'_>) -> Result<Met, Failure> {
    let mut accepts = JoinSet::new();
    for listener in listeners {
        accepts.spawn(async move { listener.accept().await });
    }
    let first = accepts.join_next().await;
    let stream = first
        .ok_or_else(no_address)?
        .map_err(|error| Failure::System { what: "wait for a connection", source: error.into() })??;
    Ok(plain(stream, way))
}

fn plain(stream: Stream, way: Way<'_>) -> Met {
    let peer = stream.peer();
    let channel = interrupt::obeyed_by(stream.shaped(way.link).open(channel_limits(way.limits)));
    Met { channel, peer, names: Vec::new(), ticket: None, reception: None }
}

/// Where the host may be: as the command line, the invite, or the peers file says.
pub(crate) fn addresses(
    connect: &[Address],
    invite: Option<&Invite>,
    who: Option<&Who>,
) -> Result<Vec<Address>, Failure> {
    let addresses = match (connect, invite) {
        ([], Some(invite)) => &invite.addresses,
        ([], None) => who.map_or(connect, Who::addresses),
        (connect, _) => connect,
    };
    if addresses.is_empty() { Err(no_address()) } else { Ok(addresses.to_vec()) }
}

fn no_address() -> Failure {
    Failure::Usage(
        "say where the peer is with --connect HOST:PORT, or wait for it with --listen HOST:PORT".to_owned(),
    )
}

/// Goes to the host.
pub(crate) async fn go(
    addresses: &[Address],
    who: Option<Who>,
    invite: Option<&Invite>,
    way: Way<'_>,
) -> Result<Met, Failure> {
    let patience = way.limits.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
    let list: Vec<_> = addresses.iter().map(Address::to_string).collect();
    notes::say(format_args!("connecting to {}", list.join(", ")));
    let Some(who) = who else {
        let address = addresses.first().ok_or_else(no_address)?;
        return Ok(plain(dial(address, patience).await?, way));
    };
    // The peer of a journal may have lost its own, and hands out an invite again.
    let invite = invite.filter(|invite| match &who.known {
        Known::Invite => true,
        Known::Key(peer) => peer.fingerprint == invite.fingerprint,
        Known::Authority(_) => false,
    });
    let trust = invite.map_or_else(|| who.trust(), |invite| Trust::Only(vec![invite.fingerprint]));
    let settings = settings(who, trust, way.limits);
    let by_key = async || approach(addresses, Credential::Key, &settings, patience).await;
    let meeting = match invite {
        None => by_key().await?,
        Some(invite) => match join(invite, &settings, patience).await {
            // Or this side has lost its journal, and is known to the peer's by its key.
            Err(error) if way.returns && is_used_up(&error) => by_key().await.map_err(|_| error)?,
            meeting => meeting?,
        },
    };
    let Meeting { channel, names, address, .. } = meeting;
    let (channel, peer) = (interrupt::obeyed_by(channel), address.to_string());
    Ok(Met { channel, peer, names, ticket: None, reception: None })
}

/// Whether an invite was good once.
fn is_used_up(error: &MeetError) -> bool {
    matches!(
        error,
        MeetError::Invite(InviteError::Expired { .. })
            | MeetError::Refused { refusal: Refusal::Unknown | Refusal::Spent | Refusal::Expired, .. }
    )
}

fn settings(who: Who, trust: Trust, limits: &LimitArgs) -> MeetSettings {
    let patience =
        Patience { reconnect: limits.reconnect, keep_alive: limits.keep_alive, ..Patience::default() };
    MeetSettings { limits: channel_limits(limits), patience, ..MeetSettings::new(who.identity, trust) }
}

fn channel_limits(limits: &LimitArgs) -> Limits {
    Limits { idle: limits.idle_timeout, total: Some(limits.timeout), ..Limits::default() }
}

/// Tells the user who came to the door and was not let in.
struct Visits(Option<JoinHandle<()>>);

impl Visits {
    fn told(visits: Option<mpsc::Receiver<Visit>>) -> Self {
        Visits(visits.map(|visits| tokio::spawn(tell(visits))))
    }
}

impl Drop for Visits {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

async fn tell(mut visits: mpsc::Receiver<Visit>) {
    while let Some(Visit { address, outcome }) = visits.recv().await {
        match outcome {
            Outcome::Refused(refusal) => {
                notes::say(format_args!("turned away {address}, and said why: {refusal}"));
            }
            Outcome::Failed(error) => {
                notes::say(format_args!("somebody at {address} did not get in: {error}"))
            }
            Outcome::Crowded => notes::say(format_args!("turned away {address}: too many stand at the door")),
            Outcome::NotAccepted(error) => notes::say(format_args!("{error}")),
            _ => {}
        }
    }
}

/// When an invite made now ends, for people to read.
pub(crate) fn until(expires: u64) -> String {
    let end = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(expires));
    end.map_or_else(|| "never".to_owned(), |end| humantime::format_rfc3339_seconds(end).to_string())
}
