//! Everything that [`find`](super::find) knows, one list per theme.

mod byte_circuits;
mod ciphers;
mod hashes;
mod integers;
mod tables;

use super::entry::Entry;

/// In the order in which they are listed.
pub(super) static THEMES: [&[Entry]; 4] =
    [&integers::ENTRIES, &ciphers::ENTRIES, &hashes::ENTRIES, &tables::ENTRIES];
