use thiserror::Error;

use crate::WireId;

/// Why parts do not make a circuit. The caller who put them together is to blame.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CircuitError {
    /// A gate or output reads a wire that is not defined before it.
    #[error("{place} reads wire {}, but only wires below {defined} are defined there", wire.raw())]
    UndefinedWire {
        /// The wire that was read.
        wire: WireId,
        /// The gate or output that reads it.
        place: String,
        /// The number of wires defined at that point.
        defined: usize,
    },
    /// More wires than indices.
    #[error("the circuit has {wires} wires; at most {} fit", u32::MAX - 1)]
    TooManyWires {
        /// Input wires and gates together.
        wires: u64,
    },
    /// An output group's width is not its number of wires.
    #[error("output `{group}` says it is {width} wires wide but lists {wires}")]
    WidthMismatch {
        /// The group's name.
        group: String,
        /// The width it states.
        width: u32,
        /// The wires it lists.
        wires: usize,
    },
    /// Two inputs or two outputs have one name.
    #[error("two groups are called `{name}`; names must differ among inputs and among outputs")]
    DuplicateName {
        /// The name that occurs twice.
        name: String,
    },
    /// An index beyond the groups there are.
    #[error("there is no group {index}: the circuit has {groups}")]
    NoSuchGroup {
        /// The index asked for.
        index: usize,
        /// How many groups there are.
        groups: usize,
    },
}
