//! The estimate against real sessions: bytes and messages as their meters count them, round trips as a slow line does.

#![cfg(test)]

#[path = "support/slow_line.rs"]
mod slow_line;

use halfgate::channel::Kind;
use halfgate::circuits::{Circuit, Party, Reveal, Values};
use halfgate::compiler::Program;
use halfgate::compiler::random::{self, Shape};
use halfgate::estimate::{Cost, Forecast, cost};
use halfgate::{
    Backend, Channel, Entropy, Limits, Meter, NewPool, Pool, PoolSize, Security, Session, Statistical, Terms,
    compile, library, prepare,
};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use slow_line::{DELAY, slow_line};

const REVEALS: [Reveal; 4] = [Reveal::Both, Reveal::Garbler, Reveal::Evaluator, Reveal::Shares];

/// The runs of a session, one after the other.
type Runs<'a> = &'a [(&'a Program, usize, Reveal)];

async fn party(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    own: Party,
    terms: Terms,
    pool: Option<Pool>,
    runs: Runs<'_>,
) -> (f64, Meter) {
    let began = Instant::now();
    let channel = Channel::over(stream, Limits::default());
    let (backend, entropy) = (Backend::detect(), Entropy::from_os().unwrap());
    let opened = match pool {
        Some(pool) => Session::open_prepared(channel, own, terms, pool, backend, entropy).await,
        None => Session::open_with(channel, own, terms, backend, entropy).await,
    };
    let (mut session, _) = opened.unwrap();
    for &(program, lanes, to) in runs {
        let groups = program.inputs().iter();
        let values: Vec<_> =
            groups.map(|input| (input.owner == own).then(|| Values::new(input.group.width, lanes))).collect();
        let values: Vec<_> = values.iter().map(Option::as_ref).collect();
        session.run(program, lanes, &values, to).await.unwrap();
    }
    let meter = session.finish().await.unwrap();
    (began.elapsed().as_secs_f64(), meter)
}

fn forecast(terms: &Terms, pool: Option<PoolSize>, runs: Runs<'_>) -> Forecast {
    let begin = Forecast::new(terms, 0).unwrap();
    let begin = pool.into_iter().fold(begin, |forecast, size| forecast.prepared(size));
    runs.iter().fold(begin, |forecast, &(program, lanes, to)| forecast.run(program, lanes, to).unwrap())
}

/// Runs a session on a slow line, whose clock computing does not move, and compares all figures.
fn check(what: &str, terms: &Terms, runs: Runs<'_>) -> Cost {
    let cost = forecast(terms, None, runs).cost();
    compare(what, &cost, terms, [None, None], runs);
    cost
}

fn compare(what: &str, cost: &Cost, terms: &Terms, [ours, theirs]: [Option<Pool>; 2], runs: Runs<'_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let [(garbler_time, garbler), (evaluator_time, evaluator)] = runtime.unwrap().block_on(async {
        let (left, right) = slow_line();
        let garbler = party(left, Party::Garbler, terms.clone(), ours, runs);
        let evaluator = party(right, Party::Evaluator, terms.clone(), theirs, runs);
        tokio::join!(garbler, evaluator).into()
    });
    assert_eq!(cost.sent(Party::Garbler), garbler.sent, "{what}: the garbler sends");
    assert_eq!(cost.sent(Party::Garbler), evaluator.received, "{what}: the evaluator receives");
    assert_eq!(cost.sent(Party::Evaluator), evaluator.sent, "{what}: the evaluator sends");
    assert_eq!(cost.sent(Party::Evaluator), garbler.received, "{what}: the garbler receives");
    let halves = garbler_time.max(evaluator_time) / DELAY.as_secs_f64();
    assert!(
        (halves - cost.half_round_trips() as f64).abs() < 0.05,
        "{what}: {halves}, not {}",
        cost.half_round_trips()
    );
}

fn check_run(what: &str, circuit: &Circuit, lanes: usize, to: Reveal) -> Cost {
    check_mode(Security::SemiHonest, what, circuit, lanes, to)
}

fn check_mode(mode: Security, what: &str, circuit: &Circuit, lanes: usize, to: Reveal) -> Cost {
    let program = compile(circuit).unwrap();
    let terms = Terms::for_run(mode, circuit, &program, Some(lanes as u64), to);
    let cost = check(&format!("{what}, {mode}, {lanes} lanes, to {to}"), &terms, &[(&program, lanes, to)]);
    assert_eq!(
        self::cost(&program, lanes, to, &terms).unwrap().sent(Party::Garbler),
        cost.sent(Party::Garbler)
    );
    cost
}

#[test]
fn every_lane_count_and_every_reveal() {
    let circuit = library::find("lt64").unwrap();
    for lanes in [1, 2, 31, 32, 33, 127, 128, 129, 1000, 2016, 2017, 9000] {
        for to in REVEALS {
            check_run("lt64", &circuit, lanes, to);
        }
    }
    for to in [Reveal::Both, Reveal::Shares] {
        check_run("lt64", &circuit, 70_000, to);
    }
}

#[test]
fn round_trips_are_those_of_the_delayed_line() {
    let circuit = library::find("lt64").unwrap();
    let trips = |lanes, to| check_run("lt64", &circuit, lanes, to).round_trips();
    assert_eq!(trips(1, Reveal::Both), 3.0);
    assert_eq!(trips(1000, Reveal::Both), 4.0);
    // Three chunks are under way at a time, and these are ten.
    assert_eq!(trips(20_000, Reveal::Both), 7.0);
    assert_eq!(REVEALS.map(|to| trips(1, to)), [3.0, 3.0, 2.5, 2.5]);
}

#[test]
fn many_library_circuits() {
    let names = ["eq8", "add32", "mul64", "sub128", "aes128", "sha256", "lt2048", "sort16x8"];
    let circuits = names.iter().filter_map(|name| Some((name, library::find(name).ok()?)));
    let mut tried = 0;
    for (name, circuit) in circuits {
        for lanes in [1, 3, 40] {
            check_run(name, &circuit, lanes, Reveal::Both);
        }
        check_run(name, &circuit, 700, Reveal::Garbler);
        tried += 1;
    }
    assert!(tried >= 6, "only {tried} of the circuits exist");
}

#[test]
fn one_party_may_own_everything() {
    for owner in [Party::Garbler, Party::Evaluator] {
        let circuit = library::find("add32").unwrap();
        let circuit = (0..2).fold(circuit, |circuit, group| circuit.with_owner(group, owner).unwrap());
        for lanes in [1, 2, 5000] {
            for to in REVEALS {
                check_run(&format!("all of the {owner}"), &circuit, lanes, to);
            }
        }
    }
}

#[test]
fn widths_that_change_the_plan() {
    let owned = |seed, inputs: Vec<u32>, outputs: Vec<u32>| {
        let circuit = random::circuit(seed, &Shape { inputs, gates: 2_000, outputs });
        circuit.with_owner(0, Party::Garbler).unwrap().with_owner(1, Party::Evaluator).unwrap()
    };
    // Outputs of more than one message, inputs too wide to look ahead, and chunks with few bits of the evaluator.
    check_run("wide outputs", &owned(4, vec![8, 8], vec![1 << 19]), 17, Reveal::Both);
    check_run("wide outputs", &owned(4, vec![8, 8], vec![1 << 19]), 40, Reveal::Garbler);
    check_run("wide inputs", &owned(1, vec![8, 1 << 15], vec![64]), 40, Reveal::Both);
    check_run("few bits", &owned(6, vec![1 << 15, 3], vec![8]), 70, Reveal::Both);
}

#[test]
fn random_circuits() {
    for seed in 0..40 {
        let circuit = random::circuit(seed, &Shape::of_seed(seed));
        check_run(
            &format!("seed {seed}"),
            &circuit,
            1 + (seed as usize * 37) % 200,
            REVEALS[seed as usize % 4],
        );
    }
}

/// The second run finds a part of the direct OTs used up, the third needs the extension, the fourth has its rows left over.
#[test]
fn runs_of_one_session_share_its_transfers() {
    let lt = compile(&library::find("lt64").unwrap()).unwrap();
    let add = compile(&library::find("add32").unwrap()).unwrap();
    let terms = Terms::new(Security::SemiHonest).with("purpose", "a test");
    let runs = [(&lt, 1), (&add, 1), (&lt, 1), (&add, 9), (&lt, 5000), (&add, 1)];
    let runs = runs.map(|(program, lanes)| (program, lanes, Reveal::Both));
    for count in 0..=runs.len() {
        check(&format!("{count} runs"), &terms, &runs[..count]);
    }
}

const MALICIOUS: [Security; 2] = [
    Security::Malicious { statistical: Statistical::Bits40 },
    Security::Malicious { statistical: Statistical::Bits64 },
];

#[test]
fn malicious_sessions_of_every_size_and_reveal() {
    let circuit = library::find("lt64").unwrap();
    for mode in MALICIOUS {
        for to in REVEALS {
            check_mode(mode, "lt64", &circuit, 1, to);
            check_mode(mode, "lt64", &circuit, 33, to);
        }
    }
    // More than one chunk, and one portion after the other.
    check_mode(MALICIOUS[0], "lt64", &circuit, 2500, Reveal::Both);
    for (name, lanes) in [("eq8", 1), ("mul64", 3), ("aes128", 40), ("sha256", 1), ("sort16x8", 7)] {
        if let Ok(circuit) = library::find(name) {
            check_mode(MALICIOUS[0], name, &circuit, lanes, Reveal::Both);
            check_mode(MALICIOUS[1], name, &circuit, lanes, Reveal::Garbler);
        }
    }
}

#[test]
fn random_circuits_in_the_malicious_mode() {
    for seed in 0..12 {
        let circuit = random::circuit(seed, &Shape::of_seed(seed));
        let (lanes, to) = (1 + (seed as usize * 37) % 60, REVEALS[seed as usize % 4]);
        check_mode(MALICIOUS[seed as usize % 2], &format!("seed {seed}"), &circuit, lanes, to);
    }
}

/// Later runs find triples and rows left over.
#[test]
fn runs_of_a_malicious_session_share_its_stock() {
    let lt = compile(&library::find("lt64").unwrap()).unwrap();
    let add = compile(&library::find("add32").unwrap()).unwrap();
    let runs = [(&lt, 1), (&add, 1), (&lt, 9), (&add, 200), (&lt, 1)];
    let runs = runs.map(|(program, lanes)| (program, lanes, Reveal::Both));
    for mode in MALICIOUS {
        for count in [0, 2, runs.len()] {
            check(&format!("{mode}, {count} runs"), &Terms::new(mode), &runs[..count]);
        }
    }
}

/// Both halves of a pool, in a folder that has to live as long.
fn prepared(statistical: Statistical, size: PoolSize) -> (TempDir, [Pool; 2]) {
    let folder = TempDir::new().unwrap();
    let one = |channel, own: Party| {
        let path = folder.path().join(own.to_string());
        let (terms, backend) = (Terms::for_pool(statistical, size), Backend::detect());
        async move {
            let entropy = Entropy::from_os().unwrap();
            let new = NewPool::create(&path).unwrap();
            prepare(channel, own, terms, new, backend, entropy).await.unwrap();
            Pool::open(&path).unwrap()
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pools = runtime.block_on(async {
        let (left, right) = Channel::memory_pair(Limits::default());
        tokio::join!(one(left, Party::Garbler), one(right, Party::Evaluator)).into()
    });
    (folder, pools)
}

fn check_pool(mode: Security, size: PoolSize, runs: Runs<'_>) -> Cost {
    let Security::Malicious { statistical } = mode else { panic!("{mode} takes no pool") };
    let (_folder, pools) = prepared(statistical, size);
    let terms = Terms::new(mode).with("purpose", "a test");
    let cost = forecast(&terms.clone().prepared(pools[0].id()), Some(pools[0].size()), runs).cost();
    compare(&format!("{mode}, a pool of {size:?}"), &cost, &terms, pools.map(Some), runs);
    cost
}

#[test]
fn a_pool_leaves_so_much_to_do() {
    let circuit = library::find("lt64").unwrap();
    let program = compile(&circuit).unwrap();
    for (mode, lanes, to) in [
        (MALICIOUS[0], 1, Reveal::Both),
        (MALICIOUS[1], 1, Reveal::Shares),
        (MALICIOUS[0], 33, Reveal::Evaluator),
        (MALICIOUS[0], 1200, Reveal::Garbler),
    ] {
        let runs = [(&program, lanes, to)];
        let all = forecast(&Terms::new(mode), None, &runs).pool();
        let ands = (program.and_count() * lanes) as u64;
        assert_eq!(all, PoolSize { triples: ands, bits: ands + 128 * lanes as u64 });
        let enough = check_pool(mode, all, &runs);
        let kinds =
            |cost: &Cost| cost.sent_by_kind(Party::Garbler).iter().map(|(kind, _)| *kind).collect::<Vec<_>>();
        assert!(!kinds(&enough).iter().any(|kind| matches!(kind, Kind::BaseOtPoints | Kind::OtBatch)));
        let less =
            [(1, 0), (0, 1), (0, 100), (all.triples, 0), (0, all.bits), (all.triples / 2, all.bits / 3)];
        for (triples, bits) in less {
            let lacking = PoolSize { triples: all.triples - triples, bits: all.bits.saturating_sub(bits) };
            let cost = check_pool(mode, lacking, &runs);
            assert!(kinds(&cost).contains(&Kind::BaseOtPoints), "{lacking:?}");
        }
    }
}

#[test]
fn runs_of_a_session_share_a_pool() {
    let lt = compile(&library::find("lt64").unwrap()).unwrap();
    let add = compile(&library::find("add32").unwrap()).unwrap();
    let runs = [(&lt, 1), (&add, 1), (&lt, 9), (&add, 200), (&lt, 1)];
    let runs = runs.map(|(program, lanes)| (program, lanes, Reveal::Both));
    for mode in MALICIOUS {
        let all = forecast(&Terms::new(mode), None, &runs).pool();
        for part in [0, 3, 9, 10] {
            let size = PoolSize { triples: all.triples * part / 10, bits: all.bits * part / 10 };
            check_pool(mode, size, &runs);
        }
    }
}

#[test]
fn short_runs_are_told_from_long_ones() {
    let program = compile(&library::find("lt64").unwrap()).unwrap();
    let is_short =
        |mode, lanes| forecast(&Terms::new(mode), None, &[(&program, lanes, Reveal::Both)]).is_short();
    for mode in [Security::SemiHonest, MALICIOUS[0]] {
        assert!(is_short(mode, 1) && !is_short(mode, 100_000) && !is_short(mode, 1 << 25));
    }
}
