use std::{fmt, str::FromStr};

use rustls_pki_types::CertificateDer;
use subtle::{Choice, ConstantTimeEq};

use super::{TlsError, provider};

/// Who a party is: the SHA-256 digest of its certificate, as DER.
///
/// ```
/// use halfgate_channel::Fingerprint;
///
/// let text = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// let fingerprint: Fingerprint = text.parse()?;
/// assert_eq!(fingerprint.to_string(), text);
/// assert!("0011".parse::<Fingerprint>().is_err());
/// # Ok::<(), halfgate_channel::TlsError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate.
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        Fingerprint(provider::sha256(certificate))
    }

    /// Whether it is one of these. The time it takes depends on how many there are and on nothing else.
    pub(crate) fn is_among(&self, others: &[Fingerprint]) -> bool {
        others.iter().fold(Choice::from(0), |found, other| found | self.0.ct_eq(&other.0)).into()
    }
}

/// In hexadecimal.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// From hexadecimal; colons between the bytes, as other programs print them, are passed over.
impl FromStr for Fingerprint {
    type Err = TlsError;

    fn from_str(text: &str) -> Result<Self, TlsError> {
        let digits: String = text.chars().filter(|&character| character != ':').collect();
        parse(&digits).map(Fingerprint).ok_or_else(|| TlsError::BadFingerprint { text: text.to_owned() })
    }
}

fn parse(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, place) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&digits[place..place + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sha_256_digest() {
        // FIPS 180-4, example "abc".
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Fingerprint::of(&CertificateDer::from(b"abc".to_vec())).to_string(), expected);
    }

    #[test]
    fn colons_and_capitals_are_read_and_nothing_else() {
        let plain: Fingerprint = "ab".repeat(32).parse().unwrap();
        assert_eq!(plain, Fingerprint([0xab; 32]));
        assert_eq!(vec!["AB"; 32].join(":").parse::<Fingerprint>().unwrap(), plain);
        for text in ["", "ab", &"ab".repeat(33), &"xy".repeat(32), &"+1".repeat(32), &"é".repeat(32)] {
            assert!(text.parse::<Fingerprint>().is_err(), "{text}");
        }
    }

    #[test]
    fn membership_needs_all_bytes() {
        let (ours, mut other) = (Fingerprint([7; 32]), Fingerprint([7; 32]));
        other.0[31] ^= 1;
        assert!(ours.is_among(&[other, ours]) && !ours.is_among(&[other]) && !ours.is_among(&[]));
    }
}
