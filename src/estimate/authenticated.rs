//! The malicious mode: the mirror of the parties' `authenticated/` and of `triples`.

use halfgate_channel::Kind;
use halfgate_circuits::{Party, Reveal};
use halfgate_compiler::ROWS_PER_MESSAGE;
use halfgate_crypto::Block;
use halfgate_ot::{Demands, LARGEST_BATCH, POINT_LENGTH, SETUP_LENGTH, batch_length};
use halfgate_triples::{
    Buckets, DIGEST_BYTES, OPENING_BYTES, OUTPUTS_AT_ONCE, PROOF_BYTES, PoolId, PoolSize, SHARES_PER_MESSAGE,
    Statistical, TABLES_PER_MESSAGE, TripleDemands,
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
        for &count in run.portions(chunk) {
            self.portion(count, steps);
        }
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
        for first in (0..count).step_by(LARGEST_BATCH) {
            self.transfer((count - first).min(LARGEST_BATCH), steps);
        }
        steps.compute(Task::AuthenticateBits, count);
    }

    /// `Cot::fill` and `Cot::provide`.
    fn transfer(&mut self, rows: usize, steps: &mut Steps) {
        let batches = self.rows.batches(rows);
        for &rows in &batches {
            steps.send(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::MakeRows, rows)));
        }
        for &rows in &batches {
            steps.receive(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::CheckRows, rows)));
        }
    }

    /// The loop of `AuthenticatedGarbler::call`.
    fn portion(&mut self, count: usize, steps: &mut Steps) {
        self.bits(count, steps);
        self.provide(count, steps);
        self.expected = self.expected.saturating_sub(count);
        if count == 0 {
            return;
        }
        let products = work(Task::MultiplyMasks, count);
        steps.exchange(pieces(Kind::AndOpenings, (2 * count).div_ceil(8) + PROOF_BYTES, products));
        let (evaluating, garbling) = match steps.party {
            Party::Garbler => (NO_WORK, work(Task::Garble, count)),
            Party::Evaluator => (work(Task::Evaluate, count), NO_WORK),
        };
        let messages = count.div_ceil(ROWS_PER_MESSAGE) as u64;
        let payload = count * ROW_BYTES + count.div_ceil(8);
        // Neither side works on rows while they are under way.
        compute(garbling, steps);
        steps.from(Party::Garbler, flow(Kind::Rows, messages, payload, NO_WORK));
        compute(evaluating, steps);
        steps.from(Party::Evaluator, bits(Kind::MaskedValues, count, NO_WORK));
        steps.from(Party::Evaluator, flow(Kind::LabelDigest, 1, DIGEST_BYTES, NO_WORK));
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
        for first in (0..count).step_by(LARGEST_BATCH) {
            self.leaky_ands((count - first).min(LARGEST_BATCH), steps);
        }
        steps.exchange(pieces(Kind::LeakyBits, count.div_ceil(8), NO_WORK));
        steps.exchange(flow(Kind::Commitments, 1, 2 * DIGEST_BYTES, NO_WORK));
        steps.exchange(flow(Kind::Openings, 1, OPENING_BYTES, NO_WORK));
        steps.exchange(flow(Kind::Openings, 1, OPENING_BYTES, NO_WORK));
        let opened = buckets.count * (buckets.size - 1);
        steps.exchange(pieces(Kind::TripleOpenings, opened.div_ceil(8) + PROOF_BYTES, NO_WORK));
    }

    /// A piece of `Dealer::leaky_ands`.
    fn leaky_ands(&mut self, count: usize, steps: &mut Steps) {
        if count < LARGEST_BATCH {
            self.transfer(3 * count, steps);
        } else {
            (0..3).for_each(|_| self.transfer(count, steps));
        }
        let messages = count.div_ceil(TABLES_PER_MESSAGE) as u64;
        // With all that becomes of them up to buckets.
        let work = work(Task::LeakyAnds, count);
        steps.exchange(flow(Kind::LeakyTables, messages, count * size_of::<Block>(), work));
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
