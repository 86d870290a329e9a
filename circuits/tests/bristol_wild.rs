//! What Bristol files look like in the wild is read as what it means; nothing makes the reader panic.

use std::io::{self, Read};

use halfgate_circuits::bristol::{self, Format};
use halfgate_circuits::{Circuit, Gate, Party, WireId};
use halfgate_compiler::random::{self, Shape};
use proptest::prelude::*;

const TIDY: &str = "3 6\n2 2 1\n1 2\n\n2 1 0 1 3 XOR\n2 1 3 2 5 AND\n1 1 5 4 INV\n";

fn read(text: &[u8]) -> (Circuit, Format) {
    bristol::read(text, "wild").unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(text)))
}

fn w(index: u32) -> WireId {
    WireId::new(index)
}

fn gates(text: &str) -> Vec<Gate> {
    read(text.as_bytes()).0.gates().to_vec()
}

fn output(circuit: &Circuit, group: usize) -> Vec<u32> {
    circuit.outputs()[group].wires.iter().map(|wire| wire.raw()).collect()
}

/// Gives one byte at a time.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.0.len().min(out.len()).min(1);
        self.0.read(&mut out[..length])
    }
}

#[test]
fn a_tidy_file_is_read_in_order_and_renumbered() {
    let (circuit, format) = read(TIDY.as_bytes());
    assert_eq!(format, Format::Fashion);
    assert_eq!(circuit.gates(), [Gate::Xor(w(0), w(1)), Gate::And(w(3), w(2)), Gate::Not(w(4))]);
    assert_eq!(output(&circuit, 0), [5, 4]);
    let inputs: Vec<_> =
        circuit.inputs().iter().map(|i| (i.group.name.as_str(), i.group.width, i.owner)).collect();
    assert_eq!(inputs, [("in0", 2, Party::Garbler), ("in1", 1, Party::Evaluator)]);
    assert_eq!(circuit.outputs()[0].group.name, "out0");
}

#[test]
fn layout_does_not_matter() {
    let tidy = read(TIDY.as_bytes());
    for wild in [
        TIDY.replace('\n', "\r\n"),
        TIDY.replace('\n', " \n\n\t\n"),
        TIDY.replace(' ', "\t"),
        TIDY.replace(' ', "  ").replace('\n', "   \n  "),
        TIDY.replace('\n', " # 7 XOR\n"),
        TIDY.replace('\n', "// 7 XOR\n"),
        TIDY.replace('\n', "#\n// é #\n"),
        TIDY.replace("INV", "NOT"),
        TIDY.replace(" 2", " 000000000000000000000000002"),
        format!("\u{feff}{TIDY}"),
        format!("# made by hand\n\n{TIDY}\n\n"),
        TIDY.trim_end().to_owned(),
        format!("{TIDY}# the end"),
    ] {
        assert!(read(wild.as_bytes()) == tidy, "{wild}");
        assert!(bristol::read(Drip(wild.as_bytes()), "wild").unwrap() == tidy, "{wild}");
        assert!(bristol::check(wild.as_bytes(), "wild", 10).is_empty());
    }
}

#[test]
fn every_gate_kind_is_read_in_either_format() {
    let body = "2 1 0 1 2 XOR\n2 1 0 2 3 AND\n1 1 3 4 INV\n1 1 4 5 NOT\n1 1 0 6 EQ\n1 1 1 7 EQ\n1 1 7 8 EQW\n\
                4 2 0 3 1 8 9 10 MAND\n2 1 9 10 11 MAND\n";
    let expected = [
        Gate::Xor(w(0), w(1)),
        Gate::And(w(0), w(2)),
        Gate::Not(w(3)),
        Gate::Not(w(4)),
        Gate::Constant(false),
        Gate::Constant(true),
        Gate::Copy(w(7)),
        Gate::And(w(0), w(1)),
        Gate::And(w(3), w(8)),
        Gate::And(w(9), w(10)),
    ];
    assert_eq!(gates(&format!("9 12\n2 1 1\n1 1\n{body}")), expected);
    assert_eq!(gates(&format!("9 12\n1 1 1\n{body}")), expected);
}

#[test]
fn formats_are_told_apart() {
    // Three numbers in the second line of both, and a Fashion file that could be an old one.
    for (text, format, inputs) in [
        ("1 3\n1 1 1\n2 1 0 1 2 AND\n", Format::Old, vec![1, 1]),
        ("1 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n", Format::Fashion, vec![1, 1]),
        ("1 3\n1 2\n1 1\n2 1 0 1 2 AND\n", Format::Fashion, vec![2]),
        ("1 4\n3 1 1 1\n1 1\n2 1 0 1 3 AND\n", Format::Fashion, vec![1, 1, 1]),
        ("1 3\n2 0 1\n2 1 0 1 2 AND\n", Format::Old, vec![2, 0]),
        ("1 3\n0 2 1\n2 1 0 1 2 AND\n", Format::Old, vec![0, 2]),
        ("0 2\n1 1 2\n", Format::Old, vec![1, 1]),
        ("0 2\n2 1 1\n1 2\n", Format::Fashion, vec![1, 1]),
        ("0 0\n0 0 0\n", Format::Old, vec![0, 0]),
        ("0 0\n0\n0\n", Format::Fashion, vec![]),
    ] {
        let (circuit, found) = read(text.as_bytes());
        let widths: Vec<_> = circuit.inputs().iter().map(|input| input.group.width).collect();
        assert_eq!((found, widths), (format, inputs), "{text}");
    }
}

#[test]
fn groups_may_be_empty_and_outputs_may_be_inputs() {
    let (circuit, _) = read(b"1 4\n4 0 2 0 1\n3 0 2 0\n\n2 1 0 1 3 AND\n");
    assert_eq!(circuit.inputs().len(), 4);
    assert_eq!((output(&circuit, 0), output(&circuit, 1), output(&circuit, 2)), (vec![], vec![2, 3], vec![]));
    let (circuit, _) = read(b"0 3\n1 3\n1 3\n");
    assert_eq!(output(&circuit, 0), [0, 1, 2]);
}

#[test]
fn numbering_may_have_gaps_small_and_large() {
    let (circuit, _) = read(b"2 1000\n1 2\n1 1\n2 1 0 1 500 AND\n1 1 500 999 INV\n");
    assert_eq!(circuit.gates(), [Gate::And(w(0), w(1)), Gate::Not(w(2))]);
    assert_eq!(output(&circuit, 0), [3]);

    // The first gate writes a wire far beyond what the file could fill at that point.
    let far = 1_300_000;
    let wires = far + 1;
    let padding = "#".repeat(400_000);
    let text = format!(
        "3 {wires}\n1 2\n1 1\n2 1 0 1 {far} AND\n1 1 {far} 2 INV\n{padding}\n2 1 {far} 2 1200000 XOR\n"
    );
    let (circuit, _) = read(text.as_bytes());
    assert_eq!(circuit.gates(), [Gate::And(w(0), w(1)), Gate::Not(w(2)), Gate::Xor(w(2), w(3))]);
    assert_eq!(output(&circuit, 0), [2]);
}

#[test]
fn a_source_that_fails_is_not_a_short_file() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let error = bristol::read(TIDY.as_bytes()[..20].chain(Broken), "x.txt").unwrap_err();
    assert_eq!(
        error.to_string(),
        "x.txt:5:1: the file cannot be read: the disk is gone; expected a file that can be read to its end"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_files_are_rejected_or_read_but_never_panic(
        seed: u64,
        mand: bool,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4), 1..6),
    ) {
        let mut shape = Shape::of_seed(seed);
        shape.gates %= 20;
        let circuit = random::circuit(seed, &shape);
        let mut text = Vec::new();
        bristol::write_with(&circuit, Format::Fashion, bristol::WriteOptions { mand }, &mut text).unwrap();
        for (at, byte, how) in damage {
            let at = at.index(text.len());
            match how {
                0 => text[at] = byte,
                1 => text[at] = b"0123456789 \n"[usize::from(byte) % 12],
                2 => text.truncate(at.max(1)),
                _ => text.insert(at, b"0123456789 \n"[usize::from(byte) % 12]),
            }
        }
        let errors = bristol::check(text.as_slice(), "damaged", 3);
        match bristol::read(text.as_slice(), "damaged") {
            Ok(_) => prop_assert!(errors.is_empty()),
            Err(error) => prop_assert_eq!(error.to_string(), errors[0].to_string()),
        }
        let dripped = bristol::check(Drip(&text), "damaged", 3);
        prop_assert_eq!(format!("{errors:?}"), format!("{dripped:?}"));
    }
}
