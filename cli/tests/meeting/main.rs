//! Two firms meet: the real binary on both sides, each in a folder of its own, as the book describes it.
#![cfg(test)]

mod authority;
mod cuts;
mod ends;
mod firms;
mod forecast;
mod functions;
mod invites;
mod jobs;
mod keys;
mod middle;
mod mismatch;
mod pools;
#[path = "../command/process.rs"]
mod process;
mod programs;
mod relay;
mod results;
mod roles;
mod secrets;
mod terminal;
