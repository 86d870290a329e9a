//! The connecting side: the way to a host.

use std::{sync::Arc, time::Duration};

use halfgate::channel::{
    Address, Binding, Channel, ChannelError, Dialler, End, Fingerprint, Kind, Line, Reconnect, ResumeKey,
    Secured, Trust, dial, read_single, write_single,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    Invite, MeetError, MeetSettings, Token,
    examine::ERRAND,
    knock::{Claim, Scene, Welcome, host_knows},
};

/// How long an address is tried alone before the next one is tried beside it (RFC 8305 calls this the connection attempt
/// delay).
const STAGGER: Duration = Duration::from_millis(250);

/// How long one attempt to come back after a cut may take; the channel makes as many as it has patience for.
const RETURN_LIMIT: Duration = Duration::from_secs(15);

/// Why the host should let this side in.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// It knows the token of an invite.
    Invite(&'a Token),
    /// The host knows its key, or the authority that has certified it.
    Key,
}

/// A host that has let this side in.
pub struct Meeting {
    /// The way to it, which outlives its connections. No terms were exchanged yet.
    pub channel: Channel,
    /// The fingerprint of its certificate.
    pub peer: Fingerprint,
    /// The DNS names that an authority has certified it to have; none unless this side trusts authorities.
    pub names: Vec<String>,
    /// Where it is.
    pub address: Address,
}

/// Goes to the host that made an invite. Of the settings, the trust is not used: the invite says whom to trust.
///
/// # Errors
/// If the invite has expired, the host is not reached within `connect_timeout` or is another one, or does not let this
/// side in, with the host's reason.
pub async fn join(
    invite: &Invite,
    settings: &MeetSettings,
    connect_timeout: Duration,
) -> Result<Meeting, MeetError> {
    invite.check_expiry(std::time::SystemTime::now())?;
    let settings = MeetSettings { trust: Trust::Only(vec![invite.fingerprint]), ..settings.clone() };
    approach(&invite.addresses, Credential::Invite(&invite.token), &settings, connect_timeout).await
}

/// Goes to a host at one of these addresses, whichever answers first as the one that it should be.
///
/// # Errors
/// As [`join`], and [`MeetError::TrustsAnyone`] if nothing would show that it is the host who answers.
pub async fn approach(
    addresses: &[Address],
    credential: Credential<'_>,
    settings: &MeetSettings,
    connect_timeout: Duration,
) -> Result<Meeting, MeetError> {
    if let (Credential::Key, Trust::Anyone) = (credential, &settings.trust) {
        return Err(MeetError::TrustsAnyone);
    }
    let (address, secured) = reach(addresses, settings, connect_timeout).await?;
    let LetIn { line, resume_key, binding, peer, names } =
        knock(&address, secured, credential, settings, Errand::Meet).await?;
    let again = way_back(&address, addresses, settings, peer);
    let (patience, limits) = (settings.patience, settings.limits);
    let channel = Channel::lasting(line, resume_key, again, patience, limits, binding);
    Ok(Meeting { channel, peer, names, address })
}

/// What a guest comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    Meet,
    /// To find out whether a meeting would work.
    Examine,
}

/// A connection to a host that has let this side in.
pub(crate) struct LetIn {
    pub(crate) line: Line,
    resume_key: ResumeKey,
    pub(crate) binding: Binding,
    peer: Fingerprint,
    names: Vec<String>,
}

/// Finds the host. The addresses are tried side by side, each a little after the one before; only one connection goes on
/// to the knock, as a host lets in one guest of an invite.
pub(crate) async fn reach(
    addresses: &[Address],
    settings: &MeetSettings,
    connect_timeout: Duration,
) -> Result<(Address, Secured), MeetError> {
    let mut attempts = JoinSet::new();
    let mut causes = Vec::new();
    let mut waiting = addresses.iter().cloned();
    let mut next = waiting.next();
    let end = Instant::now() + connect_timeout;
    while next.is_some() || !attempts.is_empty() {
        if let Some(address) = next.take() {
            let (settings, left) = (settings.clone(), end.saturating_duration_since(Instant::now()));
            attempts.spawn(async move {
                let outcome = connect(&address, &settings, left).await;
                (address, outcome)
            });
        }
        tokio::select! {
            Some(Ok((address, outcome))) = attempts.join_next() => match outcome {
                Ok(secured) => return Ok((address, secured)),
                Err(error) => causes.push((address, error)),
            },
            () = sleep(STAGGER), if waiting.len() > 0 => {}
            else => {}
        }
        next = waiting.next();
    }
    match (causes.pop(), causes.is_empty()) {
        (None, _) => Err(MeetError::NoAddress),
        (Some((_, error)), true) => Err(error.into()),
        (Some(last), false) => {
            causes.push(last);
            Err(MeetError::Unreachable { causes })
        }
    }
}

async fn connect(
    address: &Address,
    settings: &MeetSettings,
    connect_timeout: Duration,
) -> Result<Secured, ChannelError> {
    let stream = dial(address, connect_timeout).await?;
    Secured::establish(stream, End::Connecting, &settings.identity, &settings.trust, settings.handshake).await
}

/// Asks to be let in.
pub(crate) async fn knock(
    address: &Address,
    secured: Secured,
    credential: Credential<'_>,
    settings: &MeetSettings,
    errand: Errand,
) -> Result<LetIn, MeetError> {
    let (scene, peer) = (Scene::of_guest(&secured), secured.peer());
    let (resume_key, binding) = (secured.resume_key(), secured.binding());
    let names = secured.names().to_vec();
    let mut line = secured.into_line();
    let claim = match credential {
        Credential::Invite(token) => Claim::of_token(token, &scene),
        Credential::Key => Claim::Key,
    };
    let knock = match errand {
        Errand::Meet => claim.to_knock(),
        Errand::Examine => claim.to_knock().with(ERRAND.0, ERRAND.1),
    };
    // -> knock, <- welcome
    write_single(&mut line, Kind::Knock, &knock, settings.handshake).await?;
    let welcome = read_single(&mut line, Kind::Welcome, settings.handshake).await?;
    admitted(Welcome::of_terms(&welcome), credential, &scene, address)?;
    Ok(LetIn { line, resume_key, binding, peer, names })
}

/// Whether a host has let this side in, and has proved to know the token if there is one.
fn admitted(
    welcome: Option<Welcome>,
    credential: Credential<'_>,
    scene: &Scene,
    address: &Address,
) -> Result<(), MeetError> {
    let proof = match welcome {
        None => return Err(MeetError::OddWelcome { address: address.to_string() }),
        Some(Welcome::Refused(refusal)) => {
            return Err(MeetError::Refused { address: address.to_string(), refusal });
        }
        Some(Welcome::Admitted(proof)) => proof,
    };
    match (credential, proof) {
        (Credential::Key, _) => Ok(()),
        (Credential::Invite(token), Some(proof)) if host_knows(&token.mac_key(), scene, &proof) => Ok(()),
        (Credential::Invite(_), _) => Err(MeetError::Impostor { address: address.to_string() }),
    }
}

/// The way back after a cut: to the same certificate as before, at any of the addresses, the one that was good first.
fn way_back(
    first: &Address,
    addresses: &[Address],
    settings: &MeetSettings,
    peer: Fingerprint,
) -> impl Reconnect {
    let others = addresses.iter().filter(|address| *address != first);
    let addresses: Arc<[Address]> = std::iter::once(first).chain(others).cloned().collect();
    let settings = MeetSettings { trust: Trust::Only(vec![peer]), ..settings.clone() };
    Dialler::new(move || {
        let (addresses, settings) = (Arc::clone(&addresses), settings.clone());
        async move { Ok(reach(&addresses, &settings, RETURN_LIMIT).await.map_err(first_cause)?.1.into_line()) }
    })
}

/// What went wrong on the way back; of several addresses, where it went wrong first.
fn first_cause(error: MeetError) -> ChannelError {
    match error {
        MeetError::Channel(error) => error,
        MeetError::Unreachable { causes } => {
            causes.into_iter().next().map_or(ChannelError::Ended, |(_, error)| error)
        }
        _ => ChannelError::Ended,
    }
}
