//! What crosses the wire: with fixed randomness always the same, and with a hostile line never taken for granted.

mod hostile;
mod tap;
mod trace;
