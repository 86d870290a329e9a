//! Circuits from what others write: one module per language, each a function from text to a `Circuit`.
//!
//! | module | reads |
//! | --- | --- |
//! | [`garble`] | `.garble.rs` programs, through the `garble_lang` crate |

pub mod garble;
