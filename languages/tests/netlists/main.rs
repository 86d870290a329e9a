//! Netlists in BLIF and Yosys's JSON: what they compute, and what is wrong with wrong ones.
#![cfg(test)]

mod blif;

mod json;
mod plaintext;
mod verilog;
