//! A file that remembers what a job has opened, whatever happens to the process or the machine.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

mod chain;
mod disk;
mod error;
mod record;
#[cfg(test)]
mod tests;

use chain::{Chain, Next, Reader};
pub(crate) use disk::Disk;
#[cfg(test)]
pub(crate) use disk::{Fault, Part};
pub use error::JournalError;
pub use record::Header;
pub(crate) use record::{FORMAT, Record, reveal_number};

/// The journal of a [`Job`](crate::Job): records that are on the disk before the call that writes them returns.
///
/// The file has mode 0600, for it holds results in clear, and a digest of this side's inputs (salted, but the salt is beside
/// it). It appears under its name only with its first record. While a journal is open no other process can open it. The end
/// of a record that a crash tore off is dropped; any other damage is an error, and the file stays as it is.
pub struct Journal {
    path: PathBuf,
    disk: Disk,
    chain: Chain,
    header: Option<Header>,
    /// What was read, until the job takes it, with the place of each record.
    past: Vec<(u64, Record)>,
    torn: bool,
    failed: bool,
}

impl Journal {
    /// Opens the journal of a job that goes on, or prepares one for a job that begins. In that case the file comes into being
    /// when the job does; that it can be written is found out now.
    ///
    /// # Errors
    /// If the file cannot be read or written, is in use, is no journal, or is damaged.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let failed = |doing| move |source| JournalError::Io { path: path.to_owned(), doing, source };
        match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => Journal::read(path, lock(path, file)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let new = beside(path);
                let options = OpenOptions::new()
                    .read(true)
                    .write(true)
                    .create(true)
                    .truncate(false)
                    .mode(0o600)
                    .open(&new);
                let file = lock(path, options.map_err(failed("created"))?)?;
                // Until it was locked, another process may have begun a job with this very file, or given it up.
                if path.try_exists().map_err(failed("created"))? || !is_at(&file, &new) {
                    drop(file);
                    return Journal::open(path);
                }
                file.set_len(0).map_err(failed("created"))?;
                Ok(Journal::with(path, file, Chain::new()))
            }
            Err(error) => Err(failed("opened")(error)),
        }
    }

    fn with(path: &Path, file: File, chain: Chain) -> Self {
        Journal {
            path: path.to_owned(),
            disk: Disk::new(file),
            chain,
            header: None,
            past: Vec::new(),
            torn: false,
            failed: false,
        }
    }

    fn read(path: &Path, mut file: File) -> Result<Self, JournalError> {
        let failed = |source| JournalError::Io { path: path.to_owned(), doing: "read", source };
        let foreign = || JournalError::Foreign { path: path.to_owned() };
        let mut reader = Reader::new(&mut file).map_err(failed)?.ok_or_else(foreign)?;
        let (mut header, mut past) = (None, Vec::new());
        let torn = loop {
            let offset = reader.offset;
            let damaged = |what| JournalError::Damaged { path: path.to_owned(), offset, what };
            match (reader.next().map_err(failed)?, &header) {
                (Next::End { torn }, Some(_)) => break torn,
                (Next::Damaged(what), _) => return Err(damaged(what)),
                (Next::Record(Record::Header(first)), None) if first.format != FORMAT => {
                    return Err(foreign());
                }
                (Next::Record(Record::Header(first)), None) => header = Some(*first),
                (Next::Record(Record::Header(_)), Some(_)) => {
                    return Err(damaged("it says twice of which job it is"));
                }
                (Next::Record(record), Some(_)) => past.push((offset, record)),
                (Next::Record(_) | Next::End { .. }, None) => {
                    return Err(damaged("it does not say of which job it is"));
                }
            }
        };
        let (chain, end) = (reader.chain, reader.offset);
        if torn {
            file.set_len(end).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        let mut journal = Journal::with(path, file, chain);
        (journal.header, journal.past, journal.torn) = (header, past, torn);
        Ok(journal)
    }

    /// The job that it is of, once that has begun.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Whether the end of a record was dropped that a crash had torn off. What it was about has not happened.
    pub fn was_torn(&self) -> bool {
        self.torn
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The records behind the header, and where they are; only once.
    pub(crate) fn take_past(&mut self) -> Vec<(u64, Record)> {
        std::mem::take(&mut self.past)
    }

    /// A record is well formed and cannot be true.
    pub(crate) fn damaged(&self, offset: u64, what: &'static str) -> JournalError {
        JournalError::Damaged { path: self.path.clone(), offset, what }
    }

    /// Writes the first record and gives the file its name.
    pub(crate) fn begin(&mut self, header: Header) -> Result<(), JournalError> {
        let bytes = self.chain.append(&chain::MAGIC, &[Record::Header(Box::new(header.clone()))]);
        self.write(&bytes)?;
        let named = self.disk.name(&beside(&self.path), &self.path);
        self.failed = named.is_err();
        named.map_err(|source| self.io("created", source))?;
        self.header = Some(header);
        Ok(())
    }

    /// Writes records; when this returns they are on the disk.
    pub(crate) fn append(&mut self, records: &[Record]) -> Result<(), JournalError> {
        let bytes = self.chain.append(&[], records);
        self.write(&bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        // Left so if this fails: what then stands at the end of the file is not known.
        if std::mem::replace(&mut self.failed, true) {
            return Err(JournalError::Failed { path: self.path.clone() });
        }
        self.disk.write(bytes).map_err(|source| self.io("written", source))?;
        self.failed = false;
        Ok(())
    }

    fn io(&self, doing: &'static str, source: io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), doing, source }
    }

    /// Lets a later write fail.
    #[cfg(test)]
    pub(crate) fn inject(&mut self, fault: Option<Fault>) {
        self.disk.fault = fault;
    }
}

impl Drop for Journal {
    /// A job that has not begun leaves nothing behind.
    fn drop(&mut self) {
        if self.header.is_none() && !self.failed {
            // The lock is still held, so that the file is this one; if it stays it does no harm.
            let _ = fs::remove_file(beside(&self.path));
        }
    }
}

/// Under which name the file is prepared.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Whether this is the name of this file.
fn is_at(file: &File, path: &Path) -> bool {
    let same = |a: &fs::Metadata, b: &fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    matches!((file.metadata(), fs::metadata(path)), (Ok(a), Ok(b)) if same(&a, &b))
}

fn lock(path: &Path, file: File) -> Result<File, JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => {
            Err(JournalError::Io { path: path.to_owned(), doing: "locked", source })
        }
    }
}
