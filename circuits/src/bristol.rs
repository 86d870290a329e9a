//! Circuits in Bristol files, read and written in both formats.
//!
//! Both formats are text. The first line holds the numbers of gates and of wires. The header goes on
//!
//! - in the *old* format (Smart–Tillich) with one line: the wires of the first input, of the second input (0 if there
//!   is none) and of the output;
//! - in *Bristol Fashion* with two: the number of inputs and the width of each, then the same for the outputs.
//!
//! Then comes one line per gate: how many wires it reads, how many it writes, which, and its name.
//!
//! ```text
//! 2 1 a b z XOR     z = a ⊕ b            1 1 a z EQW     z = a
//! 2 1 a b z AND     z = a ∧ b            1 1 c z EQ      z = c, the constant 0 or 1
//! 1 1 a z INV       z = ¬a (also NOT)    2n n a… b… z… MAND    n ANDs: zₖ = aₖ ∧ bₖ
//! ```
//!
//! Input wires come first, group after group; the output wires are the last ones. Every wire is written once and
//! before it is read.
//!
//! [`write()`] writes either format. [`read`] finds out which format a file has. It takes what is found in the wild: `\r\n`, tabs, blank lines, spaces at
//! the end, comments (from `#` or `//` to the end of the line), a byte order mark, wires that nothing reads or that do
//! not exist, outputs that are inputs, empty groups, any gate kind in either format. It rejects everything else with a
//! [`BristolError`] that says where and why. The file is read once, front to back; memory and time are proportional to
//! its length, never to a number that is written in it.
//!
//! ```
//! use halfgate_circuits::bristol::{self, Format};
//!
//! let text = "1 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n";
//! let (circuit, format) = bristol::read(text.as_bytes(), "and.txt")?;
//! assert_eq!(format, Format::Fashion);
//! assert_eq!(circuit.gates().len(), 1);
//!
//! let error = bristol::read("1 3\n2 1 1\n1 1\n2 1 0 7 2 AND\n".as_bytes(), "and.txt").unwrap_err();
//! assert!(error.to_string().starts_with("and.txt:4:7: wire 7 "));
//! # Ok::<(), bristol::BristolError>(())
//! ```

use std::fmt;

mod blocks;
mod error;
mod gates;
mod header;
mod numbering;
mod plain;
mod reader;
mod scanner;
mod wires;
mod writer;

pub use error::{BristolError, BristolErrorKind, HeaderPart};
pub use reader::{check, read};
pub use writer::{WriteError, WriteOptions, write, write_with};

/// The two formats of Bristol files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The old format (Smart–Tillich): one or two inputs, one output. Shown as `bristol`.
    Old,
    /// Bristol Fashion: any number of inputs and outputs. Shown as `fashion`.
    Fashion,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Old => "bristol",
            Format::Fashion => "fashion",
        })
    }
}
