//! `halfgate key`: this side's long-term key.

use std::fs;
use std::path::{Path, PathBuf};

use halfgate_meet::{Key, Overwrite, Words};
use serde::Serialize;

use crate::args::{KeyArgs, KeyCommand};
use crate::failure::Failure;
use crate::results::{self, SCHEMA_VERSION};
use crate::{home, notes};

/// The name of the key in halfgate's folder.
const FILE: &str = "key.pem";

/// What both commands print as JSON.
#[derive(Serialize)]
struct Report {
    schema_version: u32,
    file: String,
    fingerprint: String,
    words: String,
}

pub(crate) fn run(command: &KeyCommand) -> Result<(), Failure> {
    match command {
        KeyCommand::New(args) => {
            let path = path(args.key.as_ref())?;
            if let Some(folder) = path.parent() {
                let failed = |source| Failure::Unwritable { name: folder.display().to_string(), source };
                fs::create_dir_all(folder).map_err(failed)?;
            }
            let key = Key::generate()?;
            key.save(&path, Overwrite::No)?;
            notes::say(format_args!("made a new key; keep {} as you keep a password", path.display()));
            show(args, path, &key)
        }
        KeyCommand::Show(args) => {
            let path = path(args.key.as_ref())?;
            if !path.exists() {
                return Err(Failure::NoKey { path });
            }
            let key = load(&path)?;
            show(args, path, &key)
        }
    }
}

/// The key that a meeting uses: the one that is named, the one in halfgate's folder, or a new one for this meeting. A job
/// with a journal may take more than one meeting, so its new key is kept beside the journal.
pub(crate) fn for_meeting(named: Option<&PathBuf>, journal: Option<&Path>) -> Result<Key, Failure> {
    if let Some(path) = named {
        return load(path);
    }
    match (home::file(FILE), journal) {
        (Ok(path), _) if path.exists() => load(&path),
        (_, Some(journal)) => beside(journal),
        (_, None) => Ok(Key::generate()?),
    }
}

fn beside(journal: &Path) -> Result<Key, Failure> {
    let mut name = journal.as_os_str().to_owned();
    name.push(".key");
    let path = PathBuf::from(name);
    if path.exists() {
        return load(&path);
    }
    let key = Key::generate()?;
    key.save(&path, Overwrite::No)?;
    Ok(key)
}

/// Where the key is.
pub(crate) fn path(named: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    named.map_or_else(|| home::file(FILE), |path| Ok(path.clone()))
}

/// Reads a key, and says if others can read it.
pub(crate) fn load(path: &Path) -> Result<Key, Failure> {
    let loaded = Key::load(path)?;
    if let Some(warning) = loaded.warning {
        notes::say(format_args!("warning: {warning}"));
    }
    Ok(loaded.value)
}

fn show(args: &KeyArgs, path: PathBuf, key: &Key) -> Result<(), Failure> {
    let (fingerprint, words) = (key.fingerprint().to_string(), Words::of(&key.fingerprint()).to_string());
    if args.json {
        let file = path.display().to_string();
        return results::print_json(&Report { schema_version: SCHEMA_VERSION, file, fingerprint, words });
    }
    results::print(|out| {
        writeln!(out, "file         {}", path.display())?;
        writeln!(out, "fingerprint  {fingerprint}")?;
        writeln!(out, "words        {words}")?;
        writeln!(out, "for the peers file of the other firm (NAME and ADDRESS are theirs to choose):")?;
        writeln!(out, "  NAME {fingerprint} [ADDRESS]")
    })
}
