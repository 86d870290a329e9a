//! A visit that only finds out whether a meeting would work: it comes to the host as a guest does, spends nothing, and
//! leaves.

use std::time::{Duration, SystemTime};

use halfgate::channel::{
    Address, Agreement, Binding, Channel, ChannelError, Limits, Line, Link, PROTOCOL_VERSION, Trust, probe,
};

use crate::Credential;
use crate::approach::{self, Errand};
use crate::{Invite, MeetError, MeetSettings};

/// What a knock says that does not want to stay.
pub(crate) const ERRAND: (&str, &str) = ("errand", "examine");

/// How long the measurement may take.
const LIMIT: Duration = Duration::from_secs(10);

const PROTOCOL: &str = "protocol";
const RELEASE: &str = "release";

/// What a visit has found out.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Where the host answered.
    pub address: Address,
    /// What the connection can carry.
    pub link: Link,
    /// The version of the wire protocol that the host speaks; it has to be [`PROTOCOL_VERSION`].
    pub protocol: Option<u64>,
    /// The release of the host's halfgate, for people to read.
    pub release: Option<String>,
}

/// Visits the host of an invite without using the invite up.
///
/// # Errors
/// As [`join`](crate::join).
pub async fn examine(
    invite: &Invite,
    settings: &MeetSettings,
    connect_timeout: Duration,
) -> Result<Examined, MeetError> {
    invite.check_expiry(SystemTime::now())?;
    let settings = MeetSettings { trust: Trust::Only(vec![invite.fingerprint]), ..settings.clone() };
    let (credential, addresses) = (Credential::Invite(&invite.token), &invite.addresses);
    let (address, secured) = approach::reach(addresses, &settings, connect_timeout).await?;
    let let_in = approach::knock(&address, secured, credential, &settings, Errand::Examine).await?;
    let (link, theirs) = measure(let_in.line, let_in.binding).await?;
    let release = theirs.text(RELEASE).map(str::to_owned);
    Ok(Examined { address, link, protocol: theirs.number(PROTOCOL), release })
}

/// Both sides of the measurement.
pub(crate) async fn measure(line: Line, binding: Binding) -> Result<(Link, Agreement), ChannelError> {
    let limits = Limits { idle: LIMIT, total: Some(LIMIT), ..Limits::default() };
    let mut channel = Channel::over(line, limits).bound_to(binding);
    let own =
        Agreement::new().with(PROTOCOL, u64::from(PROTOCOL_VERSION)).with(RELEASE, env!("CARGO_PKG_VERSION"));
    let probed = probe(&mut channel, &own, u64::MAX).await?;
    channel.finish().await?;
    Ok((probed.link, probed.peer))
}
