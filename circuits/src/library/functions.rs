//! The comparison functions that two firms ask for first, as circuits of any width, signed or not, with fixed-point
//! decimals.
//!
//! The *host* owns the groups of [`Party::Garbler`](crate::Party::Garbler), which begin with `host_`, the *guest* those
//! of [`Party::Evaluator`](crate::Party::Evaluator), which begin with `guest_`. [`functions`] is the catalogue: what each
//! function computes, its public parameters, how ties are decided, what is revealed, and what that lets one infer.
//! Parameters become constants of the circuit, so its digest binds them.
//!
//! A function with its settings is a [`Choice`], whose text travels in invites and terms:
//!
//! ```
//! use halfgate_circuits::library::functions::Choice;
//!
//! let choice: Choice = "sum-against-limit scale=2 limit=1000".parse()?;
//! assert_eq!(choice.to_string(), "sum-against-limit bits=64 scale=2 limit=1000.00");
//! let circuit = choice.build()?;
//! assert_eq!(circuit.inputs()[0].group.name, "host_value");
//! assert_eq!(choice.function().words("exceeds"), Some(["no", "yes"].as_slice()));
//! # Ok::<(), halfgate_circuits::library::functions::FunctionError>(())
//! ```

mod auctions;
mod bands;
mod catalogue;
mod choice;
mod comparisons;
mod error;
mod form;
mod median;
mod parameter;
mod ranges;
mod risk;
mod settings;
mod weights;

use crate::Circuit;
use crate::library::spelling;

pub use choice::Choice;
pub use error::FunctionError;
pub use parameter::Parameter;
pub use settings::Settings;

use form::Form;

/// A function of the catalogue.
pub struct Function {
    /// The name on command lines, in invites and in terms.
    pub name: &'static str,
    /// The name as a heading.
    pub title: &'static str,
    /// What it computes, in one line.
    pub about: &'static str,
    /// What each side puts in, in one line.
    pub inputs: &'static str,
    /// What both sides set in public.
    pub parameters: &'static [Parameter],
    /// What happens when values are equal.
    pub ties: &'static str,
    /// What is revealed, and to whom.
    pub reveals: &'static str,
    /// What the output itself lets one infer about the other side's values.
    pub infers: &'static str,
    /// The function with settings, as the text of a [`Choice`], for documentation and tests.
    pub example: &'static str,
    /// Outputs whose numbers stand for words.
    words: &'static [(&'static str, &'static [&'static str])],
    build: for<'b> fn(&Form<'_, 'b>) -> Result<(), FunctionError>,
}

impl Function {
    /// The circuit.
    ///
    /// # Errors
    /// If the settings are not the function's: see [`Choice::new`].
    pub fn build(&'static self, settings: &Settings) -> Result<Circuit, FunctionError> {
        Choice::new(self, settings.clone())?.build()
    }

    /// The words that the numbers of an output stand for, from 0 on; nothing if it is a number itself.
    pub fn words(&self, output: &str) -> Option<&'static [&'static str]> {
        self.words.iter().find(|(name, _)| *name == output).map(|(_, words)| *words)
    }

    /// The parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

/// All functions.
pub fn functions() -> &'static [Function] {
    &catalogue::FUNCTIONS
}

/// The function of this name.
///
/// # Errors
/// If there is none; the error lists names that are spelled nearly the same.
pub fn function(name: &str) -> Result<&'static Function, FunctionError> {
    functions().iter().find(|function| function.name == name).ok_or_else(|| {
        let names = functions().iter().map(|function| function.name.to_owned());
        FunctionError::Unknown { name: name.to_owned(), close: spelling::closest(name, names) }
    })
}
