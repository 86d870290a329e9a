//! The control messages, as they go over the wire.

use bincode::{Decode, Encode};
use halfgate_crypto::{Oracle, SessionId};

use crate::{
    Agreement, Field, Mismatch, Role,
    codec::{self, CodecError},
};

/// The version of the protocol: of frames, messages, hashes and their order.
pub const PROTOCOL_VERSION: u32 = 3;

/// The bytes that a hello begins with, in every version: `halfgate`, then the version as `u32` little endian.
const MAGIC: [u8; 8] = *b"halfgate";

/// The longest static public key in bytes.
pub const MAX_STATIC_KEY: usize = 256;

/// What each side says first, at once and without waiting.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// What the sender does.
    pub role: Role,
    /// Fresh randomness of the sender.
    pub nonce: [u8; 32],
    /// The sender's long-term public key; empty where the parties have none.
    pub static_key: Vec<u8>,
    /// The sender's terms.
    pub agreement: Agreement,
}

/// A hello as far as any version can read it.
pub(crate) enum Greeting<'a> {
    /// The sender speaks another protocol; these are its first bytes.
    Foreign([u8; 8]),
    /// The sender speaks another version.
    OtherVersion(u32),
    /// The rest is a hello of our version.
    Ours(&'a [u8]),
}

impl Hello {
    /// The payload of a hello frame.
    ///
    /// # Errors
    /// If something in it is over its limit.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        self.check_bounds()?;
        let mut bytes = [MAGIC.as_slice(), &PROTOCOL_VERSION.to_le_bytes()].concat();
        codec::encode(self, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads what follows magic and version.
    ///
    /// # Errors
    /// If the bytes are not exactly a hello within all limits.
    pub fn decode_body(bytes: &[u8]) -> Result<Self, CodecError> {
        let hello: Hello = codec::decode(bytes)?;
        hello.check_bounds()?;
        Ok(hello)
    }

    /// Looks at magic and version.
    pub(crate) fn greet(payload: &[u8]) -> Greeting<'_> {
        let Some((version, body)) =
            payload.strip_prefix(&MAGIC).and_then(|rest| rest.split_first_chunk::<4>())
        else {
            let mut first = [0; 8];
            let shown = payload.len().min(first.len());
            first[..shown].copy_from_slice(&payload[..shown]);
            return Greeting::Foreign(first);
        };
        match u32::from_le_bytes(*version) {
            PROTOCOL_VERSION => Greeting::Ours(body),
            other => Greeting::OtherVersion(other),
        }
    }

    fn check_bounds(&self) -> Result<(), CodecError> {
        let count = self.static_key.len();
        if count > MAX_STATIC_KEY {
            let what = "bytes of a static key";
            return Err(CodecError::TooMany { what, count, limit: MAX_STATIC_KEY });
        }
        self.agreement.check_bounds()
    }
}

/// What an operation of a session does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum OperationName {
    /// A party brings values into the session.
    Input,
    /// A program is applied to values of the session.
    Call,
    /// Values are opened.
    Reveal,
    /// All three in one: inputs, one call, outputs.
    Run,
    /// The session ends.
    Finish,
}

impl OperationName {
    fn as_str(self) -> &'static str {
        match self {
            OperationName::Input => "input",
            OperationName::Call => "call",
            OperationName::Reveal => "reveal",
            OperationName::Run => "run",
            OperationName::Finish => "finish",
        }
    }
}

/// The header of an operation: what both sides think they are about to do, and what they did before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Operation {
    /// What is done.
    pub name: OperationName,
    /// On which terms: program digest, lanes, owners, …
    pub terms: Agreement,
    /// The hash of all operations before it, from [`Operation::transcript_after`]; zeros before the first.
    pub transcript: [u8; 32],
}

impl Operation {
    /// The payload of an operation frame.
    ///
    /// # Errors
    /// If something in it is over its limit.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        self.terms.check_bounds()?;
        let mut bytes = Vec::new();
        codec::encode(self, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads the payload of an operation frame.
    ///
    /// # Errors
    /// If the bytes are not exactly an operation within all limits.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let operation: Operation = codec::decode(bytes)?;
        operation.terms.check_bounds()?;
        Ok(operation)
    }

    /// Whether both sides mean the same.
    ///
    /// # Errors
    /// The first difference: of what is done, of the terms in order, of what was done before.
    pub fn require_equal(&self, theirs: &Operation) -> Result<(), Mismatch> {
        Field::agree("the operation", &self.name.as_str().into(), &theirs.name.as_str().into())?;
        // Of an operation nothing may be left open.
        self.terms.require_equal(&theirs.terms)?;
        Field::agree("earlier operations", &self.transcript.into(), &theirs.transcript.into())?;
        Ok(())
    }

    /// The transcript hash with this operation added, for the next.
    pub fn transcript_after(&self, sid: &SessionId) -> [u8; 32] {
        Oracle::new("operation transcript", sid)
            .field(&self.transcript)
            .field(self.name.as_str().as_bytes())
            .field(&self.terms.canonical_bytes())
            .digest()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn field() -> impl Strategy<Value = Field> {
        prop_oneof![
            Just(Field::Unspecified),
            ".{0,40}".prop_map(Field::Text),
            any::<u64>().prop_map(Field::Number),
            any::<[u8; 32]>().prop_map(Field::Digest),
        ]
    }

    fn agreement() -> impl Strategy<Value = Agreement> {
        vec(("[a-z ]{0,20}", field()), 0..8).prop_map(|fields| {
            fields.into_iter().fold(Agreement::new(), |terms, (name, field)| terms.with(&name, field))
        })
    }

    fn hello() -> impl Strategy<Value = Hello> {
        let role = prop_oneof![Just(Role::Garbler), Just(Role::Evaluator)];
        (role, any::<[u8; 32]>(), vec(any::<u8>(), 0..=MAX_STATIC_KEY), agreement())
            .prop_map(|(role, nonce, static_key, agreement)| Hello { role, nonce, static_key, agreement })
    }

    fn operation() -> impl Strategy<Value = Operation> {
        use OperationName::{Call, Finish, Input, Reveal, Run};
        let name = prop_oneof![Just(Input), Just(Call), Just(Reveal), Just(Run), Just(Finish)];
        (name, agreement(), any::<[u8; 32]>()).prop_map(|(name, terms, transcript)| Operation {
            name,
            terms,
            transcript,
        })
    }

    fn body(payload: &[u8]) -> &[u8] {
        match Hello::greet(payload) {
            Greeting::Ours(body) => body,
            _ => panic!("our own greeting is not understood"),
        }
    }

    proptest! {
        #[test]
        fn hello_round_trip(hello in hello()) {
            let payload = hello.encode().unwrap();
            prop_assert_eq!(Hello::decode_body(body(&payload)).unwrap(), hello);
        }

        #[test]
        fn operation_round_trip(operation in operation()) {
            let payload = operation.encode().unwrap();
            prop_assert_eq!(Operation::decode(&payload).unwrap(), operation);
        }

        #[test]
        fn cut_messages_are_refused(operation in operation(), cut in any::<prop::sample::Index>()) {
            let payload = operation.encode().unwrap();
            prop_assert!(Operation::decode(&payload[..cut.index(payload.len())]).is_err());
        }

        #[test]
        fn flipped_bits_never_go_unnoticed(operation in operation(), place in any::<prop::sample::Index>()) {
            let mut payload = operation.encode().unwrap();
            let bit = place.index(8 * payload.len());
            payload[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = Operation::decode(&payload) {
                prop_assert_ne!(other, operation);
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..300)) {
            let _ = Operation::decode(&bytes);
            let _ = Hello::decode_body(&bytes);
            let _ = Hello::greet(&bytes);
        }
    }

    #[test]
    fn operations_are_told_apart_by_every_part() {
        let terms = Agreement::new().with("lanes", 2);
        let ours = Operation { name: OperationName::Call, terms, transcript: [0; 32] };
        let reveal = Operation { name: OperationName::Reveal, ..ours.clone() };
        let lanes = Operation { terms: Agreement::new().with("lanes", 3), ..ours.clone() };
        let forked = Operation { transcript: [1; 32], ..ours.clone() };
        let sid = SessionId::new([0; 32]);
        for (theirs, field) in [(reveal, "the operation"), (lanes, "lanes"), (forked, "earlier operations")] {
            assert_eq!(ours.require_equal(&theirs).unwrap_err().field, field);
            assert_ne!(ours.transcript_after(&sid), theirs.transcript_after(&sid));
        }
        assert_ne!(ours.transcript_after(&sid), ours.transcript_after(&SessionId::new([1; 32])));
        assert_eq!(ours.require_equal(&ours), Ok(()));
        let open = Operation { terms: Agreement::new().with("lanes", Field::Unspecified), ..ours.clone() };
        assert_eq!(ours.require_equal(&open).unwrap_err().field, "lanes");
    }

    #[test]
    fn limits_hold_on_the_way_in() {
        let terms = Agreement::new().with(&"n".repeat(100), 1);
        let operation = Operation { name: OperationName::Run, terms: terms.clone(), transcript: [0; 32] };
        assert!(operation.encode().is_err());
        let mut payload = Vec::new();
        codec::encode(&operation, &mut payload).unwrap();
        assert!(matches!(Operation::decode(&payload), Err(CodecError::TooMany { .. })));
    }
}
