//! Files that are replaced as a whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Writes beside the file and puts it in its place when it is complete: the file may be the one that was read.
pub(crate) fn replace<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&File) -> Result<(), E>,
) -> Result<(), E> {
    let path = match fs::metadata(path) {
        // A pipe or device cannot be replaced.
        Ok(there) if !there.is_file() => return write(&File::create(path)?),
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let beside = beside(&path);
    let written = File::create_new(&beside)
        .map_err(E::from)
        .and_then(|file| {
            write(&file)?;
            Ok(file.sync_all()?)
        })
        .and_then(|()| Ok(fs::rename(&beside, &path)?));
    if written.is_err() {
        remove(&beside);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    name.into()
}

/// Best effort: the error that made it useless is the one to report.
fn remove(path: &Path) {
    let _: io::Result<()> = fs::remove_file(path);
}
