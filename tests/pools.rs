//! Sessions that use what an earlier one has prepared.

#![cfg(test)]

use std::fs;
use std::path::Path;

use halfgate::channel::{Binding, ChannelError};
use halfgate::{
    Backend, Category, Channel, Entropy, Error, Limits, Meter, Misuse, NewPool, Party, Pool, PoolId,
    PoolSize, Program, Reveal, Security, Session, Statistical, Terms, Values, compile, library, prepare,
};
use halfgate_triples::{PoolError, TripleError};
use tempfile::TempDir;

const MALICIOUS: Security = Security::Malicious { statistical: Statistical::Bits40 };

const PARTIES: [Party; 2] = [Party::Garbler, Party::Evaluator];

fn entropy() -> Entropy {
    Entropy::from_os().unwrap()
}

/// A channel whose ends have proved to be these.
fn pair(keys: [u8; 2]) -> [Channel; 2] {
    let (left, right) = Channel::memory_pair(Limits::default());
    let binding = |own: u8, peer: u8| Binding {
        exporter: vec![9; 32],
        own_key: vec![own; 32],
        peer_key: vec![peer; 32],
    };
    [left.bound_to(binding(keys[0], keys[1])), right.bound_to(binding(keys[1], keys[0]))]
}

fn file(folder: &TempDir, own: Party) -> std::path::PathBuf {
    folder.path().join(own.to_string())
}

fn left_in(folder: &TempDir) -> usize {
    fs::read_dir(folder.path()).unwrap().count()
}

async fn prepare_one(channel: Channel, own: Party, path: &Path, size: PoolSize) -> Result<PoolId, Error> {
    let terms = Terms::for_pool(Statistical::Bits40, size);
    let new = NewPool::create(path).map_err(Error::from)?;
    let prepared = prepare(channel, own, terms, new, Backend::detect(), entropy()).await;
    prepared.map(|(id, _)| id)
}

async fn prepare_both(folder: &TempDir, size: PoolSize) -> PoolId {
    let [left, right] = pair([1, 2]);
    let paths = PARTIES.map(|own| file(folder, own));
    let (garbler, evaluator) = tokio::join!(
        prepare_one(left, PARTIES[0], &paths[0], size),
        prepare_one(right, PARTIES[1], &paths[1], size)
    );
    assert_eq!(garbler.as_ref().unwrap(), evaluator.as_ref().unwrap());
    garbler.unwrap()
}

/// Whether 18 < 19; with a pool if there is one.
async fn compare(channel: Channel, own: Party, pool: Option<Pool>) -> Result<(u64, Meter), Error> {
    let program = program();
    let terms = Terms::new(MALICIOUS);
    let (backend, entropy) = (Backend::detect(), entropy());
    let (mut session, agreed) = match pool {
        Some(pool) => Session::open_prepared(channel, own, terms, pool, backend, entropy).await?,
        None => Session::open_with(channel, own, terms, backend, entropy).await?,
    };
    assert!(agreed.agreement().field("prepared pool").is_some());
    let value = Values::from_u64s(64, &[if own == Party::Garbler { 18 } else { 19 }]);
    let owned: Vec<_> = program.inputs().iter().map(|input| (input.owner == own).then_some(&value)).collect();
    let outputs = session.run(&program, 1, &owned, Reveal::Both).await?.unwrap();
    Ok((outputs[0].to_u64s()[0], session.finish().await?))
}

fn program() -> Program {
    compile(&library::find("lt64").unwrap()).unwrap()
}

async fn both(channels: [Channel; 2], pools: [Option<Pool>; 2]) -> [Result<(u64, Meter), Error>; 2] {
    let ([left, right], [ours, theirs]) = (channels, pools);
    let (garbler, evaluator) =
        tokio::join!(compare(left, PARTIES[0], ours), compare(right, PARTIES[1], theirs));
    [garbler, evaluator]
}

fn opened(folder: &TempDir) -> [Option<Pool>; 2] {
    PARTIES.map(|own| Some(Pool::open(&file(folder, own)).unwrap()))
}

const SIZE: PoolSize = PoolSize { triples: 200, bits: 500 };

#[tokio::test]
async fn a_session_with_a_pool_computes_the_same_with_less_to_do() {
    let folder = TempDir::new().unwrap();
    let id = prepare_both(&folder, SIZE).await;
    assert_eq!(left_in(&folder), 2);
    let pools = opened(&folder);
    assert!(pools.iter().flatten().all(|pool| pool.id() == id && pool.size() == SIZE));
    let with = both(pair([1, 2]), pools).await.map(|result| result.unwrap());
    assert_eq!(left_in(&folder), 0, "a pool is gone with its session");
    let without = both(pair([1, 2]), [None, None]).await.map(|result| result.unwrap());
    for ((answer, meter), (other, usual)) in with.iter().zip(&without) {
        assert_eq!([*answer, *other], [1, 1]);
        assert!(
            meter.sent.bytes * 10 < usual.sent.bytes,
            "{} and {} bytes",
            meter.sent.bytes,
            usual.sent.bytes
        );
    }
}

#[tokio::test]
async fn what_a_pool_lacks_is_made() {
    for size in [PoolSize { triples: 10, bits: 10 }, PoolSize { triples: 0, bits: 0 }] {
        let folder = TempDir::new().unwrap();
        prepare_both(&folder, size).await;
        let results = both(pair([1, 2]), opened(&folder)).await;
        assert!(results.iter().all(|result| result.as_ref().unwrap().0 == 1));
        assert_eq!(left_in(&folder), 0);
    }
}

#[tokio::test]
async fn pools_that_are_no_pair_are_named_and_stay() {
    let folders = [(); 2].map(|()| TempDir::new().unwrap());
    for folder in &folders {
        prepare_both(folder, SIZE).await;
    }
    // Two pools, and a pool on one side only.
    for given in [[true, true], [true, false], [false, true]] {
        let pools = [0, 1]
            .map(|place| given[place].then(|| Pool::open(&file(&folders[place], PARTIES[place])).unwrap()));
        for result in both(pair([1, 2]), pools).await {
            let error = result.unwrap_err();
            assert_eq!(error.category(), Category::Agreement);
            assert!(
                matches!(
                    &error,
                    Error::Channel(ChannelError::Mismatch(mismatch)) if mismatch.field == "prepared pool"
                ),
                "{error}"
            );
        }
        assert_eq!(folders.each_ref().map(left_in), [2, 2]);
    }
    let results = both(pair([1, 2]), opened(&folders[0])).await;
    assert!(results.iter().all(Result::is_ok), "nothing was used up");
}

#[tokio::test]
async fn a_pool_is_for_the_peer_that_it_was_prepared_with() {
    let folder = TempDir::new().unwrap();
    prepare_both(&folder, SIZE).await;
    let pool = Pool::open(&file(&folder, Party::Garbler)).unwrap();
    let [left, right] = pair([1, 3]);
    let (ours, theirs) =
        tokio::join!(compare(left, Party::Garbler, Some(pool)), compare(right, Party::Evaluator, None));
    let error = ours.unwrap_err();
    assert!(matches!(error, Error::Preparation(TripleError::Pool(PoolError::OtherPeer { .. }))), "{error}");
    assert_eq!(error.category(), Category::Identity);
    assert!(matches!(theirs, Err(Error::Channel(ChannelError::PeerAborted))));
    assert_eq!(left_in(&folder), 2);
}

#[tokio::test]
async fn semi_honest_sessions_have_no_use_for_pools() {
    let folder = TempDir::new().unwrap();
    prepare_both(&folder, SIZE).await;
    let pool = Pool::open(&file(&folder, Party::Garbler)).unwrap();
    let [left, _right] = pair([1, 2]);
    let terms = Terms::new(Security::SemiHonest);
    let session =
        Session::open_prepared(left, Party::Garbler, terms, pool, Backend::detect(), entropy()).await;
    assert!(matches!(session, Err(Error::Misuse(Misuse::NothingToPrepare))));
    assert_eq!(left_in(&folder), 2);
}

#[tokio::test]
async fn who_prepares_different_amounts_hears_it() {
    let folder = TempDir::new().unwrap();
    let [left, right] = pair([1, 2]);
    let paths = PARTIES.map(|own| file(&folder, own));
    let other = PoolSize { triples: 201, ..SIZE };
    let (garbler, evaluator) = tokio::join!(
        prepare_one(left, PARTIES[0], &paths[0], SIZE),
        prepare_one(right, PARTIES[1], &paths[1], other)
    );
    for result in [garbler, evaluator] {
        let Err(Error::Channel(ChannelError::Mismatch(mismatch))) = result else { panic!("{result:?}") };
        assert_eq!(mismatch.field, "triples to prepare");
    }
    assert_eq!(left_in(&folder), 0);
    let [left, _right] = pair([1, 2]);
    let new = NewPool::create(&paths[0]).unwrap();
    let result =
        prepare(left, Party::Garbler, Terms::new(MALICIOUS), new, Backend::detect(), entropy()).await;
    assert!(matches!(result, Err(Error::Misuse(Misuse::NoPoolTerms))));
}
