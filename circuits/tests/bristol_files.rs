//! The public circuits of `shared/bristol` are read with the counts and groups that their table states.

use std::fs::{self, File};
use std::path::PathBuf;

use halfgate_circuits::bristol::{self, Format};
use halfgate_circuits::{Circuit, Gate};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/bristol"))
}

fn count(circuit: &Circuit, is: fn(&Gate) -> bool) -> u64 {
    circuit.gates().iter().filter(|gate| is(gate)).count() as u64
}

fn widths(groups: &Value) -> Vec<u64> {
    let groups = groups.as_array().expect("a list of groups");
    groups.iter().map(|width| width.as_u64().expect("a width")).collect()
}

#[test]
fn public_circuits_have_the_counts_of_the_table() {
    let table = match fs::read(folder().join("vectors.json")) {
        Ok(table) => table,
        Err(error) => {
            eprintln!("skipped: no vectors.json in {}: {error}", folder().display());
            return;
        }
    };
    let table: Value = serde_json::from_slice(&table).unwrap();
    let circuits = table["circuits"].as_object().unwrap();
    assert_eq!(circuits.len(), 17);
    for (name, facts) in circuits {
        let (circuit, format) = bristol::read(File::open(folder().join(name)).unwrap(), name).unwrap();
        let expected = if facts["format"] == "old" { Format::Old } else { Format::Fashion };
        assert_eq!(format, expected, "{name}");
        let counts = &facts["counts"];
        let expected = |kind: &str| counts[kind].as_u64().unwrap_or(0);
        assert_eq!(circuit.gates().len() as u64, expected("gates"), "{name}");
        assert_eq!(circuit.wire_count() as u64, expected("wires"), "{name}");
        assert_eq!(count(&circuit, |gate| matches!(gate, Gate::And(..))), expected("AND"), "{name}");
        assert_eq!(count(&circuit, |gate| matches!(gate, Gate::Xor(..))), expected("XOR"), "{name}");
        assert_eq!(count(&circuit, |gate| matches!(gate, Gate::Not(_))), expected("INV"), "{name}");
        assert_eq!(count(&circuit, |gate| matches!(gate, Gate::Copy(_))), expected("EQW"), "{name}");
        let inputs: Vec<_> = circuit.inputs().iter().map(|input| u64::from(input.group.width)).collect();
        let outputs: Vec<_> = circuit.outputs().iter().map(|output| u64::from(output.group.width)).collect();
        assert_eq!((inputs, outputs), (widths(&facts["inputs"]), widths(&facts["outputs"])), "{name}");
    }
}
