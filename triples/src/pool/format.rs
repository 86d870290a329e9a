//! How a pool lies in its file: a head, triples in blocks, bits in blocks. Numbers are little endian.
//!
//! ```text
//! head     "halfgate pool 1\n" · offset (8) · party (1) · ρ (1) · 0 (6) · triples (8) · bits (8) · id (32) · peer (32) · Δ (16) · key (32) · sum (32)
//! triples  up to 4,096: x, y, z as MAC and key each (96 bytes), then the shares (1 byte each), then a sum (32)
//! bits     up to 16,384: MAC and key (32 bytes), then the shares (1 bit each), then a sum (32)
//! ```
//!
//! The offset is the number of records that a session has taken: 0 as long as none has. It is the only thing that ever
//! changes and stands outside the sums. Blocks are encrypted under the key, so that a pool is destroyed with its head. Sums are
//! those of the encrypted bytes: they find damage; who may write the file can also make it fit.

use std::fmt;
use std::ops::Range;

use halfgate_circuits::Party;
use halfgate_crypto::{Block, Delta, Oracle};
use zeroize::Zeroizing;

use super::{PoolError, PoolFile};
use crate::Statistical;
use crate::opening::party;

const MAGIC: [u8; 16] = *b"halfgate pool 1\n";

/// Bytes of a sum.
pub(super) const SUM: usize = 32;

/// The offset of a pool that no session has opened.
pub(super) const FRESH: u64 = 0;

/// What both sides call a pool. It is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolId([u8; 32]);

impl PoolId {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        PoolId(bytes)
    }

    /// The bytes of the id.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PoolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// How much is in a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolSize {
    /// AND triples: one for each AND of the programs that will be run, and lane.
    pub triples: u64,
    /// Authenticated bits: one for each AND and each input wire, and lane.
    pub bits: u64,
}

/// The two kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Triples,
    Bits,
}

impl Section {
    pub(super) fn records_per_block(self) -> u64 {
        match self {
            Section::Triples => 1 << 12,
            Section::Bits => 1 << 14,
        }
    }

    /// As a field of a hash.
    pub(super) fn number(self) -> u64 {
        match self {
            Section::Triples => 0,
            Section::Bits => 1,
        }
    }

    /// The bytes of MACs and keys.
    fn row_bytes(self, records: usize) -> usize {
        match self {
            Section::Triples => 96 * records,
            Section::Bits => 32 * records,
        }
    }

    /// The bytes of shares.
    pub(super) fn share_bytes(self, records: usize) -> usize {
        match self {
            Section::Triples => records,
            Section::Bits => records.div_ceil(8),
        }
    }

    fn block_bytes(self, records: usize) -> u64 {
        (self.row_bytes(records) + self.share_bytes(records) + SUM) as u64
    }

    /// The bytes of so many records; `None` if no file could hold them.
    fn bytes(self, records: u64) -> Option<u64> {
        let (blocks, rest) = (records / self.records_per_block(), records % self.records_per_block());
        let whole = blocks.checked_mul(self.block_bytes(self.records_per_block() as usize))?;
        let last = if rest > 0 { self.block_bytes(rest as usize) } else { 0 };
        whole.checked_add(last)
    }
}

impl PoolSize {
    /// The length of its file in bytes: about 97 for a triple and 32 for a bit. `None` if no file could be so long.
    pub fn file_length(self) -> Option<u64> {
        let sections = Section::Triples.bytes(self.triples)?.checked_add(Section::Bits.bytes(self.bits)?)?;
        sections.checked_add(Head::LENGTH as u64)
    }

    /// What the file of a pool for so many holds: ρ bits more, by which a session shows that what it makes behind the pool's end
    /// stands under the pool's Δ. `None` if no file could hold it.
    pub fn stored(self, statistical: Statistical) -> Option<PoolSize> {
        let bits = self.bits.checked_add(u64::from(statistical.bits()))?;
        Some(PoolSize { bits, ..self }).filter(|size| size.file_length().is_some())
    }

    /// What a pool is for that holds so much.
    pub(crate) fn usable(self, statistical: Statistical) -> PoolSize {
        PoolSize { bits: self.bits.saturating_sub(u64::from(statistical.bits())), ..self }
    }

    /// The offset behind the last record; not that of a fresh pool.
    pub(super) fn end(self) -> u64 {
        self.triples.saturating_add(self.bits).max(FRESH + 1)
    }

    fn records(self, section: Section) -> u64 {
        match section {
            Section::Triples => self.triples,
            Section::Bits => self.bits,
        }
    }

    /// The numbers of the blocks.
    pub(crate) fn blocks(self, section: Section) -> Range<u64> {
        0..self.records(section).div_ceil(section.records_per_block())
    }

    /// How many records a block has.
    pub(crate) fn records_in(self, section: Section, block: u64) -> usize {
        let per_block = section.records_per_block();
        (self.records(section) - block * per_block).min(per_block) as usize
    }

    /// Where a block begins.
    pub(super) fn place(self, section: Section, block: u64) -> u64 {
        let first = match section {
            Section::Triples => 0,
            Section::Bits => Section::Triples.bytes(self.triples).expect("a pool whose length is known"),
        };
        Head::LENGTH as u64 + first + block * section.block_bytes(section.records_per_block() as usize)
    }
}

/// What a pool says about itself.
pub(crate) struct Head {
    pub(crate) party: Party,
    pub(crate) statistical: Statistical,
    pub(crate) size: PoolSize,
    pub(crate) id: PoolId,
    /// What the peer is known by.
    pub(crate) peer: [u8; 32],
    pub(crate) delta: Delta,
    /// What blocks are encrypted under.
    pub(crate) key: Zeroizing<[u8; 32]>,
}

impl Head {
    pub(super) const LENGTH: usize = Self::SUM_AT + SUM;
    /// Where the offset stands.
    pub(super) const OFFSET_AT: u64 = 16;
    const BODY_AT: usize = 24;
    const SUM_AT: usize = Self::BODY_AT + 136;

    /// Reads the head and the offset of a pool.
    pub(super) fn read(file: &PoolFile) -> Result<(Head, u64), PoolError> {
        let mut bytes = Zeroizing::new([0; Self::LENGTH]);
        if file.length()? < Self::LENGTH as u64 {
            return Err(file.foreign());
        }
        file.read(bytes.as_mut_slice(), 0)?;
        if bytes[..16] != MAGIC {
            return Err(file.foreign());
        }
        Head::decode(&bytes).ok_or_else(|| file.damaged(0, "its head is not as it was written"))
    }

    /// The head of a pool that no session has opened.
    pub(super) fn encode(&self) -> Zeroizing<[u8; Self::LENGTH]> {
        let mut bytes = Zeroizing::new([0; Self::LENGTH]);
        bytes[..16].copy_from_slice(&MAGIC);
        let body = &mut bytes[Self::BODY_AT..Self::SUM_AT];
        body[0] = party(self.party) as u8;
        body[1] = self.statistical.bits() as u8;
        body[8..16].copy_from_slice(&self.size.triples.to_le_bytes());
        body[16..24].copy_from_slice(&self.size.bits.to_le_bytes());
        body[24..56].copy_from_slice(self.id.as_bytes());
        body[56..88].copy_from_slice(&self.peer);
        body[88..104].copy_from_slice(bytemuck::bytes_of(&self.delta.block()));
        body[104..136].copy_from_slice(&*self.key);
        let sum = Oracle::unbound("pool head").field(body).digest();
        bytes[Self::SUM_AT..].copy_from_slice(&sum);
        bytes
    }

    fn decode(bytes: &[u8; Self::LENGTH]) -> Option<(Head, u64)> {
        let body = &bytes[Self::BODY_AT..Self::SUM_AT];
        if Oracle::unbound("pool head").field(body).digest() != bytes[Self::SUM_AT..] {
            return None;
        }
        let party =
            [Party::Garbler, Party::Evaluator].into_iter().find(|&side| party(side) == body[0].into())?;
        let statistical = [Statistical::Bits40, Statistical::Bits64];
        let statistical = statistical.into_iter().find(|rho| rho.bits() == body[1].into())?;
        let number = |at: usize| body[at..].first_chunk().map(|&bytes| u64::from_le_bytes(bytes));
        let delta = Delta::from_block(Block::from_bytes(*body[88..].first_chunk()?))?;
        let head = Head {
            party,
            statistical,
            size: PoolSize { triples: number(8)?, bits: number(16)? },
            id: PoolId(*body[24..].first_chunk()?),
            peer: *body[56..].first_chunk()?,
            delta,
            key: Zeroizing::new(*body[104..].first_chunk()?),
        };
        let offset = u64::from_le_bytes(*bytes[Self::OFFSET_AT as usize..].first_chunk()?);
        (head.delta.block().second_bit() == (party == Party::Garbler)).then_some((head, offset))
    }
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::Entropy;
    use proptest::prelude::*;

    use super::*;

    fn head(garbler: bool, bits64: bool, size: PoolSize, seed: u64) -> Head {
        let mut entropy = Entropy::fixed(seed);
        Head {
            party: if garbler { Party::Garbler } else { Party::Evaluator },
            statistical: if bits64 { Statistical::Bits64 } else { Statistical::Bits40 },
            size,
            id: PoolId(entropy.bytes()),
            peer: entropy.bytes(),
            delta: Delta::with_second_bit(&mut entropy, garbler),
            key: Zeroizing::new(entropy.bytes()),
        }
    }

    proptest! {
        #[test]
        fn heads_come_back_and_no_damage_goes_unnoticed(
            garbler: bool, bits64: bool, triples: u64, bits: u64, seed: u64, at in 24..Head::LENGTH, flip in 1..=255u8,
        ) {
            let head = head(garbler, bits64, PoolSize { triples, bits }, seed);
            let mut bytes = head.encode();
            let (back, offset) = Head::decode(&bytes).unwrap();
            prop_assert_eq!(offset, FRESH);
            prop_assert_eq!((back.party, back.statistical), (head.party, head.statistical));
            prop_assert_eq!((back.size, back.id, back.peer), (head.size, head.id, head.peer));
            prop_assert!(back.delta.block() == head.delta.block() && back.key == head.key);
            bytes[at] ^= flip;
            prop_assert!(Head::decode(&bytes).is_none());
        }

        #[test]
        fn blocks_follow_each_other_up_to_the_end(triples in 0u64..20_000, bits in 0u64..70_000) {
            let size = PoolSize { triples, bits };
            let mut at = Head::LENGTH as u64;
            for section in [Section::Triples, Section::Bits] {
                let mut records = 0;
                for block in size.blocks(section) {
                    prop_assert_eq!(size.place(section, block), at);
                    let count = size.records_in(section, block);
                    records += count as u64;
                    at += section.block_bytes(count);
                }
                prop_assert_eq!(records, size.records(section));
            }
            prop_assert_eq!(size.file_length(), Some(at));
            prop_assert!(size.end() != FRESH);
        }
    }

    #[test]
    fn what_no_file_can_hold_has_no_length() {
        assert_eq!(PoolSize { triples: u64::MAX, bits: 0 }.file_length(), None);
        assert_eq!(PoolSize { triples: u64::MAX / 194, bits: u64::MAX / 33 }.file_length(), None);
        let million = PoolSize { triples: 1_000_000, bits: 1_000_000 }.file_length().unwrap();
        assert!((129_100_000..129_200_000).contains(&million), "{million} bytes");
    }

    #[test]
    fn a_delta_of_the_other_party_is_damage() {
        let mut head = head(true, false, PoolSize::default(), 1);
        head.delta = Delta::with_second_bit(&mut Entropy::fixed(2), false);
        assert!(Head::decode(&head.encode()).is_none());
    }
}
