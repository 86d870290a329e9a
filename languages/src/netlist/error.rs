use std::{fmt, io};

use halfgate_circuits::CircuitError;
use thiserror::Error;

use super::Place;

/// Where and why a netlist was rejected. Whoever made the file is to blame, except for [`NetlistErrorKind::Read`].
///
/// Shown as `FILE:LINE: what is wrong; what to do`, in one line; the line is that of the source where the netlist says
/// which that is.
#[derive(Debug, Error)]
#[error("{file}{}: {kind}; {}", place.shown(), kind.next_step())]
pub struct NetlistError {
    /// The name of the file, as the caller gave it.
    pub file: String,
    place: Place,
    /// What is wrong.
    #[source]
    pub kind: NetlistErrorKind,
}

impl NetlistError {
    pub(crate) fn new(file: &str, place: Place, kind: NetlistErrorKind) -> Self {
        NetlistError { file: file.to_owned(), place, kind }
    }
}

impl Place {
    fn shown(&self) -> String {
        match self {
            Place::Line(line) => format!(":{line}"),
            Place::Source(source) => format!(" (from {source})"),
            Place::Unknown => String::new(),
        }
    }
}

/// What is wrong with a netlist. Names are shortened and escaped.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NetlistErrorKind {
    /// Reading failed.
    #[error("the file cannot be read")]
    Read(#[source] io::Error),
    /// No JSON, or not that of Yosys.
    #[error("this is not JSON as Yosys writes it ({0})")]
    Json(#[source] serde_json::Error),
    /// A line of a BLIF file that is none.
    #[error("`{found}` does not belong here")]
    Syntax {
        /// What stands there.
        found: String,
    },
    /// No module that could be computed.
    #[error("the file has no module")]
    NoModule,
    /// Several modules and none marked as the top.
    #[error("the file has several modules ({names}) and none is marked as the top")]
    NoTop {
        /// Their names.
        names: String,
    },
    /// A part with a memory of its own.
    #[error("{cell} keeps state between cycles, but a circuit is computed once")]
    State {
        /// The cell and its type.
        cell: String,
    },
    /// An instance of another module.
    #[error("{cell} is another module of the file")]
    Hierarchy {
        /// The cell and its type.
        cell: String,
    },
    /// A cell that is not known.
    #[error("{cell} is of a kind that is not known")]
    UnknownCell {
        /// The cell and its type.
        cell: String,
    },
    /// A cell lacks a port, or the port has a width that it cannot have.
    #[error("{cell} has {found} wires at port `{port}`, and needs {needed}")]
    Width {
        /// The cell and its type.
        cell: String,
        /// The port.
        port: String,
        /// The wires there are.
        found: usize,
        /// The wires it needs.
        needed: usize,
    },
    /// A table that does not fit its cell.
    #[error("the table of {cell} does not fit its inputs")]
    Table {
        /// The cell and its type.
        cell: String,
    },
    /// A port that goes both ways.
    #[error("port `{port}` is an `inout`")]
    Inout {
        /// The port.
        port: String,
    },
    /// An owner that is no party.
    #[error("port `{port}` belongs to `{owner}`, which is no party")]
    Owner {
        /// The port.
        port: String,
        /// What the attribute says.
        owner: String,
    },
    /// A net that nothing drives.
    #[error("nothing drives `{net}`")]
    Undriven {
        /// The net.
        net: String,
    },
    /// A net with two drivers.
    #[error("`{net}` is driven twice")]
    DrivenTwice {
        /// The net.
        net: String,
    },
    /// A net that depends on itself.
    #[error("`{net}` depends on itself")]
    Loop {
        /// The net.
        net: String,
    },
    /// What was read is no circuit.
    #[error("the netlist makes no circuit: {0}")]
    Circuit(#[source] CircuitError),
}

impl NetlistErrorKind {
    /// What the author of the file can do.
    fn next_step(&self) -> &'static str {
        match self {
            Self::Read(_) => "is it the right file?",
            Self::Json(_) => {
                "write it with `yosys -p 'read_verilog FILE.v; prep -flatten; write_json FILE.json'`"
            }
            Self::Syntax { .. } => "BLIF has `.model`, `.inputs`, `.outputs`, `.names`, `.subckt` and `.end`",
            Self::NoModule => "did Yosys remove it? Give its name: `prep -top NAME -flatten`",
            Self::NoTop { .. } => "let Yosys mark it: `prep -top NAME -flatten`",
            Self::State { .. } => "describe the function without clocks and latches",
            Self::Hierarchy { .. } => "let Yosys put it in its place: `flatten`",
            Self::UnknownCell { .. } => {
                "let Yosys take it apart: `techmap`, or `synth -flatten` for gates only"
            }
            Self::Width { .. } | Self::Table { .. } => "was the file changed? Write it again",
            Self::Inout { .. } => "make it an input or an output",
            Self::Owner { .. } => "write `(* party = \"garbler\" *)` or `(* party = \"evaluator\" *)`",
            Self::Undriven { .. } => "give it a value on every path through the source",
            Self::DrivenTwice { .. } => "let one place give it its value",
            Self::Loop { .. } => "a circuit has no way back: break the loop in the source",
            Self::Circuit(_) => "rename or split the parts named",
        }
    }
}

/// A name from a file, for a message: one line, not too long.
pub(crate) fn shown(name: &str) -> impl fmt::Display {
    let mut text: String = name.chars().take(60).flat_map(char::escape_debug).collect();
    if name.chars().count() > 60 {
        text.push('…');
    }
    text
}
