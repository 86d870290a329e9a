//! Wire-trace hashes: with fixed randomness a session sends these very bytes, whatever kernels run it. A refactor
//! leaves them alone; a change of the protocol changes the hash of the messages it touches, and is pinned anew.

use std::collections::BTreeMap;

use crate::tap::{Way, tapped};
use halfgate::channel::Kind;
use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::{Program, compile};
use halfgate::{Backend, Channel, Entropy, Limits, Security, Session, Terms, library};

async fn party(channel: Channel, own: Party, program: &Program, backend: Backend) {
    let entropy = Entropy::fixed(match own {
        Party::Garbler => 1,
        Party::Evaluator => 2,
    });
    let terms = Terms::new(Security::SemiHonest);
    let (mut session, _) = Session::open_with(channel, own, terms, backend, entropy).await.unwrap();
    for lanes in [1, 40] {
        let numbers: Vec<u64> = (0..lanes as u64).map(|lane| lane * 7 + own as u64).collect();
        let values = Values::from_u64s(64, &numbers);
        let mine = |party| (party == own).then_some(&values);
        let inputs = [mine(Party::Garbler), mine(Party::Evaluator)];
        session.run(program, lanes, &inputs, Reveal::Both).await.unwrap();
    }
    session.finish().await.unwrap();
}

/// One hash per way and kind, so that a difference shows which messages moved.
fn trace(backend: Backend) -> BTreeMap<String, String> {
    let program = compile(&library::find("add64").unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let frames = runtime.block_on(async {
        let (left, right, log) = tapped(Limits::default(), None);
        tokio::join!(
            party(left, Party::Garbler, &program, backend),
            party(right, Party::Evaluator, &program, backend)
        );
        log.lock().unwrap().clone()
    });
    let mut hashers = BTreeMap::<String, blake3::Hasher>::new();
    for (way, frame) in frames {
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
