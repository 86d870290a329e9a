//! Digests of programs. Both parties of a session must make the same program of a circuit, also if one of them runs an
//! older halfgate: a refactor leaves the digests alone, and a better schedule is pinned anew, knowingly.

use halfgate_circuits::{Builder, Circuit, Party, library};
use halfgate_compiler::random::{self, Shape};
use halfgate_compiler::{compile, schedule};

/// As it stands in `programs.pinned`: what the circuit becomes as it is, and optimised.
fn line(name: &str, circuits: &[Circuit]) -> String {
    let mut hashers = [blake3::Hasher::new(), blake3::Hasher::new()];
    for circuit in circuits {
        for (hasher, make) in hashers.iter_mut().zip([schedule, compile]) {
            hasher.update(&make(circuit).unwrap().digest());
        }
    }
    let [scheduled, compiled] = hashers.map(|hasher| hasher.finalize().to_hex()[..16].to_owned());
    format!("{scheduled} {compiled} {name}\n")
}

/// `a·b·b·…`, wide and deep enough to fill many batches.
fn products(count: usize) -> Circuit {
    let builder = Builder::new();
    let a = builder.input_uint("a", 64, Party::Garbler);
    let b = builder.input_uint("b", 64, Party::Evaluator);
    let product = (0..count).fold(a, |product, _| product * &b);
    builder.output_uint("product", &product);
    builder.finish().unwrap()
}

#[test]
fn programs_are_the_same_as_they_were() {
    let names = ["add64", "mul64", "sdiv32", "compare64", "min4096", "aes128", "sha256"];
    let mut lines: String = names.map(|name| line(name, &[library::find(name).unwrap()])).concat();
    lines += &line("products", &[products(20)]);
    let small: Vec<_> = (0..400).map(|seed| random::circuit(seed, &Shape::of_seed(seed))).collect();
    lines += &line("random, small", &small);
    let shape = Shape { inputs: vec![300, 50], gates: 20_000, outputs: vec![90, 200] };
    let large: Vec<_> = (0..6).map(|seed| random::circuit(seed, &shape)).collect();
    lines += &line("random, large", &large);
    assert_eq!(lines, include_str!("programs.pinned"), "left is what is made now");
}
