//! Whether kernels of the malicious mode take longer for some secrets than for others: Welch's t of their running times
//! on two classes of secrets, after Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?" (DATE 2017).
//!
//! ```sh
//! cargo bench --bench constant_time            # 20,000 measurements of each kernel, about a minute
//! cargo bench --bench constant_time -- 200000  # more of them
//! ```
//!
//! Both classes are made by the same instructions in the same buffers; one has fixed bits where the other has random ones.
//! Which comes next is random, too. The slowest measurements tell of interrupts and not of secrets, so t is taken of
//! all and of the fastest 99, 95, 90, 75 and 50 %; the largest counts. |t| above 4.5 says that the two differ, and the last
//! row is a kernel with a branch on a secret, which shows that a difference would be found.
//!
//! Leaky ANDs are not among the kernels. Their secrets are the choices of oblivious transfer, which come from generators that
//! nobody outside can steer: no seed gives choices that look other than random, so two classes of seeds differ in nothing that
//! a branch on a choice would take longer for.

#![expect(clippy::print_stdout, reason = "a program of its own, whose result this is")]

use std::hint::black_box;
use std::time::Instant;

use halfgate::circuits::{BitRows, Builder, Party};
use halfgate::{Backend, Entropy, Program, compile};
use halfgate_crypto::{ActiveLabels, Block, Delta, Mitccrh, ZeroLabels};
use halfgate_evaluator::{AndRows, AuthenticatedEvaluating, AuthenticatedStart, EvaluatedAnds, MaskedLabels};
use halfgate_garbler::{AuthenticatedGarbling, AuthenticatedSource, GarbledAnds, MaskedWalk, own_labels};
use halfgate_triples::{AndMasks, Auth, AuthBits, MaskWalk, Portion};

const WIDTH: usize = 32;
const LANES: usize = 32;
/// Bits of an input group, and ANDs.
const COUNT: usize = WIDTH * LANES;

/// Beyond this the times of the classes differ.
const THRESHOLD: f64 = 4.5;

/// What is the same for both classes.
struct Setting {
    program: Program,
    delta: Delta,
    hash: Mitccrh,
    zero: Block,
    masks: Vec<AndMasks>,
    rows: Vec<[u8; 32]>,
    seed: Block,
}

/// The secrets of one measurement.
struct Secrets {
    zeros: [ZeroLabels; 2],
    active: [ActiveLabels; 2],
    /// Λ of the inputs, and of the ANDs.
    masked: [BitRows; 2],
    claimed: BitRows,
    /// This party's shares of masks: of both inputs and of the ANDs.
    shares: [AuthBits; 3],
}

/// Which secrets are fixed in the first class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fixed {
    /// Bits 0 and 1 of labels: colours, and where authenticated garbling carries shares.
    LabelBits,
    /// Labels altogether.
    Labels,
    /// Λ.
    Masked,
    /// Shares of masks.
    Shares,
}

struct Kernel {
    name: &'static str,
    fixed: Fixed,
    run: fn(&Setting, &Secrets),
}

const KERNELS: [Kernel; 8] = [
    Kernel { name: "garble, permute bits", fixed: Fixed::LabelBits, run: garble },
    Kernel { name: "garble, labels", fixed: Fixed::Labels, run: garble },
    Kernel { name: "evaluate, colours", fixed: Fixed::LabelBits, run: evaluate },
    Kernel { name: "evaluate, Λ", fixed: Fixed::Masked, run: evaluate },
    Kernel { name: "garbler's walk on Λ", fixed: Fixed::Masked, run: walk_on_masked },
    Kernel { name: "labels of inputs, Λ", fixed: Fixed::Masked, run: label_inputs },
    Kernel { name: "masks of a call, shares", fixed: Fixed::Shares, run: walk_on_masks },
    Kernel { name: "a branch, to compare", fixed: Fixed::Masked, run: branch },
];

fn garble(setting: &Setting, secrets: &Secrets) {
    let Setting { program, delta, hash, zero, masks, .. } = setting;
    let source = AuthenticatedSource { delta, hash, zero: *zero };
    let labels = secrets.zeros.each_ref();
    let mut garbled = GarbledAnds::default();
    AuthenticatedGarbling::new(program, &labels, LANES, 0).advance(source, masks, &mut garbled);
    black_box(garbled);
}

fn evaluate(setting: &Setting, secrets: &Secrets) {
    let Setting { program, delta, hash, zero, masks, rows, .. } = setting;
    let start = AuthenticatedStart { delta, hash, zero: *zero };
    let inputs = [0, 1]
        .map(|group: usize| MaskedLabels { labels: &secrets.active[group], masked: &secrets.masked[group] });
    let garbled = AndRows { rows, bits: &secrets.claimed };
    let mut evaluated = EvaluatedAnds::default();
    AuthenticatedEvaluating::new(program, &inputs, LANES, 0).advance(start, masks, garbled, &mut evaluated);
    black_box(evaluated);
}

fn walk_on_masked(setting: &Setting, secrets: &Secrets) {
    let masked = secrets.masked.each_ref();
    let mut macs = Vec::new();
    MaskedWalk::new(&setting.program, &masked, LANES).advance(&setting.masks, &secrets.claimed, &mut macs);
    black_box(macs);
}

fn label_inputs(setting: &Setting, secrets: &Secrets) {
    let backend = setting.hash.backend();
    black_box(own_labels(backend, setting.seed, &setting.delta, &secrets.masked[0], LANES));
}

fn walk_on_masks(setting: &Setting, secrets: &Secrets) {
    let [left, right, fresh] = &secrets.shares;
    let inputs = [left, right];
    let mut walk = MaskWalk::new(&setting.program, setting.hash.backend(), &inputs, LANES);
    let mut portion = Portion::default();
    walk.advance(fresh, &mut portion);
    black_box(portion);
}

/// What none of the others may do.
fn branch(setting: &Setting, secrets: &Secrets) {
    let mut sum = setting.zero;
    for bit in secrets.masked[0].bits() {
        if black_box(bit) {
            sum = black_box(sum.sigma() ^ setting.seed);
        }
    }
    black_box(sum);
}

impl Setting {
    fn new(entropy: &mut Entropy) -> Self {
        let builder = Builder::new();
        let x = builder.input_bits("x", WIDTH as u32, Party::Garbler);
        let y = builder.input_bits("y", WIDTH as u32, Party::Evaluator);
        builder.output_bits("z", &builder.bits((0..WIDTH).map(|bit| x[bit] & y[bit])));
        let program = compile(&builder.finish().expect("a circuit")).expect("it compiles");
        let mut auth = || Auth { mac: entropy.block(), key: entropy.block() };
        let masks = (0..COUNT).map(|_| AndMasks { left: auth(), right: auth(), out: auth() }).collect();
        Setting {
            program,
            masks,
            rows: (0..COUNT).map(|_| entropy.bytes()).collect(),
            delta: Delta::with_second_bit(entropy, true),
            hash: Mitccrh::new(Backend::detect(), entropy.block()),
            zero: entropy.block(),
            seed: entropy.block(),
        }
    }
}

impl Secrets {
    fn new(entropy: &mut Entropy) -> Self {
        let mut auths = || (0..COUNT).map(|_| Auth { mac: entropy.block(), key: entropy.block() }).collect();
        Secrets {
            shares: [0; 3].map(|_| AuthBits::new(BitRows::new(COUNT, 1), auths())),
            zeros: [0; 2].map(|_| ZeroLabels::zeroed(WIDTH, LANES)),
            active: [0; 2].map(|_| ActiveLabels::zeroed(WIDTH, LANES)),
            masked: [0; 2].map(|_| BitRows::new(COUNT, 1)),
            claimed: BitRows::new(COUNT, 1),
        }
    }

    /// New secrets; what the class has fixed is zero.
    fn draw(&mut self, entropy: &mut Entropy, fixed: Option<Fixed>) {
        let label = match fixed {
            Some(Fixed::LabelBits) => !0b11,
            Some(Fixed::Labels) => 0,
            _ => u128::MAX,
        };
        let zeros = self.zeros.iter_mut().flat_map(|labels| labels.blocks_mut());
        for block in zeros.chain(self.active.iter_mut().flat_map(|labels| labels.blocks_mut())) {
            *block = Block::new(entropy.block().bits() & label);
        }
        let masked = if fixed == Some(Fixed::Masked) { 0 } else { u64::MAX };
        let rows = self.masked.iter_mut().chain([&mut self.claimed]);
        rows.for_each(|bits| draw_bits(bits, entropy, masked));
        let shares = if fixed == Some(Fixed::Shares) { 0 } else { u64::MAX };
        self.shares.iter_mut().for_each(|bits| draw_bits(bits.parts_mut().0, entropy, shares));
    }
}

fn draw_bits(bits: &mut BitRows, entropy: &mut Entropy, mask: u64) {
    bits.words_mut().iter_mut().for_each(|word| *word = u64::from_le_bytes(entropy.bytes()) & mask);
}

/// The times of both classes in nanoseconds: of the one with something fixed, and of the random one.
fn measure(kernel: &Kernel, setting: &Setting, count: usize, entropy: &mut Entropy) -> [Vec<f64>; 2] {
    let mut secrets = Secrets::new(entropy);
    let mut times = [Vec::with_capacity(count), Vec::with_capacity(count)];
    for index in 0..count + count / 10 {
        let random = entropy.bytes::<1>()[0] & 1 == 1;
        secrets.draw(entropy, (!random).then_some(kernel.fixed));
        let start = Instant::now();
        (kernel.run)(setting, &secrets);
        let time = start.elapsed();
        // The first ones warm everything up.
        if index >= count / 10 {
            times[usize::from(random)].push(time.as_nanos() as f64);
        }
    }
    times
}

/// Welch's t of those that are no slower than a bound.
fn welch(times: &[Vec<f64>; 2], bound: f64) -> f64 {
    let [left, right] = [0, 1].map(|class: usize| {
        let kept = times[class].iter().copied().filter(|time| *time <= bound);
        let (count, sum) = kept.clone().fold((0.0, 0.0), |(count, sum), time| (count + 1.0, sum + time));
        let mean: f64 = sum / count;
        let squares: f64 = kept.map(|time| (time - mean).powi(2)).sum();
        (mean, squares / (count - 1.0) / count)
    });
    (left.0 - right.0) / (left.1 + right.1).sqrt()
}

/// The t of the largest size among all times and those of the fastest.
fn largest_t(times: &[Vec<f64>; 2]) -> f64 {
    let mut all: Vec<f64> = times.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let bound = |part: f64| all[((all.len() - 1) as f64 * part) as usize];
    let ts = [1.0, 0.99, 0.95, 0.9, 0.75, 0.5].map(|part| welch(times, bound(part)));
    ts.into_iter().max_by(|left, right| left.abs().total_cmp(&right.abs())).expect("six of them")
}

fn main() {
    // Without `--bench` it is only tried whether it runs.
    let count = match std::env::args().any(|argument| argument == "--bench") {
        true => std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(20_000),
        false => 200,
    };
    let entropy = &mut Entropy::from_os().expect("the operating system gives randomness");
    let setting = Setting::new(entropy);
    println!("{count} measurements of {COUNT} ANDs or bits each, {}", setting.hash.backend().name());
    for kernel in &KERNELS {
        let times = measure(kernel, &setting, count, entropy);
        let t = largest_t(&times);
        let verdict = if t.abs() < THRESHOLD { "alike" } else { "DIFFERENT" };
        let mean = times.iter().flatten().sum::<f64>() / count as f64 / 1000.0;
        println!("{:<24} {mean:8.1} µs   t = {t:7.2}   {verdict}", kernel.name);
    }
}
