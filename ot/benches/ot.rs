//! Base OTs, labels straight from them, batches of the extension in memory, and the drivers over a channel in memory.
//!
//! What bounds them:
//! - a base OT costs its receiver 1 fixed-base and 1 variable-base multiplication, 2 hashes to the group and 2 encodings, its
//!   sender 2 variable-base multiplications, 2 hashes and 2 decodings (19, 10, 6.7 and 3.3 µs each on Zen 5 at 3.9 GHz);
//! - a row of a batch costs either side 4 blocks of AES, 1 product in GF(2^128), 3.9 bytes of BLAKE3 and its transpose: on Zen 3
//!   with VAES-256 3.6 + 0.95 + 0.9 + 1.2 ns, on Zen 5 with VAES-512 1.3 + 0.4 + 0.4 + 0.4 ns by its instructions alone.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use halfgate_channel::{Channel, Limits};
use halfgate_crypto::{Backend, Block, Delta, Entropy, SessionId};
use halfgate_ot::{
    BaseDomain, BaseReceiver, BaseSender, BaseUse, CotReceiver, CotSender, LARGEST_BATCH, LabelReceiver,
    LabelSender, ReceiverSetup, SenderSetup, SoftSpokenReceiver, SoftSpokenSender,
};

const BASE_OTS: u64 = 128;
const ROWS: usize = LARGEST_BATCH;

fn domain() -> BaseDomain {
    BaseDomain::new(&SessionId::new([1; 32]), BaseUse::GarblerCorrelation, 0)
}

fn entropy() -> Entropy {
    Entropy::from_os().expect("the system has randomness")
}

fn base(c: &mut Criterion) {
    let mut group = c.benchmark_group("base");
    group.throughput(Throughput::Elements(BASE_OTS));
    let mut entropy = entropy();
    let choices = || (0..BASE_OTS).map(|i| ((i % 2) as u8).into());
    group.bench_function("receiver points", |b| {
        b.iter(|| BaseReceiver::new(domain(), BASE_OTS as usize).points(choices(), &mut entropy));
    });
    let mut receiver = BaseReceiver::new(domain(), BASE_OTS as usize);
    let points = receiver.points(choices(), &mut entropy);
    let mut sender = BaseSender::new(domain(), &mut entropy);
    group.bench_function("sender keys", |b| {
        b.iter(|| sender.keys(&points).expect("good points"));
    });
    let announcement = sender.announcement();
    group.bench_function("receiver keys", |b| {
        let offers = || {
            let mut receiver = BaseReceiver::new(domain(), BASE_OTS as usize);
            receiver.points(choices(), &mut entropy);
            receiver
        };
        b.iter_batched(
            offers,
            |mut receiver| receiver.keys(&announcement).expect("a good point"),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// Labels of one 64-bit input straight from base OTs.
fn direct(c: &mut Criterion) {
    const BITS: usize = 64;
    let domain = BaseDomain::new(&SessionId::new([1; 32]), BaseUse::EvaluatorInputs, 0);
    let mut group = c.benchmark_group("direct");
    group.throughput(Throughput::Elements(BITS as u64));
    let mut entropy = entropy();
    let delta = Delta::random(&mut entropy);
    let mut sender = LabelSender::new(domain, &mut entropy);
    let announcement = sender.announcement();
    let choose = |entropy: &mut Entropy| {
        let mut receiver = LabelReceiver::new(domain, BITS);
        let points = receiver.points((0..BITS).map(|i| ((i % 2) as u8).into()), entropy);
        (receiver, points)
    };
    group.bench_function("receiver points", |b| b.iter(|| choose(&mut entropy)));
    let (_, points) = choose(&mut entropy);
    group.bench_function("sender answer", |b| {
        b.iter(|| {
            let (mut zero_labels, mut message) = (Vec::new(), Vec::new());
            let answer = sender.answer(&points, &delta, &mut zero_labels, &mut message, &mut entropy);
            answer.expect("good points");
            (zero_labels, message)
        });
    });
    group.bench_function("receiver keys", |b| {
        let receiver = || choose(&mut entropy).0;
        b.iter_batched_ref(receiver, |receiver| receiver.prepare(&announcement), BatchSize::SmallInput);
    });
    group.finish();
}

/// Both sides after the base OTs, and what the sender needs to go on.
fn base_ots() -> (SenderSetup, ReceiverSetup) {
    let mut entropy = entropy();
    let mut sender = SenderSetup::new(domain(), &Delta::random(&mut entropy));
    let mut receiver = ReceiverSetup::new(domain(), &mut entropy);
    while let Some(points) = sender.points(&mut entropy) {
        receiver.take_points(&points).expect("good points");
    }
    (sender, receiver)
}

fn set_up(backend: Backend) -> (SoftSpokenSender, SoftSpokenReceiver) {
    let (mut sender, receiver) = base_ots();
    let announcement = receiver.announcement();
    let (receiver, trees) = receiver.finish(backend, &mut entropy());
    sender.hear(&announcement).expect("an honest point");
    (sender.finish(&trees, backend).expect("honest trees"), receiver)
}

fn softspoken(c: &mut Criterion) {
    let mut group = c.benchmark_group("softspoken");
    group.throughput(Throughput::Elements(ROWS as u64));
    for backend in Backend::available() {
        let (mut choices, mut rows, mut message) = (vec![0; ROWS / 64], vec![Block::ZERO; ROWS], Vec::new());
        let (_, mut receiver) = set_up(backend);
        group.bench_function(format!("receiver/{}", backend.name()), |b| {
            b.iter(|| receiver.batch(&mut choices, &mut rows, &mut message).expect("counters suffice"));
        });

        let (sender, mut receiver) = set_up(backend);
        let mut sender = Some(sender);
        group.bench_function(format!("sender/{}", backend.name()), |b| {
            b.iter_batched_ref(
                || {
                    let mut message = Vec::new();
                    receiver.batch(&mut choices, &mut rows, &mut message).expect("counters suffice");
                    (message, vec![Block::ZERO; ROWS])
                },
                |(message, rows)| {
                    let state = sender.take().expect("the last batch passed");
                    sender = Some(state.batch(message, rows).expect("honest batches pass"));
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn over_memory(c: &mut Criterion) {
    const DEMAND: usize = 1 << 20;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (backend, sid) = (Backend::detect(), SessionId::new([1; 32]));
    let mut group = c.benchmark_group("over memory");
    group.sample_size(20);
    group.bench_function("setup", |b| {
        b.iter(|| runtime.block_on(connect(sid, backend)));
    });

    let ((mut sender, mut ours), (mut receiver, mut theirs)) = runtime.block_on(connect(sid, backend));
    let mut our_rows = vec![Block::ZERO; ROWS];
    let (mut choices, mut their_rows) = (vec![0; ROWS / 64], vec![Block::ZERO; ROWS]);
    group.throughput(Throughput::Elements(DEMAND as u64));
    group.bench_function("extend", |b| {
        b.iter(|| {
            // A thread for each party: both compute at the same time.
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    runtime.block_on(async {
                        for _ in 0..DEMAND / ROWS {
                            let made = receiver.extend_into(&mut theirs, &mut choices, &mut their_rows).await;
                            made.expect("an honest peer");
                        }
                    });
                });
                runtime.block_on(async {
                    for _ in 0..DEMAND / ROWS {
                        sender.extend_into(&mut ours, &mut our_rows).await.expect("an honest peer");
                    }
                });
            });
        });
    });
    group.finish();
}

type Ends = ((CotSender, Channel), (CotReceiver, Channel));

/// Each side on a task of its own.
async fn connect(sid: SessionId, backend: Backend) -> Ends {
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    let sending = tokio::spawn(async move {
        let mut entropy = entropy();
        let delta = Delta::random(&mut entropy);
        let sender = CotSender::setup(&mut ours, &sid, &delta, backend, &mut entropy).await;
        (sender.expect("an honest peer"), ours)
    });
    let receiving = tokio::spawn(async move {
        let receiver = CotReceiver::setup(&mut theirs, &sid, backend, &mut entropy()).await;
        (receiver.expect("an honest peer"), theirs)
    });
    (sending.await.expect("no panic"), receiving.await.expect("no panic"))
}

criterion_group!(benches, base, direct, softspoken, over_memory);
criterion_main!(benches);
