use std::fmt;

use halfgate_triples::Statistical;

/// What a session protects against. Both parties have to mean the same.
///
/// A new mode is a new variant, and everybody who says what a mode promises has to say it of that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Private against a peer that follows the protocol. The garbler's privacy and its outputs hold also against a
    /// cheating evaluator; the evaluator's privacy does not hold against a cheating garbler.
    SemiHonest,
    /// Private and correct against a peer that does anything: it learns nothing beyond its outputs and cannot alter this
    /// side's, whichever party it is. It can end the session, also when it has learned its outputs and this side has not.
    ///
    /// Authenticated garbling: Katz, Ranellucci, Rosulek, Wang, "Optimizing Authenticated Garbling for Faster Secure
    /// Two-Party Computation", eprint 2018/578.
    Malicious {
        /// ρ: a cheat that would gain anything is noticed but for a chance of 2^−ρ.
        statistical: Statistical,
    },
}

impl Default for Security {
    /// The mode in which the peer need not be trusted to follow the protocol.
    fn default() -> Self {
        Security::Malicious { statistical: Statistical::default() }
    }
}

impl Security {
    /// ρ, in bits: of the checks of oblivious transfer in either mode, and of AND triples.
    pub(crate) fn statistical(self) -> Statistical {
        match self {
            Security::SemiHonest => Statistical::Bits40,
            Security::Malicious { statistical } => statistical,
        }
    }
}

impl fmt::Display for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Security::SemiHonest => "semi-honest",
            Security::Malicious { .. } => "malicious",
        })
    }
}
