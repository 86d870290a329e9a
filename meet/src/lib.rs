//! How two firms find and recognise each other, and what they agree to: keys and peers, invites, the terms that both
//! see before anything runs, and the journal of a job.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `key.rs`, `words.rs`, `peers.rs` | who a side is, in files and in words; whom it knows |
//! | `invite.rs`, `token.rs` | what the host gives to its guest beforehand, and the secret in it |
//! | `knock.rs` | how the two prove to each other that they know it |
//! | `admission.rs`, `refusal.rs` | whom a host lets in, and why not |
//! | `reception.rs`, `approach.rs` | the way to an open channel, on the listening and on the connecting side |
//! | `ids.rs` | the ids of rows, and how two sides compare theirs |
//! | `proposal.rs` | terms that people see, and their answer |

mod admission;
mod approach;
mod crowd;
mod error;
mod ids;
mod invite;
mod key;
mod knock;
mod new_file;
mod peers;
mod proposal;
mod reception;
mod refusal;
mod settings;
mod token;
mod words;

pub use admission::{Admission, MAX_FAILURES, Ticket};
pub use approach::{Credential, Meeting, approach, join};
pub use error::{Decliner, MeetError};
pub use ids::Ids;
pub use invite::{Invite, InviteError, Seat, expiry};
pub use key::{CertificateFiles, Certified, Exposed, Key, KeyError, Loaded, Overwrite};
pub use knock::{EXPORTER_LABEL, KNOCK_VERSION};
pub use peers::{Peer, Peers, PeersError};
pub use proposal::{answer, decide, propose};
pub use reception::{Arrival, Outcome, Reception, Visit};
pub use refusal::Refusal;
pub use settings::MeetSettings;
pub use token::{InviteId, Token};
pub use words::Words;
