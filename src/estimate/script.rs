//! What each party does, in its order: the mirror of `session.rs`. What depends on the mode is in `half_gates.rs` and
//! `authenticated.rs`.

use std::collections::VecDeque;

use halfgate_channel::Kind;
use halfgate_circuits::Party;

use super::authenticated::Authenticated;
use super::flow::{DIGEST, Flow, NO_WORK, Step, Task, flow, work};
use super::half_gates::HalfGates;
use super::outline::Outline;
use super::run::Run;
use crate::Security;

/// The part of a script that depends on the mode.
pub(super) trait Part {
    /// What follows the handshake.
    fn open(&mut self, steps: &mut Steps);

    /// What a party receives before the first message of an operation, if that is still to come.
    fn begin(&mut self, _steps: &mut Steps) {}

    /// What a party sends between the header of a run and that of the peer.
    fn choose_first(&mut self, run: &Run, steps: &mut Steps);

    /// A chunk of a run.
    fn chunk(&mut self, run: &Run, chunk: usize, steps: &mut Steps);
}

/// The steps of a party that are still to be taken.
pub(super) struct Steps {
    pub(super) party: Party,
    queue: VecDeque<Step>,
}

impl Steps {
    pub(super) fn send(&mut self, flow: Flow) {
        if flow.messages > 0 {
            self.queue.push_back(Step::Send(flow));
        }
    }

    pub(super) fn receive(&mut self, flow: Flow) {
        if flow.messages > 0 {
            self.queue.push_back(Step::Receive(flow));
        }
    }

    /// Sends if this is the sender, and receives otherwise.
    pub(super) fn from(&mut self, sender: Party, flow: Flow) {
        if self.party == sender { self.send(flow) } else { self.receive(flow) }
    }

    /// Messages of which each crosses one of the peer's.
    pub(super) fn exchange(&mut self, flow: Flow) {
        self.send(flow);
        self.receive(Flow { work: NO_WORK, ..flow });
    }

    pub(super) fn compute(&mut self, task: Task, amount: usize) {
        self.queue.push_back(Step::Compute(work(task, amount)));
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
    place: Place,
    steps: Steps,
    part: Box<dyn Part>,
}

impl<'a> Script<'a> {
    pub(super) fn new(outline: &'a Outline, party: Party) -> Self {
        let part: Box<dyn Part> = match outline.security() {
            Security::SemiHonest => Box::<HalfGates>::default(),
            Security::Malicious { statistical } => Box::new(Authenticated::new(statistical, outline.pool())),
        };
        Script { outline, place: Place::Opening, steps: Steps { party, queue: VecDeque::new() }, part }
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
        self.steps.compute(Task::Open, 1);
        self.steps.exchange(flow(Kind::Hello, 1, self.outline.hello(), NO_WORK));
        self.steps.exchange(flow(Kind::Confirm, 1, DIGEST, NO_WORK));
        self.part.open(&mut self.steps);
    }

    fn finish(&mut self) {
        let operation = flow(Kind::Operation, 1, self.outline.finish(), NO_WORK);
        self.steps.send(operation);
        self.steps.send(flow(Kind::Bye, 1, 0, NO_WORK));
        self.part.begin(&mut self.steps);
        self.steps.receive(operation);
        self.steps.receive(flow(Kind::Bye, 1, 0, NO_WORK));
    }

    fn chunk(&mut self, run: &Run, chunk: usize) {
        if chunk == 0 {
            let operation = flow(Kind::Operation, 1, run.header, NO_WORK);
            self.steps.send(operation);
            self.part.choose_first(run, &mut self.steps);
            self.part.begin(&mut self.steps);
            self.steps.receive(operation);
        }
        self.part.chunk(run, chunk, &mut self.steps);
    }
}

impl Iterator for Script<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        while self.steps.queue.is_empty() && !matches!(self.place, Place::End) {
            self.refill();
        }
        self.steps.queue.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::library;
    use halfgate_compiler::compile;

    use super::*;
    use crate::{Reveal, Statistical, Terms};

    /// What one party sends is what the other receives, message by message.
    #[test]
    fn the_scripts_fit_each_other() {
        let malicious = |statistical| Security::Malicious { statistical };
        for mode in [Security::SemiHonest, malicious(Statistical::Bits40), malicious(Statistical::Bits64)] {
            fit(mode);
        }
    }

    fn fit(mode: Security) {
        for (name, lanes) in [("lt64", 1), ("lt64", 2), ("lt64", 9_000), ("aes128", 700), ("sha256", 1)] {
            let program = compile(&library::find(name).unwrap()).unwrap();
            for to in [Reveal::Both, Reveal::Garbler, Reveal::Evaluator, Reveal::Shares] {
                let mut outline = Outline::new(&Terms::new(mode), 0).unwrap();
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
