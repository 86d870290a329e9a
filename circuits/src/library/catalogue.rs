//! Everything that [`find`](super::find) knows, one list per theme.

mod bits;
mod ciphers;
mod floats;
mod integers;
mod sorting;

use super::entry::Entry;

/// In the order in which they are listed.
pub(super) static THEMES: [&[Entry]; 7] = [
    &integers::ENTRIES,
    &bits::ENTRIES,
    &sorting::ENTRIES,
    &floats::SINGLE,
    &floats::DOUBLE,
    &floats::BETWEEN,
    &ciphers::ENTRIES,
];
