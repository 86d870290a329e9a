use std::fmt;
use std::str::FromStr;

use thiserror::Error;

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
        /// How unlikely it is that a cheat goes unnoticed.
        statistical: Statistical,
    },
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

/// The statistical security ρ: a cheat goes unnoticed with a probability of at most 2^-ρ in each block of AND triples,
/// whatever the peer's computing power.
///
/// ```
/// use halfgate::Statistical;
///
/// assert_eq!(Statistical::default().bits(), 40);
/// assert_eq!("64".parse(), Ok(Statistical::Bits64));
/// assert!("80".parse::<Statistical>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statistical {
    /// 2^-40, the usual choice.
    #[default]
    Bits40,
    /// 2^-64, for more work and bytes.
    Bits64,
}

impl Statistical {
    /// All of them, the smallest first.
    pub const ALL: [Statistical; 2] = [Statistical::Bits40, Statistical::Bits64];

    /// ρ, in bits.
    pub const fn bits(self) -> u32 {
        match self {
            Statistical::Bits40 => 40,
            Statistical::Bits64 => 64,
        }
    }
}

impl fmt::Display for Statistical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(f)
    }
}

impl FromStr for Statistical {
    type Err = UnknownStatistical;

    fn from_str(text: &str) -> Result<Self, UnknownStatistical> {
        let is_meant = |statistical: &Statistical| statistical.to_string() == text;
        Statistical::ALL.into_iter().find(is_meant).ok_or(UnknownStatistical)
    }
}

/// A text that names no [`Statistical`] security.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("statistical security is 40 or 64 bits")]
pub struct UnknownStatistical;
