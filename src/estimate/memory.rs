//! What a party's process holds at its peak, nearly: the large things are counted, the small ones are a constant.

use std::iter::repeat_n;

use halfgate_channel::QUEUE;
use halfgate_circuits::{Party, Reveal};
use halfgate_compiler::{ROWS_PER_MESSAGE, wave};
use halfgate_crypto::Block;
use halfgate_garbler::ROW_BYTES;
use halfgate_ot::LARGEST_BATCH;
use halfgate_triples::{AndMasks, Auth, LAG, OUTPUTS_AT_ONCE, Statistical, Triple, TripleDemands};

use super::outline::Outline;
use super::run::Run;
use crate::Security;

/// The process itself as it was measured: its code, runtime and stacks, and what finding out its own pace and that of the
/// link has taken.
const PROCESS: usize = 15 << 20;

/// Bytes that reading, compiling and holding a circuit takes for each of its gates, as measured.
const GATE: usize = 48;

const LABEL: usize = size_of::<Block>();

/// A row of the OT extension while a batch is made: the row itself and its share of the planes.
const OT_ROW: usize = 2 * LABEL;

/// A leaky AND on its way to its bucket: three authenticated bits and shares, room to move them, and its place in the order.
const CANDIDATE: usize = 2 * (2 * size_of::<Auth>() + 1) + size_of::<Auth>() + 6;

/// A leaky AND while it is made: rows of both directions for three bits, a hash, and its shares.
const LEAKY_ROWS: usize = 7 * LABEL + 1;

/// Planes of both directions and tables.
const LEAKY_TABLES: usize = 4 * LABEL;

/// An AND triple in stock.
const TRIPLE: usize = size_of::<Triple>() + 1;

/// An authenticated bit.
const BIT: usize = size_of::<Auth>() + 1;

/// An AND of a portion and one of the next: their masks, fresh bits, rows and labels.
const PORTION_AND: usize = 2 * (size_of::<AndMasks>() + ROW_BYTES + 2 * LABEL) + BIT;

pub(super) fn peak(outline: &Outline, party: Party, threads: usize) -> u64 {
    let runs = outline.runs().iter().map(|run| match outline.security() {
        Security::SemiHonest => of_run(run, party, threads),
        Security::Malicious { statistical } => of_authenticated_run(run, party, statistical),
    });
    (PROCESS + runs.max().unwrap_or(0)) as u64
}

fn of_run(run: &Run, party: Party, threads: usize) -> usize {
    let first = run.lanes(0);
    let later = (run.chunks() - 1).min(run.look_ahead) * first;
    // The evaluator's inputs are ahead of the rows, the garbler's outputs behind.
    let waiting = match party {
        Party::Evaluator => run.width(Party::Evaluator),
        Party::Garbler if run.to.reaches(Party::Garbler) => run.outputs,
        Party::Garbler => 0,
    };
    let width = run.width(Party::Garbler) + run.width(Party::Evaluator) + run.outputs;
    let labels = first * width + later * waiting + run.tile_labels * threads.max(1);
    let transfers = (run.width(Party::Evaluator) * first).min(LARGEST_BATCH) * OT_ROW;
    let rows = run.ands_per_lane * first * ROW_BYTES;
    let queue = rows.min(QUEUE * ROWS_PER_MESSAGE * ROW_BYTES);
    values(run, party) + labels * LABEL + transfers + queue + at_once(run, threads) + GATE * run.gates
}

/// What triples are made in is kept while they are used.
fn of_authenticated_run(run: &Run, party: Party, statistical: Statistical) -> usize {
    let portion = run.portions(0).iter().copied().max().unwrap_or(0);
    let ands = run.ands_per_lane * run.all_lanes();
    let blocks = TripleDemands::default().blocks(portion, ands, statistical);
    let largest = blocks.iter().max_by_key(|block| block.candidates());
    let (candidates, triples) = largest.map_or((0, 0), |block| (block.candidates(), block.count));
    let making = candidates * CANDIDATE
        + candidates.min((2 * LAG + 1) * LARGEST_BATCH) * LEAKY_ROWS
        + candidates.min(LARGEST_BATCH) * LEAKY_TABLES
        + triples * TRIPLE;
    let using = portion * PORTION_AND;
    let inputs = run.width(Party::Garbler) + run.width(Party::Evaluator);
    let wires = run.lanes(0) * (2 * inputs + 2 * run.outputs) * (LABEL + BIT);
    // Twice while they are joined.
    let unopened = 2 * (run.outputs * run.all_lanes()).min(OUTPUTS_AT_ONCE) * BIT;
    let tile = run.tile_labels * (2 * LABEL + BIT);
    values(run, party) + wires + unopened + tile + making + using + GATE * run.gates
}

/// Rows that threads work on while nobody takes them.
fn at_once(run: &Run, threads: usize) -> usize {
    let pieces = (run.lanes(0) / run.band.max(1)).max(1);
    let rows = run.ands_per_lane * run.band.min(run.lanes(0));
    if threads < 2 || pieces < 2 { 0 } else { wave(repeat_n(rows, pieces), threads) * rows * ROW_BYTES }
}

/// The values that a party puts in and learns.
fn values(run: &Run, party: Party) -> usize {
    let words = |bits: usize| 8 * bits.div_ceil(64);
    let own: usize = run.widths(party).map(words).sum();
    let learns = run.to == Reveal::Shares || run.to.reaches(party);
    (own + if learns { words(run.outputs) } else { 0 }).saturating_mul(run.all_lanes())
}
