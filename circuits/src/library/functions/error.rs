use thiserror::Error;

use super::settings::{FINEST, WIDEST};
use crate::{CircuitError, LiteralError};

/// Why there is no such function or it cannot have such settings. Whoever chose them is to blame. Settings are public,
/// so errors show them.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FunctionError {
    /// No function has this name.
    #[error("there is no function `{name}`{}", advice(close, "the list of functions shows all names"))]
    Unknown {
        /// The name asked for.
        name: String,
        /// Names that are spelled nearly the same, the nearest first.
        close: Vec<String>,
    },
    /// The width is none.
    #[error("bits={given}: values are 1 to {WIDEST} bits wide")]
    Bits {
        /// What was asked for.
        given: String,
    },
    /// The scale is none.
    #[error("scale={given}: values have 0 to {FINEST} digits behind the point")]
    Scale {
        /// What was asked for.
        given: String,
    },
    /// The function has no such parameter.
    #[error("`{function}` has no parameter `{name}`{}", advice(close, known))]
    UnknownParameter {
        /// The function's name.
        function: &'static str,
        /// The parameter asked for.
        name: String,
        /// Parameters that are spelled nearly the same.
        close: Vec<String>,
        /// Which parameters there are.
        known: String,
    },
    /// A parameter that is needed is not set.
    #[error("`{function}` needs the parameter `{name}`: {about}")]
    MissingParameter {
        /// The function's name.
        function: &'static str,
        /// The parameter's name.
        name: &'static str,
        /// What it means.
        about: &'static str,
    },
    /// A setting stands twice in a text.
    #[error("`{name}` is set twice")]
    Repeated {
        /// The setting.
        name: String,
    },
    /// A word of a text is no setting.
    #[error("`{word}` is no setting; expected NAME=VALUE, or `signed`")]
    NotASetting {
        /// The word.
        word: String,
    },
    /// A parameter is no value of the function.
    #[error("{name}={given}: {source}")]
    Literal {
        /// The parameter's name.
        name: &'static str,
        /// Its value.
        given: String,
        /// What is wrong with it.
        source: LiteralError,
    },
    /// A parameter is wrong in another way.
    #[error("{name}={given}: {reason}")]
    Parameter {
        /// The parameter's name.
        name: &'static str,
        /// Its value.
        given: String,
        /// What is wrong with it, and what is expected.
        reason: String,
    },
    /// The circuit was built wrongly: a mistake in the library itself.
    #[error("the circuit of the function is invalid, which is a bug in this crate")]
    Circuit(#[from] CircuitError),
}

fn advice(close: &[String], otherwise: &str) -> String {
    match close {
        [] => format!("; {otherwise}"),
        names => format!("; did you mean `{}`?", names.join("`, `")),
    }
}
