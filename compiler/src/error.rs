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
