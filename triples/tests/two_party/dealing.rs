//! Honest parties: what the dealers deal is what it should be, at the stated price.

use halfgate_triples::{Statistical, TripleError};

use crate::dealers::{check_triples, is_authenticated, pair};

#[tokio::test]
async fn bits_are_authenticated_and_open_to_the_peer() {
    let [(mut ours, mut garbler), (mut theirs, mut evaluator)] = pair(Statistical::Bits40).await;
    for count in [1, 64, 0, 1000, 70_000] {
        let (left, right) = tokio::join!(garbler.bits(&mut ours, count), evaluator.bits(&mut theirs, count));
        let (left, right) = (left.unwrap(), right.unwrap());
        assert_eq!((left.len(), right.len()), (count, count));
        for index in 0..count {
            let bit = left.shares().bit(index) ^ right.shares().bit(index);
            let auths = [left.auths()[index], right.auths()[index]];
            assert!(is_authenticated(auths, bit, [&garbler, &evaluator]), "bit {index} of {count}");
        }
        let lists = [[&left], [&right]];
        let (opened, learned) =
            tokio::join!(garbler.open(&mut ours, &lists[0]), evaluator.learn(&mut theirs, &lists[1]));
        opened.unwrap();
        let whole = left.shares().bits().zip(right.shares().bits()).map(|(left, right)| left ^ right);
        assert!(learned.unwrap().bits().eq(whole));
    }
}

#[tokio::test]
async fn triples_are_products_for_all_bucket_sizes() {
    for (statistical, counts) in [
        (Statistical::Bits40, [1, 2, 7, 30, 90, 400].as_slice()),
        (Statistical::Bits40, [3100].as_slice()),
        (Statistical::Bits64, [1, 12, 600].as_slice()),
    ] {
        let [(mut ours, mut garbler), (mut theirs, mut evaluator)] = pair(statistical).await;
        for &count in counts {
            let (left, right) =
                tokio::join!(garbler.provide(&mut ours, count, 0), evaluator.provide(&mut theirs, count, 0),);
            left.and(right).unwrap();
            check_triples([&mut garbler, &mut evaluator], count);
        }
    }
}

#[tokio::test]
async fn large_blocks_keep_to_215_bytes_per_and() {
    let count = 300_000;
    let [(mut ours, mut garbler), (mut theirs, mut evaluator)] = pair(Statistical::Bits40).await;
    let before = ours.meter();
    let (left, right) =
        tokio::join!(garbler.provide(&mut ours, count, count), evaluator.provide(&mut theirs, count, count),);
    left.and(right).unwrap();
    check_triples([&mut garbler, &mut evaluator], count);
    let after = ours.meter();
    let bytes = after.sent.bytes + after.received.bytes - before.sent.bytes - before.received.bytes;
    let each = bytes as f64 / count as f64;
    // 9 COTs each way at 3.95 bytes, 3 tables each way at 16, 7 bits; a mask, the rows and 5 bits come on top: 41 bytes.
    assert!((165.0..174.0).contains(&each), "{each} bytes per triple");
}

#[tokio::test]
async fn a_failure_ends_the_dealer() {
    let [(mut ours, mut garbler), (theirs, evaluator)] = pair(Statistical::Bits40).await;
    drop((theirs, evaluator));
    assert!(matches!(garbler.bits(&mut ours, 5).await, Err(TripleError::Channel(_) | TripleError::Ot(_))));
    assert!(matches!(garbler.bits(&mut ours, 5).await, Err(TripleError::Destroyed)));
    assert!(matches!(garbler.provide(&mut ours, 5, 0).await, Err(TripleError::Destroyed)));
    assert!(matches!(garbler.take(0), Err(TripleError::Destroyed)));
}
