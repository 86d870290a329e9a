//! What becomes of S-boxes, given as circuits that nobody would write.

use halfgate_circuits::{Bit, Builder, Circuit, Gate, Party};
use halfgate_compiler::{Effort, Optimizer, evaluate, random, schedule};
use proptest::prelude::*;

use crate::bristol::{check, published};
use crate::oracle::compute;

/// The first S-box of DES (FIPS 46-3, appendix 1); rows by the outer bits, columns by the inner ones.
#[rustfmt::skip]
const S1: [[u8; 16]; 4] = [
    [14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7],
    [0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8],
    [4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0],
    [15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13],
];

fn ands(circuit: &Circuit) -> usize {
    circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count()
}

/// A table as a tree of multiplexers, input 0 the lowest bit of the index.
fn look_up<'b>(table: &[bool], index: &[Bit<'b>]) -> Bit<'b> {
    let (&highest, lower) = index.split_last().unwrap();
    let (zero, one) = table.split_at(table.len() / 2);
    if lower.is_empty() {
        return match (zero[0], one[0]) {
            (false, false) => highest.builder().constant(false),
            (false, true) => highest,
            (true, false) => !highest,
            (true, true) => highest.builder().constant(true),
        };
    }
    highest.mux(&look_up(one, lower), &look_up(zero, lower))
}

pub(crate) fn substitute<'b>(table: &[u8], width: usize, index: &[Bit<'b>]) -> Vec<Bit<'b>> {
    let column = |bit: usize| table.iter().map(|entry| entry >> bit & 1 == 1).collect::<Vec<_>>();
    (0..width).map(|bit| look_up(&column(bit), index)).collect()
}

/// Sums of the bits, by the rows of an invertible matrix that a seed picks.
pub(crate) fn mixed<'b>(bits: &[Bit<'b>], seed: u64) -> Vec<Bit<'b>> {
    let mut mixed = bits.to_vec();
    for step in 0..4 * bits.len() {
        let draw =
            |salt: u64| (seed.wrapping_mul(2 * salt + 1).rotate_left(step as u32) >> 7) as usize % bits.len();
        let (to, from) = (draw(3 + step as u64), draw(1000 + step as u64));
        if to != from {
            mixed[to] = mixed[to] ^ mixed[from];
        }
    }
    mixed
}

pub(crate) fn assert_equal(before: &Circuit, after: &Circuit, seed: u64) {
    let inputs = random::inputs(seed, before, 128);
    assert!(compute(before, &inputs, 128) == compute(after, &inputs, 128));
}

#[test]
fn an_s_box_of_des_takes_few_ands() {
    let entry = |index: usize| S1[index >> 4 & 2 | index & 1][index >> 1 & 15];
    let table: Vec<_> = (0..64).map(entry).collect();
    let builder = Builder::new();
    let input = builder.input_bits("x", 6, Party::Garbler);
    let output = substitute(&table, 4, &mixed(&input, 1));
    builder.output_bits("y", &builder.bits(mixed(&output, 2)));
    let circuit = builder.finish().unwrap();
    assert!(ands(&circuit) > 20);
    let mut told = 0;
    let optimized = Optimizer::new(Effort::Thorough).run(&circuit, &mut |_| told += 1);
    assert!(ands(&optimized.circuit) <= 14, "{} ANDs", ands(&optimized.circuit));
    assert!(told > 0 && optimized.stages.iter().any(|stage| stage.pass == "spans"));
    assert_equal(&circuit, &optimized.circuit, 1);
}

/// Small S-boxes between layers of sums, so that no wire is the input of any.
fn network(tables: &[[u8; 16]; 4], seed: u64) -> Circuit {
    let builder = Builder::new();
    let input = builder.input_bits("x", 8, Party::Garbler);
    let mut state: Vec<Bit<'_>> = input.to_vec();
    for (round, tables) in tables.chunks(2).enumerate() {
        state = mixed(&state, seed ^ round as u64);
        let halves = [substitute(&tables[0], 4, &state[..4]), substitute(&tables[1], 4, &state[4..])];
        state = mixed(&halves.concat(), seed.rotate_left(9) ^ round as u64);
    }
    builder.output_bits("y", &builder.bits(state));
    builder.finish().unwrap()
}

fn permutation() -> impl Strategy<Value = [u8; 16]> {
    Just(std::array::from_fn(|entry| entry as u8)).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn small_s_boxes_between_layers_of_sums_are_found(
        tables in [permutation(), permutation(), permutation(), permutation()],
        seed: u64,
    ) {
        let circuit = network(&tables, seed);
        let optimized = Optimizer::new(Effort::Thorough).run(&circuit, &mut |_| ()).circuit;
        assert_equal(&circuit, &optimized, seed);
        prop_assert!(ands(&optimized) <= 4 * 8, "{} ANDs", ands(&optimized));
    }
}

#[test]
fn published_circuits_lose_ands() {
    let most = [
        ("AES-non-expanded.txt", 6_400),
        ("aes_128.txt", 6_400),
        ("adder_32bit.txt", 62),
        ("aes_sbox_nist113.txt", 32),
    ];
    for (name, circuit, vectors) in published() {
        if let Some((_, most)) = most.iter().find(|(file, _)| *file == name) {
            let optimized = Optimizer::new(Effort::Thorough).run(circuit, &mut |_| ()).circuit;
            assert!(ands(&optimized) <= *most, "{name}: {} ANDs", ands(&optimized));
            check(name, &schedule(&optimized).unwrap(), vectors);
        }
    }
}

/// Without the passes that take most of the time and bring DES four ANDs more. The best known circuits of its S-boxes
/// would take 3,984 in all.
#[test]
fn blocks_alone_bring_des_below_its_best_known_s_boxes() {
    let dispensable = &["recognise", "sums", "sweep", "small cuts", "large cuts", "resubstitution"];
    let optimizer = Optimizer::new(Effort::Thorough).without(dispensable);
    for (name, circuit, vectors) in published() {
        if name == "DES-non-expanded.txt" {
            let optimized = optimizer.run(circuit, &mut |_| ()).circuit;
            assert!(ands(&optimized) <= 1_664, "{name}: {} ANDs", ands(&optimized));
            check(name, &schedule(&optimized).unwrap(), vectors);
            let inputs = random::inputs(1, circuit, 4096);
            let outputs = |circuit: &Circuit| evaluate(&schedule(circuit).unwrap(), &inputs).unwrap();
            assert!(outputs(circuit) == outputs(&optimized), "{name}: the function has changed");
        }
    }
}
