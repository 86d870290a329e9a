//! Pools that one session prepares and another uses.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use halfgate_channel::{Channel, Limits};
use halfgate_circuits::Party;
use halfgate_crypto::{Backend, Entropy, SessionId};
use halfgate_triples::{
    AuthBits, Dealer, NewPool, Pool, PoolError, PoolId, PoolSize, Statistical, TripleError,
};
use tempfile::TempDir;

use crate::dealers::{self, check_triples, is_authenticated};
use crate::tampering::{Tampering, line};

/// What each side knows the other by.
pub(crate) const PEERS: [[u8; 32]; 2] = [[21; 32], [22; 32]];

pub(crate) const PARTIES: [Party; 2] = [Party::Garbler, Party::Evaluator];

/// The files of both sides.
pub(crate) struct Files {
    folder: TempDir,
}

impl Files {
    pub(crate) fn new() -> Self {
        Files { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, own: Party) -> PathBuf {
        self.folder.path().join(format!("{own}.pool"))
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub(crate) const BOTH: [&str; 2] = ["evaluator.pool", "garbler.pool"];

/// One side's preparing session.
async fn prepare(
    mut channel: Channel,
    own: Party,
    path: &Path,
    size: PoolSize,
    seed: u64,
) -> Result<PoolId, TripleError> {
    let new = NewPool::create(path)?;
    let sid = SessionId::new([seed as u8; 32]);
    let entropy = Entropy::fixed(2 * seed + u64::from(own == Party::Garbler));
    let dealer =
        Dealer::start(&mut channel, sid, own, Statistical::Bits40, Backend::detect(), entropy).await?;
    let id = dealer.prepare(&mut channel, new, size, PEERS[own as usize]).await?;
    channel.flush().await?;
    Ok(id)
}

/// Prepares both halves of a pool.
pub(crate) async fn prepare_both(files: &Files, size: PoolSize, seed: u64) -> PoolId {
    let (ours, theirs) = Channel::memory_pair(Limits::default());
    let paths = PARTIES.map(|own| files.path(own));
    let (left, right) = tokio::join!(
        prepare(ours, Party::Garbler, &paths[0], size, seed),
        prepare(theirs, Party::Evaluator, &paths[1], size, seed),
    );
    assert_eq!(left.as_ref().unwrap(), right.as_ref().unwrap());
    left.unwrap()
}

/// Starts a later session with a pool.
pub(crate) async fn start(channel: &mut Channel, own: Party, path: &Path) -> Result<Dealer, TripleError> {
    let prepared = Pool::open(path)?.meant_for(own, Statistical::Bits40, &PEERS[own as usize])?;
    let entropy = Entropy::fixed(50 + own as u64);
    Dealer::start_prepared(channel, SessionId::new([99; 32]), prepared, Backend::detect(), entropy).await
}

pub(crate) async fn start_both(files: &Files) -> [(Channel, Dealer); 2] {
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    let paths = PARTIES.map(|own| files.path(own));
    let (garbler, evaluator) = tokio::join!(
        start(&mut ours, Party::Garbler, &paths[0]),
        start(&mut theirs, Party::Evaluator, &paths[1])
    );
    [(ours, garbler.unwrap()), (theirs, evaluator.unwrap())]
}

async fn check_bits([garbler, evaluator]: &mut [(Channel, Dealer); 2], count: usize) {
    let ours = garbler.1.bits(&mut garbler.0, count);
    let theirs = evaluator.1.bits(&mut evaluator.0, count);
    let (ours, theirs): (Result<AuthBits, _>, Result<AuthBits, _>) = tokio::join!(ours, theirs);
    let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
    assert_eq!([ours.len(), theirs.len()], [count; 2]);
    let mut ones = 0;
    for index in 0..count {
        let bit = ours.shares().bit(index) ^ theirs.shares().bit(index);
        let auths = [ours.auths()[index], theirs.auths()[index]];
        assert!(is_authenticated(auths, bit, [&garbler.1, &evaluator.1]), "bit {index} of {count}");
        ones += usize::from(bit);
    }
    assert!(count < 64 || (count / 3..count).contains(&ones), "{ones} ones of {count}");
    // Opened under the id of the later session.
    let (ours, theirs) = ([&ours], [&theirs]);
    let (opened, learned) =
        tokio::join!(garbler.1.open(&mut garbler.0, &ours), evaluator.1.learn(&mut evaluator.0, &theirs));
    opened.unwrap();
    assert_eq!(learned.unwrap().bits().filter(|&bit| bit).count(), ones);
}

async fn provide([garbler, evaluator]: &mut [(Channel, Dealer); 2], count: usize, expected: usize) {
    let (left, right) = tokio::join!(
        garbler.1.provide(&mut garbler.0, count, expected),
        evaluator.1.provide(&mut evaluator.0, count, expected)
    );
    left.and(right).unwrap();
    check_triples([&mut garbler.1, &mut evaluator.1], count);
}

fn sent(dealers: &[(Channel, Dealer); 2]) -> u64 {
    dealers.iter().map(|(channel, _)| channel.meter().sent.bytes).sum()
}

#[tokio::test]
async fn a_pool_is_used_first_and_then_more_is_made() {
    let files = Files::new();
    let size = PoolSize { triples: 5000, bits: 20_000 };
    let id = prepare_both(&files, size, 1).await;
    assert_eq!(files.names(), BOTH);
    for own in PARTIES {
        let metadata = fs::metadata(files.path(own)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        // With 40 bits for a set-up behind it.
        let stored = PoolSize { bits: size.bits + 40, ..size };
        assert_eq!(Some(metadata.len()), stored.file_length());
        let pool = Pool::open(&files.path(own)).unwrap();
        assert_eq!((pool.id(), pool.size(), pool.party()), (id, size, own));
    }
    let mut dealers = start_both(&files).await;
    let before = sent(&dealers);
    for count in [1, 63, 4032, 0, 5] {
        provide(&mut dealers, count, 5000).await;
    }
    assert_eq!(sent(&dealers), before, "triples of the pool cost nothing");
    for count in [1, 64, 0, 16_000, 700, 3000] {
        check_bits(&mut dealers, count).await;
    }
    assert!(sent(&dealers) - before < 3000, "bits of the pool cost only their opening");
    // 899 triples and 235 bits are left.
    provide(&mut dealers, 1000, 0).await;
    check_bits(&mut dealers, 1000).await;
    check_bits(&mut dealers, 10).await;
    provide(&mut dealers, 50, 0).await;
    assert_eq!(files.names(), BOTH, "it is there as long as the session is");
    drop(dealers);
    assert_eq!(files.names(), [""; 0], "nothing is left of it");
}

#[tokio::test]
async fn pools_of_one_kind_or_of_nothing_work() {
    for size in [
        PoolSize { triples: 100, bits: 0 },
        PoolSize { triples: 0, bits: 100 },
        PoolSize { triples: 0, bits: 0 },
        PoolSize { triples: 4096, bits: 16_384 },
    ] {
        let files = Files::new();
        prepare_both(&files, size, 2).await;
        let mut dealers = start_both(&files).await;
        provide(&mut dealers, 70, 0).await;
        check_bits(&mut dealers, 70).await;
    }
}

#[tokio::test]
async fn a_session_that_fails_destroys_its_pool_at_once() {
    let files = Files::new();
    prepare_both(&files, PoolSize { triples: 10, bits: 10 }, 3).await;
    let [(mut ours, mut garbler), (theirs, evaluator)] = start_both(&files).await;
    drop((theirs, evaluator));
    assert_eq!(files.names(), ["garbler.pool"]);
    assert!(garbler.bits(&mut ours, 11).await.is_err(), "nobody is there to make another");
    assert_eq!(files.names(), [""; 0]);
    assert!(matches!(garbler.bits(&mut ours, 1).await, Err(TripleError::Destroyed)));
    assert!(matches!(garbler.take(0), Err(TripleError::Destroyed)));
}

#[tokio::test]
async fn different_pools_end_both_sides_and_are_destroyed() {
    let (files, others) = (Files::new(), Files::new());
    let size = PoolSize { triples: 20, bits: 20 };
    let ids = [prepare_both(&files, size, 4).await, prepare_both(&others, size, 5).await];
    assert_ne!(ids[0], ids[1]);
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    let paths = [files.path(Party::Garbler), others.path(Party::Evaluator)];
    let (garbler, evaluator) = tokio::join!(
        start(&mut ours, Party::Garbler, &paths[0]),
        start(&mut theirs, Party::Evaluator, &paths[1])
    );
    for result in [garbler, evaluator] {
        assert!(matches!(result, Err(TripleError::Pool(PoolError::Different))));
    }
    assert_eq!((files.names(), others.names()), (vec![BOTH[0].to_owned()], vec![BOTH[1].to_owned()]));
}

/// Waits for something of the peer, and hangs up.
async fn start_and_learn(mut channel: Channel, own: Party, path: &Path) -> Result<(), TripleError> {
    let mut dealer = start(&mut channel, own, path).await?;
    let bits = dealer.bits(&mut channel, 3).await?;
    dealer.learn(&mut channel, &[&bits]).await.map(|_| ())
}

#[tokio::test]
async fn unequal_offsets_end_both_sides_and_destroy_the_pool() {
    for sender in 0..2 {
        let files = Files::new();
        prepare_both(&files, PoolSize { triples: 20, bits: 20 }, 6).await;
        // Place 15 is the last byte, of the offset.
        let ([ours, theirs], _) = line(Some(Tampering { sender, message: 0, place: 15 }));
        let paths = PARTIES.map(|own| files.path(own));
        let (garbler, evaluator) = tokio::join!(
            start_and_learn(ours, Party::Garbler, &paths[0]),
            start_and_learn(theirs, Party::Evaluator, &paths[1])
        );
        let results = [garbler, evaluator];
        assert!(matches!(results[1 - sender], Err(TripleError::Pool(PoolError::Different))), "{results:?}");
        assert!(matches!(results[sender], Err(TripleError::Channel(_))), "{results:?}");
        assert_eq!(files.names(), [""; 0]);
    }
}

#[tokio::test]
async fn whatever_is_changed_while_a_pool_is_prepared_there_is_none_on_both_sides() {
    let size = PoolSize { triples: 30, bits: 30 };
    let run = async |tampering| {
        let files = Files::new();
        let ([ours, theirs], mut passed) = line(tampering);
        let paths = PARTIES.map(|own| files.path(own));
        let (left, right) = tokio::join!(
            prepare(ours, Party::Garbler, &paths[0], size, 7),
            prepare(theirs, Party::Evaluator, &paths[1], size, 7)
        );
        let mut count = [0; 2];
        while let Ok(message) = passed.try_recv() {
            count[message.sender] += 1;
        }
        ([left, right], files.names(), count)
    };
    let (honest, names, counts) = run(None).await;
    assert!(honest.iter().all(Result::is_ok));
    assert_eq!(names, BOTH);
    for (sender, count) in counts.into_iter().enumerate() {
        for message in 0..count {
            let (results, names, _) = run(Some(Tampering { sender, message, place: 7 })).await;
            assert!(results.iter().any(Result::is_err), "message {message} of {sender} went unnoticed");
            let kept: Vec<_> = [1, 0].into_iter().filter(|&party| results[party].is_ok()).collect();
            let expected: Vec<_> = kept.into_iter().map(|party| BOTH[1 - party]).collect();
            assert_eq!(names, expected, "message {message} of {sender}: {results:?}");
        }
    }
}

#[tokio::test]
async fn a_dealer_without_a_pool_does_not_meet_one_with_a_pool() {
    let files = Files::new();
    prepare_both(&files, PoolSize { triples: 20, bits: 20 }, 8).await;
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    let path = files.path(Party::Garbler);
    let (garbler, evaluator) = tokio::join!(
        start(&mut ours, Party::Garbler, &path),
        dealers::start(&mut theirs, Party::Evaluator, Statistical::Bits40, Backend::detect())
    );
    assert!(matches!(garbler, Err(TripleError::Channel(_))));
    assert!(matches!(evaluator, Err(TripleError::Channel(_))));
    assert_eq!(files.names(), [BOTH[0]]);
}
