//! What to compute, as the command line names it: a comparison function with its settings, or a circuit.

use std::ffi::OsString;
use std::fmt;

use halfgate::circuits::Circuit;
use halfgate::circuits::bristol::Format;
use halfgate::circuits::library::functions::{self, Choice, Function, FunctionError};
use halfgate::compiler::Program;

use crate::args::{FunctionArgs, FunctionOptions, OwnerArgs};
use crate::circuit_name::{BUILTIN, CircuitName, Loaded};
use crate::failure::Failure;
use crate::program::Settings;

/// What was typed in place of a function.
#[derive(Clone)]
pub(crate) enum FunctionName {
    /// The name of a comparison function, and perhaps settings behind it.
    Function(String),
    Circuit(CircuitName),
}

/// A name of a function comes first: a file of that name can be given as `./NAME`.
impl From<OsString> for FunctionName {
    fn from(typed: OsString) -> Self {
        let text = typed.to_str().map(|text| text.strip_prefix(BUILTIN).unwrap_or(text));
        match text {
            Some(text) if functions::function(first_word(text)).is_ok() => {
                FunctionName::Function(text.to_owned())
            }
            _ => FunctionName::Circuit(typed.into()),
        }
    }
}

impl fmt::Display for FunctionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FunctionName::Function(text) => f.write_str(text),
            FunctionName::Circuit(name) => name.fmt(f),
        }
    }
}

/// A circuit, and what is known about it if it is that of a comparison function.
pub(crate) struct FunctionChoice {
    pub(crate) circuit: Circuit,
    /// The canonical text of a comparison function, otherwise what was typed.
    pub(crate) text: String,
    pub(crate) function: Option<&'static Function>,
    /// What format the circuit has or is best written in.
    pub(crate) format: Format,
    /// Where it has been compiled before.
    pub(crate) program: Option<Program>,
}

impl FunctionArgs {
    /// Reads or builds the circuit.
    pub(crate) fn load(&self) -> Result<FunctionChoice, Failure> {
        self.load_owned(&OwnerArgs::default())
    }

    /// The same where host and guest may say whose the parameters of a program are.
    pub(crate) fn load_owned(&self, owners: &OwnerArgs) -> Result<FunctionChoice, Failure> {
        let settings = Settings::new(&self.options.program, owners);
        match &self.function {
            FunctionName::Function(text) if settings == Settings::default() => {
                FunctionChoice::of_function(text, &self.options)
            }
            FunctionName::Function(text) => Err(Failure::Usage(format!(
                "--function, --const and --host-groups are for programs, whose names end in .garble.rs; {text} is none"
            ))),
            FunctionName::Circuit(name) if self.options.has_no_settings() => {
                FunctionChoice::of_circuit(name, &settings)
            }
            FunctionName::Circuit(name) => Err(Failure::Usage(format!(
                "--bits, --signed, --scale and --set are for comparison functions; {name} is as wide as it is"
            ))),
        }
    }
}

impl FunctionChoice {
    fn of_function(text: &str, options: &FunctionOptions) -> Result<Self, Failure> {
        let (function, mut settings) = Choice::parts(text)?;
        settings.bits = options.bits.unwrap_or(settings.bits);
        settings.signed |= options.signed;
        settings.scale = options.scale.unwrap_or(settings.scale);
        for parameter in &options.parameters {
            settings.parameters.insert(parameter.name.clone(), parameter.value.clone());
        }
        FunctionChoice::of_choice(&Choice::new(function, settings)?)
    }

    /// A comparison function with its settings, such as an invite or the terms have as text.
    pub(crate) fn of_choice(choice: &Choice) -> Result<Self, Failure> {
        Ok(FunctionChoice {
            circuit: choice.build()?,
            text: choice.to_string(),
            function: Some(choice.function()),
            format: Format::Fashion,
            program: None,
        })
    }

    /// A circuit, or a program with its settings, such as an invite has behind its name.
    pub(crate) fn of_circuit(name: &CircuitName, settings: &Settings) -> Result<Self, Failure> {
        let loaded = name.load_compiled(settings).map_err(|failure| or_function(name, failure))?;
        let Loaded { circuit, format, program } = loaded;
        Ok(FunctionChoice { circuit, text: format!("{name}{settings}"), function: None, format, program })
    }
}

/// A name that is no file and nearly that of a function is likely meant to be the function.
fn or_function(name: &CircuitName, failure: Failure) -> Failure {
    let (CircuitName::File(path), Failure::Unreadable { .. }) = (name, &failure) else { return failure };
    let typed = path.to_str().map(first_word).unwrap_or_default();
    match functions::function(typed) {
        Err(FunctionError::Unknown { close, .. }) if !close.is_empty() && !path.exists() => {
            Failure::Usage(format!("{failure}; did you mean the function `{}`?", close.join("` or `")))
        }
        _ => failure,
    }
}

fn first_word(text: &str) -> &str {
    text.split_ascii_whitespace().next().unwrap_or_default()
}
