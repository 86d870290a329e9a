//! How often each peer has asked about the same data, kept over restarts.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use halfgate::{
    Values,
    circuits::{Circuit, Party},
};
use halfgate_crypto::Entropy;
use serde::{Deserialize, Serialize};

use crate::new_file;

/// The layout of the file.
const FORMAT: u32 = 1;

/// The longest file that is read.
const MAX_FILE: u64 = 16 << 20;

/// What the questions are about: a function and the data of the side that answers.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// What is computed.
    pub circuit: &'a Circuit,
    /// The part of the side that answers.
    pub own: Party,
    /// One entry per input group: the values of those that the side owns.
    pub inputs: &'a [Option<&'a Values>],
}

/// Why the counts are of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionsError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else, or damaged.
    #[error(
        "{}: this is no file of questions that this version knows, or it is damaged: restore it from a copy, or name \
         another one with the counts that you know", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The file counts questions about something else.
    #[error(
        "{}: these questions were about another function or other data; name another file, so that the counts of \
         both are kept", path.display()
    )]
    OtherSubject {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness: {0}")]
    NoEntropy(String),
}

/// How often each peer has asked.
///
/// The file holds no data, but a digest of them under a salt: whoever has the file and guesses the data can confirm the
/// guess, so it is for its owner only, like the data.
pub struct Questions {
    path: Option<PathBuf>,
    file: File,
}

#[derive(Clone, Serialize, Deserialize)]
struct File {
    format: u32,
    salt: String,
    subject: String,
    asked: BTreeMap<String, u64>,
}

impl Questions {
    /// The counts in a file, which is made if there is none; without a file they begin at zero and end with the process.
    ///
    /// # Errors
    /// If the file cannot be read or written, is damaged, or is about something else.
    pub fn open(path: Option<&Path>, subject: Subject<'_>) -> Result<Self, QuestionsError> {
        let mut entropy = Entropy::from_os().map_err(|error| QuestionsError::NoEntropy(error.to_string()))?;
        let salt = entropy.bytes::<32>();
        let fresh = File {
            format: FORMAT,
            salt: data_encoding::HEXLOWER.encode(&salt),
            subject: subject.digest(&salt),
            asked: BTreeMap::new(),
        };
        let Some(path) = path else { return Ok(Questions { path: None, file: fresh }) };
        let file = match read(path)? {
            Some(file) => {
                let damaged = || QuestionsError::Damaged { path: path.to_owned() };
                let salt = data_encoding::HEXLOWER.decode(file.salt.as_bytes()).map_err(|_| damaged())?;
                let salt = <[u8; 32]>::try_from(salt).map_err(|_| damaged())?;
                if file.subject != subject.digest(&salt) {
                    return Err(QuestionsError::OtherSubject { path: path.to_owned() });
                }
                file
            }
            None => fresh,
        };
        let questions = Questions { path: Some(path.to_owned()), file };
        // What cannot be written is found out before anybody asks.
        questions.snapshot().write()?;
        Ok(questions)
    }

    /// How often this peer has asked.
    pub fn asked(&self, peer: &str) -> u64 {
        self.file.asked.get(peer).copied().unwrap_or(0)
    }

    /// Counts questions of a peer, in memory: they are kept once a [`snapshot`](Questions::snapshot) is written.
    pub fn add(&mut self, peer: &str, count: u64) {
        let asked = self.file.asked.entry(peer.to_owned()).or_default();
        *asked = asked.saturating_add(count);
    }

    /// The counts as they are now, to be written while others ask.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { path: self.path.clone(), file: self.file.clone() }
    }
}

/// The counts at one time.
pub struct Snapshot {
    path: Option<PathBuf>,
    file: File,
}

impl Snapshot {
    /// Replaces the file, so that it holds these counts or the ones before whatever happens. Does nothing without a file.
    ///
    /// # Errors
    /// If it cannot be written; the old file stands then.
    pub fn write(&self) -> Result<(), QuestionsError> {
        let Some(path) = &self.path else { return Ok(()) };
        let unwritable = |source| QuestionsError::Unwritable { path: path.clone(), source };
        let text = serde_json::to_vec_pretty(&self.file).map_err(|error| unwritable(error.into()))?;
        new_file::replace(path, &text, new_file::PRIVATE).map_err(unwritable)
    }
}

fn read(path: &Path) -> Result<Option<File>, QuestionsError> {
    let unreadable = |source| QuestionsError::Unreadable { path: path.to_owned(), source };
    let damaged = || QuestionsError::Damaged { path: path.to_owned() };
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unreadable(source)),
        Ok(metadata) if metadata.len() > MAX_FILE => return Err(damaged()),
        Ok(_) => {}
    }
    let text = fs::read(path).map_err(unreadable)?;
    let file: File = serde_json::from_slice(&text).map_err(|_| damaged())?;
    if file.format == FORMAT { Ok(Some(file)) } else { Err(damaged()) }
}

impl Subject<'_> {
    fn digest(&self, salt: &[u8; 32]) -> String {
        let mut hasher = blake3::Hasher::new_keyed(salt);
        hasher.update(&self.circuit.digest());
        hasher.update(self.own.to_string().as_bytes());
        for (group, values) in (0u64..).zip(self.inputs) {
            let Some(values) = values else { continue };
            for number in [group, u64::from(values.width()), values.lanes() as u64] {
                hasher.update(&number.to_le_bytes());
            }
            for word in (0..values.lanes()).flat_map(|lane| values.lane(lane)) {
                hasher.update(&word.to_le_bytes());
            }
        }
        hasher.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use halfgate::library;

    use super::*;

    fn with<T>(data: u64, use_it: impl FnOnce(Subject<'_>) -> T) -> T {
        let circuit = library::find("add8").unwrap();
        let values = Values::from_u64s(8, &[data]);
        use_it(Subject { circuit: &circuit, own: Party::Garbler, inputs: &[Some(&values), None] })
    }

    fn open(path: &Path, data: u64) -> Result<Questions, QuestionsError> {
        with(data, |subject| Questions::open(Some(path), subject))
    }

    #[test]
    fn counts_outlive_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("asked");
        let mut questions = open(&path, 1).unwrap();
        questions.add("bank", 3);
        questions.add("bank", 4);
        questions.add("shop", u64::MAX);
        questions.add("shop", 1);
        questions.snapshot().write().unwrap();
        let questions = open(&path, 1).unwrap();
        assert_eq!(["bank", "shop", "inn"].map(|peer| questions.asked(peer)), [7, u64::MAX, 0]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn counts_of_something_else_are_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("asked");
        open(&path, 1).unwrap();
        assert!(matches!(open(&path, 2), Err(QuestionsError::OtherSubject { .. })));
        let whole = fs::read(&path).unwrap();
        for length in [0, 1, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(matches!(open(&path, 1), Err(QuestionsError::Damaged { .. })), "{length}");
        }
        fs::write(&path, &whole).unwrap();
        assert!(open(&path, 1).is_ok());
    }

    #[test]
    fn what_cannot_be_written_is_found_out_at_once() {
        assert!(open(Path::new("/nowhere/asked"), 1).is_err());
        assert!(with(1, |subject| Questions::open(None, subject)).is_ok());
    }
}
