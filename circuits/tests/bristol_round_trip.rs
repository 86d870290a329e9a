//! What is written is read back as the same circuit: the same groups, the same function.

use std::fs;
use std::path::Path;

use halfgate_circuits::bristol::{self, Format, WriteError, WriteOptions};
use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, Values, WireId};
use halfgate_compiler::random::{self, Shape};
use proptest::prelude::*;

fn write(circuit: &Circuit, format: Format, mand: bool) -> Result<String, WriteError> {
    let mut text = Vec::new();
    bristol::write_with(circuit, format, WriteOptions { mand }, &mut text)?;
    Ok(String::from_utf8(text).expect("files are ASCII"))
}

fn read(text: &str) -> (Circuit, Format) {
    bristol::read(text.as_bytes(), "written").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn widths(circuit: &Circuit) -> (Vec<u32>, Vec<u32>) {
    let inputs = circuit.inputs().iter().map(|input| input.group.width);
    (inputs.collect(), circuit.outputs().iter().map(|output| output.group.width).collect())
}

fn count(circuit: &Circuit, is: fn(&Gate) -> bool) -> usize {
    circuit.gates().iter().filter(|gate| is(gate)).count()
}

/// Both circuits on the same random inputs. `other` may have further, empty inputs.
fn agree(circuit: &Circuit, other: &Circuit, seed: u64) -> bool {
    let compute = |circuit: &Circuit, inputs: &[Values]| {
        let program = halfgate_compiler::schedule(circuit).expect("a small circuit");
        halfgate_compiler::evaluate(&program, inputs).expect("inputs that fit")
    };
    let inputs = random::inputs(seed, circuit, 100);
    let mut other_inputs = random::inputs(seed, circuit, 100);
    other_inputs.extend((inputs.len()..other.inputs().len()).map(|_| Values::new(0, 100)));
    compute(circuit, &inputs) == compute(other, &other_inputs)
}

fn check_round_trip(circuit: &Circuit, format: Format, mand: bool, seed: u64) -> Result<(), TestCaseError> {
    let text = write(circuit, format, mand).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let (back, found) = read(&text);
    prop_assert_eq!(found, format);
    let (mut expected_inputs, expected_outputs) = widths(circuit);
    if format == Format::Old {
        expected_inputs.resize(2, 0);
    }
    prop_assert_eq!(widths(&back), (expected_inputs, expected_outputs));
    let is_and = |gate: &Gate| matches!(gate, Gate::And(..));
    prop_assert_eq!(count(circuit, is_and), count(&back, is_and));
    prop_assert!(agree(circuit, &back, seed), "another function:\n{}", text);
    prop_assert_eq!(write(&back, format, mand).ok(), Some(text), "writing again changes the file");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn fashion_keeps_groups_and_function(seed: u64, mand: bool) {
        let circuit = random::circuit(seed, &Shape::of_seed(seed));
        check_round_trip(&circuit, Format::Fashion, mand, seed)?;
    }

    #[test]
    fn the_old_format_keeps_groups_and_function(seed: u64, first in 0u32..70, second: Option<u8>, output in 0u32..70) {
        let mut shape = Shape::of_seed(seed);
        shape.inputs = [Some(first), second.map(|width| u32::from(width) % 70)].into_iter().flatten().collect();
        shape.outputs = vec![output];
        let circuit = random::circuit(seed, &shape);
        if circuit.input_width() == 0 && !circuit.gates().is_empty() {
            prop_assert!(matches!(write(&circuit, Format::Old, false), Err(WriteError::NoWireForConstants)));
        } else {
            check_round_trip(&circuit, Format::Old, false, seed)?;
        }
    }
}

#[test]
fn public_circuits_come_back_unchanged() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bristol");
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!("skipped: no circuits in {}", folder.display());
        return;
    };
    for path in files.map(|file| file.unwrap().path()).filter(|path| path.extension().unwrap() == "txt") {
        let bytes = fs::read(&path).unwrap();
        let (circuit, format) = bristol::read(bytes.as_slice(), "public").unwrap();
        for mand in [false, true] {
            assert!(
                read(&write(&circuit, format, mand).unwrap()) == (circuit.clone(), format),
                "{}",
                path.display()
            );
        }
    }
}

fn circuit(inputs: &[u32], gates: &[Gate], outputs: &[&[u32]]) -> Circuit {
    let inputs = inputs.iter().enumerate().map(|(index, &width)| Input {
        group: Group::uint(format!("in{index}"), width),
        owner: Party::Garbler,
    });
    let outputs = outputs.iter().enumerate().map(|(index, wires)| Output {
        group: Group::uint(format!("out{index}"), wires.len() as u32),
        wires: wires.iter().copied().map(WireId::new).collect(),
    });
    Circuit::new(inputs.collect(), gates.to_vec(), outputs.collect()).expect("a valid circuit")
}

fn w(index: u32) -> WireId {
    WireId::new(index)
}

#[test]
fn gates_take_the_numbers_of_outputs_and_only_the_rest_is_copied() {
    // Wire 2 is made first but is the last output; wire 3 is two outputs; wire 0 is an input.
    let gates = [Gate::And(w(0), w(1)), Gate::Xor(w(0), w(2)), Gate::Not(w(3))];
    let circuit = circuit(&[2], &gates, &[&[3, 3], &[0, 2]]);
    let fashion =
        "5 7\n1 2 \n2 2 2 \n\n2 1 0 1 6 AND\n2 1 0 6 3 XOR\n1 1 3 2 INV\n1 1 3 4 EQW\n1 1 0 5 EQW\n";
    assert_eq!(write(&circuit, Format::Fashion, false).unwrap(), fashion);
}

#[test]
fn outputs_that_are_the_last_inputs_stay_where_they_are() {
    let identity = circuit(&[2, 1], &[], &[&[1, 2]]);
    assert_eq!(write(&identity, Format::Fashion, false).unwrap(), "0 3\n2 2 1 \n1 2 \n\n");
    assert_eq!(write(&identity, Format::Old, false).unwrap(), "0 3\n2 1   2\n\n");
    let with_gate = circuit(&[2], &[Gate::Not(w(0))], &[&[1], &[2, 0]]);
    let text = "2 4\n1 2 \n2 1 2 \n\n1 1 0 2 INV\n1 1 0 3 EQW\n";
    assert_eq!(write(&with_gate, Format::Fashion, false).unwrap(), text);
}

#[test]
fn the_old_format_makes_constants_and_copies_of_a_zero_wire() {
    let gates = [Gate::Constant(true), Gate::Copy(w(1)), Gate::Constant(false)];
    let circuit = circuit(&[1, 1], &gates, &[&[2, 3, 4, 0]]);
    let text = "5 7\n1 1   4\n\n2 1 0 0 2 XOR\n1 1 2 3 INV\n2 1 1 2 4 XOR\n2 1 0 0 5 XOR\n2 1 0 2 6 XOR\n";
    assert_eq!(write(&circuit, Format::Old, false).unwrap(), text);
}

#[test]
fn a_zero_wire_leaves_no_place_for_inputs_among_the_outputs() {
    let gates = [Gate::Constant(true)];
    let circuit = circuit(&[1], &gates, &[&[0, 1]]);
    let text = "3 4\n1 0   2\n\n2 1 0 0 1 XOR\n2 1 0 1 2 XOR\n1 1 1 3 INV\n";
    let written = write(&circuit, Format::Old, false).unwrap();
    assert_eq!(written.lines().next(), text.lines().next());
    assert!(agree(&circuit, &read(&written).0, 5));
}

#[test]
fn independent_ands_become_one_mand() {
    let and = |a, b| Gate::And(w(a), w(b));
    let gates = [and(0, 1), and(1, 2), and(0, 3), and(3, 4), Gate::Xor(w(0), w(1))];
    let circuit = circuit(&[3], &gates, &[&[6]]);
    let text = "3 8\n1 3 \n1 1 \n\n4 2 0 1 1 2 3 4 MAND\n4 2 0 3 3 4 5 7 MAND\n2 1 0 1 6 XOR\n";
    assert_eq!(write(&circuit, Format::Fashion, true).unwrap(), text);
}

#[test]
fn the_old_format_refuses_other_groups() {
    for (inputs, outputs) in [(0, 1), (3, 1), (1, 0), (2, 2)] {
        let circuit = circuit(&vec![1; inputs], &[], &vec![[].as_slice(); outputs]);
        let error = write(&circuit, Format::Old, false).unwrap_err();
        let text = format!("1 or 2 inputs and 1 output, this circuit has {inputs} and {outputs}");
        assert!(error.to_string().contains(&text), "{error}");
    }
}

#[test]
fn a_failing_writer_is_reported() {
    let circuit = circuit(&[2], &[Gate::And(w(0), w(1))], &[&[2]]);
    let error = bristol::write(&circuit, Format::Fashion, [0u8; 7].as_mut_slice()).unwrap_err();
    assert!(matches!(error, WriteError::Write(_)), "{error}");
}
