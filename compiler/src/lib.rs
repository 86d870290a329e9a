//! In which order a circuit is computed: from [`Circuit`](halfgate_circuits::Circuit) to [`Program`].

mod append;
mod bands;
mod bit_tile;
mod canonical;
mod chain;
mod error;
mod evaluate;
mod graph;
mod lower;
mod optimizer;
mod outputs;
mod passes;
mod pipeline;
mod program;
mod proof;
mod raise;
#[cfg(feature = "random-circuits")]
pub mod random;
mod report;
mod restore;
mod saved;
mod schedule;
mod stream;
mod tile;
mod verify;
mod walk;

pub use bands::{Bands, Piece, ROWS_PER_MESSAGE, pieces, row_messages, wave};
pub use bit_tile::BitTile;
pub use error::{EvaluateError, LoadError, Place, ScheduleError, VerifyError};
pub use evaluate::evaluate;
pub use optimizer::{Advance, Effort, Objective, Optimized, Optimizer, Stage};
pub use outputs::OutputTable;
pub use pipeline::{compile, optimize};
pub use program::{AndGate, Machine, Operand, Position, Program, ProgramOutput, Progress, Slot, XorGate};
pub use proof::{
    Difference, Equality, Evidence, Misfit, ProofAdvance, ProofLimits, SweepFigures, Verdict, prove,
};
pub use report::{Figures, Report};
pub use schedule::schedule;
pub use stream::{BITS_PER_MESSAGE, Chunks};
pub use tile::Tile;
pub use walk::{TileMachine, Walk};
