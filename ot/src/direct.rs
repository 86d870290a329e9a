#![doc = include_str!("direct.md")]

mod driver;
mod labels;

pub use driver::{DIRECT_OTS, DirectReceiver, DirectSender, direct_answer, direct_points};
pub use labels::{LabelReceiver, LabelSender};

#[cfg(test)]
mod tests;
