//! End-to-end tests of `halfgate serve`: the real binary, and guests that are the real binary or the library.
#![cfg(test)]

mod guest;
mod hostile;
mod limits;
mod load;
mod metrics;
mod server;
mod stopping;
