//! Oblivious transfers.

use std::time::Instant;

use halfgate::{Channel, Limits};
use halfgate_crypto::{Delta, SessionId};
use halfgate_ot::{CotReceiver, CotSender, OtError};

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

/// The set-up of the extension, each side on a task of its own: 128 base OTs and the trees that grow from them.
fn base(bench: &Bench) -> Result<Row, Failure> {
    let once = || {
        let start = Instant::now();
        bench.runtime.block_on(set_up(bench))?;
        Ok::<_, Failure>(start.elapsed())
    };
    let times = bench.pace.repeat(bench.pace.starts, once)?;
    let figure = Figure::of_each(&times, |seconds| seconds * 1e3);
    let limit = 2.0 * BASE_OTS * bench.multiplication()? / 1e3;
    Ok(Row::new("ot.base", "128 base OTs and their trees, both sides overlapped", Unit::Milliseconds, figure)
        .bounded_by("256 curve multiplications of the base OTs' sender", limit)
        .aims_at(12.0, debug_build()))
}

async fn set_up(bench: &Bench) -> Result<(), Failure> {
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    // Nothing secret depends on these transfers.
    let (sid, backend) = (SessionId::new([0; 32]), bench.backend);
    let [mut for_sender, mut for_receiver] = [entropy()?, entropy()?];
    let sender = tokio::spawn(async move {
        let delta = Delta::random(&mut for_sender);
        CotSender::setup(&mut ours, &sid, &delta, backend, &mut for_sender).await.map(|_| ours)
    });
    let receiver = tokio::spawn(async move {
        CotReceiver::setup(&mut theirs, &sid, backend, &mut for_receiver).await.map(|_| theirs)
    });
    // A channel that is dropped forgets what it has not yet sent, so both stay until both sides are done.
    let mut channels = Vec::new();
    for side in [sender, receiver] {
        let ended = side.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        let failed = |error: OtError| Failure::Bench(format!("the base OTs failed: {error}"));
        channels.push(ended.map_err(failed)?);
    }
    Ok(())
}
