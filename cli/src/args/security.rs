//! Options about what a run protects against.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use halfgate::{Security, Statistical};

use crate::failure::Failure;

/// What a run protects against. Both sides have to say the same.
#[derive(Args, Clone, Copy)]
pub(crate) struct ModeArgs {
    /// What to be safe against; both sides have to say the same
    ///
    /// `halfgate explain security-modes` says exactly what each mode promises and what it does not.
    #[arg(long, value_enum, value_name = "MODE", default_value_t = SecurityArg::DEFAULT)]
    security: SecurityArg,
    /// With malicious security: a cheat that would gain anything is noticed but for a chance of 2^-BITS [default: 40]
    #[arg(long, value_name = "BITS", value_parser = statistical())]
    statistical_security: Option<Statistical>,
}

/// A mode by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecurityArg {
    /// A peer that does anything it likes: it learns no more than its outputs and cannot alter yours
    Malicious,
    /// A peer that follows the protocol and studies what it receives; faster, for research and trusted settings
    SemiHonest,
}

impl SecurityArg {
    /// What commands do if they are not told.
    const DEFAULT: SecurityArg = SecurityArg::Malicious;
}

impl ModeArgs {
    pub(crate) fn security(self) -> Result<Security, Failure> {
        match (self.security, self.statistical_security) {
            (SecurityArg::Malicious, statistical) => {
                Ok(Security::Malicious { statistical: statistical.unwrap_or_default() })
            }
            (SecurityArg::SemiHonest, None) => Ok(Security::SemiHonest),
            (SecurityArg::SemiHonest, Some(_)) => Err(Failure::Usage(
                "--statistical-security belongs to --security malicious; leave it away, or choose that mode"
                    .to_owned(),
            )),
        }
    }
}

pub(super) fn statistical() -> impl TypedValueParser<Value = Statistical> {
    let values = PossibleValuesParser::new(["40", "64"]);
    values.try_map(|text| text.parse::<Statistical>())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        mode: ModeArgs,
    }

    fn parsed(line: &str) -> Option<Result<Security, Failure>> {
        let line = Line::try_parse_from(["halfgate"].into_iter().chain(line.split_whitespace())).ok()?;
        Some(line.mode.security())
    }

    #[test]
    fn modes_and_their_settings() {
        let malicious = |statistical| Security::Malicious { statistical };
        let of = |line: &str| parsed(line).and_then(Result::ok);
        assert_eq!(
            of(""),
            Some(malicious(Statistical::Bits40)),
            "nobody has to be trusted unless somebody says so"
        );
        assert_eq!(of("--statistical-security 64"), Some(malicious(Statistical::Bits64)));
        assert_eq!(of("--security semi-honest"), Some(Security::SemiHonest));
        assert_eq!(of("--security malicious"), Some(malicious(Statistical::Bits40)));
        for (bits, statistical) in [("40", Statistical::Bits40), ("64", Statistical::Bits64)] {
            let line = format!("--security malicious --statistical-security {bits}");
            assert_eq!(of(&line), Some(malicious(statistical)));
        }
    }

    #[test]
    fn other_modes_and_settings_are_refused() {
        assert!(parsed("--security none").is_none());
        assert!(parsed("--security malicious --statistical-security 80").is_none());
        let failure = parsed("--security semi-honest --statistical-security 64").and_then(Result::err);
        assert!(failure.is_some_and(|failure| failure.to_string().contains("--security malicious")));
    }
}
