#![doc = include_str!("softspoken.md")]

mod check;
mod position;
mod pprf;
mod receiver;
mod receiver_setup;
mod sender;
mod sender_setup;
mod transcript;
mod tree;
mod wire;
mod workspace;

#[cfg(test)]
mod tests;

pub use receiver::SoftSpokenReceiver;
pub use receiver_setup::ReceiverSetup;
pub use sender::SoftSpokenSender;
pub use sender_setup::SenderSetup;
pub use wire::{POINT_MESSAGES, POINTS_LENGTH, SETUP_LENGTH, batch_length};

/// Bits of a block, planes of a batch, base OTs of a setup.
pub(crate) const PLANES: usize = 128;
/// Bits of Δ per tree: part of the wire format.
pub(crate) const K: usize = 4;
/// Leaves of a tree.
pub(crate) const Q: usize = 1 << K;
/// Trees, each for one piece δ of Δ.
pub(crate) const TREES: usize = PLANES / K;
