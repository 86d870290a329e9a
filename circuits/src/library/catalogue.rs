//! Everything that [`find`](super::find) knows, one list per theme.

mod bits;
mod ciphers;
mod integers;
mod sorting;

use super::entry::Entry;

/// In the order in which they are listed.
pub(super) static THEMES: [&[Entry]; 4] =
    [&integers::ENTRIES, &bits::ENTRIES, &sorting::ENTRIES, &ciphers::ENTRIES];
