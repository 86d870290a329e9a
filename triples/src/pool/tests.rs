use halfgate_circuits::{BitRows, Party};
use halfgate_crypto::{Delta, Entropy};
use proptest::prelude::*;

use super::*;

fn auths(count: usize, entropy: &mut Entropy) -> Vec<Auth> {
    (0..count).map(|_| Auth { mac: entropy.block(), key: entropy.block() }).collect()
}

fn head(size: PoolSize, entropy: &mut Entropy) -> Head {
    Head {
        party: Party::Garbler,
        statistical: Statistical::Bits64,
        size,
        id: PoolId::new(entropy.bytes()),
        peer: entropy.bytes(),
        delta: Delta::with_second_bit(entropy, true),
        key: Zeroizing::new(entropy.bytes()),
    }
}

/// Writes a pool of random records; returns its triples, their shares, and its bits.
fn write(path: &Path, size: PoolSize, entropy: &mut Entropy) -> (Vec<Triple>, Vec<u8>, AuthBits) {
    let (head, new) = (head(size, entropy), NewPool::create(path).unwrap());
    let (mut triples, mut shares, mut bits) = (Vec::new(), Vec::new(), Vec::new());
    for block in size.blocks(Section::Triples) {
        let count = size.records_in(Section::Triples, block);
        let rows = auths(3 * count, entropy);
        let rows: Vec<_> = rows.as_chunks().0.iter().map(|&[x, y, z]| Triple { x, y, z }).collect();
        let bytes: Vec<u8> = (0..count).map(|_| entropy.bytes::<1>()[0] & 7).collect();
        new.write_triples(&head, block, &rows, &bytes).unwrap();
        triples.extend(rows);
        shares.extend(bytes);
    }
    for block in size.blocks(Section::Bits) {
        let count = size.records_in(Section::Bits, block);
        let values = (0..count).map(|_| entropy.bytes::<1>()[0] & 1 == 1);
        let values = BitRows::from_bits(count, 1, values.collect::<Vec<_>>());
        let part = AuthBits::new(values, auths(count, entropy));
        new.write_bits(&head, block, &part).unwrap();
        bits.push(part);
    }
    new.complete(&head).unwrap();
    (triples, shares, AuthBits::joined(bits.iter()))
}

fn same(a: &[Auth], b: &[Auth]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| [a.mac, a.key] == [b.mac, b.key])
}

#[test]
fn without_its_head_nothing_of_a_pool_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool");
    // Records that are all alike, so that two blocks with one key stream would be, too.
    let mut entropy = Entropy::fixed(1);
    let size = PoolSize { triples: 3 << 12, bits: 2 << 14 };
    let (head, new) = (head(size, &mut entropy), NewPool::create(&path).unwrap());
    for block in size.blocks(Section::Triples) {
        new.write_triples(&head, block, &vec![Triple::default(); 1 << 12], &vec![0; 1 << 12]).unwrap();
    }
    for block in size.blocks(Section::Bits) {
        new.write_bits(&head, block, &AuthBits::zeroed(1 << 14)).unwrap();
    }
    new.complete(&head).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let pieces: Vec<&[u8]> = bytes[Head::LENGTH..].chunks_exact(16).collect();
    let distinct: std::collections::HashSet<_> = pieces.iter().collect();
    assert_eq!(distinct.len(), pieces.len(), "no 16 bytes stand there twice");
    assert!(!distinct.contains(&&[0; 16][..]));
    let mut pool = Pool::open(&path).unwrap();
    assert!(pool.triples(3 << 12).unwrap().take(3 << 12).1.iter().all(|&shares| shares == 0));
    pool.spend().unwrap();
    drop(pool);
    assert!(!path.exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn records_come_back_in_order_however_they_are_taken(
        triples in 0u64..9_000, bits in 0u64..40_000, steps in prop::collection::vec((0usize..5_000, 0usize..20_000), 1..8), seed: u64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pool");
        let size = PoolSize { triples, bits };
        let (all_triples, all_shares, all_bits) = write(&path, size, &mut Entropy::fixed(seed));
        let mut pool = Pool::open(&path).unwrap();
        let (mut triples_at, mut bits_at) = (0, 0);
        for (some_triples, some_bits) in steps {
            let mut taken = pool.triples(some_triples).unwrap();
            let count = some_triples.min(all_triples.len() - triples_at);
            prop_assert_eq!(taken.len(), count);
            let (rows, shares) = taken.take(count);
            prop_assert_eq!(shares, &all_shares[triples_at..][..count]);
            let expected = &all_triples[triples_at..][..count];
            prop_assert!(same(bytemuck::cast_slice(rows), bytemuck::cast_slice(expected)));
            triples_at += count;
            let mut taken = AuthBits::zeroed(some_bits);
            let count = pool.bits(&mut taken).unwrap();
            let expected = all_bits.part(bits_at, some_bits.min(all_bits.len() - bits_at));
            prop_assert_eq!(count, expected.len());
            prop_assert!(same(&taken.auths()[..count], expected.auths()));
            prop_assert!(&taken.shares().part(0, count, 1) == expected.shares());
            bits_at += expected.len();
        }
    }
}
