//! What a lasting channel needs of a connection.

use super::{Secured, halves::halves};
use crate::{Line, ResumeKey};

/// The label of the value that binds a resume to its connection.
const LINE_LABEL: &[u8] = b"EXPORTER-halfgate-line";

/// The label of the key by which the two ends of a first connection know each other on a later one.
const RESUME_LABEL: &[u8] = b"EXPORTER-halfgate-resume";

impl Secured {
    /// The key with which a session that begins on this connection is resumed on another.
    pub fn resume_key(&self) -> ResumeKey {
        ResumeKey::new(self.export(RESUME_LABEL, b""))
    }

    /// The connection, for a lasting channel or for what is said at the door before there is one.
    pub fn into_line(self) -> Line {
        let (exporter, end) = (self.export(LINE_LABEL, b""), self.end);
        let (read, write) = halves(self.established);
        Line::new(read, write, exporter, end)
    }
}
