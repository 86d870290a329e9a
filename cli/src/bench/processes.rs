//! Rows that take two processes of this executable, one for each party.

use std::io;
use std::num::NonZeroUsize;
use std::process::{Child, Command, Stdio};

use halfgate::channel::Link;
use halfgate::compiler::evaluate;
use halfgate::{Party, Program, compile, library};

use super::context::{Bench, Entry, Finding};
use super::kernels::Lanes;
use super::party::{PartyReport, Work, digest, inputs, lanes_for};
use super::report::{Row, Scenario, Unit};
use super::statistics::Figure;
use super::transport::{Carriage, Transport};
use crate::failure::Failure;
use crate::human::count;

/// What both sides told.
pub(crate) struct Both {
    pub(crate) garbler: PartyReport,
    pub(crate) evaluator: PartyReport,
}

pub(crate) fn entries() -> Vec<Entry> {
    let lanes = |id, transport, goal| Entry::row(id, move |bench| in_lanes(bench, id, transport, goal));
    let chain = |id, lanes, goal| Entry::new(id, move |bench| chained(bench, id, lanes, goal));
    vec![
        lanes("processes.aes128.tcp", Transport::Tcp, 100.0),
        lanes("processes.aes128.tls", Transport::Tls, 75.0),
        lanes("processes.aes128.unix", Transport::Unix, 125.0),
        chain("chain.one", 1, 65.0),
        chain("chain.lanes", 32, 95.0),
        Entry::new("phases", phases),
    ]
}

/// AES-128 in many lanes, inputs and outputs included, in a session that has been set up.
fn in_lanes(bench: &Bench, id: &str, transport: Transport, goal: f64) -> Result<Row, Failure> {
    let program = compile(&library::find("aes128")?)?;
    let lanes = lanes_for(&program, bench.pace.session_ands);
    let runs = bench.pace.sessions + 1;
    let both = bench.pair(transport, &Work::Runs { circuit: "aes128".to_owned(), lanes, runs })?;
    check(&both, digest(&evaluate(&program, &inputs(&program, lanes))?))?;
    let ands = (program.and_count() * lanes) as f64;
    // The first run makes the base OTs and grows the buffers.
    let figure = Figure::of_each(&both.slower()[1..], |seconds| ands / 1e6 / seconds);
    let what = format!("two processes, {}, AES-128 in {} lanes", transport.name(), count(lanes as u64));
    let (part, time) = bench.slowest_part(transport, "aes128", Lanes::Tile)?;
    let row = Row::new(id, what, Unit::MegaAnds, figure).bounded_by(part, 1e3 / time);
    Ok(row.aims_at(goal, bench.unless_one_thread(bench.unless_vaes_512())))
}

/// A reactive session that encrypts again and again what it has encrypted.
fn chained(bench: &Bench, id: &str, lanes: usize, goal: f64) -> Result<Vec<Finding>, Failure> {
    let program = compile(&library::find("aes128")?)?;
    let ands = (program.and_count() * lanes) as u64;
    let calls = bench.pace.chained_ands.div_ceil(ands) as usize;
    let work = Work::Chain { circuit: "aes128".to_owned(), lanes, calls };
    let expected = chained_in_the_clear(&program, lanes, calls)?;
    let (mut rates, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..bench.pace.chains {
        let both = bench.pair(Transport::Tcp, &work)?;
        check(&both, expected)?;
        rates.push((ands * calls as u64) as f64 / 1e6 / both.slower()[0]);
        memory.push(both.peak_memory());
    }
    let what = format!(
        "{} chained calls of AES-128, {lanes} lane{}",
        count(calls as u64),
        if lanes == 1 { "" } else { "s" }
    );
    let kind = if lanes == 1 { Lanes::One } else { Lanes::Exactly(lanes) };
    let (part, time) = bench.slowest_part(Transport::Tcp, "aes128", kind)?;
    let size = "10^9 ANDs";
    let rate = Row::new(format!("{id}.rate"), what.clone(), Unit::MegaAnds, Figure::of(rates))
        .bounded_by(part, 1e3 / time)
        .aims_at(goal, bench.unless_full(size, bench.unless_one_thread(bench.unless_vaes_512())));
    let what = format!("{what}: peak memory of the larger party");
    let memory = Row::new(format!("{id}.memory"), what, Unit::Mebibytes, Figure::of(memory))
        .aims_at(32.0, bench.unless_full(size, bench.unless_one_thread(None)));
    Ok(vec![Finding::Row(rate), Finding::Row(memory)])
}

fn chained_in_the_clear(program: &Program, lanes: usize, calls: usize) -> Result<u64, Failure> {
    let mut values = inputs(program, lanes);
    for _ in 0..calls {
        values[1] = evaluate(program, &values)?.swap_remove(0);
    }
    Ok(digest(&values[1..]))
}

/// Whole sessions, cold, for the plot of phases and the costs on other links.
fn phases(bench: &Bench) -> Result<Vec<Finding>, Failure> {
    let aes = compile(&library::find("aes128")?)?;
    let aes_lanes = lanes_for(&aes, bench.pace.session_ands);
    let (one, many) = (1, bench.pace.comparisons);
    [("lt64", one), ("lt64", many), ("aes128", one), ("aes128", aes_lanes)]
        .into_iter()
        .map(|(circuit, lanes)| {
            let both =
                bench.pair(Transport::Tcp, &Work::Runs { circuit: circuit.to_owned(), lanes, runs: 1 })?;
            let plural = if lanes == 1 { "lane" } else { "lanes" };
            Ok(Finding::Scenario(Scenario {
                id: format!("phases.{circuit}.{lanes}"),
                what: format!("{circuit}, {} {plural}", count(lanes as u64)),
                garbler: both.garbler.cost,
                evaluator: both.evaluator.cost,
            }))
        })
        .collect()
}

impl Bench {
    /// Starts both sides and waits for what they tell.
    pub(crate) fn pair(&self, transport: Transport, work: &Work) -> Result<Both, Failure> {
        self.pair_over(self.link, transport, work)
    }

    /// The same with this link between the two.
    pub(crate) fn pair_over(&self, link: Link, transport: Transport, work: &Work) -> Result<Both, Failure> {
        let work = serde_json::to_string(work).expect("work has only names and numbers");
        let address = transport.free_address().map_err(could_not_start)?.to_string();
        let tls = transport == Transport::Tls;
        let start = |role| party(role, &address, self.threads, (link, tls), &work).map_err(could_not_start);
        let (garbler, mut evaluator) = (start("garbler")?, start("evaluator")?);
        let garbler = told("garbler", garbler);
        if garbler.is_err() {
            // It waits for nobody; it may have ended already.
            let _ = evaluator.kill();
        }
        let evaluator = told("evaluator", evaluator);
        Ok(Both { garbler: garbler?, evaluator: evaluator? })
    }

    /// What the slowest part of a circuit between two processes is, and its ns per AND. The parts of different threads
    /// overlap, as far as there are cores.
    pub(crate) fn slowest_part(
        &self,
        transport: Transport,
        circuit: &str,
        lanes: Lanes,
    ) -> Result<(String, f64), Failure> {
        let kernel = |party| {
            Ok::<_, Failure>(self.in_memory(self.backend, party, circuit, lanes)?.best(Unit::NsPerAnd))
        };
        let kernels = [kernel(Party::Garbler)?, kernel(Party::Evaluator)?];
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let carriage = self.carriage(transport)?;
        let (part, time) = slowest(kernels, &carriage, transport.name(), self.threads.get(), cores);
        Ok((format!("{part}: {time:.1} ns/AND"), time))
    }
}

/// The slowest of what goes on side by side. With one thread a party computes and moves bytes on the same; nothing
/// helps against too few cores.
fn slowest(
    [garble, evaluate]: [f64; 2],
    carriage: &Carriage,
    transport: &'static str,
    threads: usize,
    cores: usize,
) -> (&'static str, f64) {
    let Carriage { through, send, receive } = *carriage;
    let [garbler, evaluator] = match threads {
        1 => [("garbling and sending", garble + send), ("evaluating and receiving", evaluate + receive)],
        _ => [("garbling", garble / threads as f64), ("evaluating", evaluate / threads as f64)],
    };
    let share = (garble + send + evaluate + receive) / cores as f64;
    let others = [(transport, through), ("all work shared among the cores", share)];
    others.into_iter().fold(if evaluator.1 > garbler.1 { evaluator } else { garbler }, |slowest, part| {
        if part.1 > slowest.1 { part } else { slowest }
    })
}

impl Both {
    /// Of each run the time of the side that took longer.
    pub(crate) fn slower(&self) -> Vec<f64> {
        let times = self.garbler.seconds.iter().zip(&self.evaluator.seconds);
        times.map(|(garbler, evaluator)| garbler.max(*evaluator)).collect()
    }

    /// Of the larger side, in MiB.
    pub(crate) fn peak_memory(&self) -> f64 {
        self.garbler.peak_memory.max(self.evaluator.peak_memory) as f64 / f64::from(1 << 20)
    }
}

/// A figure of a wrong result is none.
pub(crate) fn check(both: &Both, expected: u64) -> Result<(), Failure> {
    if [both.garbler.digest, both.evaluator.digest] == [expected; 2] {
        return Ok(());
    }
    Err(Failure::Bench("two processes computed something else than the plaintext machine: a bug".to_owned()))
}

fn party(
    role: &str,
    address: &str,
    threads: NonZeroUsize,
    (link, tls): (Link, bool),
    work: &str,
) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .args(["bench-party", "--link", &link.to_string(), role, address, &threads.to_string(), work])
        .args(tls.then_some("--tls"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

fn told(role: &str, child: Child) -> Result<PartyReport, Failure> {
    let output = child.wait_with_output().map_err(could_not_start)?;
    let failed = |what: &str| {
        let said = String::from_utf8_lossy(&output.stderr);
        Failure::Bench(format!("the {role}'s process {what}; it said:\n{said}"))
    };
    if !output.status.success() {
        return Err(failed("failed"));
    }
    serde_json::from_slice(&output.stdout).map_err(|_| failed("printed no report"))
}

pub(crate) fn could_not_start(source: io::Error) -> Failure {
    Failure::System { what: "start another process", source }
}

#[cfg(test)]
mod tests {
    use super::{Carriage, slowest};

    #[test]
    fn the_slowest_part_is_named() {
        let carriage = Carriage { through: 5.0, send: 3.0, receive: 4.0 };
        let slowest = |kernels, threads, cores| slowest(kernels, &carriage, "a wire", threads, cores);
        assert_eq!(slowest([10.0, 8.0], 1, 2), ("garbling and sending", 13.0));
        assert_eq!(slowest([10.0, 9.5], 1, 2), ("evaluating and receiving", 13.5));
        assert_eq!(slowest([1.0, 0.5], 1, 2), ("a wire", 5.0));
        assert_eq!(slowest([10.0, 8.0], 4, 2), ("all work shared among the cores", 12.5));
        assert_eq!(slowest([40.0, 8.0], 4, 64), ("garbling", 10.0));
        assert_eq!(slowest([10.0, 8.0], 4, 64), ("a wire", 5.0));
    }
}
