//! Everything that [`find`](super::find) knows, one list per theme.

mod bits;
mod byte_circuits;
mod ciphers;
mod fixed;
mod floats;
mod hashes;
mod integers;
mod sorting;
mod tables;

use super::entry::Entry;

/// In the order in which they are listed.
pub(super) static THEMES: [&[Entry]; 10] = [
    &integers::ENTRIES,
    &bits::ENTRIES,
    &sorting::ENTRIES,
    &fixed::ENTRIES,
    &floats::SINGLE,
    &floats::DOUBLE,
    &floats::BETWEEN,
    &ciphers::ENTRIES,
    &hashes::ENTRIES,
    &tables::ENTRIES,
];
