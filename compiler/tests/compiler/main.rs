//! The compiler against an oracle that knows nothing of it, and against published circuits with known answers.
#![cfg(test)]

mod bristol;
mod optimize;
mod oracle;
mod pinned;
mod proof;
mod schedule;
