//! Values whose width the compiler knows: [`Uint<N>`](Uint), [`Int<N>`](Int), [`Bit`], and arrays and pairs of them.
//!
//! They are the builder's values ([`crate::Uint`], [`crate::Int`]) with the width in the type, so that a sum of 32 and 64
//! bits does not compile, and a function says what it takes:
//!
//! ```
//! use halfgate_circuits::typed::{Bit, Uint};
//! use halfgate_circuits::{Builder, Circuit, Party};
//!
//! /// A sealed-bid auction: the winner pays the second price.
//! fn vickrey<'b>(ours: &Uint<'b, 32>, theirs: &Uint<'b, 32>) -> (Bit<'b>, Uint<'b, 32>) {
//!     (ours.ge(theirs), ours.min(theirs))
//! }
//!
//! let circuit = Circuit::build(|builder| {
//!     let ours = builder.input_value("ours", Party::Garbler);
//!     let theirs = builder.input_value("theirs", Party::Evaluator);
//!     let (ours_won, price) = vickrey(&ours, &theirs);
//!     builder.output_value("ours_won", &ours_won);
//!     builder.output_value("price", &price);
//! })?;
//! assert_eq!(circuit.output_width(), 33);
//! # Ok::<(), halfgate_circuits::CircuitError>(())
//! ```
//!
//! ```compile_fail,E0308
//! # use halfgate_circuits::typed::Uint;
//! fn sum<'b>(a: Uint<'b, 32>, b: Uint<'b, 64>) -> Uint<'b, 32> {
//!     a + b
//! }
//! ```

mod int;
mod operators;
mod uint;
mod value;

pub use int::Int;
pub use uint::Uint;
pub use value::Value;

pub use crate::builder::Bit;
