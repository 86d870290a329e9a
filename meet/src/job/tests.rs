//! Jobs of three batches that are interrupted wherever they can be.

mod crashes;
mod lies;
mod pair;
mod plain;
mod wire;
