//! In which order a circuit is computed: from [`Circuit`](halfgate_circuits::Circuit) to [`Program`].

mod error;
mod evaluate;
mod graph;
mod outputs;
mod program;
#[cfg(feature = "random-circuits")]
pub mod random;
mod schedule;
mod stream;
mod tile;

pub use error::{EvaluateError, ScheduleError};
pub use evaluate::evaluate;
pub use outputs::OutputTable;
pub use program::{AndGate, Machine, Operand, Position, Program, ProgramOutput, Progress, Slot, XorGate};
pub use schedule::schedule;
pub use stream::Chunks;
pub use tile::Tile;
