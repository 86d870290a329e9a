//! Gates per second of each room of the compiler, and lane-gates per second of the plaintext machine.

use std::fs::File;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use halfgate_circuits::{Builder, Circuit, Party, bristol, library};
use halfgate_compiler::random::{self, Shape};
use halfgate_compiler::{Effort, Optimizer, compile, evaluate, schedule};

/// `a·b·b·…`: millions of gates, far more than caches hold.
fn products() -> Circuit {
    let builder = Builder::new();
    let a = builder.input_uint("a", 64, Party::Garbler);
    let b = builder.input_uint("b", 64, Party::Evaluator);
    let product = (0..150).fold(a, |product, _| product * &b);
    builder.output_uint("product", &product);
    builder.finish().expect("a small circuit, as circuits go")
}

/// Circuits that are always there, small, large and random, and published ones where they are at hand.
fn circuits() -> Vec<(String, Circuit)> {
    let shape = Shape { inputs: vec![4096], gates: 300_000, outputs: vec![4096] };
    let mut circuits =
        vec![("random".to_owned(), random::circuit(3, &shape)), ("products".to_owned(), products())];
    for name in ["aes128", "sha256"] {
        circuits.push((name.to_owned(), library::find(name).expect("the library has it")));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bristol");
    for name in ["aes_128.txt", "sha256.txt"] {
        if let Ok(file) = File::open(folder.join(name)) {
            let (circuit, _) = bristol::read(file, name).expect("a published circuit");
            circuits.push((name.to_owned(), circuit));
        }
    }
    circuits
}

fn compiling(criterion: &mut Criterion) {
    for (name, circuit) in circuits() {
        let mut group = criterion.benchmark_group(format!("compile/{name}"));
        group.throughput(Throughput::Elements(circuit.gates().len() as u64));
        for effort in [Effort::Folds, Effort::Quick] {
            let optimizer = Optimizer::new(effort);
            group.bench_function(format!("optimize/{}", effort.level()), |bencher| {
                bencher.iter(|| optimizer.run(black_box(&circuit), &mut |_| ()))
            });
        }
        group.bench_function("schedule", |bencher| bencher.iter(|| schedule(black_box(&circuit))));
        group.bench_function("compile", |bencher| bencher.iter(|| compile(black_box(&circuit))));
        let program = schedule(&circuit).expect("small enough");
        group.bench_function("digest", |bencher| bencher.iter(|| black_box(&program).digest()));
        group.finish();
    }
}

/// The efforts that take seconds, on circuits that leave something to do.
fn optimizing(criterion: &mut Criterion) {
    let shape = Shape { inputs: vec![64], gates: 10_000, outputs: vec![64] };
    let circuit = random::circuit(3, &shape);
    let mut group = criterion.benchmark_group("optimize/random");
    group.sample_size(10).throughput(Throughput::Elements(circuit.gates().len() as u64));
    for effort in [Effort::Thorough, Effort::Utmost] {
        let optimizer = Optimizer::new(effort);
        group.bench_function(format!("{}", effort.level()), |bencher| {
            bencher.iter(|| optimizer.run(black_box(&circuit), &mut |_| ()))
        });
    }
    group.finish();
}

fn evaluating(criterion: &mut Criterion) {
    for (name, circuit) in circuits() {
        let program = schedule(&circuit).expect("small enough");
        let mut group = criterion.benchmark_group(format!("evaluate/{name}"));
        for lanes in [1, 64, 512, 4096] {
            let inputs = random::inputs(1, &circuit, lanes);
            group.throughput(Throughput::Elements((circuit.gates().len() * lanes) as u64));
            group.bench_function(format!("{lanes} lanes"), |bencher| {
                bencher.iter(|| evaluate(&program, &inputs))
            });
        }
        group.finish();
    }
}

criterion_group!(benches, compiling, optimizing, evaluating);
criterion_main!(benches);
