//! How fast Bristol files are read and written, in bytes of text.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use halfgate_circuits::bristol::{self, Format};
use halfgate_circuits::{Builder, Circuit, Gate, Group, Input, Output, Party, WireId};

/// A circuit whose file has some megabytes, with long and short wire numbers and little locality.
fn random_circuit() -> Circuit {
    let inputs = 512;
    let mut state = 1u64;
    let mut below = |bound: u32| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        WireId::new((((state >> 32) * u64::from(bound)) >> 32) as u32)
    };
    let gates = (inputs..inputs + 500_000).map(|bound| match bound % 3 {
        0 => Gate::And(below(bound), below(bound)),
        1 => Gate::Not(below(bound)),
        _ => Gate::Xor(below(bound), below(bound)),
    });
    let gates: Vec<_> = gates.collect();
    let wires = (0..256).map(|_| below(inputs + 500_000)).collect();
    let input = Input { group: Group::uint("in0", inputs), owner: Party::Garbler };
    let output = Output { group: Group::uint("out0", 256), wires };
    Circuit::new(vec![input], gates, vec![output]).expect("gates read earlier wires")
}

/// `a·b·b·…`: a circuit as it comes out of a compiler, most operands made shortly before.
fn products() -> Circuit {
    let builder = Builder::new();
    let a = builder.input_uint("a", 64, Party::Garbler);
    let b = builder.input_uint("b", 64, Party::Evaluator);
    let product = (0..150).fold(a, |product, _| product * &b);
    builder.output_uint("product", &product);
    builder.finish().expect("a small circuit, as circuits go")
}

fn parse(criterion: &mut Criterion) {
    for (name, circuit) in [("random", random_circuit()), ("products", products())] {
        let mut text = Vec::new();
        bristol::write(&circuit, Format::Fashion, &mut text).expect("memory takes everything");
        let mut group = criterion.benchmark_group(format!("parse/{name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("read", |bencher| {
            bencher.iter(|| bristol::read(black_box(text.as_slice()), "bench").expect("the file is right"));
        });
        group.bench_function("write", |bencher| {
            let mut out = Vec::with_capacity(text.len());
            bencher.iter(|| {
                out.clear();
                bristol::write(black_box(&circuit), Format::Fashion, &mut out)
                    .expect("memory takes everything");
            });
        });
        group.finish();
    }
    published(criterion);
}

/// The published circuits of more than a megabyte, where they are at hand.
fn published(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bristol");
    let mut group = criterion.benchmark_group("parse/published");
    for name in ["aes_128.txt", "sha256.txt"] {
        let Ok(text) = fs::read(folder.join(name)) else { continue };
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| bristol::read(black_box(text.as_slice()), name).expect("the file is right"));
        });
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
