//! Throughput of every kernel under every backend of this machine, in elements per second on one core.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use halfgate_crypto::{
    Backend, Block, Delta, Entropy, HalfGates, Mitccrh, Planes, Prg, PrgTree, gf128, xor_rows,
};

/// ANDs or elements of a list per call: a gate of 16 lanes, a batch in L1, a batch in L2.
const AND_BATCHES: [usize; 3] = [16, 256, 8192];

/// Blocks per call of the others, one plane of OT extension each 64 KiB.
const BLOCKS: usize = 4096;

fn blocks(entropy: &mut Entropy, n: usize) -> Vec<Block> {
    (0..n).map(|_| entropy.block()).collect()
}

fn entropy() -> Entropy {
    Entropy::from_os().expect("the system has randomness")
}

/// Runs `job` under every backend and size; `job` makes what is measured.
fn per_backend<F: FnMut()>(
    criterion: &mut Criterion,
    name: &str,
    sizes: &[usize],
    mut job: impl FnMut(Backend, usize) -> F,
) {
    let mut group: BenchmarkGroup<'_, WallTime> = criterion.benchmark_group(name);
    for &size in sizes {
        group.throughput(Throughput::Elements(size as u64));
        for backend in Backend::available() {
            let mut work = job(backend, size);
            group.bench_function(BenchmarkId::new(backend.name(), size), |bencher| bencher.iter(&mut work));
        }
    }
    group.finish();
}

fn half_gates(criterion: &mut Criterion) {
    let mut entropy = entropy();
    per_backend(criterion, "garble", &AND_BATCHES, |backend, n| {
        let (delta, half_gates) = (Delta::random(&mut entropy), HalfGates::new(backend, entropy.block()));
        let (a, b) = (blocks(&mut entropy, n), blocks(&mut entropy, n));
        let (mut out, mut rows) = (vec![Block::ZERO; n], vec![[0; 32]; n]);
        move || half_gates.garble(&delta, black_box(0), &a, &b, black_box(&mut out), black_box(&mut rows))
    });
    per_backend(criterion, "evaluate", &AND_BATCHES, |backend, n| {
        let half_gates = HalfGates::new(backend, entropy.block());
        let (a, b) = (blocks(&mut entropy, n), blocks(&mut entropy, n));
        let (mut out, rows) = (vec![Block::ZERO; n], vec![[7; 32]; n]);
        move || half_gates.evaluate(black_box(0), &a, &b, black_box(&mut out), black_box(&rows))
    });
}

/// The hash of half-gates on lists; two pairs do the work of garbling an AND.
fn lists(criterion: &mut Criterion) {
    let mut entropy = entropy();
    per_backend(criterion, "hash", &AND_BATCHES, |backend, n| {
        let hash = Mitccrh::new(backend, entropy.block());
        let (x, mut out) = (blocks(&mut entropy, n), vec![Block::ZERO; n]);
        move || hash.hash(black_box(0), &x, black_box(&mut out))
    });
    per_backend(criterion, "hash_pairs", &AND_BATCHES, |backend, n| {
        let (delta, hash) = (Delta::random(&mut entropy), Mitccrh::new(backend, entropy.block()));
        let (x, mut zeros, mut sums) = (blocks(&mut entropy, n), vec![Block::ZERO; n], vec![Block::ZERO; n]);
        move || hash.hash_pairs(&delta, black_box(0), &x, black_box(&mut zeros), black_box(&mut sums))
    });
}

fn extension(criterion: &mut Criterion) {
    let mut entropy = entropy();
    // Counter mode under a fixed key: the raw rate of AES that bounds every other kernel.
    per_backend(criterion, "prg", &[32, BLOCKS], |backend, n| {
        let (prg, mut out) = (Prg::new(backend, entropy.block()), vec![Block::ZERO; n]);
        move || prg.fill(black_box(0), black_box(&mut out))
    });
    // One key schedule after another, each with its full latency.
    per_backend(criterion, "prg_key", &[1], |backend, _| {
        let key = entropy.block();
        move || drop(black_box(Prg::new(backend, black_box(key))))
    });
    per_backend(criterion, "fold", &[16 * 512], |backend, n| {
        let tree = PrgTree::new(backend, &blocks(&mut entropy, 16));
        let (addend, mut sum) = (vec![[0; 16]; n / 16], vec![[0; 16]; n / 16]);
        let (mut planes, masks) = (Planes::new(n / 16), [Block::ZERO; 4]);
        move || tree.fold(black_box(0), planes.four_mut(0), &masks, &addend, black_box(&mut sum))
    });
    per_backend(criterion, "transpose", &[8192, 65536], |backend, n| {
        let (planes, mut rows) = (Planes::new(n / 128), vec![Block::ZERO; n]);
        move || black_box(&planes).transpose(backend, black_box(&mut rows))
    });
    per_backend(criterion, "inner_product", &[BLOCKS], |backend, n| {
        let (a, b) = (blocks(&mut entropy, n), blocks(&mut entropy, n));
        move || {
            black_box(gf128::inner_product(backend, black_box(&a), black_box(&b)));
        }
    });
}

/// As many random gates as rows; an element is the XOR of two blocks.
fn free_xor(criterion: &mut Criterion) {
    let mut entropy = entropy();
    for width in [1, 16, 32] {
        let name = format!("xor_rows/{width}");
        per_backend(criterion, &name, &[1 << 10, 1 << 12, 1 << 14, 1 << 16], |backend, n| {
            let rows = (n / width) as u32;
            let row = |entropy: &mut Entropy| entropy.block().bits() as u32 % rows;
            let gates: Vec<[u32; 3]> = (0..rows).map(|_| [(); 3].map(|()| row(&mut entropy))).collect();
            let mut slots = blocks(&mut entropy, n);
            move || xor_rows(backend, black_box(&mut slots), width, black_box(&gates))
        });
    }
}

criterion_group!(benches, half_gates, lists, free_xor, extension);
criterion_main!(benches);
