//! The builder and the library against big integers and reference crates, run by the plaintext machine.

#[path = "library/ciphers.rs"]
mod ciphers;
#[path = "library/counts.rs"]
mod counts;
#[path = "library/folding.rs"]
mod folding;
#[path = "library/integers.rs"]
mod integers;
#[path = "library/misuse.rs"]
mod misuse;
#[path = "library/names.rs"]
mod names;
#[path = "library/plaintext.rs"]
mod plaintext;
#[path = "library/shifts.rs"]
mod shifts;
