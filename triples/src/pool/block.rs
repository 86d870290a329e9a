//! Blocks of records. They lie encrypted under a key that stands in the head, so that a pool is destroyed with its head.

use halfgate_crypto::{Backend, Block, Oracle, Prg};
use zeroize::Zeroizing;

use super::format::{Head, SUM, Section};
use super::{PoolError, PoolFile};

/// Bytes of the key stream that are made at a time.
const AT_ONCE: usize = 1 << 12;

impl PoolFile {
    /// Reads the block whose rows and shares have this length.
    pub(super) fn read_block(
        &self,
        head: &Head,
        section: Section,
        block: u64,
        rows: &mut [u8],
        shares: &mut [u8],
    ) -> Result<(), PoolError> {
        let place = head.size.place(section, block);
        let mut body = Zeroizing::new(vec![0; rows.len() + shares.len()]);
        let mut sum = [0; SUM];
        self.read(&mut body, place)?;
        self.read(&mut sum, place + body.len() as u64)?;
        if head.sum(section, block, &body) != sum {
            return Err(self.damaged(place, "a block is not as it was written"));
        }
        head.encrypt(section, block, &mut body);
        rows.copy_from_slice(&body[..rows.len()]);
        shares.copy_from_slice(&body[rows.len()..]);
        Ok(())
    }

    /// Writes a block.
    pub(super) fn write_block(
        &self,
        head: &Head,
        section: Section,
        block: u64,
        rows: &[u8],
        shares: &[u8],
    ) -> Result<(), PoolError> {
        let place = head.size.place(section, block);
        let mut body = Zeroizing::new(Vec::with_capacity(rows.len() + shares.len()));
        body.extend_from_slice(rows);
        body.extend_from_slice(shares);
        head.encrypt(section, block, &mut body);
        self.write(&body, place)?;
        self.write(&head.sum(section, block, &body), place + body.len() as u64)
    }
}

impl Head {
    /// The sum of a block as it lies in the file.
    fn sum(&self, section: Section, block: u64, body: &[u8]) -> [u8; SUM] {
        let oracle = Oracle::unbound("pool block").field(self.id.as_bytes());
        oracle.number(section.number()).number(block).field(body).digest()
    }

    /// Encrypts or decrypts a block: counter mode, with a key that no other block has.
    fn encrypt(&self, section: Section, block: u64, body: &mut [u8]) {
        let oracle = Oracle::unbound("pool block key").field(&*self.key);
        let prg = Prg::new(Backend::detect(), oracle.number(section.number()).number(block).block());
        let mut stream = Zeroizing::new(vec![Block::ZERO; AT_ONCE / 16]);
        for (first, piece) in (0..).step_by(AT_ONCE / 16).zip(body.chunks_mut(AT_ONCE)) {
            prg.fill(first, &mut stream);
            let stream: &[u8] = bytemuck::cast_slice(&stream);
            piece.iter_mut().zip(stream).for_each(|(byte, mask)| *byte ^= mask);
        }
    }
}
