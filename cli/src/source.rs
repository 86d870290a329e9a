//! Where this party's input comes from.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use zeroize::Zeroizing;

/// The first buffer for an input of unknown length.
const FIRST_SIZE: usize = 64 << 10;

/// The shortest read from standard input. The standard library has a buffer there that nobody wipes; reads that are at
/// least as long as it pass it by.
const SHORTEST_READ: usize = 16 << 10;

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
            Source::Stdin => read_wiping(io::stdin().lock(), FIRST_SIZE, SHORTEST_READ),
            Source::File(path) => {
                let file = File::open(path)?;
                // One byte more, so that the end is found without growing.
                let length = usize::try_from(file.metadata()?.len()).unwrap_or(0).saturating_add(1);
                read_wiping(file, length.max(FIRST_SIZE), 1)
            }
        }
    }
}

/// As `Read::read_to_end`, but buffers that were too small are wiped as well.
fn read_wiping(
    mut source: impl Read,
    first_size: usize,
    shortest_read: usize,
) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = zeroed(first_size)?;
    let mut end = 0;
    loop {
        if buffer.len() - end < shortest_read {
            let mut larger = zeroed(2 * buffer.len().max(shortest_read))?;
            larger[..end].copy_from_slice(&buffer[..end]);
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
    use std::io::{self, Read};

    use super::read_wiping;

    /// Counts how short the reads are.
    struct Watched<'a>(&'a [u8], usize);

    impl Read for Watched<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1.min(buffer.len());
            self.0.read(buffer)
        }
    }

    #[test]
    fn all_is_read_in_long_reads_whatever_the_first_size() {
        let text: Vec<u8> = (0..1000u32).map(|n| n as u8).collect();
        for first_size in [1, 2, 999, 1000, 1001, 5000] {
            for shortest_read in [1, 300, 3000] {
                let mut source = Watched(&text, usize::MAX);
                assert_eq!(*read_wiping(&mut source, first_size, shortest_read).unwrap(), text);
                assert!(source.1 >= shortest_read);
            }
        }
        assert!(read_wiping(&[] as &[u8], 1, 1).unwrap().is_empty());
    }
}
