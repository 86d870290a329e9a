//! Source programs as the command line names them: a file, a function of it, constants, and who puts in what.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use halfgate::circuits::Circuit;
use halfgate::languages::garble::{Complaint, EXTENSION, GarbleError, Options, Program};

use crate::args::{OwnerArgs, ProgramArgs};
use crate::failure::Failure;
use crate::groups::{self, GroupList};

const FUNCTION: &str = "function=";
const CONSTANT: &str = "const:";
const HOST: &str = "host=";

/// What is made of a program. As text it stands behind the file's name in invites and terms, so that a guest has to
/// name nothing but its file.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Settings {
    function: Option<String>,
    constants: BTreeMap<String, String>,
    host: Option<GroupList>,
}

/// Whether a name is that of a program.
pub(crate) fn is_program(name: &str) -> bool {
    name.ends_with(EXTENSION)
}

impl Settings {
    pub(crate) fn new(args: &ProgramArgs, owners: &OwnerArgs) -> Self {
        let constants = args.constants.iter().map(|constant| (constant.name.clone(), constant.value.clone()));
        Settings {
            function: args.function.clone(),
            constants: constants.collect(),
            host: owners.host_groups.clone(),
        }
    }

    /// Splits the name of a program from the settings behind it; nothing if it is no program's.
    pub(crate) fn split(text: &str) -> Option<(&str, Settings)> {
        let end = text.rfind(&format!("{EXTENSION} ")).map_or(text.len(), |at| at + EXTENSION.len());
        let (name, words) = text.split_at(end);
        let mut settings = Settings::default();
        for word in words.split_ascii_whitespace() {
            if let Some(function) = word.strip_prefix(FUNCTION) {
                settings.function = Some(function.to_owned());
            } else if let Some((constant, value)) =
                word.strip_prefix(CONSTANT).and_then(|word| word.split_once('='))
            {
                settings.constants.insert(constant.to_owned(), value.to_owned());
            } else {
                settings.host = Some(word.strip_prefix(HOST)?.parse().ok()?);
            }
        }
        is_program(name).then_some((name, settings))
    }

    pub(crate) fn options(&self) -> Options {
        let usual = Options::default();
        Options {
            function: self.function.clone().unwrap_or(usual.function),
            constants: self.constants.clone(),
        }
    }

    /// Compiles a file. Whose the parameters are follows from the program alone if nothing is said.
    pub(crate) fn load(&self, path: &Path) -> Result<Circuit, Failure> {
        let circuit = read(path)?.circuit(&self.options())?;
        match &self.host {
            Some(host) => groups::apply_owners(circuit, Some(host), None),
            None => Ok(circuit),
        }
    }

    /// What is wrong with a program. Constants that are not given are no fault of it.
    pub(crate) fn check(&self, path: &Path) -> Result<Vec<Complaint>, Failure> {
        let found = match read(path) {
            Ok(program) => program.circuit(&self.options()).map(drop).map_err(Failure::from),
            Err(failure) => Err(failure),
        };
        match found {
            Ok(()) | Err(Failure::Program(GarbleError::MissingConstant { .. })) => Ok(Vec::new()),
            Err(Failure::Program(GarbleError::Rejected(complaints))) => Ok(complaints),
            Err(failure) => Err(failure),
        }
    }
}

/// Reads a program and checks its types.
pub(crate) fn read(path: &Path) -> Result<Program, Failure> {
    let name = path.display().to_string();
    let text =
        fs::read_to_string(path).map_err(|source| Failure::Unreadable { name: name.clone(), source })?;
    Ok(Program::parse(&text, &name)?)
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(function) = &self.function {
            write!(f, " {FUNCTION}{function}")?;
        }
        for (name, value) in &self.constants {
            write!(f, " {CONSTANT}{name}={value}")?;
        }
        match &self.host {
            Some(host) => write!(f, " {HOST}{host}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn settings_come_back_from_their_text() {
        for words in ["", " function=f", " function=f const:A=-1 const:P::B=2 host=a,b", " host="] {
            let text = format!("my pay.garble.rs{words}");
            let (name, settings) = Settings::split(&text).unwrap();
            assert_eq!((name, settings.to_string().as_str()), ("my pay.garble.rs", words));
        }
        for text in ["pay.txt", "pay.garble.rs colour=3", "maximum bits=3"] {
            assert_eq!(Settings::split(text), None, "{text}");
        }
    }
}
