use std::ops::{BitXor, BitXorAssign};

use bytemuck::{Pod, Zeroable};
use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, Delta, refit};
use zeroize::{DefaultIsZeroes, Zeroize, ZeroizeOnDrop};

/// What one party holds of an authenticated shared bit beside its share: the MAC under the peer's Δ, and the key under its
/// own. For the whole bit x, `mac ⊕ (the peer's key) = x · (the peer's Δ)`.
///
/// Both are linear: the XOR of two is that of the XOR of their bits. There is no `Debug`, for both are secret.
#[derive(Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub struct Auth {
    /// M_P: the MAC on this party's share, under the peer's Δ.
    pub mac: Block,
    /// K_P ⊕ x^P·Δ_P: the key of the peer's share and, with this party's share in it, of the whole bit.
    pub key: Block,
}

impl DefaultIsZeroes for Auth {}

impl Auth {
    /// The authenticated bit if `bit` is set and the authenticated zero if not, without a branch. The bit is public.
    #[must_use]
    pub const fn and_bit(self, bit: bool) -> Self {
        Auth { mac: self.mac.and_bit(bit), key: self.key.and_bit(bit) }
    }

    /// Adds a public constant: both parties do so, and one of them flips its share.
    #[must_use]
    pub fn plus_constant(self, constant: bool, delta: &Delta) -> Self {
        Auth { mac: self.mac, key: self.key ^ delta.block().and_bit(constant) }
    }

    /// The MAC that the peer must show for the whole bit to be `bit`.
    pub fn expected_mac(self, bit: bool, delta: &Delta) -> Block {
        self.key ^ delta.block().and_bit(bit)
    }
}

impl BitXor for Auth {
    type Output = Auth;

    fn bitxor(self, other: Auth) -> Auth {
        Auth { mac: self.mac ^ other.mac, key: self.key ^ other.key }
    }
}

impl BitXorAssign for Auth {
    fn bitxor_assign(&mut self, other: Auth) {
        *self = *self ^ other;
    }
}

/// Authenticated shared bits, as one party holds them. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AuthBits {
    shares: BitRows,
    auths: Vec<Auth>,
}

impl Default for AuthBits {
    fn default() -> Self {
        AuthBits::zeroed(0)
    }
}

impl AuthBits {
    /// Bits whose value is zero and known to both.
    pub fn zeroed(count: usize) -> Self {
        AuthBits { shares: BitRows::new(count, 1), auths: vec![Auth::default(); count] }
    }

    /// Bits given by this party's shares and what goes with them.
    ///
    /// # Panics
    /// If there are not as many shares.
    pub fn new(shares: BitRows, auths: Vec<Auth>) -> Self {
        assert_eq!(shares.len(), auths.len(), "a share for each bit");
        AuthBits { shares, auths }
    }

    /// Has so many bits, to be written anew.
    pub(crate) fn fit(&mut self, count: usize) {
        refit(&mut self.auths, count);
        self.shares = BitRows::new(count, 1);
    }

    /// Puts random bits from rows of both directions in place of those from `first` on: `choices` and `macs` are those of the
    /// receiver, `keys` those of the sender.
    pub(crate) fn put_rows(
        &mut self,
        first: usize,
        choices: &[u64],
        macs: &[Block],
        keys: &[Block],
        delta: &Delta,
    ) {
        let rows = macs.chunks(64).zip(keys.chunks(64)).zip(choices).zip(self.auths[first..].chunks_mut(64));
        for (from, (((macs, keys), &choices), auths)) in (first..).step_by(64).zip(rows) {
            self.shares.put_word(from, choices, macs.len());
            for (place, ((&mac, &key), auth)) in macs.iter().zip(keys).zip(auths).enumerate() {
                *auth = Auth { mac, key: key ^ delta.block().and_bit(choices >> place & 1 == 1) };
            }
        }
    }

    /// Puts bits in place of those from `first` on.
    pub(crate) fn put(&mut self, first: usize, bits: &AuthBits) {
        self.auths[first..][..bits.len()].copy_from_slice(&bits.auths);
        for from in (0..bits.len()).step_by(64) {
            let count = (bits.len() - from).min(64);
            self.shares.put_word(first + from, bits.shares.word(from, count), count);
        }
    }

    /// Some of the bits.
    ///
    /// # Panics
    /// If there are no such bits.
    #[must_use]
    pub fn part(&self, from: usize, count: usize) -> Self {
        AuthBits { shares: self.shares.part(from, count, 1), auths: self.auths[from..][..count].to_vec() }
    }

    /// The bits of several lists one after the other.
    pub fn joined<'a>(parts: impl Iterator<Item = &'a AuthBits> + Clone) -> Self {
        let mut all = AuthBits::zeroed(parts.clone().map(AuthBits::len).sum());
        let mut from = 0;
        for part in parts {
            all.put(from, part);
            from += part.len();
        }
        all
    }

    /// How many bits.
    pub fn len(&self) -> usize {
        self.auths.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.auths.is_empty()
    }

    /// This party's shares, one wire of one lane for each bit.
    pub fn shares(&self) -> &BitRows {
        &self.shares
    }

    /// MACs and keys.
    pub fn auths(&self) -> &[Auth] {
        &self.auths
    }

    /// MACs and keys, to be written.
    pub fn auths_mut(&mut self) -> &mut [Auth] {
        &mut self.auths
    }

    /// Shares and MACs and keys, to be written; bits beyond the last have to stay zero.
    pub fn parts_mut(&mut self) -> (&mut BitRows, &mut [Auth]) {
        (&mut self.shares, &mut self.auths)
    }
}
