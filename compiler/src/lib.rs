//! In which order a circuit is computed: from [`Circuit`](halfgate_circuits::Circuit) to [`Program`].

mod program;

pub use program::{AndGate, Machine, Operand, Position, Program, ProgramOutput, Progress, Slot, XorGate};
