//! Circuits as the command line names them: a Bristol file or `builtin:NAME`.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::path::PathBuf;

use halfgate::circuits::bristol::{self, BristolError, Format};
use halfgate::circuits::{Circuit, library};

use crate::failure::Failure;

pub(crate) const BUILTIN: &str = "builtin:";

#[derive(Clone)]
pub(crate) enum CircuitName {
    Builtin(String),
    File(PathBuf),
}

impl From<OsString> for CircuitName {
    fn from(text: OsString) -> Self {
        match text.to_str().and_then(|text| text.strip_prefix(BUILTIN)) {
            Some(name) => CircuitName::Builtin(name.to_owned()),
            None => CircuitName::File(text.into()),
        }
    }
}

impl fmt::Display for CircuitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CircuitName::Builtin(name) => write!(f, "{BUILTIN}{name}"),
            CircuitName::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl CircuitName {
    /// Reads or builds the circuit, and says what format it has or is best written in.
    pub(crate) fn load(&self) -> Result<(Circuit, Format), Failure> {
        match self {
            CircuitName::Builtin(name) => Ok((library::find(name)?, Format::Fashion)),
            CircuitName::File(path) => Ok(bristol::read(self.open(path)?, &self.to_string())?),
        }
    }

    /// The first errors of a file, at most `limit`; none if it is good.
    pub(crate) fn check(&self, limit: usize) -> Result<Vec<BristolError>, Failure> {
        match self {
            CircuitName::Builtin(name) => library::find(name).map(|_| Vec::new()).map_err(Failure::from),
            CircuitName::File(path) => Ok(bristol::check(self.open(path)?, &self.to_string(), limit)),
        }
    }

    fn open(&self, path: &PathBuf) -> Result<File, Failure> {
        File::open(path).map_err(|source| Failure::Unreadable { name: self.to_string(), source })
    }
}
