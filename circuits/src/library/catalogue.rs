//! Everything that [`find`](super::find) knows, one list per theme.

mod ciphers;
mod integers;

use super::entry::Entry;

/// In the order in which they are listed.
pub(super) static THEMES: [&[Entry]; 2] = [&integers::ENTRIES, &ciphers::ENTRIES];
