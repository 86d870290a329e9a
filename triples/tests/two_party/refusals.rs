//! Pools that must not be used.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;

use halfgate_channel::{Category, Channel, Kind, Length, Limits};
use halfgate_circuits::Party;
use halfgate_triples::{NewPool, Pool, PoolError, PoolSize, Statistical, TripleError};

use crate::pools::{BOTH, Files, PARTIES, PEERS, prepare_both, start, start_both};

const SIZE: PoolSize = PoolSize { triples: 60, bits: 90 };

fn refusal(path: &Path) -> PoolError {
    Pool::open(path).err().expect("a refusal")
}

/// Changes one byte of a file.
fn damage(path: &Path, at: u64) {
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 0x10], at).unwrap();
}

#[tokio::test]
async fn a_pool_serves_one_session_whatever_becomes_of_it() {
    let files = Files::new();
    prepare_both(&files, SIZE, 31).await;
    let [garbler, evaluator] = start_both(&files).await;
    // Another process, while it is in use.
    assert!(matches!(refusal(&files.path(Party::Garbler)), PoolError::Locked { .. }));
    // What lies on the disk if the process is killed here, before it has sent anything but the pool's id.
    let left = files.path(Party::Garbler).with_extension("killed");
    fs::copy(files.path(Party::Garbler), &left).unwrap();
    assert!(fs::read(&left).unwrap().iter().any(|&byte| byte != 0));
    let error = refusal(&left);
    assert!(matches!(error, PoolError::Spent { destroyed: true, .. }), "{error}");
    assert_eq!(error.category(), Category::Input);
    assert!(!left.exists(), "the rest is destroyed");
    drop((garbler, evaluator));
    assert_eq!(files.names(), [""; 0]);
}

#[tokio::test]
async fn a_pool_is_spent_on_the_disk_before_anything_is_sent() {
    let files = Files::new();
    prepare_both(&files, SIZE, 38).await;
    let path = files.path(Party::Garbler);
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    let copy = path.with_extension("copy");
    let peer = async {
        let start = theirs.receive(Kind::Start, Length::Exactly(16 + 32 + 8)).await.unwrap();
        fs::copy(&path, &copy).unwrap();
        drop(theirs);
        start
    };
    let (result, start) = tokio::join!(start(&mut ours, Party::Garbler, &path), peer);
    assert!(matches!(result, Err(TripleError::Channel(_))));
    assert_eq!(start[48..], [0; 8], "where it begins");
    assert!(matches!(refusal(&copy), PoolError::Spent { .. }));
}

#[tokio::test]
async fn what_is_destroyed_is_gone_under_every_name() {
    let files = Files::new();
    prepare_both(&files, SIZE, 32).await;
    let shadow = files.path(Party::Garbler).with_extension("shadow");
    fs::hard_link(files.path(Party::Garbler), &shadow).unwrap();
    drop(start_both(&files).await);
    assert_eq!(fs::read(&shadow).unwrap(), [0; 0]);
}

#[tokio::test]
async fn a_pool_is_for_one_peer_party_and_statistical_security() {
    let files = Files::new();
    prepare_both(&files, SIZE, 33).await;
    let meant = |own: Party, statistical, peer| {
        let pool = Pool::open(&files.path(Party::Garbler)).unwrap();
        pool.meant_for(own, statistical, &peer).err()
    };
    let error = meant(Party::Evaluator, Statistical::Bits40, PEERS[0]);
    assert!(matches!(error, Some(PoolError::OtherParty { prepared: Party::Garbler, .. })));
    let error = meant(Party::Garbler, Statistical::Bits64, PEERS[0]);
    assert!(matches!(error, Some(PoolError::OtherStatistical { prepared: Statistical::Bits40, .. })));
    let error = meant(Party::Garbler, Statistical::Bits40, PEERS[1]).unwrap();
    assert_eq!(error.category(), Category::Identity);
    assert!(matches!(error, PoolError::OtherPeer { .. }));
    // None of that has used it up.
    assert!(meant(Party::Garbler, Statistical::Bits40, PEERS[0]).is_none());
    start_both(&files).await;
}

#[tokio::test]
async fn damage_to_the_head_or_the_length_is_found_at_once() {
    let files = Files::new();
    prepare_both(&files, SIZE, 34).await;
    let path = files.path(Party::Garbler);
    for at in [24, 32, 60, 100, 120, 150, 191] {
        damage(&path, at);
        assert!(matches!(refusal(&path), PoolError::Damaged { offset: 0, .. }), "byte {at}");
        damage(&path, at);
    }
    let whole = fs::read(&path).unwrap();
    for length in [whole.len() - 1, 193, 192] {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(matches!(refusal(&path), PoolError::Damaged { .. }), "{length} bytes");
    }
    for text in
        ["".as_bytes(), b"x,y\n1,2\n", &whole[..191], &[&b"halfgate pool 2\n"[..], &whole[16..]].concat()]
    {
        fs::write(&path, text).unwrap();
        assert!(matches!(refusal(&path), PoolError::Foreign { .. }));
        assert!(path.exists(), "what may be something else is left alone");
    }
    fs::write(&path, &whole).unwrap();
    assert!(Pool::open(&path).is_ok());
}

#[tokio::test]
async fn damage_to_a_block_ends_the_session_that_meets_it() {
    // The first triple; the last share of the triples.
    for at in [192, 192 + 97 * 60 - 1] {
        let files = Files::new();
        prepare_both(&files, SIZE, 35).await;
        damage(&files.path(Party::Garbler), at);
        let [(mut ours, mut garbler), evaluator] = start_both(&files).await;
        let error = garbler.provide(&mut ours, 1, 0).await.expect_err("the damage is found");
        assert!(
            matches!(error, TripleError::Pool(PoolError::Damaged { offset: 192, .. })),
            "byte {at}: {error}"
        );
        assert_eq!(files.names(), [BOTH[0]], "destroyed");
        assert!(matches!(garbler.provide(&mut ours, 1, 0).await, Err(TripleError::Destroyed)));
        drop(evaluator);
    }
}

/// Some bits are read at the start, for a set-up behind the pool.
#[tokio::test]
async fn damage_to_the_first_bits_ends_the_session_that_begins() {
    let begins = 192 + 97 * 60 + 32;
    for at in [begins, begins + 32] {
        let files = Files::new();
        prepare_both(&files, SIZE, 35).await;
        damage(&files.path(Party::Garbler), at);
        let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
        let paths = PARTIES.map(|own| files.path(own));
        let (garbler, evaluator) = tokio::join!(
            start(&mut ours, Party::Garbler, &paths[0]),
            start(&mut theirs, Party::Evaluator, &paths[1])
        );
        let error = garbler.err().expect("the damage is found");
        assert!(
            matches!(error, TripleError::Pool(PoolError::Damaged { offset, .. }) if offset == begins),
            "byte {at}: {error}"
        );
        assert_eq!(files.names(), [BOTH[0]], "destroyed");
        drop(evaluator);
    }
}

#[tokio::test]
async fn what_others_can_use_is_refused() {
    let files = Files::new();
    prepare_both(&files, SIZE, 36).await;
    let path = files.path(Party::Evaluator);
    for mode in [0o604, 0o640, 0o620, 0o777] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let error = refusal(&path);
        assert!(matches!(error, PoolError::Exposed { mode: found, .. } if found == mode), "{error}");
    }
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert!(Pool::open(&path).is_ok());
}

#[test]
fn a_new_pool_takes_no_files_place_and_leaves_nothing_behind() {
    let files = Files::new();
    let path = files.path(Party::Garbler);
    fs::write(&path, "somebody's").unwrap();
    assert!(matches!(NewPool::create(&path), Err(PoolError::Exists { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"somebody's");
    fs::remove_file(&path).unwrap();
    let new = NewPool::create(&path).ok();
    assert_eq!(files.names(), ["garbler.pool.new"]);
    let mode =
        fs::metadata(files.path(Party::Garbler).with_extension("pool.new")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(matches!(NewPool::create(&path), Err(PoolError::Locked { .. })));
    drop(new);
    assert_eq!(files.names(), [""; 0]);
    assert!(matches!(NewPool::create(&path.join("x")), Err(PoolError::Io { doing: "created", .. })));
    assert!(matches!(Pool::open(&path), Err(PoolError::Io { doing: "opened", .. })));
}

#[tokio::test]
async fn what_a_killed_preparation_left_behind_is_taken_over() {
    let files = Files::new();
    let left = files.path(Party::Garbler).with_extension("pool.new");
    fs::write(&left, [7; 100_000]).unwrap();
    fs::set_permissions(&left, Permissions::from_mode(0o600)).unwrap();
    prepare_both(&files, SIZE, 37).await;
    assert_eq!(files.names(), BOTH);
    start_both(&files).await;
}
