//! Hosts and guests over real TCP and TLS on loopback: who is let in, who is not, and what the others can do about it.
#![cfg(test)]

mod examine;
mod house;
mod keys;
mod middle;
mod refusals;
mod resume;
mod strays;
