//! Gate ids are never used twice while Δ lives (D13): not in a later call, not in another lane.

use std::collections::HashSet;

use halfgate::channel::Kind;
use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::compile;
use halfgate::{Limits, Security, Session, Terms, library};

use crate::tap::{HEADER, tapped};

const CALLS: usize = 4;
const LANES: usize = 20;

/// The rows of several calls of one program on the same values, call by call.
fn rows_of_equal_calls() -> Vec<Vec<[u8; 32]>> {
    let program = &compile(&library::find("lt64").unwrap()).unwrap();
    let play = async |mut session: Session| {
        let values = Values::new(64, LANES);
        let (a, b) = match session.party() {
            Party::Garbler => {
                (session.input(&values).await.unwrap(), session.peer_input(64, LANES).await.unwrap())
            }
            Party::Evaluator => {
                (session.peer_input(64, LANES).await.unwrap(), session.input(&values).await.unwrap())
            }
        };
        for _ in 0..CALLS {
            let less = session.call(program, &[&a, &b]).await.unwrap().remove(0);
            session.reveal(&less, Reveal::Evaluator).await.unwrap();
        }
        session.finish().await.unwrap();
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let frames = runtime.block_on(async {
        let (left, right, log) = tapped(Limits::default(), None);
        let terms = || Terms::new(Security::SemiHonest);
        tokio::join!(
            async { play(Session::open(left, Party::Garbler, terms()).await.unwrap()).await },
            async { play(Session::open(right, Party::Evaluator, terms()).await.unwrap()).await }
        );
        log.lock().unwrap().clone()
    });
    let rows = frames.iter().filter(|(_, frame)| frame[0] == Kind::Rows as u8);
    let rows: Vec<[u8; 32]> =
        rows.flat_map(|(_, frame)| frame[HEADER..].as_chunks::<32>().0.to_vec()).collect();
    rows.chunks(rows.len() / CALLS).map(<[_]>::to_vec).collect()
}

/// With equal labels and equal tweaks, the same AND of two calls would give the same ciphertexts, or ones that differ
/// by Δ: the differences would repeat. With tweaks of their own they are as good as random.
#[test]
fn calls_on_the_same_values_share_no_ciphertext_and_no_difference() {
    let calls = rows_of_equal_calls();
    assert_eq!(calls.iter().map(Vec::len).collect::<Vec<_>>(), [64 * LANES; CALLS]);
    let mut seen = HashSet::new();
    let mut ciphertexts = HashSet::new();
    for (index, call) in calls.iter().enumerate() {
        for (gate, row) in call.iter().enumerate() {
            for half in 0..2 {
                let ciphertext =
                    |row: &[u8; 32]| u128::from_le_bytes(row[16 * half..][..16].try_into().unwrap());
                assert!(ciphertexts.insert(ciphertext(row)), "a ciphertext came twice");
                for earlier in &calls[..index] {
                    let difference = ciphertext(row) ^ ciphertext(&earlier[gate]);
                    assert!(seen.insert(difference), "AND {gate} of two calls differs as another one does");
                }
            }
        }
    }
}
