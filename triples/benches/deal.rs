//! Blocks of AND triples, both parties on one line in memory and in one thread: what both cost together.
//!
//! A triple of three leaky ANDs (blocks of 276,325 and more) takes either party 18 rows of OT, 9 hashes with 6 key
//! schedules, 7 blocks of BLAKE3 and about 170 bytes of traffic both ways together; one core per party so does twice what one
//! core for both does.

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use halfgate_channel::{Channel, Limits};
use halfgate_circuits::Party;
use halfgate_crypto::{Backend, Entropy, SessionId};
use halfgate_triples::{Dealer, Statistical};

async fn start(channel: &mut Channel, own: Party, statistical: Statistical) -> Dealer {
    let entropy = Entropy::from_os().expect("the system has randomness");
    let sid = SessionId::new([1; 32]);
    Dealer::start(channel, sid, own, statistical, Backend::detect(), entropy).await.expect("an honest peer")
}

fn deal(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut group = c.benchmark_group("triples");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (name, count, statistical) in [
        ("64, rho 40", 64, Statistical::Bits40),
        ("300000, rho 40", 300_000, Statistical::Bits40),
        ("262144, rho 64", 262_144, Statistical::Bits64),
    ] {
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(name, |b| {
            let set_up = || {
                runtime.block_on(async {
                    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
                    let (garbler, evaluator) = tokio::join!(
                        start(&mut ours, Party::Garbler, statistical),
                        start(&mut theirs, Party::Evaluator, statistical),
                    );
                    [(ours, garbler), (theirs, evaluator)]
                })
            };
            b.iter_batched(
                set_up,
                |mut parties| {
                    runtime.block_on(async {
                        let [(ours, garbler), (theirs, evaluator)] = &mut parties;
                        let (left, right) = tokio::join!(
                            garbler.provide(ours, count, count),
                            evaluator.provide(theirs, count, count),
                        );
                        left.and(right).expect("an honest peer");
                    });
                    parties
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, deal);
criterion_main!(benches);
