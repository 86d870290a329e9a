//! Oblivious transfers.

use std::os::unix::net::UnixStream;
use std::time::Instant;
use std::{io, thread};

use halfgate::{Backend, Channel, Limits};
use halfgate_crypto::{Delta, SessionId};
use halfgate_ot::{CotReceiver, CotSender, OtError};

use tokio::runtime::Builder;

use super::context::{Bench, Entry, Finding, debug_build};
use super::kernels::entropy;
use super::party::Work;
use super::report::{Row, Unit};
use super::statistics::Figure;
use super::transport::Transport;
use crate::failure::Failure;

/// The bits of Δ, and the base OTs of an extension.
const BASE_OTS: f64 = 128.0;

/// The bits that each correlated OT puts on the wire with four bits of Δ to a tree.
const LEAST_BITS: f64 = BASE_OTS / 4.0 - 1.0;

/// AES blocks of a correlated OT on the receiver's side: 16 leaves of 32 trees give a bit each.
const LEAF_BITS: f64 = 16.0 * BASE_OTS / 4.0 / 128.0;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::new("ot.extension", extension), Entry::row("ot.base", base)]
}

/// Correlated OTs between two processes.
fn extension(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let (count, runs) = (bench.pace.transfers, bench.pace.sessions);
    let both = bench.pair(Transport::Tcp, &Work::Transfers { count, runs })?;
    let rate = Figure::of_each(&both.slower(), |seconds| count as f64 / 1e6 / seconds);
    let bytes = both.garbler.bytes_in_runs + both.evaluator.bytes_in_runs;
    let bits = 8.0 * bytes as f64 / (count * runs) as f64;
    let carry = bench.carriage(Transport::Tcp)?.through * LEAST_BITS / 256.0;
    let expand = LEAF_BITS * bench.aes_block(bench.backend)?;
    let rate = Row::new("ot.extension.rate", "correlated OTs, malicious, TCP loopback", Unit::MegaOts, rate)
        .bounded_by(format!("{LEAF_BITS} AES blocks, or 31 bits over TCP"), 1e3 / carry.max(expand))
        .aims_at(250.0, bench.unless_vaes_512());
    let what = "correlated OTs: bits on the wire, checks and frames included";
    let bits = Row::new("ot.extension.bits", what, Unit::BitsPerOt, Figure::exact(bits))
        .bounded_by("one correction for each tree but the first", LEAST_BITS)
        .aims_at(31.6, None);
    Ok(vec![Finding::Row(rate), Finding::Row(bits)])
}

/// The set-up of the extension, each side on a thread of its own, as two processes would be: 128 base OTs and the trees that grow from them.
fn base(bench: &Bench) -> Result<Row, Failure> {
    let once = || {
        let start = Instant::now();
        set_up(bench.backend)?;
        Ok::<_, Failure>(start.elapsed())
    };
    let times = bench.pace.repeat(bench.pace.starts, once)?;
    let figure = Figure::of_each(&times, |seconds| seconds * 1e3);
    let limit = 2.0 * BASE_OTS * bench.multiplication()? / 1e3;
    Ok(Row::new("ot.base", "128 base OTs and their trees, both sides overlapped", Unit::Milliseconds, figure)
        .bounded_by("256 curve multiplications of the base OTs' sender", limit)
        .aims_at(12.0, debug_build()))
}

fn set_up(backend: Backend) -> Result<(), Failure> {
    let (ours, theirs) = UnixStream::pair().map_err(no_socket)?;
    // Nothing secret depends on these transfers.
    let sid = SessionId::new([0; 32]);
    thread::scope(|scope| {
        let sender = scope.spawn(|| {
            on_channel(ours, async |channel| {
                let mut entropy = entropy()?;
                let delta = Delta::random(&mut entropy);
                let sender = CotSender::setup(channel, &sid, &delta, backend, &mut entropy).await;
                sender.map(|_| ()).map_err(failed)
            })
        });
        let receiver = on_channel(theirs, async |channel| {
            let receiver = CotReceiver::setup(channel, &sid, backend, &mut entropy()?).await;
            receiver.map(|_| ()).map_err(failed)
        });
        let sender = sender.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        sender.and(receiver)
    })
}

/// Runs one side on a runtime of its own, until all that it sent is on its way.
fn on_channel(
    stream: UnixStream,
    side: impl AsyncFnOnce(&mut Channel) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(no_socket)?;
    runtime.block_on(async {
        stream.set_nonblocking(true).map_err(no_socket)?;
        let stream = tokio::net::UnixStream::from_std(stream).map_err(no_socket)?;
        let mut channel = Channel::over(stream, Limits::default());
        side(&mut channel).await?;
        channel.flush().await.map_err(|error| failed(error.into()))
    })
}

fn failed(error: OtError) -> Failure {
    Failure::Bench(format!("the base OTs failed: {error}"))
}

fn no_socket(source: io::Error) -> Failure {
    Failure::System { what: "connect two threads", source }
}
