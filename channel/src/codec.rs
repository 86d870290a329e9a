//! Control messages to bytes and back: the only file that calls bincode. Labels and rows never pass through it.

use std::{error::Error, sync::Arc};

use bincode::{
    Decode, Encode,
    config::{self, Config},
};

use crate::frame::MAX_CONTROL;

/// Why a control message could not be read, or not be written.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The bytes are no message of this kind, or one that claims to be too long.
    #[error("the bytes do not form a message ({0})")]
    Malformed(#[source] Arc<dyn Error + Send + Sync>),
    /// Something follows the message.
    #[error("{0} bytes follow the end of the message")]
    Trailing(usize),
    /// Too much of something.
    #[error("{count} {what} where {limit} are the limit")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        count: usize,
        /// The limit.
        limit: usize,
    },
}

/// Little endian, lengths as variable-length integers; the limit also bounds what decoding may allocate.
fn configuration() -> impl Config {
    config::standard().with_limit::<MAX_CONTROL>()
}

/// Appends a message, which may bring `out` to [`MAX_CONTROL`] bytes.
pub(crate) fn encode(message: &impl Encode, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let bytes = bincode::encode_to_vec(message, configuration())
        .map_err(|error| CodecError::Malformed(Arc::new(error)))?;
    out.extend_from_slice(&bytes);
    match out.len() {
        count if count > MAX_CONTROL => {
            Err(CodecError::TooMany { what: "bytes of a control message", count, limit: MAX_CONTROL })
        }
        _ => Ok(()),
    }
}

/// Reads a message that fills `bytes`.
pub(crate) fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<T, CodecError> {
    let (message, read) = bincode::decode_from_slice(bytes, configuration())
        .map_err(|error| CodecError::Malformed(Arc::new(error)))?;
    match bytes.len() - read {
        0 => Ok(message),
        trailing => Err(CodecError::Trailing(trailing)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_length_allocates_nothing() {
        // A list of 2^60 strings, in bincode's encoding of a length that takes nine bytes.
        let mut bytes = vec![253];
        bytes.extend_from_slice(&(1u64 << 60).to_le_bytes());
        assert!(matches!(decode::<Vec<String>>(&bytes), Err(CodecError::Malformed(_))));
    }

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = Vec::new();
        encode(&7u64, &mut bytes).unwrap();
        assert_eq!(decode::<u64>(&bytes).unwrap(), 7);
        bytes.extend_from_slice(&[0, 0]);
        assert!(matches!(decode::<u64>(&bytes), Err(CodecError::Trailing(2))));
    }

    #[test]
    fn long_messages_are_refused_on_the_way_out() {
        let long = vec![0u8; MAX_CONTROL];
        assert!(matches!(encode(&long, &mut Vec::new()), Err(CodecError::TooMany { .. })));
    }
}
