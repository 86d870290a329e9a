use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::resume::Counters;
use crate::{Agreement, End, Field};

/// What the two ends of a session's first connection share and nobody else has: with it they recognise each other on a
/// later one. It is exported from the first connection and used for one session only.
pub struct ResumeKey([u8; 32]);

impl ResumeKey {
    /// The key with these secret bytes.
    pub fn new(mut bytes: [u8; 32]) -> Self {
        let key = ResumeKey(bytes);
        bytes.zeroize();
        key
    }

    /// The name of the session, by which a listener finds it. It says nothing of the key.
    pub fn id(&self) -> [u8; 32] {
        blake3::derive_key("halfgate 2026 name of a session to resume", &self.0)
    }

    /// Proves to be an end of the session, on the connection that has this exporter, with these counters, in answer to
    /// the message with this proof.
    pub(super) fn prove(
        &self,
        end: End,
        exporter: &[u8; 32],
        counters: Counters,
        request: Option<&[u8; 32]>,
    ) -> [u8; 32] {
        let key = Zeroizing::new(blake3::derive_key("halfgate 2026 proof of a session to resume", &self.0));
        let mut hasher = blake3::Hasher::new_keyed(&key);
        // Every part has a fixed length, and only the last may be missing.
        hasher.update(&[match end {
            End::Connecting => 1,
            End::Listening => 2,
        }]);
        hasher.update(&self.id());
        hasher.update(exporter);
        hasher.update(&counters.received.to_le_bytes());
        hasher.update(&counters.sent.to_le_bytes());
        hasher.update(request.map_or(&[], |proof| &proof[..]));
        let proof = *hasher.finalize().as_bytes();
        hasher.zeroize();
        proof
    }
}

impl Drop for ResumeKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for ResumeKey {}

/// The message that continues a session.
pub(super) struct Claim {
    session: [u8; 32],
    pub(super) counters: Counters,
    pub(super) proof: [u8; 32],
}

impl Claim {
    pub(super) fn new(
        key: &ResumeKey,
        end: End,
        exporter: &[u8; 32],
        counters: Counters,
        request: Option<&[u8; 32]>,
    ) -> Self {
        Claim { session: key.id(), counters, proof: key.prove(end, exporter, counters, request) }
    }

    pub(super) fn terms(&self) -> Agreement {
        Agreement::new()
            .with("session", self.session)
            .with("received", self.counters.received)
            .with("sent", self.counters.sent)
            .with("mac", self.proof)
    }

    /// The claim that these terms make, if they make one.
    pub(super) fn read(terms: &Agreement) -> Option<Self> {
        let fields: Vec<_> = terms.fields().collect();
        let [
            ("session", Field::Digest(session)),
            ("received", Field::Number(received)),
            ("sent", Field::Number(sent)),
            ("mac", Field::Digest(proof)),
        ] = fields[..]
        else {
            return None;
        };
        let counters = Counters { received: *received, sent: *sent };
        Some(Claim { session: *session, counters, proof: *proof })
    }

    /// Whether it comes from that end of this session, on this connection.
    pub(super) fn is_proved(
        &self,
        key: &ResumeKey,
        end: End,
        exporter: &[u8; 32],
        request: Option<&[u8; 32]>,
    ) -> bool {
        let proof = key.prove(end, exporter, self.counters, request);
        (self.session.ct_eq(&key.id()) & self.proof.ct_eq(&proof)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTERS: Counters = Counters { received: 3, sent: 5 };

    #[test]
    fn every_part_is_proved() {
        let key = || ResumeKey::new([1; 32]);
        let proof = |key: ResumeKey, end, exporter: u8, received, sent, request: Option<u8>| {
            let request = request.map(|byte| [byte; 32]);
            key.prove(end, &[exporter; 32], Counters { received, sent }, request.as_ref())
        };
        let proofs = [
            proof(key(), End::Connecting, 2, 3, 5, None),
            proof(ResumeKey::new([2; 32]), End::Connecting, 2, 3, 5, None),
            proof(key(), End::Listening, 2, 3, 5, None),
            proof(key(), End::Connecting, 3, 3, 5, None),
            proof(key(), End::Connecting, 2, 4, 5, None),
            proof(key(), End::Connecting, 2, 3, 4, None),
            proof(key(), End::Connecting, 2, 5, 3, None),
            proof(key(), End::Connecting, 2, 3, 5, Some(0)),
            proof(key(), End::Connecting, 2, 3, 5, Some(1)),
        ];
        for (place, proof) in proofs.iter().enumerate() {
            assert!(!proofs[..place].contains(proof), "{place}");
        }
    }

    #[test]
    fn a_claim_fits_one_message() {
        let key = ResumeKey::new([1; 32]);
        let counters = Counters { received: u64::MAX, sent: u64::MAX };
        let claim = Claim::new(&key, End::Listening, &[2; 32], counters, Some(&[3; 32]));
        let payload = claim.terms().encode().unwrap();
        assert!(payload.len() <= crate::Kind::Resume.limit());
        let read = Claim::read(&Agreement::decode(&payload).unwrap()).unwrap();
        assert_eq!(read.counters, counters);
        assert!(read.is_proved(&key, End::Listening, &[2; 32], Some(&[3; 32])));
        assert!(!read.is_proved(&ResumeKey::new([2; 32]), End::Listening, &[2; 32], Some(&[3; 32])));
    }

    #[test]
    fn a_name_is_the_name_of_one_session() {
        let key = ResumeKey::new([1; 32]);
        let claim = Claim { session: [0; 32], ..Claim::new(&key, End::Listening, &[2; 32], COUNTERS, None) };
        assert!(!claim.is_proved(&key, End::Listening, &[2; 32], None));
        assert_ne!(key.id(), ResumeKey::new([2; 32]).id());
        assert_ne!(key.id(), [1; 32]);
    }
}
