//! Wire-trace hashes: with fixed randomness a session sends these very bytes, whatever kernels run it. A refactor
//! leaves them alone; a change of the protocol changes the hash of the messages it touches, and is pinned anew.

use std::collections::BTreeMap;

use crate::tap::{Way, tapped};
use halfgate::channel::Kind;
use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::{Program, compile};
use halfgate::{Backend, Channel, Entropy, Limits, Security, Session, Terms, library};

async fn party(
    channel: Channel,
    own: Party,
    program: &Program,
    backend: Backend,
    calls: &[usize],
    threads: usize,
) {
    let entropy = Entropy::fixed(match own {
        Party::Garbler => 1,
        Party::Evaluator => 2,
    });
    let terms = Terms::new(Security::SemiHonest);
    let (mut session, _) = Session::open_with(channel, own, terms, backend, entropy).await.unwrap();
    session.use_threads(threads).unwrap();
    for &lanes in calls {
        let numbers: Vec<u64> = (0..lanes as u64).map(|lane| lane * 7 + own as u64).collect();
        let values = Values::from_u64s(64, &numbers);
        let mine = |party| (party == own).then_some(&values);
        let inputs = [mine(Party::Garbler), mine(Party::Evaluator)];
        session.run(program, lanes, &inputs, Reveal::Both).await.unwrap();
    }
    session.finish().await.unwrap();
}

/// All frames of a session that runs the program with so many lanes, one after the other.
fn frames(backend: Backend, lanes: &[usize], threads: usize) -> Vec<(Way, Vec<u8>)> {
    let program = compile(&library::find("add64").unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = tapped(Limits::default(), None);
        tokio::join!(
            party(left, Party::Garbler, &program, backend, lanes, threads),
            party(right, Party::Evaluator, &program, backend, lanes, threads)
        );
        log.lock().unwrap().clone()
    })
}

/// One hash per way and kind, so that a difference shows which messages moved.
fn trace(backend: Backend) -> BTreeMap<String, String> {
    let mut hashers = BTreeMap::<String, blake3::Hasher>::new();
    for (way, frame) in frames(backend, &[1, 40], 1) {
        let kind = Kind::ALL[usize::from(frame[0]) - 1];
        let way = if way == Way::ToEvaluator { "->" } else { "<-" };
        hashers.entry(format!("{way} {kind}")).or_default().update(&frame);
    }
    hashers.into_iter().map(|(key, hasher)| (key, hasher.finalize().to_hex()[..16].to_owned())).collect()
}

#[test]
fn the_wire_is_the_same_on_every_backend_and_as_it_was() {
    let pinned = include_str!("trace.pinned");
    for backend in Backend::available() {
        let lines: String =
            trace(backend).iter().map(|(message, hash)| format!("{hash} {message}\n")).collect();
        assert_eq!(lines, pinned, "on {}; left is what was sent", backend.name());
    }
}

/// 700 lanes are six bands of up to 128.
#[test]
fn the_wire_is_the_same_on_any_number_of_threads() {
    let sent = |way, frames: Vec<(Way, Vec<u8>)>| -> Vec<Vec<u8>> {
        frames.into_iter().filter(|(went, _)| *went == way).map(|(_, frame)| frame).collect()
    };
    for way in [Way::ToEvaluator, Way::ToGarbler] {
        let one = sent(way, frames(Backend::detect(), &[700], 1));
        for threads in [2, 3] {
            assert!(sent(way, frames(Backend::detect(), &[700], threads)) == one, "{threads} threads");
        }
    }
}
