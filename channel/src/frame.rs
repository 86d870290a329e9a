use std::fmt;

use zeroize::Zeroize;

use crate::{Kind, Misbehaviour};

/// The longest payload of a frame in bytes: 1 MiB.
pub const MAX_FRAME: usize = 1 << 20;

/// The longest payload of a control message (hello, operation) in bytes: 64 KiB.
pub const MAX_CONTROL: usize = 1 << 16;

/// The length of a frame's header: kind, three zero bytes, payload length as `u32` little endian.
pub(crate) const HEADER: usize = 8;

/// How long a payload has to be, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// This long and no other.
    Exactly(usize),
    /// This long or shorter.
    AtMost(usize),
}

impl Length {
    /// Whether a payload of so many bytes fits.
    pub const fn allows(self, bytes: usize) -> bool {
        match self {
            Length::Exactly(length) => bytes == length,
            Length::AtMost(limit) => bytes <= limit,
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Length::Exactly(length) => write!(f, "{length}"),
            Length::AtMost(limit) => write!(f, "at most {limit}"),
        }
    }
}

/// A frame's header, checked.
pub(crate) struct Header {
    pub(crate) kind: Kind,
    pub(crate) length: usize,
}

impl Header {
    /// Checks what the peer sent; nothing is allocated for a payload before this passed.
    pub(crate) fn parse(bytes: [u8; HEADER]) -> Result<Header, Misbehaviour> {
        let [first, r0, r1, r2, length @ ..] = bytes;
        let kind = Kind::from_byte(first).ok_or(Misbehaviour::UnknownKind { header: bytes })?;
        if [r0, r1, r2] != [0; 3] {
            return Err(Misbehaviour::ReservedBytes { header: bytes });
        }
        let length = u32::from_le_bytes(length);
        match usize::try_from(length) {
            Ok(length) if length <= kind.limit() => Ok(Header { kind, length }),
            _ => Err(Misbehaviour::Oversized { kind, length, limit: kind.limit() }),
        }
    }

    /// The header of a payload whose length was checked against the limit of its kind.
    pub(crate) fn bytes(&self) -> [u8; HEADER] {
        let length = u32::try_from(self.length).expect("no kind allows payloads over 1 MiB");
        let [l0, l1, l2, l3] = length.to_le_bytes();
        [self.kind as u8, 0, 0, 0, l0, l1, l2, l3]
    }
}

/// A message on its way through a queue.
///
/// Most payloads are masked or encrypted for the one who must not read them, and are dropped as they are. The few
/// kinds that carry keys in clear (see [`Kind::carries_keys`]) are wiped.
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// The header that goes before the payload.
    pub(crate) fn header(&self) -> [u8; HEADER] {
        Header { kind: self.kind, length: self.payload.len() }.bytes()
    }

    /// The payload, now in the care of the caller.
    pub(crate) fn into_payload(mut self) -> Vec<u8> {
        std::mem::take(&mut self.payload)
    }

    /// The buffer, without secrets, to be used again.
    pub(crate) fn into_buffer(mut self) -> Vec<u8> {
        self.wipe();
        self.into_payload()
    }

    fn wipe(&mut self) {
        if self.kind.carries_keys() {
            self.payload.zeroize();
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn header_is_eight_bytes_little_endian() {
        let header = Header { kind: Kind::Rows, length: 0x0004_0302 };
        assert_eq!(header.bytes(), [10, 0, 0, 0, 2, 3, 4, 0]);
    }

    #[test]
    fn limits_are_those_of_the_kind() {
        for kind in Kind::ALL {
            let at_limit = Header { kind, length: kind.limit() }.bytes();
            assert!(Header::parse(at_limit).is_ok());
            let over = Header { kind, length: kind.limit() + 1 }.bytes();
            assert!(matches!(Header::parse(over), Err(Misbehaviour::Oversized { .. })), "{kind}");
        }
    }

    #[test]
    fn buffers_of_keys_are_wiped_before_reuse() {
        let secret = Frame { kind: Kind::InputSeed, payload: vec![7; 16] }.into_buffer();
        let masked = Frame { kind: Kind::Rows, payload: vec![7; 16] }.into_buffer();
        assert!(secret.is_empty() && masked == [7; 16]);
    }

    proptest! {
        #[test]
        fn any_header_is_parsed_to_itself_or_refused(bytes: [u8; HEADER]) {
            if let Ok(header) = Header::parse(bytes) {
                prop_assert_eq!(header.bytes(), bytes);
            }
        }
    }
}
