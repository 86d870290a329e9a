use halfgate::channel::Field;

/// Why a host does not let somebody in. Nothing of this is secret to one who could knock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The invite is known, and the proof does not belong to its token and this connection.
    #[error(
        "the proof does not fit the invite: somebody may sit between the two sides, or replays what was said"
    )]
    Wrong,
    /// No such invite.
    #[error(
        "the host does not know this invite: it is one of another host, or of an earlier run; ask for a new one"
    )]
    Unknown,
    /// The invite's time is over.
    #[error("the invite has expired; ask the host for a new one")]
    Expired,
    /// The invite was used.
    #[error("the invite was used before; each admits one guest once: ask the host for a new one")]
    Spent,
    /// Too many have tried the invite without its token.
    #[error("the invite is locked after too many failed attempts; ask the host for a new one")]
    Locked,
    /// Somebody else is using the invite.
    #[error(
        "somebody is using this invite just now; if that is not you, tell the host, else try again when it is over"
    )]
    Busy,
    /// The certificate is not on the host's list.
    #[error(
        "the host does not know this side's key: give it the fingerprint (`halfgate key show`) for its list of peers"
    )]
    NotListed,
    /// The host's halfgate meets in another way.
    #[error("the host's halfgate has another version; use the same on both sides")]
    Version,
    /// What was said is no knock.
    #[error("the host did not understand the knock; use the same version on both sides")]
    Unreadable,
    /// The host is about to end.
    #[error("the host is closing")]
    Closing,
}

impl Refusal {
    const ALL: [Refusal; 10] = [
        Refusal::Wrong,
        Refusal::Unknown,
        Refusal::Expired,
        Refusal::Spent,
        Refusal::Locked,
        Refusal::Busy,
        Refusal::NotListed,
        Refusal::Version,
        Refusal::Unreadable,
        Refusal::Closing,
    ];

    /// The word that stands for it in a message.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Wrong => "wrong",
            Refusal::Unknown => "unknown",
            Refusal::Expired => "expired",
            Refusal::Spent => "spent",
            Refusal::Locked => "locked",
            Refusal::Busy => "busy",
            Refusal::NotListed => "not listed",
            Refusal::Version => "version",
            Refusal::Unreadable => "unreadable",
            Refusal::Closing => "closing",
        }
    }

    /// The refusal that a peer's word stands for.
    pub(crate) fn from_field(field: &Field) -> Option<Refusal> {
        let Field::Text(code) = field else { return None };
        Refusal::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_refusals_are_one_to_one() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_field(&Field::from(refusal.code())), Some(refusal));
        }
        assert_eq!(Refusal::from_field(&Field::from("because")), None);
        assert_eq!(Refusal::from_field(&Field::Number(1)), None);
    }
}
