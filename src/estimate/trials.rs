//! How a machine's pace is found out: the parties' kernels run in this process for a moment, both on one thread.

mod authenticated;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use halfgate_channel::QUEUE;
use halfgate_circuits::{BitRows, Values};
use halfgate_compiler::{Program, Progress, ROWS_PER_MESSAGE};
use halfgate_crypto::{ActiveLabels, Backend, Block, Delta, Entropy, HalfGates, SessionId, ZeroLabels};
use halfgate_evaluator::{Evaluating, HashStart, label_digest, peer_labels};
use halfgate_garbler::{Garbling, LabelSource, ROW_BYTES, own_labels, permute_bits};
use halfgate_ot::{
    BaseDomain, BaseUse, OtError, ReceiverSetup, SenderSetup, SoftSpokenReceiver, SoftSpokenSender,
    batch_length,
};

use self::authenticated::Dealing;
use super::Pace;
use crate::{Error, Security};

/// How long a program is run at most, garbler and evaluator together.
const BUDGET: Duration = Duration::from_millis(60);

/// How long a program of so many ANDs in all lanes is run: not much longer than the run itself will take.
fn budget(program: &Program, lanes: usize) -> Duration {
    let ands = program.and_count().saturating_mul(lanes) as u64;
    BUDGET.min(Duration::from_millis(1) + Duration::from_nanos(ands.saturating_mul(60)))
}

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

pub(super) fn pace(
    program: &Program,
    lanes: usize,
    security: Security,
    backend: Backend,
) -> Result<Pace, Error> {
    let mut entropy = Entropy::from_os().map_err(|error| Error::NoEntropy(error.to_string()))?;
    let labels = Labels::measure(backend, &mut entropy);
    let transfers = Transfers::measure(backend, &mut entropy).unwrap_or_default();
    let (dealing, [masked_and, garble_and, evaluate_and]) = match security {
        Security::SemiHonest => {
            let [garbled, evaluated] = rows(program, lanes, backend, &mut entropy);
            (Dealing::default(), [0.0, garbled, evaluated])
        }
        Security::Malicious { statistical } => (
            Dealing::measure(program.and_count().saturating_mul(lanes), statistical, backend, &transfers),
            authenticated::rows(program, lanes, backend, &mut entropy),
        ),
    };
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
        authenticated_bit: dealing.bit,
        leaky_and: dealing.leaky_and,
        masked_and,
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

/// How many lanes of the program a trial runs at most.
fn most_lanes(program: &Program) -> usize {
    let width: usize = program.inputs().iter().map(|input| input.group.width as usize).sum();
    let outputs: usize = program.outputs().iter().map(|output| output.bits.len()).sum();
    (LABELS / (width + outputs).max(1)).max(program.tile_width())
}

/// Nanoseconds to garble and to evaluate an AND of the program.
fn rows(program: &Program, lanes: usize, backend: Backend, entropy: &mut Entropy) -> [f64; 2] {
    if program.and_count() == 0 {
        return [1.0; 2];
    }
    let budget = budget(program, lanes);
    let lanes = lanes.clamp(1, most_lanes(program));
    let (start, zero, delta) = (entropy.block(), entropy.block(), Delta::random(entropy));
    let source = LabelSource { delta, half_gates: HalfGates::new(backend, start), zero };
    let start = HashStart { half_gates: HalfGates::new(backend, start), zero };
    let widths = program.inputs().iter().map(|input| input.group.width as usize);
    let zeros: Vec<_> = widths.clone().map(|width| ZeroLabels::zeroed(width, lanes)).collect();
    let active: Vec<_> = widths.map(|width| ActiveLabels::zeroed(width, lanes)).collect();
    let (zeros, active): (Vec<_>, Vec<_>) = (zeros.iter().collect(), active.iter().collect());
    // As many as a channel has under way, so that none is in a cache that a session would not have it in.
    let mut messages = Ring::new(ROWS_PER_MESSAGE * ROW_BYTES);
    let mut samples = Samples::default();
    let began = Instant::now();
    while samples.is_empty() || began.elapsed() < budget {
        let (mut garbled, mut garbling) = timed(|| Garbling::new(program, &source, &zeros, 0..lanes, 0));
        let (mut evaluated, mut evaluating) =
            timed(|| Evaluating::new(program, &start, &active, 0..lanes, 0));
        evaluated += timed(|| evaluating.take(&[])).0;
        loop {
            let message = messages.next();
            let (time, (used, progress)) = timed(|| garbling.fill(message));
            garbled += time;
            evaluated += timed(|| evaluating.take(&message[..used])).0;
            samples.add([garbled, evaluated], used / ROW_BYTES);
            (garbled, evaluated) = (0.0, 0.0);
            if progress == Progress::Done || began.elapsed() >= budget {
                break;
            }
        }
    }
    samples.medians()
}

/// What each message took, per AND. Their median is not moved by what else the machine has to do now and then.
struct Samples<const KINDS: usize>([Vec<f64>; KINDS]);

impl<const KINDS: usize> Default for Samples<KINDS> {
    fn default() -> Self {
        Samples([const { Vec::new() }; KINDS])
    }
}

impl<const KINDS: usize> Samples<KINDS> {
    fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    fn add(&mut self, times: [f64; KINDS], ands: usize) {
        self.0.iter_mut().zip(times).for_each(|(samples, time)| samples.push(time / ands as f64));
    }

    fn medians(self) -> [f64; KINDS] {
        self.0.map(|mut samples| median(&mut samples))
    }
}

fn median(samples: &mut [f64]) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// Buffers that are used in turn.
struct Ring {
    buffers: Vec<Vec<u8>>,
    next: usize,
}

impl Ring {
    fn new(length: usize) -> Self {
        Ring { buffers: vec![vec![0; length]; QUEUE], next: 0 }
    }

    fn next(&mut self) -> &mut [u8] {
        self.next = (self.next + 1) % QUEUE;
        &mut self.buffers[self.next]
    }
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
        let values = Values::new(64, SAMPLE / 64);
        let best = |trial: &mut dyn FnMut() -> f64| {
            let times = [(); 3].map(|()| trial());
            times.into_iter().fold(f64::INFINITY, f64::min) / SAMPLE as f64
        };
        let own = || {
            let bits = BitRows::from_values(&values, 0..values.lanes());
            own_labels(backend, seed, &delta, &bits, values.lanes())
        };
        let (zeros, active) = ([own()], [peer_labels(backend, seed, 64, values.lanes())]);
        let input = best(&mut || timed(own).0);
        let output = best(&mut || {
            let mut values = Values::new(64, SAMPLE / 64);
            timed(|| permute_bits(&zeros).part(0, 64, SAMPLE / 64).write_to(&mut values, 0)).0
        });
        let proven = best(&mut || timed(|| label_digest(&sid, &[], &active)).0);
        Labels { input, output, proven: output + proven }
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
        taken?;
        heard?;
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
        (self.make, self.check) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..3 {
            let (made, result) = timed(|| receiver.batch(&mut choices, &mut rows, &mut message));
            result?;
            let (checked, checking) = timed(|| sender.batch(&message, &mut rows));
            sender = checking?;
            self.make = self.make.min(made / ROWS as f64);
            self.check = self.check.min(checked / ROWS as f64);
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
        let (mut ring, mut byte) = (Ring::new(WRITE), [0]);
        for _ in 0..PINGS {
            far.read_exact(&mut byte)?;
            far.write_all(&byte)?;
        }
        for _ in 0..SOCKET_BYTES / WRITE {
            far.read_exact(ring.next())?;
        }
        far.write_all(&[0])
    });
    let (mut ring, mut byte, mut wakes) = (Ring::new(WRITE), [0], Vec::new());
    for _ in 0..PINGS {
        let (time, done) = timed(|| near.write_all(&[0]).and_then(|()| near.read_exact(&mut byte)));
        done?;
        wakes.push(time / 2.0);
    }
    let (moved, done) = timed(|| -> std::io::Result<()> {
        for _ in 0..SOCKET_BYTES / WRITE {
            near.write_all(ring.next())?;
        }
        near.read_exact(&mut byte)
    });
    done?;
    let _ = echo.join();
    // A runtime's tasks stand between the socket and the party: a message wakes two threads or tasks.
    Ok((moved / SOCKET_BYTES as f64, 2.0 * median(&mut wakes)))
}
