//! The published circuits of `../shared/bristol` with their known answers.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use halfgate_circuits::{Circuit, Values, bristol};
use halfgate_compiler::{Program, Report, compile, evaluate, optimize, schedule};
use serde_json::Value;

type Published = Vec<(String, Circuit, Vec<Value>)>;

static PUBLISHED: LazyLock<Published> = LazyLock::new(read);

/// Name, circuit and known answers of every file; empty, with a word about it, where the folder is missing.
pub(crate) fn published() -> &'static [(String, Circuit, Vec<Value>)] {
    &PUBLISHED
}

fn read() -> Published {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bristol");
    let Ok(json) = fs::read_to_string(folder.join("vectors.json")) else {
        println!("skipped: no published circuits in {}", folder.display());
        return Vec::new();
    };
    let json: Value = serde_json::from_str(&json).unwrap();
    let circuits = json["circuits"].as_object().unwrap();
    assert_eq!(circuits.len(), 17);
    circuits.iter().map(|(name, entry)| load(folder.join(name), name, entry)).collect()
}

fn load(path: PathBuf, name: &str, entry: &Value) -> (String, Circuit, Vec<Value>) {
    let (circuit, _) = bristol::read(File::open(path).unwrap(), name).unwrap();
    (name.to_owned(), circuit, entry["vectors"].as_array().unwrap().clone())
}

/// One lane per known answer.
fn lanes(vectors: &[Value], side: &str, widths: &[u32]) -> Vec<Values> {
    let mut groups: Vec<_> = widths.iter().map(|&width| Values::new(width, vectors.len())).collect();
    for (lane, vector) in vectors.iter().enumerate() {
        let texts = vector[side].as_array().unwrap();
        assert_eq!(texts.len(), groups.len());
        for (group, text) in groups.iter_mut().zip(texts) {
            let digits = text.as_str().unwrap().chars().rev().map(|digit| digit.to_digit(16).unwrap());
            for wire in 0..group.width() {
                let digit = digits.clone().nth(wire as usize / 4).unwrap();
                group.set_bit(lane, wire, digit >> (wire % 4) & 1 == 1);
            }
        }
    }
    groups
}

pub(crate) fn check(name: &str, program: &Program, vectors: &[Value]) {
    let inputs: Vec<_> = program.inputs().iter().map(|input| input.group.width).collect();
    let outputs: Vec<_> = program.outputs().iter().map(|output| output.group.width).collect();
    let computed = evaluate(program, &lanes(vectors, "in", &inputs)).unwrap();
    assert!(computed == lanes(vectors, "out", &outputs), "{name} does not give the published answers");
}

#[test]
fn published_circuits_give_their_answers() {
    for (name, circuit, vectors) in published() {
        check(name, &schedule(circuit).unwrap(), vectors);
        check(name, &compile(circuit).unwrap(), vectors);
    }
}

/// What the compiler has reached, so that it does not get worse unnoticed: ANDs, padded ANDs and live width.
const REACHED: [(&str, [usize; 3]); 11] = [
    ("aes_128.txt", [6400, 6400, 565]),
    ("sha256.txt", [22573, 25712, 1208]),
    ("mult64.txt", [4033, 4048, 329]),
    ("mult_32x32.txt", [4081, 4160, 209]),
    ("divide64.txt", [4407, 66528, 318]),
    ("DES-non-expanded.txt", [15717, 15728, 447]),
    ("md5.txt", [9428, 20912, 694]),
    ("sha-1.txt", [11771, 35696, 735]),
    ("FP-add.txt", [5326, 5456, 549]),
    ("adder_32bit.txt", [32, 512, 66]),
    ("comparator_32bit_unsigned_lt.txt", [123, 368, 67]),
];

#[test]
fn published_circuits_get_no_worse() {
    for (name, circuit, _) in published() {
        let Report { before, after } = Report::new(circuit, &optimize(circuit)).unwrap();
        assert!(after.ands <= before.ands, "{name}");
        assert!(after.ands < before.ands || after.and_depth <= before.and_depth, "{name}");
        // Cones are computed anew from sums of their own: a saved AND is paid for with up to three exclusive ors.
        assert!(after.xors <= before.xors + 3 * (before.ands - after.ands), "{name}");
        if let Some((_, [ands, padded_ands, live_width])) =
            REACHED.iter().find(|(reached, _)| *reached == name)
        {
            assert!(after.ands <= *ands, "{name}: {} ANDs", after.ands);
            assert!(after.padded_ands <= *padded_ands, "{name}: {} padded ANDs", after.padded_ands);
            assert!(after.live_width <= *live_width, "{name}: {} slots", after.live_width);
        }
    }
}
