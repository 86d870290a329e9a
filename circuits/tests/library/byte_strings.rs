//! Runs circuits on byte strings, one per lane and input; the first byte is the highest of the number.

use halfgate_circuits::Circuit;
use halfgate_circuits::library;
use num_bigint::BigUint;

use crate::plaintext::run;

/// A column of byte strings of one length.
pub(crate) type Strings = Vec<Vec<u8>>;

/// The first output of a named circuit.
pub(crate) fn run_named(name: &str, inputs: &[&Strings]) -> Strings {
    run_strings(&library::find(name).unwrap(), inputs)
}

/// The first output of a circuit.
pub(crate) fn run_strings(circuit: &Circuit, inputs: &[&Strings]) -> Strings {
    let columns: Vec<_> = inputs
        .iter()
        .map(|column| column.iter().map(|string| BigUint::from_bytes_be(string)).collect())
        .collect();
    let length = circuit.outputs()[0].group.width as usize / 8;
    let string = |number: &BigUint| {
        let digits = number.to_bytes_be();
        let mut string = vec![0; length.saturating_sub(digits.len())];
        string.extend(&digits[digits.len().saturating_sub(length)..]);
        string
    };
    run(circuit, &columns)[0].iter().map(string).collect()
}

/// Random strings.
pub(crate) fn random(seed: u64, label: &str, lanes: usize, bytes: usize) -> Strings {
    let mut hasher = blake3::Hasher::new();
    let mut stream = hasher.update(&seed.to_le_bytes()).update(label.as_bytes()).finalize_xof();
    (0..lanes)
        .map(|_| {
            let mut string = vec![0; bytes];
            stream.fill(&mut string);
            string
        })
        .collect()
}

/// The exclusive or of two columns.
pub(crate) fn mixed(left: &Strings, right: &Strings) -> Strings {
    let mix = |(left, right): (&Vec<u8>, &Vec<u8>)| left.iter().zip(right).map(|(a, b)| a ^ b).collect();
    left.iter().zip(right).map(mix).collect()
}

pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("ASCII"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal digits")).collect()
}
