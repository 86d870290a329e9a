//! Circuits from what others write: one module per language, each a function from text to a `Circuit`.
//!
//! | module | reads |
//! | --- | --- |
//! | [`garble`] | `.garble.rs` programs, through the `garble_lang` crate |
//! | [`blif`] | BLIF netlists (`.blif`), as Yosys and ABC write them |
//! | [`yosys`] | Yosys's JSON netlists (`.json`), with words: the way for Verilog |

pub mod blif;
pub mod garble;
mod netlist;
pub mod yosys;

pub use netlist::{NetlistError, NetlistErrorKind};
