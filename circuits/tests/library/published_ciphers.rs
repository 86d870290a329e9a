//! AES, MD5, SHA-1 and SHA-256 against the known answers of published circuits, where their files are.

use std::fs;
use std::path::PathBuf;

use halfgate_circuits::library;
use halfgate_circuits::{Bits, Builder, Circuit, Party};
use num_bigint::BigUint;
use serde_json::Value;

use crate::plaintext::{and_count, run};

/// Checks a circuit on all vectors of a published one. `reversed` tells that the published one has the first wire at the
/// top of the first byte.
fn check(name: &str, circuit: &Circuit, reversed: bool, order: &[usize]) {
    let folder = std::env::var_os("HALFGATE_BRISTOL").map_or("/work/shared/bristol".into(), PathBuf::from);
    let Ok(text) = fs::read_to_string(folder.join("vectors.json")) else {
        eprintln!("skipped {name}: no vectors.json in {}", folder.display());
        return;
    };
    let table: Value = serde_json::from_str(&text).unwrap();
    let vectors = table["circuits"][name]["vectors"].as_array().unwrap();
    let column = |side: &str, group: usize, width: u32| -> Vec<BigUint> {
        let numbers = vectors.iter().map(|vector| vector[side][group].as_str().unwrap());
        let numbers = numbers.map(|digits| BigUint::parse_bytes(digits.as_bytes(), 16).unwrap());
        numbers.map(|number| if reversed { reverse(&number, width) } else { number }).collect()
    };
    let inputs: Vec<_> = circuit
        .inputs()
        .iter()
        .zip(order)
        .map(|(input, &group)| column("in", group, input.group.width))
        .collect();
    assert_eq!(vectors.len(), 8);
    assert_eq!(run(circuit, &inputs), [column("out", 0, circuit.outputs()[0].group.width)], "{name}");
}

fn reverse(number: &BigUint, width: u32) -> BigUint {
    let width = u64::from(width);
    (0..width)
        .filter(|k| number.bit(*k))
        .fold(BigUint::ZERO, |sum, k| sum | BigUint::from(1u8) << (width - 1 - k))
}

/// A compression from the fixed start of the hash function, as published circuits have it.
fn from_start(start: &str, compress: for<'b> fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>) -> Circuit {
    let builder = Builder::new();
    let block = builder.input_bytes("block", 512, Party::Garbler);
    let bits = start.chars().rev().flat_map(|digit| {
        let digit = digit.to_digit(16).unwrap();
        (0..4).map(move |k| digit >> k & 1 == 1)
    });
    let start = builder.bits(bits.map(|bit| builder.constant(bit)));
    builder.output_bytes("state", &compress(&block, &start));
    builder.finish().unwrap()
}

#[test]
fn aes_and_sha256() {
    check("aes_128.txt", &library::find("aes128").unwrap(), false, &[0, 1]);
    check("AES-non-expanded.txt", &library::find("aes128").unwrap(), true, &[1, 0]);
    check("sha256.txt", &library::find("sha256").unwrap(), false, &[0, 1]);
}

/// Fewer ANDs than the best of the published circuits' known: 11,054 and 9,342.
#[test]
fn sha1_and_md5_of_one_block() {
    let sha1 = from_start("67452301efcdab8998badcfe10325476c3d2e1f0", library::sha1_compress);
    check("sha-1.txt", &sha1, true, &[0]);
    assert_eq!(and_count(&sha1), 10_552);
    let md5 = from_start("0123456789abcdeffedcba9876543210", library::md5_compress);
    check("md5.txt", &md5, true, &[0]);
    assert_eq!(and_count(&md5), 9_035);
    let sha256 = from_start(
        "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19",
        library::sha256_compress,
    );
    assert_eq!(and_count(&sha256), 21_857);
}
