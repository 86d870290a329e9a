//! Whole sessions, both parties in this process: ANDs per second, handshake and base OTs included, over memory, a Unix
//! socket and loopback TCP. The limit is 32 bytes of rows per AND on the transport, or the garbler's kernel.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use halfgate::channel::{Address, Listener, dial};
use halfgate::{Channel, Limits, Party, Program, Reveal, Security, Session, Terms, Values, compile, library};
use tokio::runtime::{Builder, Runtime};

async fn party(channel: Channel, own: Party, program: &Program, lanes: usize) {
    let mut session = Session::open(channel, own, Terms::new(Security::SemiHonest)).await.expect("a session");
    let values: Vec<Values> =
        program.inputs().iter().map(|input| Values::new(input.group.width, lanes)).collect();
    let groups = program.inputs().iter().zip(&values);
    let owned: Vec<_> = groups.map(|(input, values)| (input.owner == own).then_some(values)).collect();
    session.run(program, lanes, &owned, Reveal::Both).await.expect("a run");
    session.finish().await.expect("an end");
}

async fn connected(transport: &str) -> (Channel, Channel) {
    let address = match transport {
        "memory" => return Channel::memory_pair(Limits::default()),
        "unix" => format!("unix:{}/halfgate-bench-{}", std::env::temp_dir().display(), std::process::id()),
        _ => "127.0.0.1:0".to_owned(),
    };
    let address: Address = address.parse().expect("an address");
    let listener = Listener::bind(&address).await.expect("a free address");
    let bound = listener.address().clone();
    let wait = std::time::Duration::from_secs(5);
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(&bound, wait));
    let over = |stream: halfgate::channel::Stream| stream.open(Limits::default());
    (over(accepted.expect("accepted")), over(dialled.expect("dialled")))
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

fn two_party(criterion: &mut Criterion) {
    for (name, lanes) in [("lt64", 1usize), ("lt64", 4096), ("aes128", 1), ("aes128", 256)] {
        let program: &'static Program = Box::leak(Box::new(
            compile(&library::find(name).expect("a library circuit")).expect("it compiles"),
        ));
        let mut group = criterion.benchmark_group(format!("two_party/{name}"));
        group.sample_size(10).throughput(Throughput::Elements((program.and_count() * lanes) as u64));
        for transport in ["memory", "unix", "tcp"] {
            let runtime = runtime();
            group.bench_function(BenchmarkId::new(transport, lanes), |bencher| {
                bencher.to_async(&runtime).iter(|| async {
                    let (left, right) = connected(transport).await;
                    let garbler = tokio::spawn(party(left, Party::Garbler, program, lanes));
                    let evaluator = tokio::spawn(party(right, Party::Evaluator, program, lanes));
                    garbler.await.expect("the garbler ends");
                    evaluator.await.expect("the evaluator ends");
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, two_party);
criterion_main!(benches);
