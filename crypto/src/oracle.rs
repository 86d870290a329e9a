use zeroize::Zeroize;

use crate::Block;

/// The session id: 32 bytes that bind everything both parties agreed on. It is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionId([u8; 32]);

impl SessionId {
    /// The id with these bytes; they come from [`Oracle::unbound`] over nonces, roles and the agreement.
    pub fn new(bytes: [u8; 32]) -> Self {
        SessionId(bytes)
    }

    /// The bytes of the id.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A random oracle query: BLAKE3 over a domain tag of fixed length, the session id and length-prefixed fields.
///
/// The encoding is injective: equal queries have equal tags, session ids and field lists.
///
/// ```
/// use halfgate_crypto::{Oracle, SessionId};
///
/// let sid = SessionId::new([7; 32]);
/// let a = Oracle::new("example", &sid).field(b"ab").field(b"c").digest();
/// let b = Oracle::new("example", &sid).field(b"a").field(b"bc").digest();
/// assert_ne!(a, b);
/// ```
pub struct Oracle(blake3::Hasher);

impl Oracle {
    /// The longest tag, in bytes.
    pub const TAG_LENGTH: usize = 32;

    /// A query in the domain `tag` of a session.
    ///
    /// # Panics
    /// If the tag is empty or longer than [`Oracle::TAG_LENGTH`]; tags are constants of the program.
    pub fn new(tag: &str, sid: &SessionId) -> Self {
        let mut oracle = Oracle::unbound(tag);
        oracle.0.update(&sid.0);
        oracle
    }

    /// A query outside any session: digests of public things, and the session id itself.
    ///
    /// # Panics
    /// If the tag is empty or longer than [`Oracle::TAG_LENGTH`].
    pub fn unbound(tag: &str) -> Self {
        assert!(!tag.is_empty() && tag.len() <= Self::TAG_LENGTH, "oracle tags have 1 to 32 bytes");
        let mut padded = [0; Self::TAG_LENGTH];
        padded[..tag.len()].copy_from_slice(tag.as_bytes());
        let mut hasher = blake3::Hasher::new();
        hasher.update(&padded);
        Oracle(hasher)
    }

    /// Adds a field of any length.
    #[must_use]
    pub fn field(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a number as a field of eight bytes.
    #[must_use]
    pub fn number(self, number: u64) -> Self {
        self.field(&number.to_le_bytes())
    }

    /// Adds a block as a field of sixteen bytes.
    #[must_use]
    pub fn block_field(self, block: Block) -> Self {
        let mut bytes = block.to_bytes();
        let oracle = self.field(&bytes);
        bytes.zeroize();
        oracle
    }

    /// A query about this one's fields and any number of blocks: BLAKE3 over the blocks, with the answer to this query as its key.
    /// So the chunks that BLAKE3 hashes side by side are made of whole blocks, whatever comes before them.
    ///
    /// The encoding stays injective, up to two field lists with one digest. The key is nobody's secret: fields are public.
    ///
    /// ```
    /// use halfgate_crypto::{Block, Oracle, SessionId};
    ///
    /// let query = |number| Oracle::new("example", &SessionId::new([7; 32])).number(number).blocks();
    /// let (mut whole, mut parts, mut other) = (query(1), query(1), query(2));
    /// whole.add(&[Block::new(3), Block::new(4)]);
    /// parts.add(&[Block::new(3)]);
    /// parts.add(&[Block::new(4)]);
    /// other.add(&[Block::new(3), Block::new(4)]);
    /// let digest = whole.digest();
    /// assert_eq!(parts.digest(), digest);
    /// assert_ne!(other.digest(), digest);
    /// ```
    #[must_use]
    pub fn blocks(self) -> BlockQuery {
        BlockQuery(blake3::Hasher::new_keyed(&self.digest()))
    }

    /// The answer, 32 bytes.
    pub fn digest(mut self) -> [u8; 32] {
        let digest = *self.0.finalize().as_bytes();
        self.0.zeroize();
        digest
    }

    /// The answer at any length.
    pub fn fill(mut self, out: &mut [u8]) {
        let mut reader = self.0.finalize_xof();
        reader.fill(out);
        reader.zeroize();
        self.0.zeroize();
    }

    /// The answer as one block.
    pub fn block(self) -> Block {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        let block = Block::from_bytes(bytes);
        bytes.zeroize();
        block
    }
}

/// A random oracle query about [any number of blocks](Oracle::blocks). Wiped on drop.
pub struct BlockQuery(blake3::Hasher);

impl BlockQuery {
    /// Adds blocks. Thousands at a time are the fastest, in a number that is a power of two.
    pub fn add(&mut self, blocks: &[Block]) {
        self.0.update(bytemuck::cast_slice(blocks));
    }

    /// The answer, 32 bytes.
    pub fn digest(self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}

impl Drop for BlockQuery {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The encoding, written down once more: it is part of the wire format.
    #[test]
    fn blocks_are_hashed_under_the_digest_of_the_fields() {
        let blocks: Vec<Block> = (0..5000).map(|i| Block::new((i << 64) | (7 * i))).collect();
        for count in [0, 1, 63, 64, 65, 4096, 5000] {
            let mut fields = b"blocks".to_vec();
            fields.resize(Oracle::TAG_LENGTH, 0);
            fields.extend([9; 32]);
            fields.extend([8, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]);
            let key = blake3::hash(&fields);
            let bytes: Vec<u8> = blocks[..count].iter().flat_map(|block| block.to_bytes()).collect();
            let expected = blake3::keyed_hash(key.as_bytes(), &bytes);

            let mut query = Oracle::new("blocks", &SessionId::new([9; 32])).number(5).blocks();
            blocks[..count].chunks(1000).for_each(|part| query.add(part));
            assert_eq!(query.digest(), *expected.as_bytes(), "{count} blocks");
        }
    }
}
