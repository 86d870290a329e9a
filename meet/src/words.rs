use std::{fmt, sync::LazyLock};

use halfgate::channel::Fingerprint;

/// How many words stand for a fingerprint.
const COUNT: usize = 6;

/// What one of 2,048 words says.
const BITS_PER_WORD: usize = 11;

/// The English list of BIP 39 (see `words/README.md`), in order.
static LIST: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("words/english.txt").lines().collect());

/// The first 66 bits of a fingerprint as six words, for two people to compare by voice.
///
/// Equal words mean equal certificates unless somebody made about 2^66 certificates in search of these words. So they
/// guard against a swapped invite or a person in the middle, who has to find them before the call ends; a peer that is
/// met again is told by its whole fingerprint.
///
/// ```
/// use halfgate::channel::Fingerprint;
/// use halfgate_meet::Words;
///
/// let words = Words::of(&Fingerprint([0; 32]));
/// assert_eq!(words.to_string(), "abandon abandon abandon abandon abandon abandon");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words([&'static str; COUNT]);

impl Words {
    /// How many bits of a fingerprint the words say.
    pub const BITS: usize = COUNT * BITS_PER_WORD;

    /// The words of a fingerprint.
    pub fn of(fingerprint: &Fingerprint) -> Self {
        let first: [u8; 16] = std::array::from_fn(|byte| fingerprint.0[byte]);
        let bits = u128::from_be_bytes(first);
        let index = |word: usize| (bits >> (128 - BITS_PER_WORD * (word + 1))) as usize % LIST.len();
        Words(std::array::from_fn(|word| LIST[index(word)]))
    }

    /// The words, first to last.
    pub fn as_array(&self) -> &[&'static str; COUNT] {
        &self.0
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_list_is_that_of_bip_39() {
        assert_eq!((LIST.len(), LIST[0], LIST[2047]), (1 << BITS_PER_WORD, "abandon", "zoo"));
        let starts: HashSet<&str> = LIST.iter().map(|word| &word[..word.len().min(4)]).collect();
        assert_eq!(starts.len(), LIST.len());
        assert!(LIST.is_sorted());
    }

    /// Words of BIP 39's own test vector for the entropy 7f 7f …, whose first 66 bits these are.
    #[test]
    fn words_are_those_that_wallets_show() {
        let words = Words::of(&Fingerprint([0x7f; 32]));
        assert_eq!(words.to_string(), "legal winner thank year wave sausage");
    }

    #[test]
    fn each_of_the_first_66_bits_shows_and_no_other() {
        let zero = Words::of(&Fingerprint([0; 32]));
        for bit in 0..256 {
            let mut bytes = [0; 32];
            bytes[bit / 8] = 0x80 >> (bit % 8);
            assert_eq!(Words::of(&Fingerprint(bytes)) != zero, bit < Words::BITS, "bit {bit}");
        }
    }
}
