//! Garbling and evaluating in memory.

use std::hint::black_box;
use std::ops::Range;

use halfgate::compiler::Progress;
use halfgate::{Backend, Entropy, Party, Program, compile, library};
use halfgate_crypto::{ActiveLabels, Block, Delta, HalfGates, ZeroLabels};
use halfgate_evaluator::{Evaluating, HashStart};
use halfgate_garbler::{Garbling, LabelSource};

use super::context::{Bench, Entry};
use super::limits::{EVALUATOR_BLOCKS, GARBLER_BLOCKS};
use super::report::{Row, Unit};
use super::statistics::Figure;
use crate::failure::Failure;

/// Independent ANDs that are handed to the kernel at once; their labels and rows lie in the second cache.
const BATCH: usize = 1024;

/// A message of rows.
const CHUNK: usize = 256 << 10;

/// A row that runs a circuit in memory.
struct InMemory {
    id: &'static str,
    circuit: &'static str,
    lanes: Lanes,
    party: Party,
    goal: Option<f64>,
}

/// How many lanes a row runs.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Lanes {
    One,
    /// As many as run side by side.
    Tile,
    Exactly(usize),
}

impl Lanes {
    pub(crate) fn of(self, program: &Program) -> usize {
        match self {
            Lanes::One => 1,
            Lanes::Tile => program.tile_width(),
            Lanes::Exactly(lanes) => lanes,
        }
    }
}

#[rustfmt::skip]
const IN_MEMORY: [InMemory; 10] = [
    InMemory { id: "lanes.lt64.garble", circuit: "lt64", lanes: Lanes::Tile, party: Party::Garbler, goal: Some(4.4) },
    InMemory { id: "lanes.lt64.evaluate", circuit: "lt64", lanes: Lanes::Tile, party: Party::Evaluator, goal: Some(3.6) },
    InMemory { id: "lanes.aes128.garble", circuit: "aes128", lanes: Lanes::Tile, party: Party::Garbler, goal: Some(5.2) },
    InMemory { id: "lanes.aes128.evaluate", circuit: "aes128", lanes: Lanes::Tile, party: Party::Evaluator, goal: Some(4.5) },
    InMemory { id: "lanes.sha256.garble", circuit: "sha256", lanes: Lanes::Tile, party: Party::Garbler, goal: Some(6.0) },
    InMemory { id: "lanes.sha256.evaluate", circuit: "sha256", lanes: Lanes::Tile, party: Party::Evaluator, goal: Some(5.2) },
    InMemory { id: "one.aes128.garble", circuit: "aes128", lanes: Lanes::One, party: Party::Garbler, goal: Some(9.5) },
    InMemory { id: "one.aes128.evaluate", circuit: "aes128", lanes: Lanes::One, party: Party::Evaluator, goal: None },
    InMemory { id: "one.sha256.garble", circuit: "sha256", lanes: Lanes::One, party: Party::Garbler, goal: Some(11.0) },
    InMemory { id: "one.sha256.evaluate", circuit: "sha256", lanes: Lanes::One, party: Party::Evaluator, goal: None },
];

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = vec![
        Entry::row("and.garble", |bench| independent_row(bench, Party::Garbler, 4.0)),
        Entry::row("and.evaluate", |bench| independent_row(bench, Party::Evaluator, 3.2)),
    ];
    entries.extend(IN_MEMORY.iter().map(|row| Entry::row(row.id, |bench| row.measure(bench, bench.backend))));
    entries.push(Entry::row("aes-ni.aes128.garble", |bench| aes_ni_row(bench, Party::Garbler, 17.0)));
    entries.push(Entry::row("aes-ni.aes128.evaluate", |bench| aes_ni_row(bench, Party::Evaluator, 14.0)));
    entries
}

fn independent_row(bench: &Bench, party: Party, goal: f64) -> Result<Row, Failure> {
    let (verb, blocks) = match party {
        Party::Garbler => ("garble", GARBLER_BLOCKS),
        Party::Evaluator => ("evaluate", EVALUATOR_BLOCKS),
    };
    let figure = bench.independent_ands(bench.backend, party)?;
    for backend in Backend::available() {
        bench.aes_block(backend)?;
    }
    let limit = blocks * bench.aes_block(bench.backend)?;
    Ok(Row::new(format!("and.{verb}"), format!("{verb} independent ANDs"), Unit::NsPerAnd, figure)
        .bounded_by(format!("{blocks} AES blocks, no key schedule"), limit)
        .aims_at(goal, bench.unless_vaes_512()))
}

/// The same kernels on AES-NI alone, whatever the machine has beyond it.
fn aes_ni_row(bench: &Bench, party: Party, goal: f64) -> Result<Row, Failure> {
    let backend = Backend::by_name("aes-ni");
    let measured = backend.unwrap_or(Backend::Portable);
    let id = if party == Party::Garbler { "aes-ni.aes128.garble" } else { "aes-ni.aes128.evaluate" };
    let row = InMemory { id, circuit: "aes128", lanes: Lanes::Tile, party, goal: None };
    let missing = backend.is_none().then(|| "this machine has no AES-NI".to_owned());
    let row = row.measure(bench, measured)?.with_kernel(measured.name());
    Ok(row.aims_at(goal, super::context::debug_build().or(missing)))
}

impl InMemory {
    fn measure(&self, bench: &Bench, backend: Backend) -> Result<Row, Failure> {
        let program = compile(&library::find(self.circuit)?)?;
        let figure = bench.in_memory(backend, self.party, self.circuit, self.lanes)?;
        let lanes = self.lanes.of(&program);
        let verb = if self.party == Party::Garbler { "garble" } else { "evaluate" };
        let what = format!("{verb} {}, {lanes} lane{}", self.circuit, if lanes == 1 { "" } else { "s" });
        let xor = bench.xor(backend, lanes)?;
        let kind = if lanes == 1 { "gathered from 4096 slots" } else { "in the first cache" };
        let xors = program.xor_count() as f64 / program.and_count() as f64;
        let limit = bench.independent_ands(backend, self.party)?.best(Unit::NsPerAnd) + xors * xor;
        let row = Row::new(self.id, what, Unit::NsPerAnd, figure)
            .bounded_by(format!("independent ANDs, and {xors:.1} XORs each {kind}"), limit);
        Ok(match self.goal {
            Some(goal) => row.aims_at(goal, bench.unless_vaes_512()),
            None => row,
        })
    }
}

impl Bench {
    /// ns per AND of the hash alone.
    pub(crate) fn independent_ands(&self, backend: Backend, party: Party) -> Result<Figure, Failure> {
        self.shared(format!("and {party} {}", backend.name()), || {
            let mut entropy = entropy()?;
            let delta = Delta::random(&mut entropy);
            let half_gates = HalfGates::new(backend, entropy.block());
            let [a, b] = [(); 2].map(|()| (0..BATCH).map(|_| entropy.block()).collect::<Vec<_>>());
            let (mut out, mut rows) = (vec![Block::ZERO; BATCH], vec![[0x5a; 32]; BATCH]);
            let times = self.pace.time(|| match party {
                Party::Garbler => half_gates.garble(&delta, 0, &a, &b, &mut out, black_box(&mut rows)),
                Party::Evaluator => half_gates.evaluate(0, &a, &b, black_box(&mut out), black_box(&rows)),
            });
            Ok(Figure::of_each(&times, |seconds| seconds * 1e9 / BATCH as f64))
        })
    }

    /// ns per AND of a circuit of the library, exclusive ors included.
    pub(crate) fn in_memory(
        &self,
        backend: Backend,
        party: Party,
        circuit: &str,
        lanes: Lanes,
    ) -> Result<Figure, Failure> {
        let program = compile(&library::find(circuit)?)?;
        let lanes = lanes.of(&program);
        self.shared(format!("{circuit} {lanes} {party} {}", backend.name()), || {
            let mut entropy = entropy()?;
            let times = match party {
                Party::Garbler => {
                    let garbler = InMemoryGarbler::new(&program, backend, lanes, &mut entropy);
                    let mut chunk = vec![0; CHUNK];
                    self.pace.time(|| garbler.run(&program, 0..lanes, black_box(&mut chunk)))
                }
                Party::Evaluator => evaluate(self, &program, backend, lanes, &mut entropy),
            };
            let ands = (program.and_count() * lanes) as f64;
            Ok(Figure::of_each(&times, |seconds| seconds * 1e9 / ands))
        })
    }
}

/// A garbler without a channel.
pub(crate) struct InMemoryGarbler {
    source: LabelSource,
    inputs: Vec<ZeroLabels>,
}

impl InMemoryGarbler {
    pub(crate) fn new(program: &Program, backend: Backend, lanes: usize, entropy: &mut Entropy) -> Self {
        let source = LabelSource {
            delta: Delta::random(entropy),
            half_gates: HalfGates::new(backend, entropy.block()),
            zero: entropy.block(),
        };
        let inputs = program.inputs().iter().map(|input| {
            let labels = input.group.width as usize * lanes;
            ZeroLabels::from_blocks(lanes, (0..labels).map(|_| entropy.block()).collect())
        });
        InMemoryGarbler { source, inputs: inputs.collect() }
    }

    /// Garbles some lanes of a call; rows go where a message of them would be.
    pub(crate) fn run(&self, program: &Program, lanes: Range<usize>, chunk: &mut [u8]) {
        let inputs: Vec<&ZeroLabels> = self.inputs.iter().collect();
        let first_id = (lanes.start * program.and_count()) as u64;
        let mut garbling = Garbling::new(program, &self.source, &inputs, lanes, first_id);
        while garbling.fill(chunk).1 == Progress::Paused {}
        drop(black_box(garbling.finish()));
    }
}

/// Seconds of a call. Any rows take as long as true ones: nothing branches on them.
fn evaluate(
    bench: &Bench,
    program: &Program,
    backend: Backend,
    lanes: usize,
    entropy: &mut Entropy,
) -> Vec<f64> {
    let start = HashStart { half_gates: HalfGates::new(backend, entropy.block()), zero: entropy.block() };
    let inputs = program.inputs().iter().map(|input| {
        let labels = input.group.width as usize * lanes;
        ActiveLabels::from_blocks(lanes, (0..labels).map(|_| entropy.block()).collect())
    });
    let (inputs, rows) = (inputs.collect::<Vec<_>>(), vec![0x5a; CHUNK]);
    let inputs: Vec<&ActiveLabels> = inputs.iter().collect();
    bench.pace.time(|| {
        let mut evaluating = Evaluating::new(program, &start, &inputs, 0..lanes, 0);
        while evaluating.take(black_box(&rows)).1 == Progress::Paused {}
        drop(black_box(evaluating.finish()));
    })
}

pub(crate) fn entropy() -> Result<Entropy, Failure> {
    Ok(Entropy::from_os().map_err(|error| halfgate::Error::NoEntropy(error.to_string()))?)
}
