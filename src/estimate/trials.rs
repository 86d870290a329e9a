//! How a machine's pace is found out: the parties' kernels run in this process for a moment, both on one thread.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use halfgate_circuits::BitRows;
use halfgate_compiler::{Program, Progress, ROWS_PER_MESSAGE};
use halfgate_crypto::{ActiveLabels, Backend, Block, Delta, Entropy, HalfGates, SessionId, ZeroLabels};
use halfgate_evaluator::{Evaluating, HashStart, label_digest, peer_labels};
use halfgate_garbler::{Garbling, LabelSource, ROW_BYTES, own_labels, permute_bits};
use halfgate_ot::{
    BaseDomain, BaseUse, OtError, ReceiverSetup, SenderSetup, SoftSpokenReceiver, SoftSpokenSender,
    batch_length,
};

use super::Pace;
use crate::Error;

/// How long the program is run, garbler and evaluator together.
const BUDGET: Duration = Duration::from_millis(60);

/// The labels of inputs and outputs that a trial holds at most, as those of a chunk.
const LABELS: usize = 1 << 18;

/// Rows of a trial of the OT extension.
const ROWS: usize = 1 << 14;

/// Labels of a trial of inputs and outputs.
const SAMPLE: usize = 1 << 14;

/// Bytes of a trial of sockets, and of each write.
const SOCKET_BYTES: usize = 16 << 20;
const WRITE: usize = 256 << 10;

/// Messages there and back of a trial of sockets.
const PINGS: u32 = 32;

/// What sockets take where there are none to try, in nanoseconds.
const USUAL_SOCKET: (f64, f64) = (0.3, 20_000.0);

pub(super) fn pace(program: &Program, lanes: usize, backend: Backend) -> Result<Pace, Error> {
    let mut entropy = Entropy::from_os().map_err(|error| Error::NoEntropy(error.to_string()))?;
    let (garble_and, evaluate_and) = rows(program, lanes, backend, &mut entropy);
    let labels = Labels::measure(backend, &mut entropy);
    let transfers = Transfers::measure(backend, &mut entropy).unwrap_or_default();
    let (byte, wake) = sockets().unwrap_or(USUAL_SOCKET);
    Ok(Pace {
        garble_and,
        evaluate_and,
        base_points: transfers.points,
        base_keys: transfers.keys,
        base_key: transfers.key,
        trees: transfers.trees,
        make_row: transfers.make,
        check_row: transfers.check,
        input_label: labels.input,
        output_label: labels.output,
        proven_label: labels.proven,
        byte,
        wake,
        // An announcement and two set-ups of hashes, and the tasks that carry the channel.
        session: transfers.key + 2.0 * wake,
        threads: 1,
    })
}

/// Runs something and says how many nanoseconds it took.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let began = Instant::now();
    let result = work();
    (began.elapsed().as_nanos().max(1) as f64, result)
}

/// Nanoseconds to garble and to evaluate an AND of the program.
fn rows(program: &Program, lanes: usize, backend: Backend, entropy: &mut Entropy) -> (f64, f64) {
    if program.and_count() == 0 {
        return (1.0, 1.0);
    }
    let width: usize = program.inputs().iter().map(|input| input.group.width as usize).sum();
    let outputs: usize = program.outputs().iter().map(|output| output.bits.len()).sum();
    let most = (LABELS / (width + outputs).max(1)).max(program.tile_width());
    let lanes = lanes.clamp(1, most);
    let (start, zero, delta) = (entropy.block(), entropy.block(), Delta::random(entropy));
    let source = LabelSource { delta, half_gates: HalfGates::new(backend, start), zero };
    let start = HashStart { half_gates: HalfGates::new(backend, start), zero };
    let widths = program.inputs().iter().map(|input| input.group.width as usize);
    let zeros: Vec<_> = widths.clone().map(|width| ZeroLabels::zeroed(width, lanes)).collect();
    let active: Vec<_> = widths.map(|width| ActiveLabels::zeroed(width, lanes)).collect();
    let (zeros, active): (Vec<_>, Vec<_>) = (zeros.iter().collect(), active.iter().collect());
    let mut message = vec![0; ROWS_PER_MESSAGE * ROW_BYTES];
    let (mut garbled, mut evaluated, mut ands) = (0.0, 0.0, 0);
    let began = Instant::now();
    // The first message warms up and is not counted, unless it is the only one that there was time for.
    let mut first = true;
    while ands == 0 || began.elapsed() < BUDGET {
        let (time, mut garbling) = timed(|| Garbling::new(program, &source, &zeros, 0..lanes, 0));
        garbled += time;
        let (time, mut evaluating) = timed(|| Evaluating::new(program, &start, &active, 0..lanes, 0));
        evaluated += time;
        evaluating.take(&[]);
        loop {
            let (time, (used, progress)) = timed(|| garbling.fill(&mut message));
            garbled += time;
            evaluated += timed(|| evaluating.take(&message[..used])).0;
            ands += used / ROW_BYTES;
            if std::mem::take(&mut first) && began.elapsed() < BUDGET / 2 && progress == Progress::Paused {
                (garbled, evaluated, ands) = (0.0, 0.0, 0);
            }
            if progress == Progress::Done || (ands > 0 && began.elapsed() >= BUDGET) {
                break;
            }
        }
    }
    (garbled / ands as f64, evaluated / ands as f64)
}

/// Nanoseconds for a label.
struct Labels {
    input: f64,
    output: f64,
    proven: f64,
}

impl Labels {
    fn measure(backend: Backend, entropy: &mut Entropy) -> Self {
        let (seed, delta, sid) = (entropy.block(), Delta::random(entropy), SessionId::new(entropy.bytes()));
        let bits = BitRows::new(SAMPLE, 1);
        let (own, zeros) = timed(|| own_labels(backend, seed, &delta, &bits, SAMPLE));
        let (peers, active) = timed(|| peer_labels(backend, seed, 1, SAMPLE));
        let (zeros, active) = ([zeros], [active]);
        let (output, _) = timed(|| permute_bits(&zeros));
        let (proven, _) = timed(|| label_digest(&sid, &[], &active));
        let each = |time: f64| time / SAMPLE as f64;
        Labels { input: each(own.max(peers)), output: each(output), proven: each(output + proven) }
    }
}

/// Nanoseconds for a base OT, the trees, and a row of the extension.
#[derive(Default)]
struct Transfers {
    points: f64,
    keys: f64,
    key: f64,
    trees: f64,
    make: f64,
    check: f64,
}

impl Transfers {
    fn measure(backend: Backend, entropy: &mut Entropy) -> Result<Self, OtError> {
        let domain = BaseDomain::new(&SessionId::new(entropy.bytes()), BaseUse::GarblerCorrelation, 0);
        let mut sender = SenderSetup::new(domain, &Delta::random(entropy));
        let mut receiver = ReceiverSetup::new(domain, entropy);
        let mut transfers = Transfers::default();
        let mut messages = Vec::new();
        transfers.points = timed(|| {
            while let Some(points) = sender.points(entropy) {
                messages.push(points);
            }
        })
        .0;
        let (keys, taken) = timed(|| messages.iter().try_for_each(|points| receiver.take_points(points)));
        let (key, heard) = timed(|| sender.hear(&receiver.announcement()));
        (taken?, heard?);
        let (grown, (receiver, message)) = timed(|| receiver.finish(backend, entropy));
        let (rebuilt, sender) = timed(|| sender.finish(&message, backend));
        let per_ot = |time: f64| time / Block::ZERO.to_bytes().len() as f64 / 8.0;
        transfers.points = per_ot(transfers.points);
        (transfers.keys, transfers.key, transfers.trees) = (per_ot(keys), per_ot(key), grown.max(rebuilt));
        transfers.batches(receiver, sender?)?;
        Ok(transfers)
    }

    fn batches(
        &mut self,
        mut receiver: SoftSpokenReceiver,
        mut sender: SoftSpokenSender,
    ) -> Result<(), OtError> {
        let (mut choices, mut rows) = (vec![0; ROWS / 64], vec![Block::ZERO; ROWS]);
        let mut message = vec![0; batch_length(ROWS)];
        // The first warms up.
        for _ in 0..2 {
            let (made, result) = timed(|| receiver.batch(&mut choices, &mut rows, &mut message));
            result?;
            let (checked, checking) = timed(|| sender.batch(&message, &mut rows));
            sender = checking?;
            (self.make, self.check) = (made / ROWS as f64, checked / ROWS as f64);
        }
        Ok(())
    }
}

/// Nanoseconds for a byte through a socket of this machine, and for a message to wake somebody up.
fn sockets() -> std::io::Result<(f64, f64)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut near = TcpStream::connect(listener.local_addr()?)?;
    let (mut far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let echo = thread::spawn(move || -> std::io::Result<()> {
        let mut buffer = vec![0; WRITE];
        for _ in 0..PINGS {
            far.read_exact(&mut buffer[..1])?;
            far.write_all(&buffer[..1])?;
        }
        for _ in 0..SOCKET_BYTES / WRITE {
            far.read_exact(&mut buffer)?;
        }
        far.write_all(&[0])
    });
    let mut buffer = vec![0; WRITE];
    let mut wakes: Vec<f64> = Vec::new();
    for _ in 0..PINGS {
        let (time, done) = timed(|| near.write_all(&[0]).and_then(|()| near.read_exact(&mut buffer[..1])));
        done?;
        wakes.push(time / 2.0);
    }
    let (moved, done) = timed(|| -> std::io::Result<()> {
        for _ in 0..SOCKET_BYTES / WRITE {
            near.write_all(&buffer)?;
        }
        near.read_exact(&mut buffer[..1])
    });
    done?;
    let _ = echo.join();
    wakes.sort_by(f64::total_cmp);
    // A runtime's tasks stand between the socket and the party: a message wakes two threads or tasks.
    Ok((moved / SOCKET_BYTES as f64, 2.0 * wakes[wakes.len() / 2]))
}
