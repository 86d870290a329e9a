//! What people are told, on standard error.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line to standard error. There is nobody to tell if that fails.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
