//! What each party does, in its order: the mirror of `session.rs` and of the parties' `party.rs` and `stream.rs`.

use std::collections::VecDeque;

use halfgate_channel::Kind;
use halfgate_circuits::{Party, Reveal};
use halfgate_crypto::Block;
use halfgate_ot::{
    DIRECT_OTS, Demands, LARGEST_BATCH, POINT_LENGTH, SETUP_LENGTH, batch_length, direct_answer,
};

use super::flow::{
    BASE_OTS, DIGEST, Flow, NO_WORK, Step, Task, bits, flow, points, rows, setup_points, work,
};
use super::outline::Outline;
use super::run::Run;

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

/// Where a script stands.
#[derive(Clone, Copy)]
enum Place {
    Opening,
    Chunk { run: usize, chunk: usize },
    Finish,
    End,
}

/// The steps of a party, made as they are asked for: a run may have millions of chunks.
pub(super) struct Script<'a> {
    outline: &'a Outline,
    party: Party,
    place: Place,
    steps: VecDeque<Step>,
    transfers: Transfers,
    /// Whether the evaluator has heard what the garbler says first.
    begun: bool,
    /// The next chunk whose inputs the evaluator sends.
    next_inputs: usize,
    /// The garbler's chunks whose outputs are still to come.
    unopened: VecDeque<usize>,
}

impl<'a> Script<'a> {
    pub(super) fn new(outline: &'a Outline, party: Party) -> Self {
        Script {
            outline,
            party,
            place: Place::Opening,
            steps: VecDeque::new(),
            transfers: Transfers::default(),
            begun: false,
            next_inputs: 0,
            unopened: VecDeque::new(),
        }
    }

    fn send(&mut self, flow: Flow) {
        if flow.messages > 0 {
            self.steps.push_back(Step::Send(flow));
        }
    }

    fn receive(&mut self, flow: Flow) {
        if flow.messages > 0 {
            self.steps.push_back(Step::Receive(flow));
        }
    }

    fn compute(&mut self, task: Task, amount: usize) {
        self.steps.push_back(Step::Compute(work(task, amount)));
    }

    fn exchange(&mut self, kind: Kind, length: usize) {
        self.send(flow(kind, 1, length, NO_WORK));
        self.receive(flow(kind, 1, length, NO_WORK));
    }

    fn refill(&mut self) {
        self.place = match self.place {
            Place::Opening => {
                self.open();
                self.run_or_finish(0)
            }
            Place::Chunk { run, chunk } => {
                self.chunk(&self.outline.runs()[run], chunk);
                if chunk + 1 < self.outline.runs()[run].chunks() {
                    Place::Chunk { run, chunk: chunk + 1 }
                } else {
                    self.run_or_finish(run + 1)
                }
            }
            Place::Finish => {
                self.finish();
                Place::End
            }
            Place::End => Place::End,
        }
    }

    fn run_or_finish(&self, run: usize) -> Place {
        if run < self.outline.runs().len() { Place::Chunk { run, chunk: 0 } } else { Place::Finish }
    }

    fn open(&mut self) {
        self.compute(Task::Open, 1);
        self.exchange(Kind::Hello, self.outline.hello());
        self.exchange(Kind::Confirm, DIGEST);
        if self.party == Party::Garbler {
            self.send(flow(Kind::Start, 1, size_of::<[Block; 2]>(), NO_WORK));
            self.send(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, NO_WORK));
        }
    }

    fn begin(&mut self) {
        if self.party == Party::Evaluator && !std::mem::replace(&mut self.begun, true) {
            self.receive(flow(Kind::Start, 1, size_of::<[Block; 2]>(), NO_WORK));
            self.receive(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, NO_WORK));
        }
    }

    fn finish(&mut self) {
        let operation = flow(Kind::Operation, 1, self.outline.finish(), NO_WORK);
        self.send(operation);
        self.send(flow(Kind::Bye, 1, 0, NO_WORK));
        self.begin();
        self.receive(operation);
        self.receive(flow(Kind::Bye, 1, 0, NO_WORK));
    }

    fn chunk(&mut self, run: &Run, chunk: usize) {
        if chunk == 0 {
            self.start(run);
        }
        match self.party {
            Party::Garbler => self.garble(run, chunk),
            Party::Evaluator => self.evaluate(run, chunk),
        }
    }

    fn start(&mut self, run: &Run) {
        self.transfers.only_extension |= run.chunks() > 1;
        self.next_inputs = 0;
        let operation = flow(Kind::Operation, 1, run.header, NO_WORK);
        self.send(operation);
        let count = run.width(Party::Evaluator) * run.lanes(0);
        if self.party == Party::Evaluator && self.transfers.is_direct(count) {
            self.send(points(count, work(Task::Choose, count)));
        }
        self.begin();
        self.receive(operation);
    }

    fn garble(&mut self, run: &Run, chunk: usize) {
        let lanes = run.lanes(chunk);
        self.peer_inputs(run, lanes);
        for width in run.widths(Party::Garbler) {
            let work = work(Task::Inputs, width * lanes);
            self.send(flow(Kind::InputSeed, 1, size_of::<Block>(), work));
        }
        self.send(rows(run, chunk, Task::Garble));
        if run.to.reaches(Party::Evaluator) {
            let count = run.outputs * lanes;
            self.send(bits(Kind::OutputColours, count, work(Task::Outputs, count)));
        }
        if run.to.reaches(Party::Garbler) {
            self.unopened.push_back(chunk);
            let last = chunk + 1 == run.chunks();
            let keep = if last { 0 } else { run.look_ahead };
            while self.unopened.len() > keep {
                self.learn(run);
            }
        }
    }

    /// The garbler's part in inputs of the evaluator.
    fn peer_inputs(&mut self, run: &Run, lanes: usize) {
        let count = run.width(Party::Evaluator) * lanes;
        if self.transfers.is_direct(count) {
            self.transfers.direct += count;
            self.receive(points(count, work(Task::BothKeys, count)));
            self.send(flow(Kind::InputChoices, 1, direct_answer(count), NO_WORK));
        } else if count > 0 {
            let (set_up, batches) = self.transfers.extend(run.widths(Party::Evaluator), lanes);
            if set_up {
                self.send(setup_points(work(Task::Choose, BASE_OTS)));
                let own = work(Task::OwnKey, BASE_OTS);
                self.receive(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, own));
                self.receive(flow(Kind::OtSetup, 1, SETUP_LENGTH, work(Task::Trees, 1)));
            }
            for rows in batches {
                self.receive(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::CheckRows, rows)));
            }
            self.receive(bits(Kind::InputChoices, count, work(Task::Inputs, count)));
        }
    }

    fn learn(&mut self, run: &Run) {
        if let Some(chunk) = self.unopened.pop_front() {
            let count = run.outputs * run.lanes(chunk);
            self.receive(bits(Kind::OutputLabels, count, NO_WORK));
            self.receive(flow(Kind::OutputLabels, 1, DIGEST, work(Task::Proof, count)));
        }
    }

    fn evaluate(&mut self, run: &Run, chunk: usize) {
        while self.next_inputs < run.chunks() && self.next_inputs <= chunk + run.look_ahead {
            self.own_inputs(run, run.lanes(self.next_inputs));
            self.next_inputs += 1;
        }
        let lanes = run.lanes(chunk);
        for width in run.widths(Party::Garbler) {
            let work = work(Task::Inputs, width * lanes);
            self.receive(flow(Kind::InputSeed, 1, size_of::<Block>(), work));
        }
        self.receive(rows(run, chunk, Task::Evaluate));
        let count = run.outputs * lanes;
        if matches!(run.to, Reveal::Both | Reveal::Evaluator) {
            self.receive(bits(Kind::OutputColours, count, work(Task::Outputs, count)));
        }
        if run.to.reaches(Party::Garbler) {
            self.send(bits(Kind::OutputLabels, count, NO_WORK));
            self.send(flow(Kind::OutputLabels, 1, DIGEST, work(Task::Proof, count)));
        }
    }

    fn own_inputs(&mut self, run: &Run, lanes: usize) {
        let count = run.width(Party::Evaluator) * lanes;
        if self.transfers.is_direct(count) {
            self.transfers.direct += count;
            self.compute(Task::OwnKey, count);
            self.receive(flow(Kind::InputChoices, 1, direct_answer(count), NO_WORK));
        } else if count > 0 {
            let (set_up, batches) = self.transfers.extend(run.widths(Party::Evaluator), lanes);
            if set_up {
                self.send(flow(Kind::BaseOtPoints, 1, POINT_LENGTH, NO_WORK));
                self.receive(setup_points(work(Task::BothKeys, BASE_OTS)));
                self.send(flow(Kind::OtSetup, 1, SETUP_LENGTH, work(Task::Trees, 1)));
            }
            for rows in batches {
                self.send(flow(Kind::OtBatch, 1, batch_length(rows), work(Task::MakeRows, rows)));
            }
            self.send(bits(Kind::InputChoices, count, work(Task::Inputs, count)));
        }
    }
}

impl Iterator for Script<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        while self.steps.is_empty() && !matches!(self.place, Place::End) {
            self.refill();
        }
        self.steps.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::library;
    use halfgate_compiler::compile;

    use super::*;
    use crate::{Security, Terms};

    /// What one party sends is what the other receives, message by message.
    #[test]
    fn the_scripts_fit_each_other() {
        let terms = Terms::new(Security::SemiHonest);
        for (name, lanes) in [("lt64", 1), ("lt64", 2), ("lt64", 9_000), ("aes128", 700), ("sha256", 1)] {
            let program = compile(&library::find(name).unwrap()).unwrap();
            for to in [Reveal::Both, Reveal::Garbler, Reveal::Evaluator, Reveal::Shares] {
                let mut outline = Outline::new(terms.agreement(), 0).unwrap();
                outline.add_run(&program, lanes, to).unwrap();
                outline.add_run(&program, 3, to).unwrap();
                let flows = |party, sent: bool| {
                    let of = Script::new(&outline, party).filter_map(move |step| match step {
                        Step::Send(flow) if sent => Some(flow),
                        Step::Receive(flow) if !sent => Some(flow),
                        _ => None,
                    });
                    of.map(|flow| (flow.kind, flow.messages, flow.payload)).collect::<Vec<_>>()
                };
                assert_eq!(flows(Party::Garbler, true), flows(Party::Evaluator, false), "{name}");
                assert_eq!(flows(Party::Evaluator, true), flows(Party::Garbler, false), "{name}");
            }
        }
    }
}
