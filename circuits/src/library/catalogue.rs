//! Everything that [`find`](super::find) knows, one list per theme.

mod bits;
mod ciphers;
mod fixed;
mod floats;
mod integers;
mod sorting;

use super::entry::Entry;

/// In the order in which they are listed.
pub(super) static THEMES: [&[Entry]; 8] = [
    &integers::ENTRIES,
    &bits::ENTRIES,
    &sorting::ENTRIES,
    &fixed::ENTRIES,
    &floats::SINGLE,
    &floats::DOUBLE,
    &floats::BETWEEN,
    &ciphers::ENTRIES,
];
