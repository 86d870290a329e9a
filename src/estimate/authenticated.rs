//! The malicious mode: the mirror of the parties' `authenticated/` and of `triples`.

use halfgate_channel::Kind;
use halfgate_circuits::{Party, Reveal};
use halfgate_compiler::ROWS_PER_MESSAGE;
use halfgate_crypto::Block;
use halfgate_ot::{Demands, LARGEST_BATCH, POINT_LENGTH, SETUP_LENGTH, batch_length};
use halfgate_triples::{
    Buckets, DIGEST_BYTES, LAG, OPENING_BYTES, OUTPUTS_AT_ONCE, PROOF_BYTES, PoolId, PoolSize,
    SHARES_PER_MESSAGE, Statistical, TABLES_PER_MESSAGE, TripleDemands,
};

use super::flow::{BASE_OTS, Flow, NO_WORK, ROW_BYTES, Task, Work, flow, setup_points, work};
use super::run::Run;
use super::script::{Part, Steps};

/// Where a party stands. Both directions of oblivious transfer follow one plan.
pub(super) struct Authenticated {
    statistical: Statistical,
    /// What is left of the pool, if there was one.
    pool: Option<PoolSize>,
    /// Whether both directions of oblivious transfer are set up.
    connected: bool,
    rows: Demands,
    triples: TripleDemands,
    /// ANDs that the run still has before it.
    expected: usize,
    /// Lanes whose outputs are not opened yet.
    unopened: usize,
}

impl Part for Authenticated {
    /// `AuthenticatedGarbler::start`, `Dealer::start` and `Dealer::start_prepared`.
    fn open(&mut self, steps: &mut Steps) {
        steps.from(Party::Garbler, flow(Kind::Start, 1, size_of::<[Block; 2]>(), NO_WORK));
        let pool = self.pool.map_or(0, |_| size_of::<PoolId>() + size_of::<u64>());
        steps.exchange(flow(Kind::Start, 1, size_of::<Block>() + pool, NO_WORK));
        if self.pool.is_none() {
            self.connect(steps);
        }
    }

    fn choose_first(&mut self, run: &Run, _steps: &mut Steps) {
        self.expected = run.ands_per_lane * run.all_lanes();
    }

    fn chunk(&mut self, run: &Run, chunk: usize, steps: &mut Steps) {
        self.inputs(run, run.lanes(chunk), steps);
        let portions = run.portions(chunk);
        for (index, &count) in portions.iter().enumerate() {
            self.prepare(count, steps);
            rows(if index > 0 { portions[index - 1] } else { 0 }, count, steps);
        }
        rows(portions.last().copied().unwrap_or(0), 0, steps);
        self.unopened += run.lanes(chunk);
        if run.outputs * self.unopened >= OUTPUTS_AT_ONCE || chunk + 1 == run.chunks() {
            reveal(run, std::mem::take(&mut self.unopened), steps);
        }
    }
}

impl Authenticated {
    pub(super) fn new(statistical: Statistical, pool: Option<PoolSize>) -> Self {
        let (rows, triples) = (Demands::default(), TripleDemands::default());
        Authenticated { statistical, pool, connected: false, rows, triples, expected: 0, unopened: 0 }
    }

    /// `Dealer::connect`: `setup_pair`, and after a pool `Dealer::prove_same_delta`.
    fn connect(&mut self, steps: &mut Steps) {
        if std::mem::replace(&mut self.connected, true) {
            return;
        }
        steps.send(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, NO_WORK));
        steps.send(setup_points(work(Task::Choose, BASE_OTS)));
        steps.receive(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, work(Task::OwnKey, BASE_OTS)));
        steps.receive(setup_points(work(Task::BothKeys, BASE_OTS)));
        steps.send(flow(Kind::OtSetup, 1, SETUP_LENGTH, work(Task::Trees, 1)));
        steps.receive(flow(Kind::OtSetup, 1, SETUP_LENGTH, work(Task::Trees, 1)));
        if self.pool.is_some() {
            let spare = self.statistical.bits() as usize;
            self.fresh_bits(spare, steps);
            steps.exchange(flow(Kind::MaskShares, 1, spare.div_ceil(8), NO_WORK));
            steps.exchange(flow(Kind::CheckAnswer, 1, PROOF_BYTES, NO_WORK));
        }
    }

    /// `AuthenticatedGarbler::inputs` and `Dealer::mask_inputs`.
    fn inputs(&mut self, run: &Run, lanes: usize, steps: &mut Steps) {
        let seeds = run.groups.len() * size_of::<Block>();
        steps.from(Party::Garbler, flow(Kind::InputSeed, 1, seeds, NO_WORK));
        let [own, peers] = [steps.party, steps.party.peer()].map(|owner| run.width(owner) * lanes);
        self.bits(own + peers, steps);
        steps.send(opening(peers));
        steps.receive(opening(own));
        steps.send(bits(Kind::MaskedValues, own, NO_WORK));
        steps.receive(bits(Kind::MaskedValues, peers, work(Task::Inputs, own + peers)));
    }

    /// `Dealer::bits`.
    fn bits(&mut self, count: usize, steps: &mut Steps) {
        let missing = count - self.pool.as_mut().map_or(0, |pool| draw(&mut pool.bits, count));
        if missing > 0 {
            self.connect(steps);
            self.fresh_bits(missing, steps);
        }
    }

    /// `Cot::bits`.
    fn fresh_bits(&mut self, count: usize, steps: &mut Steps) {
        let batches = self.rows.batches(count);
        choose(&batches, steps);
        check(&batches, steps);
        steps.compute(Task::AuthenticateBits, count);
    }

    /// `Dealer::next_portion`.
    fn prepare(&mut self, count: usize, steps: &mut Steps) {
        self.bits(count, steps);
        self.provide(count, steps);
        self.expected = self.expected.saturating_sub(count);
        if count > 0 {
            let products = work(Task::MultiplyMasks, count);
            steps.exchange(pieces(Kind::AndOpenings, (2 * count).div_ceil(8) + PROOF_BYTES, products));
        }
    }

    /// `Dealer::provide`. None are left in stock as long as the pool has some.
    fn provide(&mut self, count: usize, steps: &mut Steps) {
        let drawn = self.pool.as_mut().map_or(0, |pool| draw(&mut pool.triples, count));
        let expected = self.expected.saturating_sub(drawn);
        for buckets in self.triples.blocks(count - drawn, expected, self.statistical) {
            self.connect(steps);
            self.block(buckets, steps);
        }
    }

    /// `Dealer::make_block`.
    fn block(&mut self, buckets: Buckets, steps: &mut Steps) {
        let count = buckets.candidates();
        self.leaky_ands(count, steps);
        steps.exchange(pieces(Kind::LeakyBits, count.div_ceil(8), NO_WORK));
        steps.exchange(flow(Kind::Commitments, 1, 2 * DIGEST_BYTES, NO_WORK));
        steps.exchange(flow(Kind::Openings, 1, OPENING_BYTES, NO_WORK));
        steps.exchange(flow(Kind::Openings, 1, OPENING_BYTES, NO_WORK));
        let opened = buckets.count * (buckets.size - 1);
        steps.exchange(pieces(Kind::TripleOpenings, opened.div_ceil(8) + PROOF_BYTES, NO_WORK));
    }

    /// `Dealer::leaky_ands`.
    fn leaky_ands(&mut self, count: usize, steps: &mut Steps) {
        let pieces: Vec<usize> =
            (0..count).step_by(LARGEST_BATCH).map(|first| (count - first).min(LARGEST_BATCH)).collect();
        let batches: Vec<_> = pieces.iter().map(|&ands| self.rows_of_piece(ands)).collect();
        for step in 0..pieces.len() + 2 * LAG {
            let begun = |lag: usize| step.checked_sub(lag).filter(|&index| index < pieces.len());
            let tables = |index: usize, work| {
                let messages = pieces[index].div_ceil(TABLES_PER_MESSAGE) as u64;
                flow(Kind::LeakyTables, messages, pieces[index] * size_of::<Block>(), work)
            };
            if let Some(index) = begun(0) {
                choose(&batches[index], steps);
            }
            if let Some(index) = begun(LAG) {
                check(&batches[index], steps);
                // With all that becomes of them up to buckets.
                steps.send(tables(index, work(Task::LeakyAnds, pieces[index])));
            }
            if let Some(index) = begun(2 * LAG) {
                steps.receive(tables(index, NO_WORK));
            }
        }
    }

    /// The batches that the bits of so many leaky ANDs take.
    fn rows_of_piece(&mut self, ands: usize) -> Vec<usize> {
        let rows = &mut self.rows;
        if ands < LARGEST_BATCH {
            rows.provided(3 * ands)
        } else {
            (0..3).flat_map(|_| rows.batches(ands)).collect()
        }
    }
}

/// The end of the loop of `AuthenticatedGarbler::call`: the rows of a portion, which the evaluator works on while the garbler
/// garbles the next.
fn rows(count: usize, next: usize, steps: &mut Steps) {
    let messages = count.div_ceil(ROWS_PER_MESSAGE) as u64;
    steps.from(Party::Garbler, flow(Kind::Rows, messages, count * ROW_BYTES + count.div_ceil(8), NO_WORK));
    match steps.party {
        Party::Garbler => compute(work(Task::Garble, next), steps),
        Party::Evaluator => compute(work(Task::Evaluate, count), steps),
    }
    if count > 0 {
        steps.from(Party::Evaluator, bits(Kind::MaskedValues, count, NO_WORK));
        steps.from(Party::Evaluator, flow(Kind::LabelDigest, 1, DIGEST_BYTES, NO_WORK));
    }
}

/// `Streams::choose`, which makes such batches.
fn choose(batches: &[usize], steps: &mut Steps) {
    for &rows in batches {
        steps.send(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::MakeRows, rows)));
    }
}

/// `Streams::check`.
fn check(batches: &[usize], steps: &mut Steps) {
    for &rows in batches {
        steps.receive(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::CheckRows, rows)));
    }
}

/// What is wanted or what is left, if that is less.
fn draw(left: &mut u64, wanted: usize) -> usize {
    let drawn = usize::try_from(*left).map_or(wanted, |left| left.min(wanted));
    *left -= drawn as u64;
    drawn
}

/// `reveal` of either party.
fn reveal(run: &Run, lanes: usize, steps: &mut Steps) {
    let count = run.outputs * lanes;
    steps.from(Party::Garbler, flow(Kind::CheckAnswer, 1, DIGEST_BYTES, NO_WORK));
    if matches!(run.to, Reveal::Both | Reveal::Evaluator) {
        steps.from(Party::Garbler, opening(count));
    }
    if run.to.reaches(Party::Garbler) {
        steps.from(Party::Evaluator, opening(count));
    }
}

/// `Dealer::open` and `Dealer::learn`.
fn opening(count: usize) -> Flow {
    let length = if count == 0 { 0 } else { count.div_ceil(8) + PROOF_BYTES };
    pieces(Kind::MaskShares, length, work(Task::Proof, count))
}

/// `send_bits`.
fn bits(kind: Kind, count: usize, work: Work) -> Flow {
    pieces(kind, count.div_ceil(8), work)
}

/// Bytes of shares in messages of limited length.
fn pieces(kind: Kind, length: usize, work: Work) -> Flow {
    flow(kind, length.div_ceil(SHARES_PER_MESSAGE / 8) as u64, length, work)
}

fn compute(work: Work, steps: &mut Steps) {
    if work.amount > 0 {
        steps.compute(work.task, work.amount as usize);
    }
}
