use halfgate_circuits::{Circuit, Values};
use halfgate_compiler::{evaluate, optimize, random, schedule};

/// Computes a circuit as it stands and optimised, for the same inputs.
pub(crate) fn check(circuit: &Circuit) {
    // A few words can ask for many gates: with too many this would only be slow.
    if circuit.wire_count() + circuit.output_width() > 1 << 14 {
        return;
    }
    let inputs = random::inputs(1, circuit, 3);
    let outputs = |circuit: &Circuit| -> Vec<Values> {
        let program = schedule(circuit).expect("fewer than 2^31 slots");
        evaluate(&program, &inputs).expect("inputs of the circuit's shape")
    };
    assert!(outputs(&optimize(circuit)) == outputs(circuit), "the optimiser changed the function");
}

/// Whether a text has numbers so long that a circuit of that size would only be slow.
pub(crate) fn has_long_numbers(data: &[u8]) -> bool {
    data.windows(4).any(|digits| digits.iter().all(u8::is_ascii_digit))
}
