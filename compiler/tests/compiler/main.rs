//! The compiler against an oracle that knows nothing of it, and against published circuits with known answers.
#![cfg(test)]

mod adders;
mod blocks;
mod bristol;
mod inversions;
mod optimize;
mod oracle;
mod pinned;
mod products;
mod proof;
mod saved;
mod schedule;
mod sums;
