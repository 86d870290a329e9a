use std::path::Path;

use halfgate_circuits::{BitRows, Party};
use zeroize::Zeroizing;

use crate::stock::{Triple, Triples};
use crate::{Auth, AuthBits, Statistical};

mod block;
mod error;
mod file;
mod format;
mod new;
#[cfg(test)]
mod tests;

pub use error::PoolError;
use file::PoolFile;
use format::FRESH;
pub(crate) use format::{Head, Section};
pub use format::{PoolId, PoolSize};
pub use new::NewPool;

/// A file of correlations that one earlier session with a peer has prepared and that one later session may use.
///
/// It holds Δ, with which everything that it is used for can be read: the file has mode 0600 and no other is opened. While
/// it is open no other process can open it. Dropped before a session has begun with it, the file stays as it is; from then
/// on it is spent, also if the process or the machine stops at once, and it is destroyed when this is dropped: its head, with the
/// key of all that follows, is overwritten, and the file is removed.
///
/// No file system promises that bytes that were overwritten are gone: copies may stay in a journal, in a snapshot, in a
/// backup or in blocks that a flash disk has put aside. And nobody can tell a copy that was made while it was fresh from the
/// pool itself; a second session with one is refused by an honest peer, whose own file is spent. Do not copy pools.
pub struct Pool {
    file: PoolFile,
    head: Head,
    triples: Drawn,
    bits: Drawn,
    /// What is left of the blocks that were read last.
    open_triples: Triples,
    open_bits: AuthBits,
}

/// How much of a section has been handed out, and read.
#[derive(Default)]
struct Drawn {
    records: u64,
    blocks: u64,
}

/// A [`Pool`] that is for this peer, party and ρ.
pub struct Prepared(pub(crate) Pool);

impl Pool {
    /// Opens the file. It is not used up by that.
    ///
    /// # Errors
    /// If it cannot be read, belongs to others as well, is in use, is no pool, is damaged, or has been used: such a one is
    /// destroyed.
    pub fn open(path: &Path) -> Result<Self, PoolError> {
        let mut file = PoolFile::open(path)?;
        let (head, offset) = Head::read(&file)?;
        if offset != FRESH {
            let destroyed = file.destroy().is_ok();
            return Err(PoolError::Spent { path: path.to_owned(), destroyed });
        }
        if head.size.file_length() != Some(file.length()?) {
            return Err(file.damaged(0, "it is not as long as it says"));
        }
        Ok(Pool {
            file,
            head,
            triples: Drawn::default(),
            bits: Drawn::default(),
            open_triples: Triples::default(),
            open_bits: AuthBits::zeroed(0),
        })
    }

    /// What both sides call it. The terms of the session that uses it have to contain this.
    pub fn id(&self) -> PoolId {
        self.head.id
    }

    /// What it was prepared with.
    pub fn size(&self) -> PoolSize {
        self.head.size.usable(self.head.statistical)
    }

    /// The party that this side has to be.
    pub fn party(&self) -> Party {
        self.head.party
    }

    /// The statistical security with which it was made.
    pub fn statistical(&self) -> Statistical {
        self.head.statistical
    }

    /// Checks that it can be used by this party in a session with this peer and ρ. The file stays as it is in any case.
    ///
    /// # Errors
    /// Which of them is another.
    pub fn check(&self, own: Party, statistical: Statistical, peer: &[u8; 32]) -> Result<(), PoolError> {
        let path = || self.file.path().to_owned();
        if self.head.party != own {
            return Err(self.of_other_party(own));
        }
        if self.head.statistical != statistical {
            let (prepared, now) = (self.head.statistical, statistical);
            return Err(PoolError::OtherStatistical { path: path(), prepared, now });
        }
        if self.head.peer != *peer {
            return Err(PoolError::OtherPeer { path: path() });
        }
        Ok(())
    }

    /// As [`Pool::check`]; what passes is good for a session.
    ///
    /// # Errors
    /// As [`Pool::check`].
    pub fn meant_for(
        self,
        own: Party,
        statistical: Statistical,
        peer: &[u8; 32],
    ) -> Result<Prepared, PoolError> {
        self.check(own, statistical, peer)?;
        Ok(Prepared(self))
    }

    pub(crate) fn of_other_party(&self, now: Party) -> PoolError {
        PoolError::OtherParty { path: self.file.path().to_owned(), prepared: self.head.party, now }
    }

    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// Takes all of it for this session: when this returns, that is on the disk, and no other session can open it. From here
    /// on it is destroyed when it is dropped. Returns where what was taken begins.
    pub(crate) fn spend(&mut self) -> Result<u64, PoolError> {
        self.file.doom();
        self.file.write(&self.head.size.end().to_le_bytes(), Head::OFFSET_AT)?;
        self.file.sync()?;
        Ok(FRESH)
    }

    /// The next triples, as many as are wanted and there.
    pub(crate) fn triples(&mut self, wanted: usize) -> Result<Triples, PoolError> {
        let count = least(wanted, self.head.size.triples - self.triples.records);
        let mut triples = Triples::with_capacity(count);
        while triples.len() < count {
            if self.open_triples.is_empty() {
                self.open_triples = self.read_triples()?;
            }
            let step = (count - triples.len()).min(self.open_triples.len());
            triples.take_from(&mut self.open_triples, step);
        }
        self.triples.records += count as u64;
        Ok(triples)
    }

    /// ρ bits that no session uses for anything else.
    pub(crate) fn spare(&mut self) -> Result<AuthBits, PoolError> {
        let count = self.head.statistical.bits() as usize;
        let mut spare = AuthBits::zeroed(count);
        if self.bits(&mut spare)? < count {
            return Err(PoolError::Foreign { path: self.file.path().to_owned() });
        }
        Ok(spare)
    }

    /// Puts the next bits in place of the first of these, as many as there are. Returns how many.
    pub(crate) fn bits(&mut self, bits: &mut AuthBits) -> Result<usize, PoolError> {
        let count = least(bits.len(), self.head.size.bits - self.bits.records);
        let mut done = 0;
        while done < count {
            let taken = (self.bits.records % Section::Bits.records_per_block()) as usize;
            if taken == 0 {
                self.open_bits = self.read_bits()?;
            }
            let step = (count - done).min(self.open_bits.len() - taken);
            bits.put(done, &self.open_bits.part(taken, step));
            self.bits.records += step as u64;
            done += step;
        }
        Ok(count)
    }

    fn read_triples(&mut self) -> Result<Triples, PoolError> {
        let count = self.head.size.records_in(Section::Triples, self.triples.blocks);
        let mut triples = Zeroizing::new(vec![Triple::default(); count]);
        let mut shares = Zeroizing::new(vec![0; Section::Triples.share_bytes(count)]);
        let rows = bytemuck::cast_slice_mut(&mut triples);
        self.file.read_block(&self.head, Section::Triples, self.triples.blocks, rows, &mut shares)?;
        self.triples.blocks += 1;
        Ok(Triples::new(std::mem::take(&mut *triples), std::mem::take(&mut *shares)))
    }

    fn read_bits(&mut self) -> Result<AuthBits, PoolError> {
        let block = self.bits.blocks;
        let count = self.head.size.records_in(Section::Bits, block);
        let mut auths = Zeroizing::new(vec![Auth::default(); count]);
        let mut shares = Zeroizing::new(vec![0; Section::Bits.share_bytes(count)]);
        let rows = bytemuck::cast_slice_mut(&mut auths);
        self.file.read_block(&self.head, Section::Bits, block, rows, &mut shares)?;
        self.bits.blocks += 1;
        let shares = BitRows::from_bytes(count, 1, &shares);
        let stray =
            || self.file.damaged(self.head.size.place(Section::Bits, block), "bits are set behind the last");
        Ok(AuthBits::new(shares.ok_or_else(stray)?, std::mem::take(&mut *auths)))
    }
}

/// What is wanted, or what is left if that is less.
fn least(wanted: usize, left: u64) -> usize {
    usize::try_from(left).map_or(wanted, |left| wanted.min(left))
}
