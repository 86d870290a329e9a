//! Parties that cheat in the malicious mode, in every message and every secret: each cheat is found, opens nothing and
//! tells nothing, or is one that the protocol allows.

#![cfg(test)]

mod dishonest;
mod dishonest_evaluator;
mod dishonest_garbler;
mod evaluator_cheats;
mod every_message;
mod fields;
mod garbler_cheats;
mod input_phase;
mod pair;
mod relay;
mod script;
mod selective_failure;
mod sizes;
mod spent;
mod trace;
mod tweaks;
