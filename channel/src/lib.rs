//! Bytes between the two parties: frames with limits, the connections that carry them, the agreement that comes before
//! any secret, and the meter.

mod channel;
mod error;
mod frame;
mod kind;
mod limits;
mod memory;
mod meter;
mod pool;
mod pump;
mod role;

pub use channel::{Channel, QUEUE};
pub use error::{Blame, ChannelError, Misbehaviour, Waiting};
pub use frame::{Length, MAX_CONTROL, MAX_FRAME};
pub use kind::Kind;
pub use limits::Limits;
pub use meter::{Meter, Phase, Traffic};
pub use role::Role;
