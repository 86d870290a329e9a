//! Circuits as the command line names them: a Bristol file, a `.garble.rs` program, or `builtin:NAME`.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use halfgate::circuits::bristol::{self, BristolError, Format};
use halfgate::circuits::{Circuit, library};

use crate::failure::Failure;
use crate::program::{Settings, is_program};

pub(crate) const BUILTIN: &str = "builtin:";

#[derive(Clone)]
pub(crate) enum CircuitName {
    Builtin(String),
    File(PathBuf),
    Program(PathBuf),
}

impl From<OsString> for CircuitName {
    fn from(text: OsString) -> Self {
        match text.to_str().and_then(|text| text.strip_prefix(BUILTIN)) {
            Some(name) => CircuitName::Builtin(name.to_owned()),
            None if is_program(&text.to_string_lossy()) => CircuitName::Program(text.into()),
            None => CircuitName::File(text.into()),
        }
    }
}

impl fmt::Display for CircuitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CircuitName::Builtin(name) => write!(f, "{BUILTIN}{name}"),
            CircuitName::File(path) | CircuitName::Program(path) => write!(f, "{}", path.display()),
        }
    }
}

impl CircuitName {
    /// Reads or builds the circuit, and says what format it has or is best written in.
    pub(crate) fn load(&self, settings: &Settings) -> Result<(Circuit, Format), Failure> {
        self.check_settings(settings)?;
        match self {
            CircuitName::Program(path) => Ok((settings.load(path)?, Format::Fashion)),
            CircuitName::Builtin(name) => Ok((library::find(name)?, Format::Fashion)),
            CircuitName::File(path) => Ok(bristol::read(self.open(path)?, &self.to_string())?),
        }
    }

    /// The first errors of a file, at most `limit`; none if it is good.
    pub(crate) fn check(&self, settings: &Settings, limit: usize) -> Result<Vec<String>, Failure> {
        self.check_settings(settings)?;
        let texts = |errors: Vec<BristolError>| errors.iter().map(ToString::to_string).collect();
        match self {
            CircuitName::Builtin(name) => library::find(name).map(|_| Vec::new()).map_err(Failure::from),
            CircuitName::File(path) => Ok(texts(bristol::check(self.open(path)?, &self.to_string(), limit))),
            CircuitName::Program(path) => {
                Ok(settings.check(path)?.iter().take(limit).map(ToString::to_string).collect())
            }
        }
    }

    fn check_settings(&self, settings: &Settings) -> Result<(), Failure> {
        if matches!(self, CircuitName::Program(_)) || *settings == Settings::default() {
            return Ok(());
        }
        Err(Failure::Usage(format!(
            "--function, --const and --host-groups are for programs, whose names end in .garble.rs; {self} is none"
        )))
    }

    fn open(&self, path: &Path) -> Result<File, Failure> {
        File::open(path).map_err(|source| Failure::Unreadable { name: self.to_string(), source })
    }
}
