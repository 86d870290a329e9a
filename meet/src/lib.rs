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
//! | `examine.rs` | a visit that only finds out whether a meeting would work |
//! | `ids.rs` | the ids of rows, and how two sides compare theirs |
//! | `journal.rs`, `job.rs` | what a long run remembers, and how it goes on after a crash |
//! | `proposal.rs`, `limit.rs` | terms that people see, and their answer; why a busy host turns guests away |
//! | `questions.rs` | how often each peer has asked about the same data |
//!
//! Two sides that meet, here within one process:
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use halfgate::{Entropy, channel::{Agreement, Trust}};
//! use halfgate_meet::{
//!     Admission, Invite, Key, MeetError, MeetSettings, Reception, Seat, Token, Words, answer, expiry, join, propose,
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), MeetError> {
//! // The host listens and makes an invite.
//! let key = Key::generate()?;
//! let settings = MeetSettings::new(key.identity().clone(), Trust::Anyone);
//! let mut reception = Reception::open(&["127.0.0.1:0".parse()?], Admission::new(), settings).await?;
//! let terms = Agreement::new().with("rows", 1);
//! let invite = Invite {
//!     addresses: reception.addresses().to_vec(),
//!     fingerprint: key.fingerprint(),
//!     token: Token::fresh(&mut Entropy::from_os().expect("the operating system has randomness")),
//!     function: "greater-than --bits 64".into(),
//!     circuit: [0; 32],
//!     terms: terms.clone(),
//!     expires: expiry(SystemTime::now(), Duration::from_secs(3600)),
//!     garbler: Seat::Host,
//! };
//! reception.admission().add_invite(&invite);
//! let text = invite.to_text()?;
//!
//! // The guest has the text, and goes there.
//! let invite = Invite::parse(&text)?;
//! let settings = MeetSettings::new(Key::generate()?.identity().clone(), Trust::Anyone);
//! let guest = join(&invite, &settings, Duration::from_secs(10));
//! let (arrival, meeting) = tokio::join!(reception.next(), guest);
//! let (mut host, mut guest) = (arrival.channel, meeting?.channel);
//!
//! // Both compare their terms, and words by voice, and go ahead.
//! let (ours, theirs) = tokio::join!(propose(&mut host, &terms), propose(&mut guest, &terms));
//! assert_eq!(ours?, theirs?);
//! assert_eq!(Words::of(&key.fingerprint()).as_array().len(), 6);
//! let minutes = Duration::from_secs(600);
//! let (ours, theirs) = tokio::join!(answer(&mut host, true, minutes), answer(&mut guest, true, minutes));
//! ours.and(theirs)?;
//! arrival.ticket.spend();
//! # Ok(())
//! # }
//! ```

mod admission;
mod approach;
mod crowd;
mod error;
mod examine;
mod ids;
mod invite;
mod job;
mod journal;
mod key;
mod knock;
mod limit;
mod new_file;
mod peers;
mod proposal;
mod questions;
mod reception;
mod refusal;
mod settings;
mod token;
mod words;

pub use admission::{Admission, MAX_FAILURES, Ticket};
pub use approach::{Credential, Meeting, approach, join};
pub use error::{Decliner, MeetError};
pub use examine::{Examined, examine};
pub use ids::Ids;
pub use invite::{Invite, InviteError, Seat, expiry};
pub use job::{Job, JobError, JobOutcome, Plan, Progress, Ranges, Standing};
pub use journal::{Header, Journal, JournalError};
pub use key::{CertificateFiles, Certified, Exposed, Key, KeyError, Loaded, Overwrite};
pub use knock::{EXPORTER_LABEL, KNOCK_VERSION};
pub use limit::Limit;
pub use peers::{Peer, Peers, PeersError};
pub use proposal::{OPEN_TERMS, answer, decide, hear_proposal, propose, reply, turn_away};
pub use questions::{Questions, QuestionsError, Snapshot, Subject};
pub use reception::{Arrival, Outcome, Reception, Tally, Visit};
pub use refusal::Refusal;
pub use settings::MeetSettings;
pub use token::{InviteId, Token};
pub use words::Words;
