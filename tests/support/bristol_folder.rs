//! The published circuits beside the project, when they are there.

use std::path::Path;

use halfgate::circuits::{Circuit, Values, bristol};
use serde_json::Value as Json;

/// A circuit file with its known answers as lanes.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) circuit: Circuit,
    pub(crate) inputs: Vec<Values>,
    pub(crate) outputs: Vec<Values>,
    pub(crate) lanes: usize,
}

/// All circuits of `../shared/bristol`; none, and a word about it, where the folder is missing.
pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bristol");
    let Ok(vectors) = std::fs::read_to_string(folder.join("vectors.json")) else {
        println!("skipped: {} is not here, so no published circuit was run", folder.display());
        return Vec::new();
    };
    let vectors: Json = serde_json::from_str(&vectors).unwrap();
    let circuits = vectors["circuits"].as_object().unwrap();
    assert!(circuits.len() >= 17, "{} circuits", circuits.len());
    circuits.iter().map(|(name, entry)| case(&folder, name, entry)).collect()
}

fn case(folder: &Path, name: &str, entry: &Json) -> Case {
    let file = std::fs::File::open(folder.join(name)).unwrap();
    let (circuit, _) = bristol::read(file, name).unwrap();
    let vectors = entry["vectors"].as_array().unwrap();
    let values = |key: &str, widths: Vec<u32>| -> Vec<Values> {
        let column = |group: usize, width| {
            let mut values = Values::new(width, vectors.len());
            for (lane, vector) in vectors.iter().enumerate() {
                // A group of no wires may be missing at the end of the list.
                let hex = vector[key].get(group).and_then(Json::as_str).unwrap_or_default();
                set_hex(&mut values, lane, hex);
            }
            values
        };
        widths.into_iter().enumerate().map(|(group, width)| column(group, width)).collect()
    };
    let inputs = values("in", circuit.inputs().iter().map(|input| input.group.width).collect());
    let outputs = values("out", circuit.outputs().iter().map(|output| output.group.width).collect());
    Case { name: name.to_owned(), inputs, outputs, lanes: vectors.len(), circuit }
}

/// Bit `k` of the number is wire `k`, whatever it means.
fn set_hex(values: &mut Values, lane: usize, hex: &str) {
    for (nibble, digit) in (0u32..).zip(hex.bytes().rev()) {
        let digit = (digit as char).to_digit(16).unwrap();
        for bit in 0..4 {
            let wire = nibble * 4 + bit;
            if wire < values.width() {
                values.set_bit(lane, wire, digit >> bit & 1 == 1);
            } else {
                assert_eq!(digit >> bit & 1, 0, "a bit beyond the group's width");
            }
        }
    }
}
