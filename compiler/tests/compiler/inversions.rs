//! What becomes of permutations of bytes that are inversions between affine maps, given as tables.

use halfgate_circuits::{Bit, Builder, Circuit, Party, Values, library};
use halfgate_compiler::{evaluate, schedule};
use proptest::prelude::*;

use crate::blocks::{assert_equal, mixed, substitute};
use crate::sums::{ands, by_words, thorough};

/// The inverses modulo an irreducible polynomial of degree 8, by trying all of them.
fn inverses(polynomial: u16) -> [u8; 256] {
    let product = |a: u8, b: u8| {
        let carryless = (0..8).filter(|k| b >> k & 1 == 1).fold(0, |sum, k| sum ^ u16::from(a) << k);
        let reduced = (8..15)
            .rev()
            .fold(carryless, |sum, k| if sum >> k & 1 == 1 { sum ^ polynomial << (k - 8) } else { sum });
        reduced as u8
    };
    std::array::from_fn(|a| (1..=255).find(|&b| product(a as u8, b) == 1).unwrap_or(0))
}

/// FIPS 197, section 5.1.1.
fn s_box_of_aes() -> [u8; 256] {
    inverses(0x11b).map(|b| {
        let sum = (0..5).fold(0, |sum, k| sum ^ b.rotate_left(k));
        sum ^ 0x63
    })
}

/// Ways to read a table.
#[derive(Clone, Copy, Debug)]
enum Reading {
    Multiplexers,
    Lines,
}

const READINGS: [Reading; 2] = [Reading::Multiplexers, Reading::Lines];

fn read<'b>(table: &[u8; 256], reading: Reading, index: &[Bit<'b>]) -> Vec<Bit<'b>> {
    match reading {
        Reading::Multiplexers => substitute(table, 8, index),
        Reading::Lines => {
            let entries = table.map(u64::from);
            library::lookup_constants(&entries, 8, &index[0].builder().bits(index.to_vec())).to_vec()
        }
    }
}

fn lookup(table: &[u8; 256], reading: Reading) -> Circuit {
    let builder = Builder::new();
    let index = builder.input_bits("x", 8, Party::Garbler);
    builder.output_bits("y", &builder.bits(read(table, reading, &index)));
    builder.finish().unwrap()
}

fn entries(circuit: &Circuit) -> Vec<u64> {
    let all = Values::from_u64s(8, &(0..256).collect::<Vec<_>>());
    evaluate(&schedule(circuit).unwrap(), &[all]).unwrap()[0].to_u64s()
}

#[test]
fn a_table_that_is_an_inversion_takes_32_ands() {
    let forward = s_box_of_aes();
    assert_eq!(forward[..4], [0x63, 0x7c, 0x77, 0x7b]);
    let mut backward = [0; 256];
    forward.iter().enumerate().for_each(|(x, &y)| backward[usize::from(y)] = x as u8);
    for table in [forward, backward, inverses(0x11d)] {
        for reading in READINGS {
            let circuit = lookup(&table, reading);
            assert!(ands(&circuit) > 80);
            let optimized = thorough(&circuit);
            assert_eq!(ands(&optimized), 32, "{reading:?}");
            assert_eq!(entries(&optimized), table.map(u64::from));
        }
    }
}

#[test]
fn a_table_that_is_nearly_one_keeps_its_function() {
    let mut table = s_box_of_aes();
    table.swap(17, 99);
    // What the searches for blocks make of a table is tested with smaller ones.
    let optimized = by_words(&lookup(&table, Reading::Lines));
    assert!(ands(&optimized) > 32);
    assert_eq!(entries(&optimized), table.map(u64::from));
}

/// Two layers of two S-boxes each between sums with a key, so that the second layer is no table of the inputs.
fn network(tables: &[[u8; 256]; 2], reading: Reading, seed: u64) -> Circuit {
    let builder = Builder::new();
    let mut state = builder.input_bits("x", 16, Party::Garbler).to_vec();
    let key = builder.input_bits("key", 16, Party::Evaluator);
    for round in 0..2 {
        state = mixed(&state, seed.rotate_left(round));
        state = state.iter().zip(key.iter()).map(|(&bit, &key)| bit ^ key).collect();
        state = state.chunks(8).zip(tables).flat_map(|(byte, table)| read(table, reading, byte)).collect();
    }
    builder.output_bits("y", &builder.bits(mixed(&state, !seed)));
    builder.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn they_are_found_between_layers_of_sums(seed: u64) {
        let circuit = network(&[s_box_of_aes(), inverses(0x171)], READINGS[seed as usize % 2], seed);
        let optimized = thorough(&circuit);
        assert_equal(&circuit, &optimized, seed);
        prop_assert_eq!(ands(&optimized), 4 * 32);
    }
}
