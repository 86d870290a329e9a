//! The builder and the library against big integers and reference crates, run by the plaintext machine.
#![cfg(test)]

#[path = "library/binary_fields.rs"]
mod binary_fields;
#[path = "library/byte_strings.rs"]
mod byte_strings;
#[path = "library/cipher_counts.rs"]
mod cipher_counts;
#[path = "library/ciphers.rs"]
mod ciphers;
#[path = "library/counting.rs"]
mod counting;
#[path = "library/counts.rs"]
mod counts;
#[path = "library/fixed.rs"]
mod fixed;
#[path = "library/float_conversions.rs"]
mod float_conversions;
#[path = "library/float_model.rs"]
mod float_model;
#[path = "library/floats.rs"]
mod floats;
#[path = "library/folding.rs"]
mod folding;
#[path = "library/function_counts.rs"]
mod function_counts;
#[path = "library/function_pages.rs"]
mod function_pages;
#[path = "library/function_texts.rs"]
mod function_texts;
#[path = "library/function_values.rs"]
mod function_values;
#[path = "library/hashes.rs"]
mod hashes;
#[path = "library/integers.rs"]
mod integers;
#[path = "library/library_page.rs"]
mod library_page;
#[path = "library/misuse.rs"]
mod misuse;
#[path = "library/names.rs"]
mod names;
#[path = "library/numbers.rs"]
mod numbers;
#[path = "library/plaintext.rs"]
mod plaintext;
#[path = "library/published_ciphers.rs"]
mod published_ciphers;
#[path = "library/shifts.rs"]
mod shifts;
#[path = "library/sorting.rs"]
mod sorting;
#[path = "library/tables.rs"]
mod tables;
#[path = "library/textbook.rs"]
mod textbook;
