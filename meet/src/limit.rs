use std::time::Duration;

use halfgate::channel::{Agreement, Field};

/// The fields of a proposal that is none: a host serves many guests, and this one, or this often, not now.
const LIMIT: &str = "turned away";
const NUMBER: &str = "limit";

/// The limit of a host at which a guest was turned away, after it had said what it wants and before anything secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// The host serves so many guests at once.
    #[error("all of its {0} places are taken; try again later")]
    Sessions(u64),
    /// The host serves so many sessions of one peer at once.
    #[error("it serves {0} sessions of one peer at once; try again when one of them has ended")]
    PeerSessions(u64),
    /// A session may have so many rows.
    #[error("it takes {0} rows in one session; split the input")]
    Rows(u64),
    /// The peer comes too often, and may come again after so many seconds.
    #[error("one peer comes too often; try again in {0} s")]
    Rate(u64),
    /// The peer may ask so many questions about the same data, and has.
    #[error(
        "it answers {0} questions of one peer about the same data, since each answer tells something about them, and \
         this would be more; only the host can allow it"
    )]
    Queries(u64),
    /// The host is about to end.
    #[error("it is closing")]
    Closing,
}

impl Limit {
    /// The peer may come again after this time.
    pub fn rate(wait: Duration) -> Self {
        Limit::Rate(wait.as_secs().saturating_add(1))
    }

    /// The word that stands for it in messages and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Limit::Sessions(_) => "sessions",
            Limit::PeerSessions(_) => "sessions of the peer",
            Limit::Rows(_) => "rows",
            Limit::Rate(_) => "rate",
            Limit::Queries(_) => "queries",
            Limit::Closing => "closing",
        }
    }

    fn number(self) -> u64 {
        match self {
            Limit::Sessions(number)
            | Limit::PeerSessions(number)
            | Limit::Rows(number)
            | Limit::Rate(number)
            | Limit::Queries(number) => number,
            Limit::Closing => 0,
        }
    }

    /// What stands in the place of a proposal.
    pub(crate) fn to_terms(self) -> Agreement {
        Agreement::new().with(LIMIT, self.code()).with(NUMBER, self.number())
    }

    /// The limit that a peer names in the place of its proposal. Its words are this side's own: a peer cannot put any on
    /// the screen.
    pub(crate) fn of_terms(terms: &Agreement) -> Option<Self> {
        let (Some(Field::Text(code)), Some(number)) = (terms.field(LIMIT), terms.number(NUMBER)) else {
            return None;
        };
        let all = [
            Limit::Sessions(number),
            Limit::PeerSessions(number),
            Limit::Rows(number),
            Limit::Rate(number),
            Limit::Queries(number),
            Limit::Closing,
        ];
        all.into_iter().find(|limit| limit.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_cross_as_they_are_and_nothing_else_is_one() {
        let all = [
            Limit::Sessions(1),
            Limit::PeerSessions(2),
            Limit::Rows(u64::MAX),
            Limit::rate(Duration::ZERO),
            Limit::Queries(0),
            Limit::Closing,
        ];
        for limit in all {
            assert_eq!(Limit::of_terms(&limit.to_terms()), Some(limit));
        }
        let odd = Agreement::new().with(LIMIT, "because").with(NUMBER, 1);
        assert_eq!(Limit::of_terms(&odd), None);
        assert_eq!(Limit::of_terms(&Agreement::new().with("rows", 1)), None);
        assert_eq!(Limit::rate(Duration::from_millis(1500)), Limit::Rate(2));
    }
}
