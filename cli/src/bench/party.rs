//! `halfgate bench-party`: one side of a measurement that takes two processes.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use halfgate::channel::{self, Listener, Secured, Stream, Trust, dial};
use halfgate::{
    Backend, Channel, Entropy, Limits, Meter, Party, Program, Reveal, Security, Session, Statistical, Terms,
    Values, compile, library,
};
use halfgate_crypto::{Delta, SessionId};
use halfgate_meet::Key;
use halfgate_ot::{CotReceiver, CotSender, LARGEST_BATCH};
use halfgate_triples::Dealer;
use serde::{Deserialize, Serialize};

use super::kernels::{Lanes, entropy};
use super::machine::peak_memory;
use super::options::{BenchPartyArgs, RoleArg};
use super::report::{Cost, PhaseCost};
use crate::failure::Failure;
use crate::{backend, results};

/// Both sides are started at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// What both sides do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Runs a circuit of the library some times in one session, each time with inputs and outputs.
    Runs { circuit: String, lanes: usize, runs: usize },
    /// Calls a circuit again and again, its output being its second input, and opens the last output. The circuit's
    /// output is as wide as that input.
    Chain { circuit: String, lanes: usize, calls: usize },
    /// The same runs as of a circuit of the library, in the malicious mode.
    AuthenticatedRuns { circuit: String, lanes: usize, runs: usize },
    /// Makes AND triples in some runs.
    Triples { count: usize, runs: usize, statistical: u32 },
    /// Makes correlated OTs: a first few, then some runs.
    Transfers { count: usize, runs: usize },
}

/// What one side has to tell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PartyReport {
    /// Of each run.
    pub(crate) seconds: Vec<f64>,
    /// Of the outputs: equal on both sides.
    pub(crate) digest: u64,
    pub(crate) peak_memory: u64,
    /// Of everything, set-up included.
    pub(crate) cost: Cost,
    /// Bytes sent in the timed runs alone.
    pub(crate) bytes_in_runs: u64,
}

pub(crate) async fn run(args: BenchPartyArgs) -> Result<(), Failure> {
    let own = match args.role {
        RoleArg::Garbler => Party::Garbler,
        RoleArg::Evaluator => Party::Evaluator,
    };
    let work: Work = serde_json::from_str(&args.work)
        .map_err(|error| Failure::Usage(format!("this is no work for a party of the bench: {error}")))?;
    let stream = match own {
        Party::Garbler => accept(&Listener::bind(&args.address).await?).await?,
        Party::Evaluator => dial(&args.address, PATIENCE).await?,
    };
    let stream = stream.shaped(args.link);
    let channel = match args.tls {
        true => secure(stream, own).await?,
        false => stream.open(Limits::default()),
    };
    let backend = backend::choose()?;
    let open = async |channel, security| open(channel, own, security, backend, args.threads).await;
    let report = match work {
        Work::Runs { circuit, lanes, runs } => {
            let program = compile(&library::find(&circuit)?)?;
            repeat(open(channel, Security::SemiHonest).await?, &program, lanes, runs).await?
        }
        Work::AuthenticatedRuns { circuit, lanes, runs } => {
            let program = compile(&library::find(&circuit)?)?;
            let security = Security::Malicious { statistical: Statistical::default() };
            repeat(open(channel, security).await?, &program, lanes, runs).await?
        }
        Work::Triples { count, runs, statistical } => {
            let statistical = statistical.to_string().parse().map_err(Failure::Usage)?;
            triples(channel, own, statistical, backend, [count, runs]).await?
        }
        Work::Chain { circuit, lanes, calls } => {
            let program = compile(&library::find(&circuit)?)?;
            chain(open(channel, Security::SemiHonest).await?, &program, lanes, calls).await?
        }
        Work::Transfers { count, runs } => transfer(channel, own, backend, count, runs).await?,
    };
    results::print_json(&report)
}

/// The two are strangers on one machine: each takes the other as it is.
async fn secure(stream: Stream, own: Party) -> Result<Channel, Failure> {
    let key = Key::generate()?;
    let end = match own {
        Party::Garbler => channel::End::Listening,
        Party::Evaluator => channel::End::Connecting,
    };
    let secured = Secured::establish(stream, end, key.identity(), &Trust::Anyone, PATIENCE).await?;
    Ok(secured.open(Limits::default()))
}

/// An evaluator that has died is not waited for.
async fn accept(listener: &Listener) -> Result<Stream, Failure> {
    let address = listener.address().to_string();
    let stream = tokio::time::timeout(PATIENCE, listener.accept()).await;
    Ok(stream.map_err(|_| Failure::NoPeer { address, limit: PATIENCE })??)
}

async fn open(
    channel: Channel,
    own: Party,
    security: Security,
    backend: Backend,
    threads: NonZeroUsize,
) -> Result<Session, Failure> {
    let terms = Terms::new(security);
    let (mut session, _) = Session::open_with(channel, own, terms, backend, entropy()?).await?;
    session.use_threads(threads.get())?;
    Ok(session)
}

/// Inputs that differ from lane to lane and that both processes, and the bench itself, know alike.
pub(crate) fn inputs(program: &Program, lanes: usize) -> Vec<Values> {
    let group = |index: usize, width: u32| {
        let mut values = Values::new(width, lanes);
        for lane in 0..lanes {
            let seed = (lane * 31 + index + 1) as u64;
            for (word, place) in values.lane_mut(lane).iter_mut().zip(1u64..) {
                *word = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left((place % 64) as u32);
            }
            if let (Some(last), bits @ 1..) = (values.lane_mut(lane).last_mut(), width % 64) {
                *last &= (1 << bits) - 1;
            }
        }
        values
    };
    program.inputs().iter().enumerate().map(|(index, input)| group(index, input.group.width)).collect()
}

/// A digest of values, to compare those of two processes of one executable.
pub(crate) fn digest(values: &[Values]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for values in values {
        (0..values.lanes()).for_each(|lane| values.lane(lane).hash(&mut hasher));
    }
    hasher.finish()
}

async fn repeat(
    mut session: Session,
    program: &Program,
    lanes: usize,
    runs: usize,
) -> Result<PartyReport, Failure> {
    let own = session.party();
    let inputs = inputs(program, lanes);
    let groups = program.inputs().iter().zip(&inputs);
    let owned: Vec<_> = groups.map(|(input, values)| (input.owner == own).then_some(values)).collect();
    let (mut seconds, mut outputs) = (Vec::new(), None);
    for _ in 0..runs {
        let start = Instant::now();
        outputs = session.run(program, lanes, &owned, Reveal::Both).await?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    let meter = session.finish().await?;
    Ok(PartyReport::new(seconds, digest(&outputs.unwrap_or_default()), &meter, meter.sent.bytes))
}

async fn chain(
    mut session: Session,
    program: &Program,
    lanes: usize,
    calls: usize,
) -> Result<PartyReport, Failure> {
    let mut values = Vec::new();
    for (input, own) in program.inputs().iter().zip(&inputs(program, lanes)) {
        values.push(match input.owner == session.party() {
            true => session.input(own).await?,
            false => session.peer_input(input.group.width, lanes).await?,
        });
    }
    let before = session.meter().map_or(0, |meter| meter.sent.bytes);
    let start = Instant::now();
    for _ in 0..calls {
        let mut outputs = session.call(program, &values.iter().collect::<Vec<_>>()).await?;
        values[1] = outputs.swap_remove(0);
    }
    let last = session.reveal(&values[1], Reveal::Both).await?;
    let seconds = start.elapsed().as_secs_f64();
    let meter = session.finish().await?;
    let bytes = meter.sent.bytes - before;
    Ok(PartyReport::new(vec![seconds], digest(&Vec::from_iter(last)), &meter, bytes))
}

/// Correlated OTs without a session around them; the set-up stands in the phases.
async fn transfer(
    mut channel: Channel,
    own: Party,
    backend: Backend,
    count: usize,
    runs: usize,
) -> Result<PartyReport, Failure> {
    // Nothing secret depends on these transfers.
    let (sid, mut entropy) = (SessionId::new([0; 32]), entropy()?);
    channel.begin_phase("OT setup");
    let mut end = End::setup(&mut channel, own, &sid, backend, &mut entropy).await?;
    end.extend(&mut channel, LARGEST_BATCH).await?;
    channel.begin_phase("OT extension");
    let (before, mut seconds) = (channel.meter().sent.bytes, Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        end.extend(&mut channel, count).await?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    let meter = channel.finish().await?;
    let bytes = meter.sent.bytes - before;
    Ok(PartyReport::new(seconds, 0, &meter, bytes))
}

/// Triples without a session around them.
async fn triples(
    mut channel: Channel,
    own: Party,
    statistical: Statistical,
    backend: Backend,
    [count, runs]: [usize; 2],
) -> Result<PartyReport, Failure> {
    let wrong = |error| Failure::Bench(format!("the triples failed: {error}"));
    // Nothing secret depends on these triples.
    let sid = SessionId::new([0; 32]);
    let dealer = Dealer::start(&mut channel, sid, own, statistical, backend, entropy()?);
    let mut dealer = dealer.await.map_err(wrong)?;
    let (before, mut seconds) = (channel.meter().sent.bytes, Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        dealer.provide(&mut channel, count, count).await.map_err(wrong)?;
        seconds.push(start.elapsed().as_secs_f64());
        dealer.take(count).map_err(wrong)?;
    }
    let meter = channel.finish().await?;
    let bytes = meter.sent.bytes - before;
    Ok(PartyReport::new(seconds, 0, &meter, bytes))
}

/// Either end of the extension.
enum End {
    Sender(CotSender),
    Receiver(CotReceiver),
}

impl End {
    async fn setup(
        channel: &mut Channel,
        own: Party,
        sid: &SessionId,
        backend: Backend,
        entropy: &mut Entropy,
    ) -> Result<Self, Failure> {
        Ok(match own {
            Party::Garbler => {
                let delta = Delta::random(entropy);
                End::Sender(CotSender::setup(channel, sid, &delta, backend, entropy).await.map_err(wrong)?)
            }
            Party::Evaluator => {
                End::Receiver(CotReceiver::setup(channel, sid, backend, entropy).await.map_err(wrong)?)
            }
        })
    }

    async fn extend(&mut self, channel: &mut Channel, count: usize) -> Result<(), Failure> {
        for _ in 0..count / LARGEST_BATCH {
            match self {
                End::Sender(sender) => {
                    sender.extend(channel, LARGEST_BATCH).await.map(drop).map_err(wrong)?;
                }
                End::Receiver(receiver) => {
                    receiver.extend(channel, LARGEST_BATCH).await.map(drop).map_err(wrong)?;
                }
            }
        }
        Ok(())
    }
}

fn wrong(error: halfgate_ot::OtError) -> Failure {
    Failure::Bench(format!("the oblivious transfers failed: {error}"))
}

impl PartyReport {
    fn new(seconds: Vec<f64>, digest: u64, meter: &Meter, bytes_in_runs: u64) -> Self {
        let peak_memory = peak_memory("self").unwrap_or(0);
        PartyReport { seconds, digest, peak_memory, cost: Cost::of(meter), bytes_in_runs }
    }
}

impl Cost {
    fn of(meter: &Meter) -> Self {
        let phases = meter.phases.iter().map(|phase| PhaseCost {
            name: phase.name.to_owned(),
            seconds: phase.duration.as_secs_f64(),
            waiting_seconds: phase.waited.as_secs_f64(),
            bytes_sent: phase.sent.bytes,
        });
        Cost {
            seconds: meter.duration.as_secs_f64(),
            bytes_sent: meter.sent.bytes,
            round_trips: meter.round_trips,
            exchanges: meter.exchanges,
            phases: phases.collect(),
        }
    }
}

/// The lanes that make so many ANDs, as whole tiles.
pub(crate) fn lanes_for(program: &Program, ands: u64) -> usize {
    let tile = Lanes::Tile.of(program);
    (ands as usize / program.and_count()).next_multiple_of(tile).max(tile)
}
