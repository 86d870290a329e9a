use std::{error, fmt, io};

use thiserror::Error;

/// Where and why a Bristol file was rejected. Whoever made the file is to blame, except for
/// [`BristolErrorKind::Read`].
///
/// Shown as `FILE:LINE:COLUMN: what is wrong; expected what`, in one line.
#[derive(Debug)]
pub struct BristolError {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// The column in bytes, counted from 1.
    pub column: u64,
    /// What is wrong.
    pub kind: BristolErrorKind,
}

impl fmt::Display for BristolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BristolError { file, line, column, kind } = self;
        write!(f, "{file}:{line}:{column}: {kind}; expected {}", kind.expected())
    }
}

impl error::Error for BristolError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        error::Error::source(&self.kind)
    }
}

/// What is wrong with a Bristol file. Excerpts (`found`) are shortened and escaped.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BristolErrorKind {
    /// Reading failed.
    #[error("the file cannot be read: {0}")]
    Read(#[source] io::Error),
    /// A byte that is no text.
    #[error("byte 0x{byte:02x} is not part of UTF-8 text")]
    NotText {
        /// The first such byte.
        byte: u8,
    },
    /// Something else where a number belongs.
    #[error("`{found}` is not a number")]
    NotANumber {
        /// What stands there.
        found: String,
    },
    /// A number of more than 64 bits.
    #[error("the number {found} is too large")]
    NumberTooLarge {
        /// The number.
        found: String,
    },
    /// More on a line than belongs there.
    #[error("`{found}` follows the name that ends the line")]
    TrailingToken {
        /// What stands there.
        found: String,
    },
    /// The file ends within the header.
    #[error("the file ends within its header")]
    HeaderMissing(HeaderPart),
    /// The first line does not hold two numbers.
    #[error("the first line holds {}", counted(*found as u64, "number"))]
    CountsLength {
        /// How many numbers it holds.
        found: usize,
    },
    /// A line of group widths is shorter or longer than its first number says.
    #[error("the line promises {} and lists {found}", counted(*promised, "group"))]
    GroupsLength {
        /// The first number of the line.
        promised: u64,
        /// How many numbers follow it.
        found: usize,
    },
    /// More wires than there are indices.
    #[error("the header promises {wires} wires")]
    TooManyWires {
        /// The number in the header.
        wires: u64,
    },
    /// The header promises more wires than the file has room for.
    #[error("the header promises {wires} wires, more than a file of {bytes} bytes can describe")]
    WiresExceedFile {
        /// The number in the header.
        wires: u32,
        /// The length of the file.
        bytes: u64,
    },
    /// The groups are wider than the circuit.
    #[error("the groups have {} in all, but the circuit only {wires}", counted(*width, "wire"))]
    GroupsExceedWires {
        /// The sum of the widths.
        width: u64,
        /// The number of wires in the header.
        wires: u32,
    },
    /// More gates than wires that they could write.
    #[error("the header promises {}, but only {room} wires besides the inputs", counted(*gates, "gate"))]
    GatesExceedWires {
        /// The number of gates in the header.
        gates: u64,
        /// Wires less inputs.
        room: u32,
    },
    /// More gate lines than the header says.
    #[error("this is gate {}, but the header promises only {promised}", promised + 1)]
    TooManyGates {
        /// The number in the header.
        promised: u64,
    },
    /// Fewer gate lines than the header says.
    #[error("the file ends after {}, but the header promises {promised}", counted(*found, "gate"))]
    TooFewGates {
        /// The number in the header.
        promised: u64,
        /// The gate lines there are.
        found: u64,
    },
    /// A gate line without a name at its end.
    #[error("the line ends without the name of a gate")]
    GateNameMissing,
    /// A gate line that does not start with two numbers.
    #[error("the gate does not say how many wires it reads and writes")]
    GateLengthMissing,
    /// An unknown name.
    #[error("`{found}` is not a gate")]
    UnknownGate {
        /// The name.
        found: String,
    },
    /// The first two numbers of a gate line do not suit its name.
    #[error("{gate} cannot have {} and {}", counted(*inputs, "input"), counted(*outputs, "output"))]
    Arity {
        /// The name.
        gate: &'static str,
        /// The first number.
        inputs: u64,
        /// The second number.
        outputs: u64,
    },
    /// A gate line does not list as many wires as its first two numbers say.
    #[error("the gate lists {}", counted(*found as u64, "wire"))]
    WireCount {
        /// How many it should list.
        promised: u64,
        /// How many it lists.
        found: usize,
    },
    /// A wire beyond the number of wires in the header.
    #[error("wire {wire} does not exist: the header promises {wires} wires")]
    NoSuchWire {
        /// The wire.
        wire: u64,
        /// The number in the header.
        wires: u32,
    },
    /// A wire is read that no line above writes.
    #[error("wire {wire} is read before it is written")]
    ReadBeforeWrite {
        /// The wire.
        wire: u64,
    },
    /// A wire is written a second time.
    #[error("wire {wire} is written a second time")]
    WrittenTwice {
        /// The wire.
        wire: u64,
    },
    /// A gate writes an input.
    #[error("wire {wire} is an input and cannot be written")]
    InputWritten {
        /// The wire.
        wire: u64,
    },
    /// A constant that is neither 0 nor 1.
    #[error("{found} is not a constant")]
    NotAConstant {
        /// The number.
        found: u64,
    },
    /// An output wire that no gate writes.
    #[error("wire {wire} is an output, but no gate writes it")]
    OutputUndefined {
        /// The wire.
        wire: u32,
    },
}

impl BristolErrorKind {
    /// What should stand there instead, to follow the word "expected".
    pub fn expected(&self) -> String {
        match self {
            Self::Read(_) => "a file that can be read to its end".into(),
            Self::NotText { .. } => "a Bristol circuit, which is plain text".into(),
            Self::NotANumber { .. } => "a decimal number without sign".into(),
            Self::NumberTooLarge { .. } | Self::TooManyWires { .. } => {
                format!("a number up to {}", u32::MAX - 1)
            }
            Self::TrailingToken { .. } => "the end of the line".into(),
            Self::HeaderMissing(part) => part.to_string(),
            Self::CountsLength { .. } => "two: the number of gates and the number of wires".into(),
            Self::GroupsLength { .. } => "the number of groups and the width of each".into(),
            Self::WiresExceedFile { .. } => {
                "at most 2^20 wires more than the file has bytes; is the file complete?".into()
            }
            Self::GroupsExceedWires { .. } => "all groups to fit into the wires of the first line".into(),
            Self::GatesExceedWires { .. } => "a wire of its own for every gate".into(),
            Self::TooManyGates { promised } => {
                format!("the file to end after {}", counted(*promised, "gate"))
            }
            Self::TooFewGates { promised, found } => {
                format!("{} more; is the file complete?", promised.saturating_sub(*found))
            }
            Self::GateNameMissing | Self::UnknownGate { .. } => {
                "one of XOR, AND, INV, NOT, EQ, EQW, MAND".into()
            }
            Self::Arity { gate, .. } => arity(gate).into(),
            Self::WireCount { promised, .. } => format!("{promised}"),
            Self::GateLengthMissing => "the numbers of inputs and of outputs, then these wires".into(),
            Self::NoSuchWire { wires, .. } => format!("a wire below {wires}"),
            Self::ReadBeforeWrite { .. } => "an input or a wire that a line above writes".into(),
            Self::WrittenTwice { .. } => "a wire that no line above writes".into(),
            Self::InputWritten { .. } => "a wire that is not an input".into(),
            Self::NotAConstant { .. } => "0 or 1".into(),
            Self::OutputUndefined { .. } => "the last wires of the circuit to be its outputs".into(),
        }
    }
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn arity(gate: &str) -> &'static str {
    match gate {
        "XOR" | "AND" => "2 inputs and 1 output",
        "MAND" => "2n inputs and n outputs with n of 1 or more",
        _ => "1 input and 1 output",
    }
}

/// The lines of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderPart {
    /// The first line.
    Counts,
    /// The second line.
    Inputs,
    /// The third line, of Fashion files only.
    Outputs,
}

impl fmt::Display for HeaderPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HeaderPart::Counts => "the line with the numbers of gates and of wires",
            HeaderPart::Inputs => "the line with the input groups",
            HeaderPart::Outputs => "the line with the output groups",
        })
    }
}

/// What is wrong, and where: not yet an error, as the scanner and the gates know neither file nor line.
pub(super) struct Fault {
    pub(super) spot: Spot,
    pub(super) kind: BristolErrorKind,
}

/// Where something is wrong.
pub(super) enum Spot {
    /// At the token of this index in the current line.
    Token(usize),
    /// At a place seen before, or at the end of the file.
    Place(Place),
}

/// A line and a column, counted from 1.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

impl Fault {
    pub(super) fn new(token: usize, kind: BristolErrorKind) -> Self {
        Fault { spot: Spot::Token(token), kind }
    }

    pub(super) fn at(place: Place, kind: BristolErrorKind) -> Self {
        Fault { spot: Spot::Place(place), kind }
    }
}
