//! Circuits as the command line names them: a Bristol file, a `.garble.rs` program, a netlist, a compiled program, or
//! `builtin:NAME`.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use halfgate::circuits::bristol::{self, BristolError, Format};
use halfgate::circuits::{Circuit, library};
use halfgate::compiler::Program;
use halfgate::languages::{blif, yosys};

use crate::failure::Failure;
use crate::program::{Settings, is_program};

pub(crate) const BUILTIN: &str = "builtin:";

#[derive(Clone)]
pub(crate) enum CircuitName {
    Builtin(String),
    File(PathBuf),
    /// `.garble.rs`.
    Program(PathBuf),
    /// `.blif`, or Yosys's `.json`.
    Netlist(PathBuf),
    /// `.hgp`: what `halfgate circuit compile` writes.
    Compiled(PathBuf),
}

/// What is behind a name.
pub(crate) struct Loaded {
    pub(crate) circuit: Circuit,
    /// What format the circuit has or is best written in.
    pub(crate) format: Format,
    /// Where it has been compiled before.
    pub(crate) program: Option<Program>,
}

impl From<OsString> for CircuitName {
    fn from(text: OsString) -> Self {
        match text.to_str().and_then(|text| text.strip_prefix(BUILTIN)) {
            Some(name) => CircuitName::Builtin(name.to_owned()),
            None => CircuitName::of_file(text.into()),
        }
    }
}

impl fmt::Display for CircuitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CircuitName::Builtin(name) => write!(f, "{BUILTIN}{name}"),
            CircuitName::File(path)
            | CircuitName::Program(path)
            | CircuitName::Netlist(path)
            | CircuitName::Compiled(path) => write!(f, "{}", path.display()),
        }
    }
}

impl CircuitName {
    /// Names tell formats apart: a file without a known ending is in a Bristol format.
    fn of_file(path: PathBuf) -> Self {
        let ends_in = |ending: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
        if is_program(&path.to_string_lossy()) {
            CircuitName::Program(path)
        } else if ends_in("blif") || ends_in("json") {
            CircuitName::Netlist(path)
        } else if ends_in("hgp") {
            CircuitName::Compiled(path)
        } else {
            CircuitName::File(path)
        }
    }

    /// Whether it names something on this machine's disk.
    pub(crate) fn is_on_disk(&self) -> bool {
        !matches!(self, CircuitName::Builtin(_))
    }

    /// Reads or builds the circuit, and says what format it has or is best written in.
    pub(crate) fn load(&self, settings: &Settings) -> Result<(Circuit, Format), Failure> {
        let Loaded { circuit, format, .. } = self.load_compiled(settings)?;
        Ok((circuit, format))
    }

    /// The same with the program, if the file holds one.
    pub(crate) fn load_compiled(&self, settings: &Settings) -> Result<Loaded, Failure> {
        self.check_settings(settings)?;
        let fashion = |circuit| Loaded { circuit, format: Format::Fashion, program: None };
        match self {
            CircuitName::Program(path) => settings.load(path).map(fashion),
            CircuitName::Builtin(name) => Ok(fashion(library::find(name)?)),
            CircuitName::Netlist(path) => self.read_netlist(path).map(fashion),
            CircuitName::Compiled(path) => {
                let unloadable = |source| Failure::Compiled { name: self.to_string(), source };
                let program = Program::load(self.open(path)?).map_err(unloadable)?;
                let circuit = program.to_circuit().map_err(Failure::NotACircuit)?;
                Ok(Loaded { program: Some(program), ..fashion(circuit) })
            }
            CircuitName::File(path) => {
                let (circuit, format) = bristol::read(self.open(path)?, &self.to_string())?;
                Ok(Loaded { circuit, format, program: None })
            }
        }
    }

    fn read_netlist(&self, path: &Path) -> Result<Circuit, Failure> {
        let (file, name) = (self.open(path)?, self.to_string());
        let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let circuit = if is_json { yosys::read(file, &name) } else { blif::read(file, &name) };
        circuit.map_err(|error| Failure::Netlist(Box::new(error)))
    }

    /// The first errors of a file, at most `limit`; none if it is good.
    pub(crate) fn check(&self, settings: &Settings, limit: usize) -> Result<Vec<String>, Failure> {
        self.check_settings(settings)?;
        let texts = |errors: Vec<BristolError>| errors.iter().map(ToString::to_string).collect();
        match self {
            CircuitName::Builtin(name) => library::find(name).map(|_| Vec::new()).map_err(Failure::from),
            CircuitName::File(path) => Ok(texts(bristol::check(self.open(path)?, &self.to_string(), limit))),
            CircuitName::Netlist(path) => match self.read_netlist(path) {
                Err(Failure::Netlist(error)) => Ok(vec![error.to_string()]),
                read => read.map(|_| Vec::new()),
            },
            CircuitName::Compiled(_) => match self.load(settings) {
                Err(failure @ Failure::Compiled { .. }) => Ok(vec![failure.to_string()]),
                loaded => loaded.map(|_| Vec::new()),
            },
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
