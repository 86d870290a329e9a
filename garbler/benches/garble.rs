//! Garbling in memory: ANDs per second with the XORs of real programs. The limit is the hash: see `kernels` of
//! `halfgate-crypto` for independent ANDs.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use halfgate_circuits::library;
use halfgate_compiler::{Progress, compile};
use halfgate_crypto::{Backend, Delta, Entropy, HalfGates, ZeroLabels};
use halfgate_garbler::{Garbling, LabelSource};

fn garble(criterion: &mut Criterion) {
    for (name, all_lanes) in
        [("lt64", &[1usize, 32, 1024][..]), ("aes128", &[1, 16, 32]), ("sha256", &[1, 16, 32])]
    {
        let program = compile(&library::find(name).expect("a library circuit")).expect("it compiles");
        let mut group = criterion.benchmark_group(format!("garble/{name}"));
        for (&lanes, backend) in
            all_lanes.iter().flat_map(|lanes| Backend::available().into_iter().map(move |b| (lanes, b)))
        {
            let mut entropy = Entropy::from_os().expect("randomness");
            let source = LabelSource {
                delta: Delta::random(&mut entropy),
                half_gates: HalfGates::new(backend, entropy.block()),
                zero: entropy.block(),
            };
            let inputs: Vec<ZeroLabels> = program
                .inputs()
                .iter()
                .map(|input| {
                    let blocks = input.group.width as usize * lanes;
                    ZeroLabels::from_blocks(lanes, (0..blocks).map(|_| entropy.block()).collect())
                })
                .collect();
            let inputs: Vec<&ZeroLabels> = inputs.iter().collect();
            let mut chunk = vec![0; 256 << 10];
            group.throughput(Throughput::Elements((program.and_count() * lanes) as u64));
            group.bench_function(BenchmarkId::new(backend.name(), lanes), |bencher| {
                bencher.iter(|| {
                    let mut garbling = Garbling::new(&program, &source, &inputs, 0..lanes, 0);
                    while garbling.fill(&mut chunk).1 == Progress::Paused {}
                    garbling.finish()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, garble);
criterion_main!(benches);
