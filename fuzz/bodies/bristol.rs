use halfgate::compiler::{evaluate, optimize, schedule};
use halfgate::{Circuit, Values, bristol};

/// Reads a file; one that is accepted is written in both formats, read back, compiled and computed, and all agree.
pub(crate) fn body(data: &[u8]) {
    let Ok((circuit, _)) = bristol::read(data, "fuzz") else {
        assert!(!bristol::check(data, "fuzz", 10).is_empty(), "what cannot be read has an error to show");
        return;
    };
    // Unused inputs cost a file no bytes but an evaluation time: with too many this would only be slow.
    if circuit.wire_count() + circuit.output_width() > 1 << 16 {
        return;
    }
    let expected = compute(&circuit, data);
    assert!(compute(&optimize(&circuit), data) == expected, "the optimiser changed the function");
    for format in [bristol::Format::Old, bristol::Format::Fashion] {
        let mut written = Vec::new();
        if bristol::write(&circuit, format, &mut written).is_ok() {
            let (again, read_as) = bristol::read(written.as_slice(), "again").expect("we read what we write");
            assert_eq!(read_as, format);
            assert!(compute(&again, data) == expected, "{format:?} changed the function");
        }
    }
}

/// Three lanes of inputs that depend on the place of a wire only: the old format may add an empty group.
fn compute(circuit: &Circuit, data: &[u8]) -> Vec<Values> {
    let mut place = 0;
    let mut inputs = Vec::new();
    for input in circuit.inputs() {
        let mut values = Values::new(input.group.width, 3);
        for wire in 0..input.group.width {
            values.set_bit(0, wire, data.get(place).is_some_and(|byte| byte & 1 == 1));
            values.set_bit(1, wire, true);
            place += 1;
        }
        inputs.push(values);
    }
    let program = schedule(circuit).expect("fewer than 2^31 slots");
    evaluate(&program, &inputs).expect("inputs of the circuit's shape")
}
