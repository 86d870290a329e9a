//! Every backend against known answers, against the portable twin and against half-gates.

use std::collections::HashSet;

use proptest::prelude::*;

use super::Mitccrh;
use crate::{Backend, Block, Delta, Entropy, HalfGates, Row};

fn blocks(entropy: &mut Entropy, n: usize) -> Vec<Block> {
    (0..n).map(|_| entropy.block()).collect()
}

/// The hashes, made with one element more than asked for, to catch a write past the end.
fn hash(hash: &Mitccrh, first_tweak: u64, x: &[Block]) -> Vec<Block> {
    let mut out = vec![Block::new(7); x.len() + 1];
    hash.hash(first_tweak, x, &mut out[..x.len()]);
    assert!(out.pop() == Some(Block::new(7)), "written past the end");
    out
}

/// Zeros and sums, likewise.
fn hash_pairs(hash: &Mitccrh, delta: &Delta, first_tweak: u64, x: &[Block]) -> (Vec<Block>, Vec<Block>) {
    let n = x.len();
    let (mut zeros, mut sums) = (vec![Block::new(7); n + 1], vec![Block::new(8); n + 1]);
    hash.hash_pairs(delta, first_tweak, x, &mut zeros[..n], &mut sums[..n]);
    let ends = (zeros.pop(), sums.pop());
    assert!(ends == (Some(Block::new(7)), Some(Block::new(8))), "written past the end");
    (zeros, sums)
}

const KNOWN_START: Block = Block::new(0x0f1e_2d3c_4b5a_6978_8796_a5b4_c3d2_e1f0);
const KNOWN_DELTA: u128 = 0x243f_6a88_85a3_08d3_1319_8a2e_0370_7345;
const KNOWN_X: Block = Block::new(0xa409_3822_299f_31d0_082e_fa98_ec4e_6c88);

/// Tweak, H(x) and H(x) ⊕ H(x ⊕ Δ), made by a script that follows the definition with `openssl enc -aes-128-ecb`.
const KNOWN: [(u64, u128, u128); 5] = [
    (0, 0xfb4b_86c7_2ce1_e471_49fa_7f5e_4be5_c359, 0x0c61_d0d2_2d98_e9af_5a0d_478c_e22b_c3e3),
    (1, 0x1e4a_7148_7f21_5f40_5a4f_050c_1735_b134, 0xeb09_54f0_ecde_6fc5_c6d3_3a8b_3b15_b870),
    ((1 << 32) - 1, 0xf260_6b62_9ff6_3837_b8c1_cca4_8751_ce71, 0x240b_8440_e489_5f7e_ef19_02b0_5fde_3833),
    (1 << 32, 0x31ae_30a4_9bb3_1f77_3602_d159_9a14_4b63, 0x17ae_c834_68f2_0be1_e492_c647_31ac_7958),
    ((1 << 63) - 1, 0xb21b_2d63_e2bf_be19_2ba6_b883_bbbc_9bc1, 0x710e_240c_e561_445b_a36b_4ef7_46f7_571e),
];

/// Each known element in every place of a batch, among others.
#[test]
fn known_hashes() {
    let delta = Delta::fixed(KNOWN_DELTA);
    for backend in Backend::available() {
        let mitccrh = Mitccrh::new(backend, KNOWN_START);
        for (tweak, zero, sum) in KNOWN {
            for place in 0..33.min(tweak + 1) {
                let first = tweak - place;
                let n = 33.min(Mitccrh::TWEAK_BOUND - first);
                let mut list = blocks(&mut Entropy::fixed(place), n as usize);
                list[place as usize] = KNOWN_X;
                let out = hash(&mitccrh, first, &list);
                let (zeros, sums) = hash_pairs(&mitccrh, &delta, first, &list);
                let name = format!("{} tweak {tweak:#x} place {place}", backend.name());
                assert!(out[place as usize] == Block::new(zero), "{name}");
                assert!(zeros[place as usize] == Block::new(zero), "{name}");
                assert!(sums[place as usize] == Block::new(sum), "{name}");
            }
        }
    }
}

/// Tweaks where a counter of 31, 32 or more bits could wrap, for lists of up to `n`.
fn delicate_tweaks(n: u64) -> impl Iterator<Item = u64> {
    let wraps = [31, 32, 33, 47, 62].into_iter().flat_map(move |bit| [(1 << bit) - n / 2, 1 << bit]);
    wraps.chain([0, 1, Mitccrh::TWEAK_BOUND - n])
}

fn backends_agree(seed: u64, first_tweak: u64, n: usize) {
    let mut entropy = Entropy::fixed(seed);
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    let x = blocks(&mut entropy, n);
    let twin = Mitccrh::new(Backend::Portable, start);
    let (out, pairs) = (hash(&twin, first_tweak, &x), hash_pairs(&twin, &delta, first_tweak, &x));
    assert!(pairs.0 == out, "the portable twin: zeros are hashes");
    for backend in Backend::available() {
        let mitccrh = Mitccrh::new(backend, start);
        let place = format!("{} n = {n} first tweak {first_tweak:#x}", backend.name());
        assert!(hash(&mitccrh, first_tweak, &x) == out, "hashes: {place}");
        assert!(hash_pairs(&mitccrh, &delta, first_tweak, &x) == pairs, "pairs: {place}");
    }
}

#[test]
fn backends_agree_on_every_short_length() {
    for n in 0..=200 {
        for first_tweak in delicate_tweaks(n) {
            backends_agree(n, first_tweak, n as usize);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn backends_agree_on_long_lists(seed: u64, first in 0..Mitccrh::TWEAK_BOUND - 3000, n in 0usize..3000) {
        backends_agree(seed, first, n);
    }

    #[test]
    fn backends_agree_around_powers_of_two(seed: u64, bit in 12u32..63, back in 0u64..300, n in 0usize..300) {
        backends_agree(seed, (1 << bit) - back, n);
    }
}

#[test]
fn sums_lead_from_one_block_of_a_pair_to_the_other() {
    let mut entropy = Entropy::fixed(6);
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    let x = blocks(&mut entropy, 100);
    let other: Vec<_> = x.iter().map(|&x| x ^ delta.block()).collect();
    for backend in Backend::available() {
        let mitccrh = Mitccrh::new(backend, start);
        let (zeros, sums) = hash_pairs(&mitccrh, &delta, 1000, &x);
        let ones = hash(&mitccrh, 1000, &other);
        assert!((0..100).all(|i| zeros[i] ^ sums[i] == ones[i]), "{}", backend.name());
        assert!(
            hash_pairs(&mitccrh, &delta, 1000, &other).1 == sums,
            "the sum of a pair: {}",
            backend.name()
        );
    }
}

/// Elements that shared a key would have the same hash here. Lists that continue one another are one list.
#[test]
fn no_two_elements_share_a_key() {
    const N: usize = 3000;
    let mut entropy = Entropy::fixed(7);
    let (delta, start, x) = (Delta::random(&mut entropy), entropy.block(), entropy.block());
    for backend in Backend::available() {
        let mitccrh = Mitccrh::new(backend, start);
        let out = hash(&mitccrh, 0, &[x; N]);
        let (zeros, sums) = hash_pairs(&mitccrh, &delta, N as u64, &[x; N]);
        let distinct: HashSet<u128> = [out, zeros, sums].iter().flatten().map(|block| block.bits()).collect();
        assert_eq!(distinct.len(), 3 * N, "{}", backend.name());
    }
}

#[test]
fn lists_may_be_cut_anywhere() {
    let mut entropy = Entropy::fixed(8);
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    let x = blocks(&mut entropy, 100);
    for backend in Backend::available() {
        let mitccrh = Mitccrh::new(backend, start);
        let (out, pairs) = (hash(&mitccrh, 1000, &x), hash_pairs(&mitccrh, &delta, 1000, &x));
        for cut in 0..=100 {
            let (head, tail) = x.split_at(cut);
            let second = 1000 + cut as u64;
            let parts = [hash(&mitccrh, 1000, head), hash(&mitccrh, second, tail)];
            assert!(parts.concat() == out, "{} cut at {cut}", backend.name());
            let (head, tail) =
                (hash_pairs(&mitccrh, &delta, 1000, head), hash_pairs(&mitccrh, &delta, second, tail));
            assert!([head.0, tail.0].concat() == pairs.0, "{} cut at {cut}", backend.name());
            assert!([head.1, tail.1].concat() == pairs.1, "{} cut at {cut}", backend.name());
        }
    }
}

/// The rows and labels of half-gates, made from a list of their inputs in turn.
#[test]
fn lists_of_both_inputs_give_the_rows_of_half_gates() {
    const N: usize = 53;
    let mut entropy = Entropy::fixed(9);
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    let (a, b) = (blocks(&mut entropy, N), blocks(&mut entropy, N));
    let x: Vec<_> = a.iter().zip(&b).flat_map(|(&a, &b)| [a, b]).collect();
    for (backend, first_id) in
        Backend::available().into_iter().flat_map(|backend| [(backend, 0), (backend, 12345)])
    {
        let (mut c0, mut rows) = ([Block::ZERO; N], [[0; 32]; N]);
        HalfGates::new(backend, start).garble(&delta, first_id, &a, &b, &mut c0, &mut rows);
        let (zeros, sums) = hash_pairs(&Mitccrh::new(backend, start), &delta, 2 * first_id, &x);
        for i in 0..N {
            let [t_g, t_e] = bytemuck::cast::<Row, [Block; 2]>(rows[i]);
            let name = format!("{} AND {i} from {first_id}", backend.name());
            assert!(t_g == sums[2 * i] ^ delta.block().and_bit(b[i].colour()), "T_G, {name}");
            assert!(t_e == sums[2 * i + 1] ^ a[i], "T_E, {name}");
            let w_g = zeros[2 * i] ^ t_g.and_bit(a[i].colour());
            let w_e = zeros[2 * i + 1] ^ sums[2 * i + 1].and_bit(b[i].colour());
            assert!(c0[i] == w_g ^ w_e, "C0, {name}");
        }
    }
}

#[test]
#[should_panic(expected = "pass 2^63")]
fn tweaks_do_not_wrap() {
    let mitccrh = Mitccrh::new(Backend::detect(), Block::ZERO);
    mitccrh.hash(Mitccrh::TWEAK_BOUND - 1, &[Block::ZERO; 2], &mut [Block::ZERO; 2]);
}

#[test]
#[should_panic(expected = "pass 2^63")]
fn tweaks_of_pairs_do_not_wrap() {
    let mitccrh = Mitccrh::new(Backend::detect(), Block::ZERO);
    let (mut zeros, mut sums) = ([Block::ZERO; 1], [Block::ZERO; 1]);
    mitccrh.hash_pairs(&Delta::fixed(1), u64::MAX, &[Block::ZERO; 1], &mut zeros, &mut sums);
}

#[test]
#[should_panic(expected = "differ in length")]
fn lengths_must_agree() {
    let mitccrh = Mitccrh::new(Backend::detect(), Block::ZERO);
    mitccrh.hash(0, &[Block::ZERO; 2], &mut [Block::ZERO; 1]);
}

#[test]
#[should_panic(expected = "differ in length")]
fn lengths_of_pairs_must_agree() {
    let mitccrh = Mitccrh::new(Backend::detect(), Block::ZERO);
    let (mut zeros, mut sums) = ([Block::ZERO; 2], [Block::ZERO; 3]);
    mitccrh.hash_pairs(&Delta::fixed(1), 0, &[Block::ZERO; 2], &mut zeros, &mut sums);
}
