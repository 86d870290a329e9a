//! The file of a pool: for its owner only, for one process at a time, and gone when it is spent.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::PoolError;
use super::format::Head;

/// The bits of a mode that let others than the owner do anything.
const OTHERS: u32 = 0o077;

/// A locked file. If it is doomed, it is destroyed on drop.
pub(crate) struct PoolFile {
    path: PathBuf,
    file: File,
    doomed: bool,
}

impl PoolFile {
    /// Opens and locks a file that only its owner can use.
    pub(super) fn open(path: &Path) -> Result<Self, PoolError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = PoolFile::lock(path, file.map_err(|source| io_error(path, "opened", source))?)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(file.foreign());
        }
        let mode = metadata.mode() & 0o777;
        if mode & OTHERS != 0 {
            return Err(PoolError::Exposed { path: path.to_owned(), mode });
        }
        Ok(file)
    }

    /// Makes a new file, which is doomed until it has a name, or takes the one that a process left behind that was killed.
    pub(super) fn create(path: &Path) -> Result<Self, PoolError> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
        let mut file = PoolFile::lock(path, file.map_err(|source| io_error(path, "created", source))?)?;
        let mode = file.metadata()?.mode() & 0o777;
        if mode & OTHERS != 0 {
            return Err(PoolError::Exposed { path: path.to_owned(), mode });
        }
        // Another process may have given it its name, or removed it, until it was locked.
        if !file.is_at_its_path() {
            return Err(PoolError::Locked { path: path.to_owned() });
        }
        file.overwrite().map_err(|source| io_error(path, "created", source))?;
        file.doom();
        Ok(file)
    }

    fn lock(path: &Path, file: File) -> Result<Self, PoolError> {
        match file.try_lock() {
            Ok(()) => Ok(PoolFile { path: path.to_owned(), file, doomed: false }),
            Err(TryLockError::WouldBlock) => Err(PoolError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(io_error(path, "locked", source)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// From here on it is destroyed on drop.
    pub(super) fn doom(&mut self) {
        self.doomed = true;
    }

    /// Gives it another name, on the disk as well; from here on it is kept.
    pub(super) fn rename(&mut self, to: &Path) -> Result<(), PoolError> {
        let renamed = fs::rename(&self.path, to).and_then(|()| sync_folder(to));
        renamed.map_err(|source| io_error(to, "created", source))?;
        to.clone_into(&mut self.path);
        self.doomed = false;
        Ok(())
    }

    pub(super) fn length(&self) -> Result<u64, PoolError> {
        Ok(self.metadata()?.len())
    }

    fn metadata(&self) -> Result<fs::Metadata, PoolError> {
        self.file.metadata().map_err(|source| io_error(&self.path, "read", source))
    }

    pub(super) fn read(&self, bytes: &mut [u8], at: u64) -> Result<(), PoolError> {
        self.file.read_exact_at(bytes, at).map_err(|source| io_error(&self.path, "read", source))
    }

    pub(super) fn write(&self, bytes: &[u8], at: u64) -> Result<(), PoolError> {
        self.file.write_all_at(bytes, at).map_err(|source| io_error(&self.path, "written", source))
    }

    /// Returns when all that was written is on the disk.
    pub(super) fn sync(&self) -> Result<(), PoolError> {
        self.file.sync_data().map_err(|source| io_error(&self.path, "written", source))
    }

    pub(super) fn foreign(&self) -> PoolError {
        PoolError::Foreign { path: self.path.clone() }
    }

    pub(super) fn damaged(&self, offset: u64, what: &'static str) -> PoolError {
        PoolError::Damaged { path: self.path.clone(), offset, what }
    }

    /// Overwrites the head, without which nobody can read the rest, and removes the file, as far as the file system does what
    /// it is told.
    pub(super) fn destroy(&mut self) -> io::Result<()> {
        let overwritten = self.overwrite();
        // Its name may have come to another file since.
        // After a power cut the name may be there again, with no head behind it.
        let removed = if self.is_at_its_path() { fs::remove_file(&self.path) } else { Ok(()) };
        overwritten.and(removed)?;
        self.doomed = false;
        Ok(())
    }

    fn overwrite(&self) -> io::Result<()> {
        let length = self.file.metadata()?.len().min(Head::LENGTH as u64);
        self.file.write_all_at(&[0; Head::LENGTH][..length as usize], 0)?;
        // Before the length changes, or the zeros need never reach the disk.
        self.file.sync_data()?;
        self.file.set_len(0)
    }

    fn is_at_its_path(&self) -> bool {
        let same = |a: &fs::Metadata, b: &fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
        matches!((self.file.metadata(), fs::metadata(&self.path)), (Ok(a), Ok(b)) if same(&a, &b))
    }
}

impl Drop for PoolFile {
    fn drop(&mut self) {
        if self.doomed {
            // What cannot be removed is spent or without a head, and the disk says so.
            let _ = self.destroy();
        }
    }
}

fn io_error(path: &Path, doing: &'static str, source: io::Error) -> PoolError {
    PoolError::Io { path: path.to_owned(), doing, source }
}

/// Without this a power cut may undo what was done to names.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
