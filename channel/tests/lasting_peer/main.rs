//! A lasting channel against a far end that is written by hand, and may be anybody.

#![cfg(test)]

mod limits;
mod resume;
mod stranger;
