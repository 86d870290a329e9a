//! In which order a circuit is computed: from [`Circuit`](halfgate_circuits::Circuit) to [`Program`].

mod program;
mod tile;

pub use program::{AndGate, Machine, Operand, Position, Program, ProgramOutput, Progress, Slot, XorGate};
pub use tile::Tile;
