use halfgate::Entropy;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The contexts of BLAKE3's key derivation. None is used for anything else.
const ID: &str = "halfgate 2026-11 invite id";
const MAC_KEY: &str = "halfgate 2026-11 invite knock key";

/// The secret of an invite: 128 bits, used for one meeting. It never travels over the network; `knock.md` says
/// what does.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; Token::LENGTH]);

impl Token {
    /// The length in bytes.
    pub const LENGTH: usize = 16;

    /// A fresh one.
    pub fn fresh(entropy: &mut Entropy) -> Self {
        Token(entropy.bytes())
    }

    /// The token with these bytes, which an invite carried.
    pub(crate) fn from_bytes(bytes: [u8; Token::LENGTH]) -> Self {
        Token(bytes)
    }

    /// The bytes, for the invite that carries them.
    pub(crate) fn as_bytes(&self) -> &[u8; Token::LENGTH] {
        &self.0
    }

    /// The public name of the invite, which says nothing about the token to one who cannot try 2^128 of them.
    pub fn id(&self) -> InviteId {
        InviteId(blake3::derive_key(ID, &self.0))
    }

    /// The key under which both sides prove that they know the token.
    pub(crate) fn mac_key(&self) -> MacKey {
        MacKey(blake3::derive_key(MAC_KEY, &self.0))
    }
}

/// The public name of an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InviteId(pub [u8; 32]);

/// The key of a knock.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct MacKey(pub(crate) [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_differ_from_token_to_token_and_from_each_other() {
        let (a, b) = (Token::from_bytes([1; 16]), Token::from_bytes([2; 16]));
        assert_eq!(a.id(), Token::from_bytes([1; 16]).id());
        assert_ne!(a.id(), b.id());
        assert_ne!(a.mac_key().0, b.mac_key().0);
        assert_ne!(a.id().0, a.mac_key().0);
    }

    #[test]
    fn fresh_tokens_are_not_repeated() {
        let mut entropy = Entropy::from_os().unwrap();
        assert_ne!(Token::fresh(&mut entropy).0, Token::fresh(&mut entropy).0);
    }
}
