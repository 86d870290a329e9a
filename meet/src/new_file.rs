//! Files that appear whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// The mode of files that hold secrets: for their owner only.
pub(crate) const PRIVATE: u32 = 0o600;

/// The bits of a mode that let others than the owner read.
pub(crate) const READABLE_BY_OTHERS: u32 = 0o044;

/// Writes a file that does not exist yet; whoever reads it sees all of it.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if there is such a file, which stays as it is, and whatever writing may fail with.
pub(crate) fn create(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let temporary = Temporary::write(path, bytes, mode)?;
    match fs::hard_link(&temporary.0, path) {
        // A file system without links: an empty file holds the name until the whole one takes its place.
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied) => {
            OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
            fs::rename(&temporary.0, path)?;
        }
        linked => linked?,
    }
    sync_folder(path)
}

/// Writes a file in the place of the one that is there, if one is.
///
/// # Errors
/// Whatever writing may fail with; the old file stands then.
pub(crate) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let temporary = Temporary::write(path, bytes, mode)?;
    fs::rename(&temporary.0, path)?;
    sync_folder(path)
}

/// A file beside the one that is to be, removed again unless it was renamed.
struct Temporary(PathBuf);

impl Temporary {
    fn write(target: &Path, bytes: &[u8], mode: u32) -> io::Result<Self> {
        let name = target.file_name().ok_or(ErrorKind::InvalidInput)?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.new", std::process::id()));
        let temporary = Temporary(target.with_file_name(hidden));
        // One that a killed process of the same number left behind.
        let _ = fs::remove_file(&temporary.0);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&temporary.0)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(temporary)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It is gone if it was renamed.
        let _ = fs::remove_file(&self.0);
    }
}

/// Without this a power cut may undo the renaming.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_new_file_has_its_mode_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        create(&path, b"secret", PRIVATE).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"secret");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, PRIVATE);
        assert_eq!(names(folder.path()), ["key.pem"]);
    }

    #[test]
    fn an_existing_file_is_only_replaced_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        fs::write(&path, b"old").unwrap();
        assert_eq!(create(&path, b"new", PRIVATE).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        replace(&path, b"new", PRIVATE).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["key.pem"]);
    }

    #[test]
    fn what_is_no_file_name_is_an_error() {
        assert!(create(Path::new("/"), b"", PRIVATE).is_err());
        assert!(create(Path::new("/nowhere/at/all"), b"", PRIVATE).is_err());
    }
}
