use halfgate_languages::blif;

use crate::agreement;

/// Reads a netlist; one that is accepted computes the same optimised.
pub(crate) fn body(data: &[u8]) {
    if agreement::has_long_numbers(data) {
        return;
    }
    match blif::read(data, "fuzz") {
        Ok(circuit) => agreement::check(&circuit),
        Err(error) => assert!(error.to_string().contains("fuzz"), "an error says which file: {error}"),
    }
}
