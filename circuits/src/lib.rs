//! What is computed: wires, gates and the validated [`Circuit`].
//!
//! A circuit is read from a Bristol file, built with the builder, or taken from the library. It knows nothing of
//! garbling; the `halfgate-compiler` crate turns it into a program.

mod bit_rows;
pub mod bristol;
mod builder;
mod canonical;
mod circuit;
mod error;
mod group;
pub mod library;
mod limbs;
mod literal;
mod shape;
mod transpose;
pub mod typed;
mod values;

pub use bit_rows::BitRows;
pub use builder::{Bit, Bits, Builder, Fixed, Float, FloatFormat, Int, Mux, Uint};
pub use circuit::{Circuit, Gate, Input, Output, WireId};
pub use error::CircuitError;
pub use group::{BitOrder, Encoding, Group, Party, Reveal};
pub use literal::{LiteralError, Radix, format_literal, parse_literal};
pub use shape::{Fault, Field, NotAShape, Shape, Variant, number, tag_width};
pub use values::Values;
