//! Bytes between the two parties: frames with limits, the connections that carry them, the agreement that comes before
//! any secret, and the meter.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `channel.rs` | messages to and from the peer: queues, errors, phases |
//! | `pump.rs` | the reader and the writer task, which alone touch the connection |
//! | `frame.rs`, `kind.rs` | the wire format of frames and its limits |
//! | `messages.rs`, `codec.rs` | the control messages, and how they become bytes |
//! | `agreement.rs`, `handshake.rs` | what both sides must see alike, and how they find out; the session id |
//! | `address.rs`, `transport.rs`, `dial.rs`, `memory.rs` | TCP, Unix sockets, a pair within the process |
//! | `tls.rs`, `tls/` | encryption, and who the peer is |
//! | `binding.rs` | what ties a session to the connection below it |
//! | `link.rs` | how fast a connection is, and connections made as slow as one |
//! | `probe.rs` | what the connection to the peer can carry |
//! | `limits.rs`, `meter.rs`, `odometer.rs`, `pool.rs` | timeouts; what crossed the channel; buffers on their way back |

mod address;
mod agreement;
mod announce;
mod binding;
mod channel;
mod codec;
mod dial;
mod door;
mod end;
mod error;
mod frame;
mod handshake;
mod kind;
mod lasting;
mod limits;
mod link;
mod memory;
mod messages;
mod meter;
mod misbehaviour;
mod odometer;
mod pause;
mod pool;
mod probe;
mod pump;
mod role;
mod tls;
mod transport;

pub use address::Address;
pub use agreement::{Agreement, Field, MAX_FIELDS, MAX_NAME, MAX_TEXT, Mismatch};
pub use announce::{Turn, announce, expect};
pub use binding::Binding;
pub use channel::{Channel, QUEUE};
pub use codec::CodecError;
pub use dial::dial;
pub use door::{First, read_single, write_single};
pub use end::End;
pub use error::{Blame, Category, ChannelError, Waiting};
pub use frame::{Length, MAX_CONTROL, MAX_FRAME};
pub use handshake::{Agreed, handshake};
pub use kind::Kind;
pub use lasting::{Again, Cut, Dialler, Inbox, Line, LineState, Patience, Reconnect, ResumeKey, Returned};
pub use limits::{Limits, Stopper};
pub use link::{Link, Shaped};
pub use messages::{Hello, MAX_STATIC_KEY, Operation, OperationName, PROTOCOL_VERSION};
pub use meter::{Meter, Phase, Traffic};
pub use misbehaviour::Misbehaviour;
pub use odometer::Odometer;
pub use probe::{Probed, probe};
pub use role::Role;
pub use tls::{Authorities, Fingerprint, Identity, Secured, TlsError, Trust};
pub use transport::{Listener, Stream};
