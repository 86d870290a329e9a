use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// The file of a journal, of which nothing stays in a cache.
pub(crate) struct Disk {
    file: File,
    #[cfg(test)]
    pub(crate) fault: Option<Fault>,
}

/// A crash during one of the next writes. After it, nothing is written any more.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// How many writes still succeed.
    pub(crate) after: usize,
    /// How much of the one that does not reaches the disk: nothing, a part, or all of it.
    pub(crate) part: Part,
}

/// How much of a write happens.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Nothing,
    Half,
    All,
}

impl Disk {
    pub(super) fn new(file: File) -> Self {
        Disk {
            file,
            #[cfg(test)]
            fault: None,
        }
    }

    /// Writes at the end, to the disk.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        #[cfg(test)]
        let bytes = &bytes[..self.reach(bytes.len())?];
        self.file.write_all(bytes)?;
        self.file.sync_all()?;
        #[cfg(test)]
        self.survive()?;
        Ok(())
    }

    /// Gives the file its name, on the disk as well.
    pub(super) fn name(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }

    /// How many bytes are written before the crash.
    #[cfg(test)]
    fn reach(&mut self, length: usize) -> io::Result<usize> {
        match &self.fault {
            Some(Fault { after: 0, part: Part::Nothing }) => Err(crash()),
            Some(Fault { after: 0, part: Part::Half }) => Ok(length / 2),
            _ => Ok(length),
        }
    }

    /// Crashes, if that is due.
    #[cfg(test)]
    fn survive(&mut self) -> io::Result<()> {
        match &mut self.fault {
            Some(Fault { after: 0, .. }) => Err(crash()),
            Some(Fault { after, .. }) => {
                *after -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
fn crash() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}
