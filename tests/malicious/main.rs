//! Parties that cheat in the malicious mode, in every message and every secret: each cheat is found, opens nothing and
//! tells nothing, or is one that the protocol allows.

#![cfg(test)]

mod every_message;
mod fields;
mod relay;
mod script;
