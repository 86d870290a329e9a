use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::form::Form;
use super::settings::{FINEST, Settings, WIDEST};
use super::{Function, FunctionError, function};
use crate::library::spelling;
use crate::{Builder, Circuit};

/// A function and settings that suit it.
///
/// Its text is canonical: two choices with the same text give the same circuit, and a text that is read and written
/// again has defaults filled in and numbers in their one form. Words are separated by blanks; after the name they may
/// come in any order.
#[derive(Clone)]
pub struct Choice {
    function: &'static Function,
    settings: Settings,
}

impl Choice {
    /// Checks the settings of a function and brings its parameters into their canonical form.
    ///
    /// # Errors
    /// If width or scale are out of range, if a parameter is missing, unknown, or not written as it has to be.
    pub fn new(function: &'static Function, settings: Settings) -> Result<Self, FunctionError> {
        if !(1..=WIDEST).contains(&settings.bits) {
            return Err(FunctionError::Bits { given: settings.bits.to_string() });
        }
        if settings.scale > FINEST {
            return Err(FunctionError::Scale { given: settings.scale.to_string() });
        }
        if let Some(name) = settings.parameters.keys().find(|name| function.parameter(name).is_none()) {
            return Err(unknown_parameter(function, name));
        }
        let mut parameters = BTreeMap::new();
        for parameter in function.parameters {
            if let Some(given) = settings.parameters.get(parameter.name) {
                parameters.insert(parameter.name.to_owned(), parameter.canonical(&settings, given)?);
            } else if parameter.required {
                let (function, name, about) = (function.name, parameter.name, parameter.about);
                return Err(FunctionError::MissingParameter { function, name, about });
            }
        }
        Ok(Choice { function, settings: Settings { parameters, ..settings } })
    }

    /// The function.
    pub fn function(&self) -> &'static Function {
        self.function
    }

    /// The settings, with parameters in their canonical form.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The circuit.
    ///
    /// # Errors
    /// If parameters do not go together, such as the bands of a score and its weights.
    pub fn build(&self) -> Result<Circuit, FunctionError> {
        let builder = Builder::new();
        (self.function.build)(&Form::new(&builder, self))?;
        Ok(builder.finish()?)
    }
}

fn unknown_parameter(function: &'static Function, name: &str) -> FunctionError {
    let names = || function.parameters.iter().map(|parameter| parameter.name);
    let known = match function.parameters {
        [] => "it has none".to_owned(),
        _ => format!("it has `{}`", names().collect::<Vec<_>>().join("`, `")),
    };
    let close = spelling::closest(name, names().map(str::to_owned));
    FunctionError::UnknownParameter { function: function.name, name: name.to_owned(), close, known }
}

/// The canonical text, such as `closest bits=64 signed scale=2 threshold=0.50`.
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { bits, signed, scale, parameters } = &self.settings;
        write!(f, "{} bits={bits}", self.function.name)?;
        if *signed {
            f.write_str(" signed")?;
        }
        if *scale > 0 {
            write!(f, " scale={scale}")?;
        }
        let set =
            self.function.parameters.iter().filter_map(|parameter| parameters.get_key_value(parameter.name));
        set.into_iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl FromStr for Choice {
    type Err = FunctionError;

    fn from_str(text: &str) -> Result<Self, FunctionError> {
        let (function, settings) = Choice::parts(text)?;
        Choice::new(function, settings)
    }
}

impl Choice {
    /// The function and the settings that a text names, before they are checked: more settings may be to come.
    ///
    /// # Errors
    /// If there is no such function, if a word is no setting, or if one is set twice.
    pub fn parts(text: &str) -> Result<(&'static Function, Settings), FunctionError> {
        let mut words = text.split_ascii_whitespace();
        let function = function(words.next().unwrap_or_default())?;
        let mut settings = Settings::default();
        let mut seen = Vec::new();
        for word in words {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if name != "signed" => (name, value),
                None if word == "signed" => (word, ""),
                _ => return Err(FunctionError::NotASetting { word: word.to_owned() }),
            };
            if seen.contains(&name) {
                return Err(FunctionError::Repeated { name: name.to_owned() });
            }
            seen.push(name);
            let given = || value.to_owned();
            match name {
                "bits" => {
                    settings.bits = number(value).ok_or_else(|| FunctionError::Bits { given: given() })?
                }
                "scale" => {
                    settings.scale = number(value).ok_or_else(|| FunctionError::Scale { given: given() })?
                }
                "signed" => settings.signed = true,
                _ => drop(settings.parameters.insert(name.to_owned(), given())),
            }
        }
        Ok((function, settings))
    }
}

/// A number of decimal digits; `u32::from_str` would take a plus sign, too.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse().ok())?
}
