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
