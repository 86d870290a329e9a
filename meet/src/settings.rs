use std::time::Duration;

use halfgate::channel::{Identity, Limits, Patience, Trust};

/// How this side connects and stays connected, on either side of a meeting.
#[derive(Clone)]
pub struct MeetSettings {
    /// Who this side is.
    pub identity: Identity,
    /// Whom TLS takes for the peer. A host with invites or a list of keys takes [`Trust::Anyone`] and decides on the
    /// knock, so that it can say why.
    pub trust: Trust,
    /// The time limits of the channel.
    pub limits: Limits,
    /// How long a cut connection may take to come back, and what is kept meanwhile.
    pub patience: Patience,
    /// How long TLS and the knock may take together. Ten seconds by default.
    pub handshake: Duration,
    /// How many who have not shown who they are may be at the host's door at once; one more makes the oldest leave. 1,024 by
    /// default.
    pub visitors: usize,
    /// How many of them may come from one IP address (one /64 of IPv6); more are turned away, so that nobody keeps the
    /// others out. 256 by default.
    pub visitors_per_source: usize,
}

impl MeetSettings {
    /// The usual ones.
    pub fn new(identity: Identity, trust: Trust) -> Self {
        MeetSettings {
            identity,
            trust,
            limits: Limits::default(),
            patience: Patience::default(),
            handshake: Duration::from_secs(10),
            visitors: 1024,
            visitors_per_source: 256,
        }
    }
}
