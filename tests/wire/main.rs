//! What crosses the wire: with fixed randomness always the same, and with a hostile line never taken for granted.

#![cfg(test)]

mod hostile;
mod opening;
mod tap;
mod threads;
mod trace;
mod tweaks;
