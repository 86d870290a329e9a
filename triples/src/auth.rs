use std::ops::{BitXor, BitXorAssign};

use bytemuck::{Pod, Zeroable};
use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, Delta};
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

    /// Random bits from rows of both directions: `choices` and `macs` are those of the receiver, `keys` those of the
    /// sender.
    pub(crate) fn from_rows(choices: &[u64], macs: &[Block], keys: &[Block], delta: &Delta) -> Self {
        let mut bits = AuthBits::zeroed(macs.len());
        bits.shares.xor_words(choices);
        let rows = macs.iter().zip(keys).zip(bits.auths.iter_mut());
        for (index, ((&mac, &key), auth)) in rows.enumerate() {
            let share = choices[index / 64] >> (index % 64) & 1 == 1;
            *auth = Auth { mac, key: key ^ delta.block().and_bit(share) };
        }
        bits
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
            all.auths[from..][..part.len()].copy_from_slice(&part.auths);
            for first in (0..part.len()).step_by(64) {
                let count = (part.len() - first).min(64);
                all.shares.put_word(from + first, part.shares.word(first, count), count);
            }
            from += part.len();
        }
        all
    }

    /// As [`AuthBits::joined`], without a copy of a list that is alone.
    pub(crate) fn gathered(mut parts: Vec<AuthBits>) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { AuthBits::joined(parts.iter()) }
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
