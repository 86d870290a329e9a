//! Instructions of the AES-NI kernels: counts that noise cannot hide. See `CONTRIBUTING.md` on how to run it.
//!
//! Valgrind knows neither VAES nor AVX-512, so the backend is never detected here: on every machine it is AES-NI.
#![allow(missing_docs)] // gungraun's macros make undocumented items

use std::hint::black_box;

use gungraun::prelude::*;
use halfgate_crypto::{Backend, Block, Delta, Entropy, HalfGates, xor_rows};

/// ANDs per call: a batch in L1.
const ANDS: usize = 256;

struct Batch {
    half_gates: HalfGates,
    delta: Delta,
    a: Vec<Block>,
    b: Vec<Block>,
    out: Vec<Block>,
    rows: Vec<[u8; 32]>,
}

fn batch() -> Batch {
    let backend = Backend::by_name("aes-ni").expect("valgrind shows AES-NI where the machine has it");
    let mut entropy = Entropy::from_os().expect("the system has randomness");
    let mut blocks = || (0..ANDS).map(|_| entropy.block()).collect::<Vec<_>>();
    let (a, b, out) = (blocks(), blocks(), blocks());
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    Batch { half_gates: HalfGates::new(backend, start), delta, a, b, out, rows: vec![[7; 32]; ANDS] }
}

#[library_benchmark]
#[bench::ands_256(args = (), setup = batch)]
fn garble(mut batch: Batch) -> Batch {
    let Batch { half_gates, delta, a, b, out, rows } = &mut batch;
    half_gates.garble(delta, black_box(0), a, b, black_box(out), black_box(rows));
    batch
}

#[library_benchmark]
#[bench::ands_256(args = (), setup = batch)]
fn evaluate(mut batch: Batch) -> Batch {
    let Batch { half_gates, a, b, out, rows, .. } = &mut batch;
    half_gates.evaluate(black_box(0), a, b, black_box(out), black_box(rows));
    batch
}

struct Walk {
    backend: Backend,
    slots: Vec<Block>,
    width: usize,
    gates: Vec<[u32; 3]>,
}

/// As many gates and slots as AES-128 has.
fn walk(width: usize) -> Walk {
    let backend = Backend::by_name("aes-ni").expect("valgrind shows AES-NI where the machine has it");
    let slots = 1386;
    let gates =
        (0..22_776).map(|gate| [gate * 7, gate * 11 + 1, gate * 13 + 2].map(|slot| slot % slots)).collect();
    Walk { backend, slots: vec![Block::new(1); slots as usize * width], width, gates }
}

#[library_benchmark]
#[bench::lanes_1(args = (1,), setup = walk)]
#[bench::lanes_16(args = (16,), setup = walk)]
fn xor_walk(mut walk: Walk) -> Walk {
    xor_rows(walk.backend, black_box(&mut walk.slots), walk.width, black_box(&walk.gates));
    walk
}

library_benchmark_group!(name = aes_ni, benchmarks = [garble, evaluate, xor_walk]);
main!(library_benchmark_groups = aes_ni);
