use halfgate_languages::garble::{self, Options};

use crate::agreement;

/// Compiles a program; one that is accepted computes the same optimised.
pub(crate) fn body(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    if agreement::has_long_numbers(data) {
        return;
    }
    match garble::compile(source, "fuzz.garble.rs", &Options::default()) {
        Ok(circuit) => agreement::check(&circuit),
        Err(error) => assert!(!error.to_string().is_empty(), "what cannot be compiled has an error to show"),
    }
}
