//! Mistakes of the caller: a panic with a clear message where values do not fit together, an error at the end otherwise.

use halfgate_circuits::{Builder, CircuitError, Group, Party, library};

#[test]
#[should_panic(expected = "a bit of one builder is used with those of another builder")]
fn bits_of_two_builders() {
    let (ours, theirs) = (Builder::new(), Builder::new());
    let _ = ours.input_bit("a", Party::Garbler) & theirs.input_bit("b", Party::Garbler);
}

#[test]
#[should_panic(expected = "a bit of one builder is used with those of another builder")]
fn an_output_of_another_builder() {
    let (ours, theirs) = (Builder::new(), Builder::new());
    ours.output_bit("a", theirs.constant(true));
}

#[test]
#[should_panic(expected = "operands of 32 and 64 bits meet where one width is needed")]
fn sums_of_two_widths() {
    let builder = Builder::new();
    let _ = builder.input_uint("a", 32, Party::Garbler) + builder.input_uint("b", 64, Party::Evaluator);
}

#[test]
#[should_panic(expected = "operands of 8 and 9 bits meet where one width is needed")]
fn products_of_two_widths() {
    let builder = Builder::new();
    let _ = builder.input_uint("a", 8, Party::Garbler) * builder.input_uint("b", 9, Party::Evaluator);
}

#[test]
#[should_panic(expected = "operands of 8 and 16 bits meet where one width is needed")]
fn quotients_of_two_widths() {
    let builder = Builder::new();
    let _ = builder.input_int("a", 8, Party::Garbler) / builder.input_int("b", 16, Party::Evaluator);
}

#[test]
#[should_panic(expected = "the constant 256 needs 9 bits but is to have 8")]
fn constants_that_do_not_fit() {
    let builder = Builder::new();
    let _ = builder.input_uint("a", 8, Party::Garbler) + 256;
}

#[test]
#[should_panic(expected = "the constant -129 needs 9 bits but is to have 8")]
fn negative_constants_that_do_not_fit() {
    let builder = Builder::new();
    let _ = builder.input_int("a", 8, Party::Garbler) + -129;
}

#[test]
#[should_panic(expected = "AES-128 takes a key of 128 bits, not 127")]
fn short_keys() {
    let builder = Builder::new();
    let key = builder.input_bytes("key", 127, Party::Garbler);
    let _ = library::aes128(&key, &key);
}

#[test]
fn a_panic_names_the_line_of_the_operator() {
    let location = std::sync::Arc::new(std::sync::Mutex::new(None));
    let seen = location.clone();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| *seen.lock().unwrap() = panic.location().map(|at| at.line())));
    let line = line!() + 3;
    let result = std::panic::catch_unwind(|| {
        let builder = Builder::new();
        let _ = builder.constant_uint(3, 1) + builder.constant_uint(4, 1);
    });
    std::panic::set_hook(before);
    assert!(result.is_err());
    assert_eq!(*location.lock().unwrap(), Some(line));
}

#[test]
fn two_outputs_of_one_name() {
    let builder = Builder::new();
    builder.output_bit("a", builder.constant(false));
    builder.output_bit("a", builder.constant(true));
    assert_eq!(builder.finish().unwrap_err(), CircuitError::DuplicateName { name: "a".to_owned() });
}

#[test]
fn two_inputs_of_one_name() {
    let builder = Builder::new();
    builder.input_uint("a", 3, Party::Garbler);
    builder.input_int("a", 4, Party::Evaluator);
    assert_eq!(builder.finish().unwrap_err(), CircuitError::DuplicateName { name: "a".to_owned() });
}

#[test]
fn an_output_group_of_another_width() {
    let builder = Builder::new();
    let bits = builder.input_bits("a", 3, Party::Garbler);
    builder.output(Group::uint("b", 4), &bits);
    let expected = CircuitError::WidthMismatch { group: "b".to_owned(), width: 4, wires: 3 };
    assert_eq!(builder.finish().unwrap_err(), expected);
}
