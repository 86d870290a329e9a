//! Both parties' pure kernels in one thread, against the plaintext machine.

#![cfg(test)]

use halfgate::circuits::{BitRows, Circuit, Values};
use halfgate::compiler::random::{self, Shape};
use halfgate::compiler::{Program, Progress, evaluate, schedule};
use halfgate::{Backend, Entropy};
use halfgate_crypto::{ActiveLabels, Block, Delta, HalfGates, ZeroLabels};
use halfgate_evaluator::{Evaluating, HashStart, colours};
use halfgate_garbler::{Garbling, LabelSource, own_labels, permute_bits};
use proptest::prelude::*;

/// Everything one run of both kernels leaves behind.
struct Run {
    rows: Vec<u8>,
    zero: Vec<ZeroLabels>,
    active: Vec<ActiveLabels>,
}

fn run(program: &Program, inputs: &[Values], lanes: usize, backend: Backend, chunk: usize) -> Run {
    let mut entropy = Entropy::fixed(7);
    let (delta, start, zero) = (Delta::random(&mut entropy), entropy.block(), entropy.block());
    let source = LabelSource { delta, half_gates: HalfGates::new(backend, start), zero };
    let mut zero_labels = Vec::new();
    let mut active_labels = Vec::new();
    for values in inputs {
        let bits = BitRows::from_values(values, 0..lanes);
        let labels = own_labels(backend, entropy.block(), &source.delta, &bits, lanes);
        let active = labels.blocks().iter().zip(bits.bits());
        let active: Vec<Block> =
            active.map(|(label, bit)| *label ^ source.delta.block().and_bit(bit)).collect();
        active_labels.push(ActiveLabels::from_blocks(lanes, active));
        zero_labels.push(labels);
    }
    let (zero_refs, active_refs): (Vec<_>, Vec<_>) =
        (zero_labels.iter().collect(), active_labels.iter().collect());
    let start = HashStart { half_gates: HalfGates::new(backend, start), zero };
    let mut garbling = Garbling::new(program, &source, &zero_refs, 0..lanes, 1 << 40);
    let mut evaluating = Evaluating::new(program, &start, &active_refs, 0..lanes, 1 << 40);
    let mut rows = Vec::new();
    loop {
        let mut buffer = vec![0; chunk];
        let (used, garbled) = garbling.fill(&mut buffer);
        let (taken, evaluated) = evaluating.take(&buffer[..used]);
        assert_eq!(taken, used, "both parties cut the walk at the same places");
        rows.extend_from_slice(&buffer[..used]);
        if garbled == Progress::Done {
            assert_eq!(evaluated, Progress::Done);
            return Run { rows, zero: garbling.finish(), active: evaluating.finish() };
        }
    }
}

fn decode(program: &Program, run: &Run, lanes: usize) -> Vec<Values> {
    let mut bits = permute_bits(&run.zero);
    bits.xor_assign(&colours(&run.active));
    let mut table = halfgate::compiler::OutputTable::new(program, lanes);
    table.write(0..lanes, &bits);
    table.into_values()
}

fn check(circuit: &Circuit, seed: u64, lanes: usize) {
    // Without inputs the plaintext machine has nothing to take the number of lanes from.
    let lanes = if circuit.inputs().is_empty() { 1 } else { lanes };
    let program = schedule(circuit).unwrap();
    let inputs = random::inputs(seed, circuit, lanes);
    let expected = evaluate(&program, &inputs).unwrap();
    let reference = run(&program, &inputs, lanes, Backend::Portable, 256 << 10);
    assert_eq!(reference.rows.len(), 32 * program.and_count() * lanes);
    assert!(decode(&program, &reference, lanes) == expected, "seed {seed}, {lanes} lanes");
    let smallest = 32 * Program::MAX_BATCH * program.tile_width();
    for backend in Backend::available() {
        let other = run(&program, &inputs, lanes, backend, smallest);
        assert!(other.rows == reference.rows, "{} sends other rows", backend.name());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_circuits_garble_as_they_compute(seed: u64, lanes in 1usize..70) {
        check(&random::circuit(seed, &Shape::of_seed(seed)), seed, lanes);
    }
}

#[test]
fn every_number_of_lanes_fills_its_tiles() {
    let shape = Shape { inputs: vec![8, 8], gates: 300, outputs: vec![20] };
    let circuit = random::circuit(3, &shape);
    for lanes in [1, 2, 3, 15, 16, 17, 31, 32, 33, 47, 48, 64, 100] {
        check(&circuit, 11, lanes);
    }
}

/// The rows of some calls, one after the other under one Δ, in which all lanes carry the same labels.
fn rows_of_equal_lanes(program: &Program, lanes: usize, calls: usize) -> (Block, Vec<u128>) {
    let mut entropy = Entropy::fixed(17);
    let (delta, start, zero) = (Delta::random(&mut entropy), entropy.block(), entropy.block());
    let source = LabelSource { delta, half_gates: HalfGates::new(Backend::detect(), start), zero };
    let mut repeated = |width: u32| {
        let labels = (0..width).flat_map(|_| std::iter::repeat_n(entropy.block(), lanes)).collect();
        ZeroLabels::from_blocks(lanes, labels)
    };
    let inputs: Vec<_> = program.inputs().iter().map(|input| repeated(input.group.width)).collect();
    let inputs: Vec<_> = inputs.iter().collect();
    let mut halves = Vec::new();
    for call in 0..calls {
        let first_id = (call * lanes * program.and_count()) as u64;
        let mut garbling = Garbling::new(program, &source, &inputs, 0..lanes, first_id);
        let mut progress = Progress::Paused;
        while progress == Progress::Paused {
            let mut chunk = vec![0; 128 << 10];
            let used;
            (used, progress) = garbling.fill(&mut chunk);
            halves.extend(chunk[..used].as_chunks().0.iter().map(|half| u128::from_le_bytes(*half)));
        }
    }
    (source.delta.block(), halves)
}

/// D3, D13, D15: two half-gates with one tweak and one label have ciphertexts that are equal or differ by Δ. With equal
/// labels in every lane that would show for any tweak used twice, in another lane, tile or call.
#[test]
fn no_two_half_gates_share_a_tweak() {
    let cases = [("lt64", 1, 3), ("lt64", 16, 2), ("lt64", 20, 2), ("lt64", 70, 2), ("aes128", 1, 1)];
    for (name, lanes, calls) in cases {
        let program = schedule(&halfgate::library::find(name).unwrap()).unwrap();
        let (delta, halves) = rows_of_equal_lanes(&program, lanes, calls);
        assert_eq!(halves.len(), 2 * program.and_count() * lanes * calls);
        let mut seen = std::collections::HashSet::new();
        for half in halves {
            assert!(!seen.contains(&(half ^ delta.bits())), "{name}, {lanes} lanes: two ciphertexts give Δ");
            assert!(seen.insert(half), "{name}, {lanes} lanes: a ciphertext came twice");
        }
    }
}
