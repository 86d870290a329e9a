//! The semi-honest mode: the mirror of the parties' `party.rs`, `calls.rs` and `stream.rs`.

use std::collections::VecDeque;

use halfgate_channel::Kind;
use halfgate_circuits::{Party, Reveal};
use halfgate_crypto::Block;
use halfgate_ot::{
    DIRECT_OTS, Demands, LARGEST_BATCH, POINT_LENGTH, SETUP_LENGTH, batch_length, direct_answer,
};

use super::flow::{BASE_OTS, DIGEST, NO_WORK, Task, bits, flow, points, rows, setup_points, work};
use super::run::Run;
use super::script::{Part, Steps};

/// The state of a session's oblivious transfers, which both parties carry along alike.
#[derive(Default)]
struct Transfers {
    only_extension: bool,
    set_up: bool,
    direct: usize,
    demands: Demands,
}

impl Transfers {
    fn is_direct(&self, count: usize) -> bool {
        count > 0 && !self.set_up && !self.only_extension && count <= DIRECT_OTS - self.direct
    }

    /// The batches for groups of so many wires, and whether the extension has to be set up first.
    fn extend(&mut self, widths: impl Iterator<Item = usize>, lanes: usize) -> (bool, Vec<usize>) {
        let mut batches = Vec::new();
        for labels in widths.map(|width| width * lanes) {
            for first in (0..labels).step_by(LARGEST_BATCH) {
                batches.extend(self.demands.batches((labels - first).min(LARGEST_BATCH)));
            }
        }
        (!std::mem::replace(&mut self.set_up, true), batches)
    }
}

/// Where a party stands.
#[derive(Default)]
pub(super) struct HalfGates {
    transfers: Transfers,
    /// Whether the evaluator has heard what the garbler says first.
    begun: bool,
    /// The next chunk whose inputs the evaluator sends.
    next_inputs: usize,
    /// The garbler's chunks whose outputs are still to come.
    unopened: VecDeque<usize>,
}

impl Part for HalfGates {
    fn open(&mut self, steps: &mut Steps) {
        if steps.party == Party::Garbler {
            steps.send(flow(Kind::Start, 1, size_of::<[Block; 2]>(), NO_WORK));
            steps.send(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, NO_WORK));
        }
    }

    fn begin(&mut self, steps: &mut Steps) {
        if steps.party == Party::Evaluator && !std::mem::replace(&mut self.begun, true) {
            steps.receive(flow(Kind::Start, 1, size_of::<[Block; 2]>(), NO_WORK));
            steps.receive(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, NO_WORK));
        }
    }

    fn choose_first(&mut self, run: &Run, steps: &mut Steps) {
        self.transfers.only_extension |= run.chunks() > 1;
        self.next_inputs = 0;
        let count = run.width(Party::Evaluator) * run.lanes(0);
        if steps.party == Party::Evaluator && self.transfers.is_direct(count) {
            steps.send(points(count, work(Task::Choose, count)));
        }
    }

    fn chunk(&mut self, run: &Run, chunk: usize, steps: &mut Steps) {
        match steps.party {
            Party::Garbler => self.garble(run, chunk, steps),
            Party::Evaluator => self.evaluate(run, chunk, steps),
        }
    }
}

impl HalfGates {
    fn garble(&mut self, run: &Run, chunk: usize, steps: &mut Steps) {
        let lanes = run.lanes(chunk);
        self.peer_inputs(run, lanes, steps);
        for width in run.widths(Party::Garbler) {
            let work = work(Task::Inputs, width * lanes);
            steps.send(flow(Kind::InputSeed, 1, size_of::<Block>(), work));
        }
        steps.send(rows(run, chunk, Task::Garble));
        if run.to.reaches(Party::Evaluator) {
            let count = run.outputs * lanes;
            steps.send(bits(Kind::OutputColours, count, work(Task::Outputs, count)));
        }
        if run.to.reaches(Party::Garbler) {
            self.unopened.push_back(chunk);
            let last = chunk + 1 == run.chunks();
            let keep = if last { 0 } else { run.look_ahead };
            while self.unopened.len() > keep {
                self.learn(run, steps);
            }
        }
    }

    /// The garbler's part in inputs of the evaluator.
    fn peer_inputs(&mut self, run: &Run, lanes: usize, steps: &mut Steps) {
        let count = run.width(Party::Evaluator) * lanes;
        if self.transfers.is_direct(count) {
            self.transfers.direct += count;
            steps.receive(points(count, work(Task::BothKeys, count)));
            steps.send(flow(Kind::InputChoices, 1, direct_answer(count), NO_WORK));
        } else if count > 0 {
            let (set_up, batches) = self.transfers.extend(run.widths(Party::Evaluator), lanes);
            if set_up {
                steps.send(setup_points(work(Task::Choose, BASE_OTS)));
                let own = work(Task::OwnKey, BASE_OTS);
                steps.receive(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, own));
                steps.receive(flow(Kind::OtSetup, 1, SETUP_LENGTH, work(Task::Trees, 1)));
            }
            for rows in batches {
                steps.receive(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::CheckRows, rows)));
            }
            steps.receive(bits(Kind::InputChoices, count, work(Task::Inputs, count)));
        }
    }

    fn learn(&mut self, run: &Run, steps: &mut Steps) {
        if let Some(chunk) = self.unopened.pop_front() {
            let count = run.outputs * run.lanes(chunk);
            steps.receive(bits(Kind::OutputLabels, count, NO_WORK));
            steps.receive(flow(Kind::OutputLabels, 1, DIGEST, work(Task::Proof, count)));
        }
    }

    fn evaluate(&mut self, run: &Run, chunk: usize, steps: &mut Steps) {
        while self.next_inputs < run.chunks() && self.next_inputs <= chunk + run.look_ahead {
            self.own_inputs(run, run.lanes(self.next_inputs), steps);
            self.next_inputs += 1;
        }
        let lanes = run.lanes(chunk);
        for width in run.widths(Party::Garbler) {
            let work = work(Task::Inputs, width * lanes);
            steps.receive(flow(Kind::InputSeed, 1, size_of::<Block>(), work));
        }
        steps.receive(rows(run, chunk, Task::Evaluate));
        let count = run.outputs * lanes;
        if matches!(run.to, Reveal::Both | Reveal::Evaluator) {
            steps.receive(bits(Kind::OutputColours, count, work(Task::Outputs, count)));
        }
        if run.to.reaches(Party::Garbler) {
            steps.send(bits(Kind::OutputLabels, count, NO_WORK));
            steps.send(flow(Kind::OutputLabels, 1, DIGEST, work(Task::Proof, count)));
        }
    }

    fn own_inputs(&mut self, run: &Run, lanes: usize, steps: &mut Steps) {
        let count = run.width(Party::Evaluator) * lanes;
        if self.transfers.is_direct(count) {
            self.transfers.direct += count;
            steps.compute(Task::OwnKey, count);
            steps.receive(flow(Kind::InputChoices, 1, direct_answer(count), NO_WORK));
        } else if count > 0 {
            let (set_up, batches) = self.transfers.extend(run.widths(Party::Evaluator), lanes);
            if set_up {
                steps.send(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, NO_WORK));
                steps.receive(setup_points(work(Task::BothKeys, BASE_OTS)));
                steps.send(flow(Kind::OtSetup, 1, SETUP_LENGTH, work(Task::Trees, 1)));
            }
            for rows in batches {
                steps.send(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::MakeRows, rows)));
            }
            steps.send(bits(Kind::InputChoices, count, work(Task::Inputs, count)));
        }
    }
}
