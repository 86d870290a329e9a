use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::format::{Head, Section};
use super::{PoolError, PoolFile};
use crate::AuthBits;
use crate::stock::Triple;

/// A pool that is being prepared. It has its name when it is complete; before that it lies beside it, with `.new` behind the
/// name, and is removed again on drop.
pub struct NewPool {
    path: PathBuf,
    file: PoolFile,
}

impl NewPool {
    /// Finds out that a pool can be made there.
    ///
    /// # Errors
    /// If there is a file already, another process makes one, or the operating system refuses.
    pub fn create(path: &Path) -> Result<Self, PoolError> {
        let pool = NewPool { path: path.to_owned(), file: PoolFile::create(&beside(path))? };
        pool.refuse_to_replace()?;
        Ok(pool)
    }

    fn refuse_to_replace(&self) -> Result<(), PoolError> {
        match self.path.symlink_metadata() {
            Ok(_) => Err(PoolError::Exists { path: self.path.clone() }),
            Err(_) => Ok(()),
        }
    }

    pub(crate) fn write_triples(
        &self,
        head: &Head,
        block: u64,
        triples: &[Triple],
        shares: &[u8],
    ) -> Result<(), PoolError> {
        self.file.write_block(head, Section::Triples, block, bytemuck::cast_slice(triples), shares)
    }

    pub(crate) fn write_bits(&self, head: &Head, block: u64, bits: &AuthBits) -> Result<(), PoolError> {
        let shares = Zeroizing::new(bits.shares().to_bytes());
        self.file.write_block(head, Section::Bits, block, bytemuck::cast_slice(bits.auths()), &shares)
    }

    /// Returns when all blocks are on the disk.
    pub(crate) fn sync(&self) -> Result<(), PoolError> {
        self.file.sync()
    }

    /// Makes it a pool: writes the head and gives it its name.
    pub(crate) fn complete(mut self, head: &Head) -> Result<(), PoolError> {
        self.file.write(head.encode().as_slice(), 0)?;
        self.file.sync()?;
        self.refuse_to_replace()?;
        self.file.rename(&self.path)
    }
}

/// Under which name the file is prepared.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}
