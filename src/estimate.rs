//! What a session will cost, before anything is sent.
//!
//! A [`Forecast`] is told what a session will do; its [`Cost`] says what crosses the channel and what one side waits for
//! the other. Both follow from the terms and the compiled programs, by the same plans as the parties': the figures
//! are exact. Memory and time are estimates; time is the one of a model in which each party computes as
//! fast as its [`Pace`] says and a [`Link`] lies between them.
//!
//! ```
//! use halfgate::estimate::{Pace, cost};
//! use halfgate::{Backend, Reveal, Security, Terms, compile, library};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let circuit = library::find("lt64")?;
//! let program = compile(&circuit)?;
//! let terms = Terms::for_run(Security::SemiHonest, &circuit, &program, Some(1000), Reveal::Both);
//! let cost = cost(&program, 1000, Reveal::Both, &terms)?;
//! assert_eq!(cost.round_trips(), 4.0);
//! let pace = Pace::measure(&program, 1000, Security::SemiHonest, Backend::detect())?;
//! println!("{:?}", cost.time(&pace, &pace, &"100mbit,30ms".parse()?));
//! # Ok(())
//! # }
//! ```
//!
//! | file | what it holds |
//! | --- | --- |
//! | `outline.rs`, `run.rs` | the lengths that follow from terms, programs and lanes |
//! | `script.rs` | what each party does, message by message |
//! | `half_gates.rs`, `authenticated.rs` | the part of it that depends on the mode |
//! | `clock.rs` | both scripts run against each other on a model of time |
//! | `pace.rs`, `trials.rs` | how fast a machine is, and how that is found out |
//! | `memory.rs` | what a party holds at most |

mod authenticated;
mod clock;
mod flow;
mod half_gates;
mod memory;
mod outline;
mod pace;
mod run;
mod script;
mod trials;

use std::time::Duration;

use halfgate_channel::{Kind, Link, Traffic};
use halfgate_circuits::{Party, Reveal};
use halfgate_compiler::Program;

pub use clock::Timing;
pub use pace::Pace;

use crate::{Error, PoolSize, Security, Terms};
use flow::Step;
use outline::Outline;
use script::Script;

/// What a session takes that is too short to try a machine out for it.
const SHORT: Duration = Duration::from_secs(1);

/// What a session will do.
#[derive(Clone, Debug)]
pub struct Forecast(Outline);

impl Forecast {
    /// A session on these terms, as both parties begin it. `key` is the length in bytes of the key by which a party is
    /// known to the other: 32 where the connection is encrypted, 0 where it is not.
    ///
    /// # Errors
    /// If the terms are too long to be sent.
    pub fn new(terms: &Terms, key: usize) -> Result<Self, Error> {
        Ok(Forecast(Outline::new(terms, key)?))
    }

    /// With a pool of this [size](crate::Pool::size), whose [id](Terms::prepared) is among the terms; a session of the semi-honest
    /// mode has no use for it.
    #[must_use]
    pub fn prepared(mut self, size: PoolSize) -> Self {
        self.0.use_pool(size);
        self
    }

    /// What a pool has to hold at least so that the session makes no triples and masks of its own, and needs no oblivious
    /// transfer; nothing in the semi-honest mode.
    pub fn pool(&self) -> PoolSize {
        if self.0.security() == Security::SemiHonest {
            return PoolSize::default();
        }
        self.0.runs().iter().fold(PoolSize::default(), |PoolSize { triples, bits }, run| PoolSize {
            triples: triples.saturating_add(run.ands()),
            bits: bits.saturating_add(run.masks()),
        })
    }

    /// Goes on with a [`Session::run`](crate::Session::run).
    ///
    /// # Errors
    /// As `Session::run`, for lanes that no run may have.
    pub fn run(mut self, program: &Program, lanes: usize, to: Reveal) -> Result<Self, Error> {
        self.0.add_run(program, lanes, to)?;
        Ok(self)
    }

    /// Whether even a [slow machine](Pace::of_a_slow_machine) does the session within a second if the peer is near: it is over
    /// before [`Pace::measure`] had made much of a difference. Both parties come to the same answer.
    pub fn is_short(&self) -> bool {
        let slow = Pace::of_a_slow_machine();
        // Long runs need not be followed to their end.
        let ands = self.0.runs().iter().fold(0, |ands: u64, run| ands.saturating_add(run.ands()));
        let garbling = slow.garble_and * 1e-9 * ands as f64;
        garbling < SHORT.as_secs_f64() && self.clone().cost().time(&slow, &slow, &Link::UNLIMITED) < SHORT
    }

    /// The cost, with that of finishing the session.
    pub fn cost(self) -> Cost {
        let sent = [Party::Garbler, Party::Evaluator].map(|party| {
            let mut kinds: Vec<(Kind, Traffic)> = Vec::new();
            for step in Script::new(&self.0, party) {
                let Step::Send(flow) = step else { continue };
                let traffic = Traffic::of(flow.messages, flow.payload);
                match kinds.iter_mut().find(|(kind, _)| *kind == flow.kind) {
                    Some((_, sum)) => *sum += traffic,
                    None => kinds.push((flow.kind, traffic)),
                }
            }
            kinds
        });
        let halves = clock::halves(&self.0);
        Cost { outline: self.0, sent, halves }
    }
}

/// The cost of a session that runs one program on so many lanes, over a connection that is not encrypted.
///
/// # Errors
/// As [`Forecast::new`] and [`Forecast::run`].
pub fn cost(program: &Program, lanes: usize, to: Reveal, terms: &Terms) -> Result<Cost, Error> {
    Ok(Forecast::new(terms, 0)?.run(program, lanes, to)?.cost())
}

/// What a session costs, from its handshake to its last goodbye.
#[derive(Clone, Debug)]
pub struct Cost {
    outline: Outline,
    sent: [Vec<(Kind, Traffic)>; 2],
    halves: u64,
}

impl Cost {
    /// What a party sends: exactly what its meter will say. What encrypts a connection or keeps it alive is not counted.
    pub fn sent(&self, party: Party) -> Traffic {
        let mut traffic = Traffic::default();
        self.sent_by_kind(party).iter().for_each(|(_, part)| traffic += *part);
        traffic
    }

    /// The same for each kind of message, in the order in which they come first.
    pub fn sent_by_kind(&self, party: Party) -> &[(Kind, Traffic)] {
        &self.sent[party as usize]
    }

    /// Half round trips: the length of the longest chain of messages each of which could not be sent before the one before it had
    /// arrived. On a line whose delay is all that takes time, the session lasts so many delays.
    pub fn half_round_trips(&self) -> u64 {
        self.halves
    }

    /// Round trips.
    pub fn round_trips(&self) -> f64 {
        self.halves as f64 / 2.0
    }

    /// Garbled ANDs, in all lanes.
    pub fn ands(&self) -> u64 {
        self.outline.runs().iter().map(|run| run.ands()).sum()
    }

    /// How long the session takes, from its handshake on.
    pub fn time(&self, garbler: &Pace, evaluator: &Pace, link: &Link) -> Duration {
        self.timing(garbler, evaluator, link).total
    }

    /// How long the session takes, and what takes how much of that.
    pub fn timing(&self, garbler: &Pace, evaluator: &Pace, link: &Link) -> Timing {
        let [garbler, evaluator] =
            [garbler, evaluator].map(|pace| pace.with_threads(self.threads(pace.threads as usize)));
        clock::timing(&self.outline, [&garbler, &evaluator], link)
    }

    /// The memory of a party's process at its peak, in bytes, if it runs with so many threads and holds its tables in memory as the
    /// `halfgate` command does.
    pub fn memory(&self, party: Party, threads: usize) -> u64 {
        memory::peak(&self.outline, party, self.threads(threads))
    }

    /// How many of so many threads compute: malicious security has no use for more than one.
    pub fn threads(&self, threads: usize) -> usize {
        match self.outline.security() {
            Security::SemiHonest => threads,
            Security::Malicious { .. } => threads.min(1),
        }
    }
}
