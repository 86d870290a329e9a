//! What it costs that a channel survives cuts: bytes one way, over a plain channel and over a lasting one.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use halfgate_channel::{Binding, Channel, End, Inbox, Kind, Length, Limits, Line, Patience, ResumeKey};
use tokio::{
    io::duplex,
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// Bytes per measured transfer.
const BYTES: usize = 64 << 20;

#[derive(Clone, Copy)]
enum Under {
    Memory,
    Tcp,
}

fn plain(under: Under, runtime: &Runtime) -> (Channel, Channel) {
    runtime.block_on(async {
        match under {
            Under::Memory => Channel::memory_pair(Limits::default()),
            Under::Tcp => {
                let (near, far) = tcp().await;
                let open = |stream: TcpStream| {
                    let (read, write) = stream.into_split();
                    Channel::over_halves(read, write, Limits::default())
                };
                (open(near), open(far))
            }
        }
    })
}

fn lasting(under: Under, runtime: &Runtime) -> (Channel, Channel) {
    runtime.block_on(async {
        let (near, far) = match under {
            Under::Memory => {
                let (near, far) = duplex(256 * 1024);
                (Line::over(near, [0; 32], End::Connecting), Line::over(far, [0; 32], End::Listening))
            }
            Under::Tcp => {
                let (near, far) = tcp().await;
                let line = |stream: TcpStream, end| {
                    let (read, write) = stream.into_split();
                    Line::new(read, write, [0; 32], end)
                };
                (line(near, End::Connecting), line(far, End::Listening))
            }
        };
        let open = |line| {
            let (key, inbox) = (ResumeKey::new([0; 32]), Inbox::new().1);
            Channel::lasting(line, key, inbox, Patience::default(), Limits::default(), Binding::default())
        };
        (open(near), open(far))
    })
}

async fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
    let (near, far) = (near.expect("it listens"), far.expect("it listens").0);
    for stream in [&near, &far] {
        stream.set_nodelay(true).expect("TCP has this option");
    }
    (near, far)
}

async fn transfer(left: &mut Channel, right: &mut Channel, frame: usize) {
    let send = async {
        for _ in 0..BYTES / frame {
            let buffer = left.take_buffer_of_length(frame);
            left.send(Kind::Rows, buffer).await.expect("the line holds");
        }
    };
    let receive = async {
        for _ in 0..BYTES / frame {
            let rows = right.receive(Kind::Rows, Length::Exactly(frame)).await.expect("the line holds");
            right.recycle(black_box(rows));
        }
    };
    tokio::join!(send, receive);
}

fn transfers(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("the operating system starts threads");
    for (name, under) in [("memory", Under::Memory), ("tcp", Under::Tcp)] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(BYTES as u64));
        for frame in [4 << 10, 64 << 10, 256 << 10, 1 << 20] {
            for (kind, make) in [("plain", plain as fn(_, &_) -> _), ("lasting", lasting)] {
                let (mut left, mut right) = make(under, &runtime);
                group.bench_function(BenchmarkId::new(kind, frame), |bencher| {
                    bencher.iter(|| runtime.block_on(transfer(&mut left, &mut right, frame)));
                });
            }
        }
    }
}

criterion_group!(benches, transfers);
criterion_main!(benches);
