use std::ops::RangeInclusive;

use thiserror::Error;

use super::functions::FunctionError;
use crate::CircuitError;

/// Why the library has no circuit of a name. The caller who chose the name is to blame.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LibraryError {
    /// No entry has this name.
    #[error("the library has no circuit `{name}`{}", advice(close))]
    Unknown {
        /// The name asked for.
        name: String,
        /// Names that are spelled nearly the same, the nearest first.
        close: Vec<String>,
    },
    /// The name is right but for its number.
    #[error("`{family}` wants a {what} from {} to {}, as in `{example}`, not `{given}`",
        range.start(), range.end())]
    Number {
        /// The name before the number.
        family: &'static str,
        /// What the number says.
        what: &'static str,
        /// A name that is right.
        example: String,
        /// What stood in place of the number.
        given: String,
        /// The numbers there are.
        range: RangeInclusive<u32>,
    },
    /// A comparison function cannot have these settings.
    #[error(transparent)]
    Function(#[from] FunctionError),
    /// The circuit was built wrongly: a mistake in the library itself.
    #[error("the library circuit is invalid, which is a bug in this crate")]
    Circuit(#[from] CircuitError),
}

fn advice(close: &[String]) -> String {
    match close {
        [] => "; its list shows all names".to_owned(),
        names => format!("; did you mean `{}`?", names.join("`, `")),
    }
}
