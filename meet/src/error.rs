use halfgate::channel::{Address, Blame, Category, ChannelError, Mismatch};

use crate::{InviteError, KeyError, Limit, PeersError, Refusal};

/// Why two parties did not meet, or did not agree.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MeetError {
    /// The connection failed, or the peer is not who it should be.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// A key is of no use.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The peers file is of no use.
    #[error(transparent)]
    Peers(#[from] PeersError),
    /// The invite is of no use.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// None of the host's addresses leads to it.
    #[error("the host cannot be reached at any of its {} addresses:{}", causes.len(), list(causes))]
    Unreachable {
        /// The addresses, and why each is of no use.
        causes: Vec<(Address, ChannelError)>,
    },
    /// There is nowhere to connect to, or to listen on.
    #[error("there is no address; give at least one")]
    NoAddress,
    /// This side would take anybody for the host.
    #[error(
        "nothing says who the host is: give the fingerprint of its certificate, an authority, or an invite"
    )]
    TrustsAnyone,
    /// The host did not let this side in.
    #[error("the host at {address} does not let this side in: {refusal}")]
    Refused {
        /// Where it is.
        address: String,
        /// Why.
        refusal: Refusal,
    },
    /// The host does not prove that it knows the invite's token.
    #[error(
        "the host at {address} has the right certificate but does not know the invite: do not go on; ask for a new \
         invite, and tell the host that its key may be in other hands"
    )]
    Impostor {
        /// Where it is.
        address: String,
    },
    /// What the host answered is no welcome.
    #[error(
        "the host at {address} gave an answer to the knock that cannot be understood; use the same version on both sides"
    )]
    OddWelcome {
        /// Where it is.
        address: String,
    },
    /// The two sides mean different things.
    #[error(transparent)]
    Mismatch(Box<Mismatch>),
    /// The host serves many guests, and this one not now.
    #[error("the host turned this side away: {limit}; nothing was computed and no input was sent")]
    Limited {
        /// At which of the host's limits.
        limit: Limit,
    },
    /// The peer's answer to the terms is neither yes nor no.
    #[error("the peer's answer to the terms is neither yes nor no; use the same version on both sides")]
    OddAnswer,
    /// Somebody did not accept the terms.
    #[error("{by} did not accept the terms; nothing was computed and no input was sent")]
    Declined {
        /// Who.
        by: Decliner,
    },
}

/// Who did not accept the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decliner {
    /// This side.
    ThisSide,
    /// The peer.
    Peer,
}

impl std::fmt::Display for Decliner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Decliner::ThisSide => "this side",
            Decliner::Peer => "the peer",
        })
    }
}

impl MeetError {
    /// Who has to do something about it.
    pub fn blame(&self) -> Blame {
        match self {
            MeetError::Channel(error) => error.blame(),
            MeetError::Unreachable { causes } => worst(causes).map_or(Blame::Network, ChannelError::blame),
            MeetError::Impostor { .. } | MeetError::OddWelcome { .. } | MeetError::OddAnswer => Blame::Peer,
            MeetError::Key(KeyError::NotMade { .. }) => Blame::Caller,
            _ => Blame::Input,
        }
    }

    /// What kind of end it is, for exit codes.
    pub fn category(&self) -> Category {
        match self {
            MeetError::Channel(error) => error.category(),
            MeetError::Unreachable { causes } => {
                worst(causes).map_or(Category::Network, ChannelError::category)
            }
            MeetError::Key(KeyError::NotMade { .. }) => Category::Caller,
            MeetError::Invite(InviteError::Expired { .. }) => Category::Identity,
            MeetError::Key(_) | MeetError::Peers(_) | MeetError::Invite(_) => Category::Input,
            MeetError::NoAddress | MeetError::TrustsAnyone => Category::Input,
            MeetError::Refused { refusal: Refusal::Version | Refusal::Unreadable, .. } => Category::Agreement,
            MeetError::Refused { refusal: Refusal::Closing | Refusal::Busy, .. } => Category::Network,
            MeetError::Refused { .. } | MeetError::Impostor { .. } => Category::Identity,
            MeetError::OddWelcome { .. } | MeetError::OddAnswer => Category::Cheating,
            MeetError::Mismatch(_) | MeetError::Declined { .. } | MeetError::Limited { .. } => {
                Category::Agreement
            }
        }
    }
}

impl From<Mismatch> for MeetError {
    fn from(mismatch: Mismatch) -> Self {
        MeetError::Mismatch(Box::new(mismatch))
    }
}

/// Of several addresses that failed, the failure that says most: somebody answered there.
fn worst(causes: &[(Address, ChannelError)]) -> Option<&ChannelError> {
    let errors = || causes.iter().map(|(_, error)| error);
    errors().find(|error| error.category() != Category::Network).or_else(|| errors().next())
}

fn list(causes: &[(Address, ChannelError)]) -> String {
    causes.iter().map(|(_, error)| format!("\n  - {error}")).collect()
}
