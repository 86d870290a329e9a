//! `halfgate estimate`: what a run would cost, before there is a peer.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::thread;

use halfgate::channel::{Fingerprint, Traffic};
use halfgate::estimate::{Cost, Forecast, Pace, Timing};
use halfgate::{Party, PoolSize, Reveal, Security, Terms, compile};
use serde::Serialize;

use crate::args::EstimateArgs;
use crate::failure::Failure;
use crate::human::{bytes, count, counted, time};
use crate::results::{self, SCHEMA_VERSION};
use crate::terms::after_meeting;
use crate::{backend, groups};

const PARTIES: [Party; 2] = [Party::Garbler, Party::Evaluator];

pub(crate) fn run(args: &EstimateArgs) -> Result<(), Failure> {
    let backend = backend::choose()?;
    let choice = args.function.load()?;
    let circuit = groups::apply(choice.circuit, &args.groups)?;
    let (program, lanes, reveal) = (compile(&circuit)?, args.lanes.get(), Reveal::from(args.reveal));
    let security = args.mode.security()?;
    if args.prepared && security == Security::SemiHonest {
        return Err(Failure::Usage(
            "--prepared belongs to --security malicious: the other mode needs nothing that could be prepared"
                .to_owned(),
        ));
    }
    let terms = Terms::for_run(security, &circuit, &program, Some(lanes as u64), reveal);
    let terms = if args.prepared { terms.prepared_later() } else { terms };
    // Any digest is as long as any other.
    let terms = after_meeting(terms, [0; 32]);
    let key = if args.insecure_plaintext { 0 } else { size_of::<Fingerprint>() };
    let forecast = Forecast::new(&terms, key)?.run(&program, lanes, reveal)?;
    let pool = (security != Security::SemiHonest).then(|| forecast.pool());
    let forecast = match pool {
        Some(size) if args.prepared => forecast.prepared(size),
        _ => forecast,
    };
    let cost = forecast.cost();
    let threads = args.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let threads = cost.threads(threads);
    let pace = Pace::measure(&program, lanes, security, backend)?.with_threads(threads);
    let found = Found {
        args,
        name: choice.text,
        cost: &cost,
        pool,
        timing: cost.timing(&pace, &pace, &args.link),
        threads,
    };
    if args.json {
        return results::print_json(&found.report());
    }
    results::print(|out| out.write_all(found.text().as_bytes()))
}

/// Everything that there is to say.
struct Found<'a> {
    args: &'a EstimateArgs,
    /// The function, as it was named.
    name: String,
    cost: &'a Cost,
    /// What a pool has to hold for the run; nothing if it has no use for one.
    pool: Option<PoolSize>,
    timing: Timing,
    threads: usize,
}

impl Found<'_> {
    fn memory(&self, party: Party) -> u64 {
        self.cost.memory(party, self.threads)
    }

    fn text(&self) -> String {
        let (cost, timing) = (self.cost, &self.timing);
        let rows = counted(self.args.lanes.get() as u64, "row");
        let mut text = format!("{}, {rows}, {}\n", self.name, counted(cost.ands(), "AND"));
        text += "exact, once both sides have accepted the terms:\n";
        for party in PARTIES {
            text += &line(&format!("{party} sends"), &traffic(cost.sent(party)));
        }
        text += &line("round trips", &trips(cost.half_round_trips()));
        if let Some(PoolSize { triples, bits }) = self.pool {
            let (triples, masks) = (counted(triples, "triple"), counted(bits, "mask"));
            let title = if self.args.prepared { "out of a pool" } else { "could be prepared" };
            text += &line(title, &format!("{triples} and {masks}"));
        }
        text += "estimated, for two machines like this one:\n";
        for party in PARTIES {
            text += &line(&format!("{party} holds"), &bytes(self.memory(party)));
        }
        let over = format!("{}, with the link {}", time(timing.total), self.args.link);
        text += &line("time", &format!("{over}; most of it is {}", timing.bound()));
        let parts = [
            ("garbler computes", timing.garbler),
            ("evaluator computes", timing.evaluator),
            ("link carries", timing.link),
            ("round trips take", timing.latency),
        ];
        for (title, part) in parts {
            text += &line(title, &time(part));
        }
        text + "Parts of the time overlap. Connection, encryption, terms and files come on top.\n"
    }

    fn report(&self) -> Report {
        let Timing { total, garbler, evaluator, link, latency } = self.timing;
        Report {
            schema_version: SCHEMA_VERSION,
            circuit: self.name.to_string(),
            lanes: self.args.lanes.get() as u64,
            ands: self.cost.ands(),
            exact: Exact {
                garbler_sends: Sent::of(self.cost, Party::Garbler),
                evaluator_sends: Sent::of(self.cost, Party::Evaluator),
                round_trips: self.cost.round_trips(),
                prepared: self.args.prepared,
                pool: self.pool.map(|PoolSize { triples, bits }| Prepared { triples, masks: bits }),
            },
            estimated: Estimated {
                link: self.args.link.to_string(),
                threads: self.threads,
                garbler_memory: self.memory(Party::Garbler),
                evaluator_memory: self.memory(Party::Evaluator),
                seconds: total.as_secs_f64(),
                bound: self.timing.bound(),
                garbler_seconds: garbler.as_secs_f64(),
                evaluator_seconds: evaluator.as_secs_f64(),
                link_seconds: link.as_secs_f64(),
                round_trip_seconds: latency.as_secs_f64(),
            },
        }
    }
}

fn line(title: &str, what: &str) -> String {
    format!("  {title:<20} {what}\n")
}

fn traffic(traffic: Traffic) -> String {
    let Traffic { bytes: number, messages } = traffic;
    let mut text = format!("{} bytes", count(number));
    if number >= 1000 {
        let _infallible = write!(text, " ({})", bytes(number));
    }
    text + &format!(" in {}", counted(messages, "message"))
}

fn trips(halves: u64) -> String {
    format!("{}{}", count(halves / 2), if halves % 2 == 1 { ".5" } else { "" })
}

/// What `--json` prints. Times are in seconds and memory in bytes.
#[derive(Serialize)]
struct Report {
    schema_version: u32,
    circuit: String,
    lanes: u64,
    ands: u64,
    exact: Exact,
    estimated: Estimated,
}

#[derive(Serialize)]
struct Exact {
    garbler_sends: Sent,
    evaluator_sends: Sent,
    round_trips: f64,
    /// Whether the pool is there.
    prepared: bool,
    /// What a pool has to hold for the run; null if it has no use for one.
    pool: Option<Prepared>,
}

#[derive(Serialize)]
struct Prepared {
    triples: u64,
    masks: u64,
}

#[derive(Serialize)]
struct Sent {
    bytes: u64,
    messages: u64,
    kinds: Vec<KindSent>,
}

#[derive(Serialize)]
struct KindSent {
    kind: String,
    bytes: u64,
    messages: u64,
}

#[derive(Serialize)]
struct Estimated {
    link: String,
    threads: usize,
    garbler_memory: u64,
    evaluator_memory: u64,
    seconds: f64,
    bound: &'static str,
    garbler_seconds: f64,
    evaluator_seconds: f64,
    link_seconds: f64,
    round_trip_seconds: f64,
}

impl Sent {
    fn of(cost: &Cost, party: Party) -> Self {
        let Traffic { bytes, messages } = cost.sent(party);
        let kinds = cost.sent_by_kind(party).iter().map(|(kind, traffic)| KindSent {
            kind: kind.to_string(),
            bytes: traffic.bytes,
            messages: traffic.messages,
        });
        Sent { bytes, messages, kinds: kinds.collect() }
    }
}
