//! Both scripts run against each other, on a model of time.

use std::collections::VecDeque;
use std::time::Duration;

use halfgate_channel::{Link, MAX_FRAME, QUEUE};
use halfgate_circuits::Party;

use super::Pace;
use super::flow::{Flow, Step, Work};
use super::outline::Outline;
use super::script::Script;

/// So many steps of a flow are told apart: enough to see both sides and the link work at once.
const PIECES: u64 = 32;

/// A run of more chunks than this is not followed to its end: later chunks take the time of those before.
const CHUNKS: usize = 512;

/// How far a sender may be ahead of its receiver, in bytes: the queues of both sides with messages of rows, and about 4 MiB
/// in the buffers of the two operating systems.
const WINDOW: f64 = (2 * QUEUE * MAX_FRAME / 4 + (4 << 20)) as f64;

/// How long a session takes, and what takes how much of that. The parts overlap, so they add up to more than the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// From the handshake until both sides know that the session is complete.
    pub total: Duration,
    /// The garbler computes and moves bytes.
    pub garbler: Duration,
    /// The evaluator computes and moves bytes.
    pub evaluator: Duration,
    /// The busier direction of the link carries bytes.
    pub link: Duration,
    /// Nothing happens but that messages are under way: all round trips.
    pub latency: Duration,
}

impl Timing {
    /// What takes most of the time, in words.
    pub fn bound(&self) -> &'static str {
        let parts = [
            (self.garbler, "the garbler's computing"),
            (self.evaluator, "the evaluator's computing"),
            (self.link, "the rate of the link"),
            (self.latency, "the round trips"),
        ];
        parts.into_iter().max_by_key(|part| part.0).map_or("nothing", |part| part.1)
    }
}

/// The length of the longest chain of messages: the time if nothing takes time but half a round trip.
pub(super) fn halves(outline: &Outline) -> u64 {
    let line = Line { seconds_per_byte: 0.0, one_way: 1.0, window: f64::INFINITY, pieces: 1 };
    let [garbler, evaluator] = simulate(outline, [&Idle, &Idle], &line);
    garbler.now.max(evaluator.now).round() as u64
}

pub(super) fn timing(outline: &Outline, paces: [&Pace; 2], link: &Link) -> Timing {
    let of = |chunks| short_timing(&outline.shortened(chunks), paces, link);
    let most = outline.runs().iter().map(|run| run.chunks()).max().unwrap_or(0);
    if most <= CHUNKS {
        return short_timing(outline, paces, link);
    }
    let (half, whole) = (of(CHUNKS / 2), of(CHUNKS));
    let further = (most - CHUNKS) as f64 / (CHUNKS / 2) as f64;
    let onward = |half: Duration, whole: Duration| whole + whole.saturating_sub(half).mul_f64(further);
    Timing {
        total: onward(half.total, whole.total),
        garbler: onward(half.garbler, whole.garbler),
        evaluator: onward(half.evaluator, whole.evaluator),
        link: onward(half.link, whole.link),
        latency: onward(half.latency, whole.latency),
    }
}

fn short_timing(outline: &Outline, paces: [&Pace; 2], link: &Link) -> Timing {
    let seconds_per_byte = link.bytes_per_second.map_or(0.0, |rate| 1.0 / rate.get() as f64);
    let one_way = link.one_way().as_secs_f64();
    let line = Line { seconds_per_byte, one_way, window: WINDOW, pieces: PIECES };
    let [garbler, evaluator] = simulate(outline, [paces[0], paces[1]], &line);
    let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    Timing {
        total: seconds(garbler.now.max(evaluator.now)),
        garbler: seconds(garbler.busy),
        evaluator: seconds(evaluator.busy),
        link: seconds(seconds_per_byte * garbler.sent.max(evaluator.sent)),
        latency: seconds(halves(outline) as f64 * one_way),
    }
}

/// How long a party takes, in seconds.
pub(super) trait Speed {
    /// For a work.
    fn work(&self, work: &Work) -> f64;

    /// For each byte that it sends or receives.
    fn byte(&self) -> f64;

    /// To wake up when it has waited for a message.
    fn wake(&self) -> f64;
}

/// A party that takes no time.
struct Idle;

impl Speed for Idle {
    fn work(&self, _: &Work) -> f64 {
        0.0
    }

    fn byte(&self) -> f64 {
        0.0
    }

    fn wake(&self) -> f64 {
        0.0
    }
}

/// What lies between the parties.
struct Line {
    seconds_per_byte: f64,
    one_way: f64,
    window: f64,
    pieces: u64,
}

/// One party under way, with the direction that leads away from it.
struct Runner<'a> {
    script: Script<'a>,
    speed: &'a dyn Speed,
    step: Option<Step>,
    /// Pieces of the step that are done.
    done: u64,
    now: f64,
    busy: f64,
    /// Bytes sent.
    sent: f64,
    /// When the link takes the next byte.
    free: f64,
    /// When pieces arrive that the peer has not taken.
    under_way: VecDeque<f64>,
    /// What the peer had taken, in bytes, and when.
    taken: VecDeque<(f64, f64)>,
    total_taken: f64,
}

impl<'a> Runner<'a> {
    fn new(outline: &'a Outline, party: Party, speed: &'a dyn Speed) -> Self {
        let mut script = Script::new(outline, party);
        let step = script.next();
        Runner {
            script,
            speed,
            step,
            done: 0,
            now: 0.0,
            busy: 0.0,
            sent: 0.0,
            free: 0.0,
            under_way: VecDeque::new(),
            taken: VecDeque::new(),
            total_taken: 0.0,
        }
    }

    /// Goes on until it has to wait for the other; whether it came any further.
    fn advance(&mut self, other: &mut Runner<'_>, line: &Line) -> bool {
        let mut moved = false;
        while let Some(step) = self.step {
            let pieces = match step {
                Step::Compute(work) => {
                    self.spend(self.speed.work(&work));
                    1
                }
                Step::Send(flow) => {
                    let pieces = flow.messages.min(line.pieces);
                    if !self.send(&flow, pieces, line) {
                        return moved;
                    }
                    pieces
                }
                Step::Receive(flow) => {
                    let pieces = flow.messages.min(line.pieces);
                    if !self.receive(&flow, pieces, other) {
                        return moved;
                    }
                    pieces
                }
            };
            moved = true;
            self.done += 1;
            if self.done == pieces {
                (self.step, self.done) = (self.script.next(), 0);
            }
        }
        moved
    }

    fn spend(&mut self, seconds: f64) {
        self.now += seconds;
        self.busy += seconds;
    }

    fn send(&mut self, flow: &Flow, pieces: u64, line: &Line) -> bool {
        let bytes = piece(flow, pieces);
        // A piece that is larger than the window goes alone.
        let due = (self.sent + bytes - line.window).min(self.sent);
        while self.taken.front().is_some_and(|&(taken, _)| taken < due) {
            self.taken.pop_front();
        }
        if due > 0.0 {
            let Some(&(_, when)) = self.taken.front() else { return false };
            self.now = self.now.max(when);
        }
        self.spend(self.speed.work(&flow.work) / pieces as f64 + bytes * self.speed.byte());
        self.sent += bytes;
        self.free = self.free.max(self.now) + bytes * line.seconds_per_byte;
        self.under_way.push_back(self.free + line.one_way);
        true
    }

    fn receive(&mut self, flow: &Flow, pieces: u64, other: &mut Runner<'_>) -> bool {
        let Some(arrival) = other.under_way.pop_front() else { return false };
        if arrival > self.now {
            self.now = arrival + self.speed.wake();
        }
        let bytes = piece(flow, pieces);
        self.spend(self.speed.work(&flow.work) / pieces as f64 + bytes * self.speed.byte());
        other.total_taken += bytes;
        other.taken.push_back((other.total_taken, self.now));
        true
    }
}

/// The bytes of a piece of a flow.
fn piece(flow: &Flow, pieces: u64) -> f64 {
    halfgate_channel::Traffic::of(flow.messages, flow.payload).bytes as f64 / pieces as f64
}

fn simulate<'a>(outline: &'a Outline, speeds: [&'a dyn Speed; 2], line: &Line) -> [Runner<'a>; 2] {
    let mut garbler = Runner::new(outline, Party::Garbler, speeds[0]);
    let mut evaluator = Runner::new(outline, Party::Evaluator, speeds[1]);
    loop {
        let moved = garbler.advance(&mut evaluator, line);
        if !evaluator.advance(&mut garbler, line) && !moved {
            return [garbler, evaluator];
        }
    }
}
