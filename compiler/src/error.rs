use std::{fmt, io};

use thiserror::Error;

/// Why a circuit cannot be scheduled. The circuit is to blame.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// More wires than slot numbers.
    #[error(
        "the circuit has {wires} wires; a program holds fewer than 2^31: split the circuit into several calls"
    )]
    TooManyWires {
        /// Input wires and gates together.
        wires: usize,
    },
}

/// Why a program cannot be computed on the values given. The caller is to blame.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// Not one [`Values`](halfgate_circuits::Values) per input group.
    #[error("the program has {expected} input groups, but values for {given} were given")]
    Groups {
        /// The input groups of the program.
        expected: usize,
        /// The values given.
        given: usize,
    },
    /// A group's values have another width than the group.
    #[error("input `{group}` is {expected} wires wide, but its values are {given} wide")]
    Width {
        /// The group's name.
        group: String,
        /// Its width.
        expected: u32,
        /// The width of the values.
        given: u32,
    },
    /// Groups with different numbers of lanes.
    #[error("input `{group}` has values for {given} lanes, but the first input has them for {expected}")]
    Lanes {
        /// The group's name.
        group: String,
        /// The lanes of the first group.
        expected: usize,
        /// The lanes of this group.
        given: usize,
    },
}

/// What is wrong with a program. Programs of this crate are right; one from elsewhere may not be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A slot beyond the slots that the program says it has.
    #[error("{place} has slot {slot}, but the program has {slots} slots")]
    NoSuchSlot {
        /// Where the slot stands.
        place: Place,
        /// Its index.
        slot: usize,
        /// The number of slots.
        slots: usize,
    },
    /// A slot that holds nothing yet.
    #[error("{place} reads slot {slot}, which nothing has written")]
    Unwritten {
        /// Where the slot is read.
        place: Place,
        /// Its index.
        slot: usize,
    },
    /// A gate that reads a slot which an earlier gate of its batch writes.
    #[error("{place} reads slot {slot}, which another gate of its batch writes before it")]
    Dependent {
        /// The gate that reads.
        place: Place,
        /// The slot's index.
        slot: usize,
    },
    /// Two inputs, or two gates of one batch, in one slot.
    #[error("{place} overwrites slot {slot}, which holds what was written together with it")]
    WrittenTwice {
        /// The second of the two.
        place: Place,
        /// The slot's index.
        slot: usize,
    },
    /// A step that goes back, goes beyond the gates, or has no batch of 1 to [`Program::MAX_BATCH`](crate::Program)
    /// ANDs; or a last step that leaves gates over.
    #[error("step {step} does not divide the gates of the program into batches")]
    Step {
        /// Its number.
        step: usize,
    },
    /// A group whose wires are not as many as it says.
    #[error("the {side} groups say they have {expected} wires, but {given} are listed")]
    Width {
        /// `input` or `output`.
        side: &'static str,
        /// The wires according to the groups.
        expected: usize,
        /// The wires listed.
        given: usize,
    },
    /// More slots than anything writes.
    #[error("the program has {slots} slots, but writes only {writes} times")]
    Slots {
        /// The number of slots.
        slots: usize,
        /// Input wires, the constant zero, and gates.
        writes: usize,
    },
    /// Two groups of one name on one side.
    #[error("two {side} groups have the name `{name}`")]
    DuplicateName {
        /// `input` or `output`.
        side: &'static str,
        /// The name.
        name: String,
    },
    /// A tile of other than 16 or 32 lanes.
    #[error("a tile of {lanes} lanes; only 16 and 32 are known")]
    Tile {
        /// The number of lanes.
        lanes: usize,
    },
}

/// Why a saved program cannot be loaded. The file is to blame.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Reading failed.
    #[error("cannot read the program: {0}")]
    Io(#[from] io::Error),
    /// It begins otherwise.
    #[error("this is no saved program: it does not begin with `halfgate program`")]
    NotAProgram,
    /// A program of an older or newer halfgate.
    #[error(
        "the program was saved in version {found} of the format, and this halfgate reads version 1: compile the circuit again"
    )]
    Version {
        /// As it stands in the file.
        found: String,
    },
    /// The file ends too early.
    #[error(
        "the program ends at byte {offset}, in the middle: the file was cut off; compile the circuit again"
    )]
    Truncated {
        /// Bytes from the start.
        offset: u64,
    },
    /// The file goes on behind its end.
    #[error(
        "the program ends at byte {offset}, but the file goes on: it was changed; compile the circuit again"
    )]
    Longer {
        /// Bytes from the start.
        offset: u64,
    },
    /// Something that no program has at this place.
    #[error(
        "the saved program has {found} before byte {offset}, where {expected} belongs: the file was changed; compile the circuit again"
    )]
    Unexpected {
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: String,
        /// Bytes from the start, behind what was found.
        offset: u64,
    },
    /// The bytes are not those that were saved.
    #[error("the checksum of the saved program is wrong: the file was changed; compile the circuit again")]
    Checksum,
    /// Its own checksum is right, but it is no program that could be run.
    #[error("the saved program is not valid: {0}")]
    Invalid(#[from] VerifyError),
}

/// A place in a program that holds or reads slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An input wire.
    Input(usize),
    /// The constant zero.
    Zero,
    /// An exclusive or.
    Xor(usize),
    /// An AND.
    And(usize),
    /// An output bit.
    Output(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Input(index) => write!(f, "input {index}"),
            Place::Zero => f.write_str("the constant zero"),
            Place::Xor(index) => write!(f, "xor {index}"),
            Place::And(index) => write!(f, "and {index}"),
            Place::Output(index) => write!(f, "output {index}"),
        }
    }
}
