//! Wire-trace hashes of this mode: with fixed randomness a session sends these very bytes, whatever kernels run it. A
//! change of the protocol changes the hash of the messages it touches, and is pinned anew.

use std::collections::BTreeMap;

use halfgate::circuits::{Party, Values};
use halfgate::{Backend, compile, library};

use crate::pair::{Job, numbers};

/// One hash per sender and kind, so that a difference shows which messages moved.
fn trace(backend: Backend, lanes: usize) -> String {
    let program = compile(&library::find("add64").unwrap()).unwrap();
    let values = [3, 5].map(|step| {
        Values::from_u64s(64, &(0..lanes as u64).map(|lane| ((lane + 1) * step) << 40).collect::<Vec<_>>())
    });
    let (answers, log) = Job { backend, ..Job::new(&program, &values) }.run(None);
    assert_eq!(numbers(&answers[0])[lanes - 1], (lanes as u64) << 43);
    let mut hashers = BTreeMap::<String, blake3::Hasher>::new();
    for message in log.messages() {
        let way = if message.sender == Party::Garbler { "->" } else { "<-" };
        let hasher = hashers.entry(format!("{way} {}", message.kind)).or_default();
        hasher.update(&(message.payload.len() as u64).to_le_bytes()).update(&message.payload);
    }
    let lines = hashers.into_iter().map(|(key, hasher)| (key, hasher.finalize().to_hex()[..16].to_owned()));
    lines.map(|(message, hash)| format!("{hash} {lanes} lanes {message}\n")).collect()
}

#[test]
fn the_wire_is_the_same_on_every_backend_and_as_it_was() {
    let pinned = include_str!("trace.pinned");
    for backend in Backend::available() {
        let lines = trace(backend, 1) + &trace(backend, 40);
        assert_eq!(lines, pinned, "on {}; left is what was sent", backend.name());
    }
}
