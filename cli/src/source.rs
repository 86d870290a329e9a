//! Where this party's input comes from.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use zeroize::Zeroizing;

/// The first buffer for an input of unknown length. Above the size of the standard library's own buffer for standard
/// input, which reads of this size pass by: nothing secret stays in it.
const FIRST_SIZE: usize = 64 << 10;

/// A file, or standard input (`-`).
#[derive(Clone)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for Source {
    fn from(text: OsString) -> Self {
        if text == "-" { Source::Stdin } else { Source::File(text.into()) }
    }
}

impl Source {
    /// The name in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Source::Stdin => "standard input".to_owned(),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// Reads all of it into memory that is wiped after use.
    pub(crate) fn read(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        match self {
            Source::Stdin => read_wiping(io::stdin().lock(), FIRST_SIZE),
            Source::File(path) => {
                let file = File::open(path)?;
                // One byte more, so that the end is found without growing.
                let length = usize::try_from(file.metadata()?.len()).unwrap_or(0).saturating_add(1);
                read_wiping(file, length.max(FIRST_SIZE))
            }
        }
    }
}

/// As `Read::read_to_end`, but buffers that were too small are wiped as well.
fn read_wiping(mut source: impl Read, first_size: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = zeroed(first_size)?;
    let mut end = 0;
    loop {
        if end == buffer.len() {
            let mut larger = zeroed(2 * end)?;
            larger[..end].copy_from_slice(&buffer);
            buffer = larger;
        }
        match source.read(&mut buffer[end..]) {
            Ok(0) => break,
            Ok(count) => end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(end);
    Ok(buffer)
}

fn zeroed(length: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
    buffer.resize(length, 0);
    Ok(Zeroizing::new(buffer))
}

#[cfg(test)]
mod tests {
    use super::read_wiping;

    #[test]
    fn all_is_read_whatever_the_first_size() {
        let text: Vec<u8> = (0..1000u32).map(|n| n as u8).collect();
        for first_size in [1, 2, 999, 1000, 1001, 5000] {
            assert_eq!(*read_wiping(text.as_slice(), first_size).unwrap(), text);
        }
        assert!(read_wiping(&[] as &[u8], 1).unwrap().is_empty());
    }
}
