//! Two dealers on a line: honest ones, and ones that depart from the protocol.

#![cfg(test)]

mod cheating;
mod dealers;
mod dealing;
mod leaks;
mod pools;
mod refusals;
mod tampering;
