//! Two hundred guests at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use halfgate_meet::Key;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::guest::{Less, SOON};
use crate::server::House;

const GUESTS: usize = 200;

/// What the server may have taken at most with all of them in: two megabytes for each beside what it has anyway.
const MEMORY: u64 = (64 + 2 * GUESTS as u64) << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_guests_at_once_get_right_answers() {
    let keys: Vec<Arc<Key>> = (0..GUESTS).map(|_| Arc::new(Key::generate().unwrap())).collect();
    let house = House::new("100\n", &keys.iter().map(|key| &**key).collect::<Vec<_>>());
    let server = Arc::new(house.serve("--max-sessions 200 --state asked"));
    let before = server.peak();
    let (less, start) = (Arc::new(Less::new()), Arc::new(Barrier::new(GUESTS)));
    let (mut guests, began) = (JoinSet::new(), Instant::now());
    for (value, key) in (0u64..).zip(keys) {
        let (server, less, start) = (Arc::clone(&server), Arc::clone(&less), Arc::clone(&start));
        guests.spawn(async move {
            start.wait().await;
            let began = Instant::now();
            let answer = tokio::time::timeout(SOON, less.ask(&key, &server, &[value])).await;
            assert_eq!(answer.expect("in time").unwrap(), [u64::from(100 < value)], "{value}");
            began.elapsed()
        });
    }
    let mut times: Vec<Duration> = guests.join_all().await;
    times.sort();
    let (took, peak) = (began.elapsed(), server.peak());
    eprintln!(
        "{GUESTS} guests in {took:.2?}: half of them within {:.2?}, 99 of 100 within {:.2?}; the server had {before:?} and \
         then {peak:?} bytes at most",
        times[GUESTS / 2],
        times[GUESTS * 99 / 100],
    );
    assert!(peak.is_none_or(|peak| peak < MEMORY), "{peak:?} bytes");
    let server = Arc::into_inner(server).expect("all guests have left");
    let (code, printed) = server.stop();
    assert_eq!((code, printed.lines().count()), (Some(0), GUESTS));
}
