//! Before an output is opened the caller gets its turn, once in a run: until it has let the run go on, nothing that
//! depends on an output leaves its side.

use std::io;
use std::time::Duration;

use crate::tap::{Log, Way, tapped};
use halfgate::channel::Kind;
use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::{Chunks, Program, compile};
use halfgate::{Blame, Category, Channel, Error, Limits, Security, Session, Terms, library};

const MODES: [Reveal; 4] = [Reveal::Garbler, Reveal::Evaluator, Reveal::Both, Reveal::Shares];

/// A run of one chunk and one of several.
const LANES: [usize; 2] = [3, 2600];

/// Outputs wide enough that a few thousand lanes are several chunks.
fn program() -> Program {
    let program = compile(&library::find("add64").unwrap()).unwrap();
    assert_eq!(Chunks::new(&program, LANES[0]).count(), 1);
    assert!(Chunks::new(&program, LANES[1]).count() > 1);
    program
}

/// How many messages this party has sent that depend on an output.
fn opened(log: &Log, own: Party) -> usize {
    let (way, kind) = match own {
        Party::Garbler => (Way::ToEvaluator, Kind::OutputColours),
        Party::Evaluator => (Way::ToGarbler, Kind::OutputLabels),
    };
    log.lock().unwrap().iter().filter(|(went, frame)| *went == way && frame[0] == kind as u8).count()
}

async fn party(
    channel: Channel,
    own: Party,
    program: &Program,
    lanes: usize,
    reveal: Reveal,
    hook: impl FnOnce() -> io::Result<()>,
) -> Result<Option<Vec<Values>>, Error> {
    let numbers: Vec<u64> = (0..lanes as u64).collect();
    let values = Values::from_u64s(64, &numbers);
    let mine = |party| (party == own).then_some(&values);
    let inputs = [mine(Party::Garbler), mine(Party::Evaluator)];
    let mut session = Session::open(channel, own, Terms::new(Security::SemiHonest)).await?;
    let outputs = session.run_opening(program, lanes, &inputs, reveal, hook).await?;
    session.finish().await?;
    Ok(outputs)
}

/// What both parties get, what they sent, and how often each had opened something when its hook was called.
struct Seen {
    garbler: Result<Option<Vec<Values>>, Error>,
    evaluator: Result<Option<Vec<Values>>, Error>,
    calls: [Vec<usize>; 2],
    sent: [usize; 2],
}

fn run(lanes: usize, reveal: Reveal, failing: Option<Party>) -> Seen {
    let program = program();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut calls = [Vec::new(), Vec::new()];
    let [by_garbler, by_evaluator] = &mut calls;
    let (garbler, evaluator, sent) = runtime.block_on(async {
        let (left, right, log) = tapped(Limits::default(), None);
        let hook = |own, calls: &mut Vec<usize>| {
            // What was sent before is on the wire by then, for the workers carry it.
            std::thread::sleep(Duration::from_millis(30));
            calls.push(opened(&log, own));
            if failing == Some(own) { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
        };
        let (garbler, evaluator) = tokio::join!(
            party(left, Party::Garbler, &program, lanes, reveal, || hook(Party::Garbler, by_garbler)),
            party(right, Party::Evaluator, &program, lanes, reveal, || hook(Party::Evaluator, by_evaluator)),
        );
        (garbler, evaluator, [Party::Garbler, Party::Evaluator].map(|own| opened(&log, own)))
    });
    Seen { garbler, evaluator, calls, sent }
}

#[test]
fn nothing_is_opened_before_the_hook() {
    for (reveal, lanes) in MODES.into_iter().flat_map(|reveal| LANES.map(|lanes| (reveal, lanes))) {
        let seen = run(lanes, reveal, None);
        assert_eq!(seen.calls, [[0], [0]], "{reveal} {lanes}: called once, with nothing opened");
        let learns = |own| reveal == Reveal::Shares || reveal.reaches(own);
        assert_eq!(seen.garbler.unwrap().is_some(), learns(Party::Garbler), "{reveal}");
        assert_eq!(seen.evaluator.unwrap().is_some(), learns(Party::Evaluator), "{reveal}");
        let opens = [reveal.reaches(Party::Evaluator), reveal.reaches(Party::Garbler)];
        assert_eq!(seen.sent.map(|count| count > 0), opens, "{reveal} {lanes}");
    }
}

#[test]
fn a_hook_that_fails_opens_nothing() {
    for (reveal, lanes) in MODES.into_iter().flat_map(|reveal| LANES.map(|lanes| (reveal, lanes))) {
        for (place, own) in [Party::Garbler, Party::Evaluator].into_iter().enumerate() {
            let Seen { garbler, evaluator, calls, sent } = run(lanes, reveal, Some(own));
            assert_eq!(
                (calls[place].len(), sent[place]),
                (1, 0),
                "{reveal} {lanes}: the {own} opened something"
            );
            let (ours, theirs) = match own {
                Party::Garbler => (garbler, evaluator),
                Party::Evaluator => (evaluator, garbler),
            };
            let error = ours.err().expect("its hook fails");
            assert!(error.to_string().contains("were not opened"), "{error}");
            assert_eq!((error.blame(), error.category()), (Blame::Caller, Category::Caller));
            assert_eq!(theirs.err().expect("the session has ended").blame(), Blame::Peer, "{reveal} {lanes}");
        }
    }
}
