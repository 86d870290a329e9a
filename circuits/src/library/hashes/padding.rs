//! The padding of Merkle and Damgård's hash functions: a one, zeros, and the length of the message in bits.

use crate::Bits;
use crate::library::byte_strings::{bytes_of, constant_bytes, string_of};

/// Blocks and how the length stands at the end of the last one.
pub(super) struct Padding {
    /// Bytes of a block.
    pub(super) block: usize,
    /// Bytes of the length.
    pub(super) length: usize,
    /// Whether the first byte of the length is the lowest.
    pub(super) little_endian: bool,
}

impl Padding {
    /// The blocks of a message. Of bits that are known, the compression of a block makes no ANDs.
    #[track_caller]
    pub(super) fn blocks<'b>(&self, message: &Bits<'b>) -> Vec<Bits<'b>> {
        let builder = message.builder();
        let mut bytes = bytes_of(message);
        let length = 8 * bytes.len() as u128;
        let zeros = (2 * self.block - 1 - self.length - bytes.len() % self.block) % self.block;
        let mut padding = vec![0; 1 + zeros];
        padding[0] = 0x80;
        let mut digits = length.to_le_bytes()[..self.length].to_vec();
        if !self.little_endian {
            digits.reverse();
        }
        padding.extend(digits);
        bytes.extend(constant_bytes(builder, &padding));
        bytes.chunks(self.block).map(|block| string_of(builder, block)).collect()
    }
}
