use std::fmt;

use halfgate_circuits::CircuitError;
use thiserror::Error;

/// How many complaints about a program are shown.
const SHOWN: usize = 5;

/// Why a program does not become a circuit. Whoever wrote the program, or chose its options, is to blame.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GarbleError {
    /// The text is no program: it does not parse, or its types do not fit.
    #[error("{}", Shown(.0))]
    Rejected(Vec<Complaint>),
    /// The program has no such function, or none that is public.
    #[error("{name}: there is no function `{function}`; the program has {}", listed(.functions))]
    NoFunction {
        /// The program's name.
        name: String,
        /// The function asked for.
        function: String,
        /// Those there are.
        functions: Vec<String>,
    },
    /// A constant that is given from outside was not given.
    #[error("{name}: the constant `{constant}` ({ty}) has no value; give it with --const {constant}=…")]
    MissingConstant {
        /// The program's name.
        name: String,
        /// As it stands in the program: `PARTY::NAME`.
        constant: String,
        /// Its type.
        ty: String,
    },
    /// A constant was given that the program does not ask for.
    #[error("{name}: no constant is called `{constant}`; the program asks for {}", listed(.constants))]
    UnknownConstant {
        /// The program's name.
        name: String,
        /// The constant given.
        constant: String,
        /// Those that can be given.
        constants: Vec<String>,
    },
    /// A constant does not fit its type.
    #[error("{name}: the constant `{constant}` is not a value of its type; expected {expected}")]
    BadConstant {
        /// The program's name.
        name: String,
        /// The constant.
        constant: String,
        /// What its values are.
        expected: String,
    },
    /// The program becomes too large, or is nested too deeply.
    #[error("{name}: {what}; {advice}")]
    TooLarge {
        /// The program's name.
        name: String,
        /// What is too large.
        what: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// The gates do not make a circuit.
    #[error("{name}: {source}")]
    Circuit {
        /// The program's name.
        name: String,
        /// The reason.
        source: CircuitError,
    },
    /// `garble_lang` itself failed.
    #[error(
        "{name}: the parser of garble_lang {} gave up on this program ({reason}); write the part you changed last \
         in another way",
        super::GARBLE_LANG
    )]
    GaveUp {
        /// The program's name.
        name: String,
        /// What it said.
        reason: String,
    },
}

/// What is wrong at a place of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The program's name.
    pub name: String,
    /// From 1; 0 if the complaint is about no place.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// In which phase it was found, such as `type error`.
    pub phase: &'static str,
    /// What is wrong.
    pub message: String,
    /// The line itself.
    pub text: String,
    /// How many characters of the line it is about.
    pub length: usize,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Complaint { name, line, column, phase, message, text, length } = self;
        if *line == 0 {
            return write!(f, "{name}: {phase}: {message}");
        }
        let margin = line.to_string().len();
        // Tabs stay, so that the mark stands below what it marks.
        let before: String =
            text.chars().take(column - 1).map(|letter| if letter == '\t' { '\t' } else { ' ' }).collect();
        write!(f, "{name}:{line}:{column}: {phase}: {message}\n {line} | {text}\n {:margin$} | ", "")?;
        write!(f, "{before}{}", "^".repeat((*length).max(1)))
    }
}

struct Shown<'a>(&'a [Complaint]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, complaint) in self.0.iter().take(SHOWN).enumerate() {
            let line = if place == 0 { "" } else { "\n" };
            write!(f, "{line}{complaint}")?;
        }
        match self.0.len().checked_sub(SHOWN) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, "\nand {more} more"),
        }
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { format!("`{}`", names.join("`, `")) }
}
