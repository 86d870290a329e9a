//! Evaluating in memory: ANDs per second with the XORs of real programs. Any rows take as long as true ones.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use halfgate_circuits::library;
use halfgate_compiler::{Progress, compile};
use halfgate_crypto::{ActiveLabels, Backend, Entropy, HalfGates};
use halfgate_evaluator::{Evaluating, HashStart};

fn evaluate(criterion: &mut Criterion) {
    for (name, all_lanes) in
        [("lt64", &[1usize, 32, 1024][..]), ("aes128", &[1, 16, 32]), ("sha256", &[1, 16, 32])]
    {
        let program = compile(&library::find(name).expect("a library circuit")).expect("it compiles");
        let mut group = criterion.benchmark_group(format!("evaluate/{name}"));
        for (&lanes, backend) in
            all_lanes.iter().flat_map(|lanes| Backend::available().into_iter().map(move |b| (lanes, b)))
        {
            let mut entropy = Entropy::from_os().expect("randomness");
            let start =
                HashStart { half_gates: HalfGates::new(backend, entropy.block()), zero: entropy.block() };
            let inputs: Vec<ActiveLabels> = program
                .inputs()
                .iter()
                .map(|input| {
                    let blocks = input.group.width as usize * lanes;
                    ActiveLabels::from_blocks(lanes, (0..blocks).map(|_| entropy.block()).collect())
                })
                .collect();
            let inputs: Vec<&ActiveLabels> = inputs.iter().collect();
            let rows = vec![0x5a; 256 << 10];
            group.throughput(Throughput::Elements((program.and_count() * lanes) as u64));
            group.bench_function(BenchmarkId::new(backend.name(), lanes), |bencher| {
                bencher.iter(|| {
                    let mut evaluating = Evaluating::new(&program, &start, &inputs, 0..lanes, 0);
                    while evaluating.take(&rows).1 == Progress::Paused {}
                    evaluating.finish()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
