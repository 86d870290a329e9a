use zeroize::{Zeroize, ZeroizeOnDrop};

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
        blake3::derive_key("halfgate 2026 resume session name", &self.0)
    }
}

impl Drop for ResumeKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for ResumeKey {}
