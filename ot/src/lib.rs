//! Oblivious transfer: base OT and its malicious-secure extension.
//!
//! [`CotSender`] and [`CotReceiver`] hold the two ends of a stream of correlated OTs over a
//! [`Channel`](halfgate_channel::Channel), [`DirectSender`] and [`DirectReceiver`] those of the few OTs for which that
//! would be too much. What they move is made by pure state types that know no channel: [`BaseSender`] and
//! [`BaseReceiver`], [`LabelSender`] and [`LabelReceiver`], [`SenderSetup`] and [`ReceiverSetup`], [`SoftSpokenSender`]
//! and [`SoftSpokenReceiver`]; both parties of those run in one thread.

mod base;
mod constant_time;
mod cot;
mod direct;
mod error;
mod pair;
mod plan;
mod pool;
mod rows;
mod softspoken;

pub use base::{BaseDomain, BaseReceiver, BaseSender, BaseUse, ChosenKeys, KeyPairs, POINT_LENGTH};
pub use cot::{CotReceiver, CotSender};
pub use direct::{
    DIRECT_OTS, DirectReceiver, DirectSender, LabelReceiver, LabelSender, direct_answer, direct_points,
};
pub use error::OtError;
pub use pair::{Holder, setup_pair};
pub use plan::{Demands, LARGEST_BATCH};
pub use rows::{ReceiverRows, SenderRows};
pub use softspoken::{
    POINT_MESSAGES, POINTS_LENGTH, ReceiverSetup, SETUP_LENGTH, SenderSetup, SoftSpokenReceiver,
    SoftSpokenSender, batch_length,
};
