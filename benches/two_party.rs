//! Whole sessions, both parties in this process: ANDs per second over memory, a Unix socket and loopback TCP. The limit
//! is 32 bytes of rows per AND on the transport, or the garbler's kernel. `halfgate bench` measures the same with two
//! processes and the limits beside them.
//!
//! `cold` is a session from the handshake to the goodbye, base OTs included; `warm` is a run with inputs and outputs in a
//! session that has been set up; `chain` is calls alone, each on the output of the one before. `malicious` are cold and
//! warm sessions of that mode: one comparison of 64 bits, comparisons of 32 bits in lanes, and authenticated ANDs.

use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use halfgate::channel::{Address, Listener, dial};
use halfgate::{
    Channel, Limits, Party, Program, Reveal, Security, Session, Statistical, Terms, Values, compile, library,
};
use tokio::runtime::{Builder, Runtime};

const TRANSPORTS: [&str; 3] = ["memory", "unix", "tcp"];

/// What both parties do some times, after they have done it once.
#[derive(Clone, Copy)]
enum Work {
    Run,
    Chain,
}

const MALICIOUS: Security = Security::Malicious { statistical: Statistical::Bits40 };

async fn open(channel: Channel, own: Party, security: Security) -> Session {
    Session::open(channel, own, Terms::new(security)).await.expect("a session")
}

fn values(program: &Program, lanes: usize) -> Vec<Values> {
    program.inputs().iter().map(|input| Values::new(input.group.width, lanes)).collect()
}

async fn run(session: &mut Session, program: &Program, values: &[Values]) {
    let (own, lanes) = (session.party(), values[0].lanes());
    let groups = program.inputs().iter().zip(values);
    let owned: Vec<_> = groups.map(|(input, values)| (input.owner == own).then_some(values)).collect();
    session.run(program, lanes, &owned, Reveal::Both).await.expect("a run");
}

/// Calls whose output is their second input.
async fn chain(session: &mut Session, program: &Program, values: &[Values], calls: u64) -> Duration {
    let mut state = Vec::new();
    for (input, own) in program.inputs().iter().zip(values) {
        let mine = input.owner == session.party();
        let width = input.group.width;
        let value =
            if mine { session.input(own).await } else { session.peer_input(width, own.lanes()).await };
        state.push(value.expect("an input"));
    }
    let start = Instant::now();
    for _ in 0..calls {
        let inputs: Vec<_> = state.iter().collect();
        state[1] = session.call(program, &inputs).await.expect("a call").swap_remove(0);
    }
    session.reveal(&state[1], Reveal::Both).await.expect("an output");
    start.elapsed()
}

async fn cold(channel: Channel, own: Party, security: Security, program: &Program, lanes: usize) {
    let mut session = open(channel, own, security).await;
    run(&mut session, program, &values(program, lanes)).await;
    session.finish().await.expect("an end");
}

async fn warm(
    channel: Channel,
    own: Party,
    security: Security,
    (program, lanes): (&Program, usize),
    work: Work,
    times: u64,
) -> Duration {
    let (mut session, values) = (open(channel, own, security).await, values(program, lanes));
    run(&mut session, program, &values).await;
    let took = match work {
        Work::Chain => chain(&mut session, program, &values, times).await,
        Work::Run => {
            let start = Instant::now();
            for _ in 0..times {
                run(&mut session, program, &values).await;
            }
            start.elapsed()
        }
    };
    session.finish().await.expect("an end");
    took
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
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(&bound, Duration::from_secs(5)));
    let over = |stream: halfgate::channel::Stream| stream.open(Limits::default());
    (over(accepted.expect("accepted")), over(dialled.expect("dialled")))
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

fn program(name: &str) -> &'static Program {
    let circuit = library::find(name).expect("a library circuit");
    Box::leak(Box::new(compile(&circuit).expect("it compiles")))
}

fn sessions(criterion: &mut Criterion) {
    let works = [("lt64", 1), ("lt64", 4096), ("aes128", 1), ("aes128", 256)];
    cold_sessions(criterion, "cold", Security::SemiHonest, &works);
    cold_sessions(criterion, "malicious/cold", MALICIOUS, &[("lt64", 1), ("aes128", 64)]);
}

fn cold_sessions(criterion: &mut Criterion, kind: &str, security: Security, works: &[(&str, usize)]) {
    for &(name, lanes) in works {
        let program = program(name);
        let mut group = criterion.benchmark_group(format!("{kind}/{name}"));
        group.sample_size(10).throughput(Throughput::Elements((program.and_count() * lanes) as u64));
        for transport in TRANSPORTS {
            let runtime = runtime();
            group.bench_function(BenchmarkId::new(transport, lanes), |bencher| {
                bencher.to_async(&runtime).iter(|| async {
                    let (left, right) = connected(transport).await;
                    let garbler = tokio::spawn(cold(left, Party::Garbler, security, program, lanes));
                    let evaluator = tokio::spawn(cold(right, Party::Evaluator, security, program, lanes));
                    garbler.await.expect("the garbler ends");
                    evaluator.await.expect("the evaluator ends");
                });
            });
        }
        group.finish();
    }
}

fn rates(criterion: &mut Criterion) {
    let works = [("warm", Work::Run, 1024), ("chain", Work::Chain, 1), ("chain", Work::Chain, 32)];
    for (kind, work, lanes) in works {
        rate(criterion, kind, Security::SemiHonest, "aes128", work, lanes);
    }
    rate(criterion, "malicious/warm", MALICIOUS, "aes128", Work::Run, 64);
    rate(criterion, "malicious/warm", MALICIOUS, "lt32", Work::Run, 8192);
}

fn rate(criterion: &mut Criterion, kind: &str, security: Security, name: &str, work: Work, lanes: usize) {
    let program = program(name);
    let mut group = criterion.benchmark_group(format!("{kind}/{name}"));
    group.sample_size(10).throughput(Throughput::Elements((program.and_count() * lanes) as u64));
    for transport in TRANSPORTS {
        let runtime = runtime();
        group.bench_function(BenchmarkId::new(transport, lanes), |bencher| {
            bencher.to_async(&runtime).iter_custom(|times| async move {
                let (left, right) = connected(transport).await;
                let side =
                    |channel, own| tokio::spawn(warm(channel, own, security, (program, lanes), work, times));
                let (garbler, evaluator) = (side(left, Party::Garbler), side(right, Party::Evaluator));
                let garbler = garbler.await.expect("the garbler ends");
                garbler.max(evaluator.await.expect("the evaluator ends"))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, sessions, rates);
criterion_main!(benches);
