//! The primitives below the protocols: blocks and labels, the session id and its random oracle, the garbling hash
//! with its kernels, the pseudorandom generator and the bit transpose. The only room with `unsafe`.

mod block;
mod entropy;
mod labels;
mod oracle;

pub use block::Block;
pub use entropy::Entropy;
pub use labels::{ActiveLabels, Delta, ZeroLabels};
pub use oracle::{Oracle, SessionId};
