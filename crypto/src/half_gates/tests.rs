//! Every backend against the paper, against known answers and against the portable twin.

use aes::Aes128Enc;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use proptest::prelude::*;

use super::{HalfGates, Row};
use crate::{Backend, Block, Delta, Entropy};

/// What one side has in hand for n ANDs.
struct Batch {
    a: Vec<Block>,
    b: Vec<Block>,
}

impl Batch {
    fn random(entropy: &mut Entropy, n: usize) -> Self {
        let (a, b) = (0..n).map(|_| (entropy.block(), entropy.block())).unzip();
        Batch { a, b }
    }

    /// Outputs and rows, with one element more than asked for, to catch a write past the end.
    fn garble(&self, half_gates: &HalfGates, delta: &Delta, first_id: u64) -> (Vec<Block>, Vec<Row>) {
        let n = self.a.len();
        let (mut out, mut rows) = (vec![Block::new(7); n + 1], vec![[7; 32]; n + 1]);
        half_gates.garble(delta, first_id, &self.a, &self.b, &mut out[..n], &mut rows[..n]);
        assert!(out.pop() == Some(Block::new(7)) && rows.pop() == Some([7; 32]), "written past the end");
        (out, rows)
    }

    fn evaluate(&self, half_gates: &HalfGates, first_id: u64, rows: &[Row]) -> Vec<Block> {
        let n = self.a.len();
        let mut out = vec![Block::new(7); n + 1];
        half_gates.evaluate(first_id, &self.a, &self.b, &mut out[..n], rows);
        assert!(out.pop() == Some(Block::new(7)), "written past the end");
        out
    }
}

fn block(row: &Row, half: usize) -> Block {
    Block::from_bytes(row[16 * half..][..16].try_into().expect("half a row is a block"))
}

/// H(x, t) from its definition.
fn hash(start: Block, x: Block, tweak: u128) -> Block {
    let mut bytes = x.sigma().to_bytes().into();
    Aes128Enc::new(&(start ^ Block::new(tweak)).to_bytes().into()).encrypt_block(&mut bytes);
    Block::from_bytes(bytes.into()) ^ x.sigma()
}

/// Ids where a counter of 31, 32 or more bits could wrap, for batches of up to `n`.
fn delicate_ids(n: u64) -> impl Iterator<Item = u64> {
    let wraps = [31, 32, 33, 47, 61].into_iter().flat_map(move |bit| [(1 << bit) - n / 2, 1 << bit]);
    wraps.chain([0, 1, HalfGates::ID_BOUND - n])
}

struct KnownGate {
    id: u64,
    a0: u128,
    b0: u128,
    t_g: u128,
    t_e: u128,
    c0: u128,
}

const KNOWN_START: Block = Block::new(0x0f1e_2d3c_4b5a_6978_8796_a5b4_c3d2_e1f0);
const KNOWN_DELTA: u128 = 0x243f_6a88_85a3_08d3_1319_8a2e_0370_7345;

/// Made by a script that follows the equations with `openssl enc -aes-128-ecb` as the cipher.
const KNOWN_GATES: [KnownGate; 4] = [
    KnownGate {
        id: 0,
        a0: 0xa409_3822_299f_31d0_082e_fa98_ec4e_6c88,
        b0: 0x4528_21e6_38d0_1377_be54_66cf_34e9_0c6c,
        t_g: 0x0c61_d0d2_2d98_e9af_5a0d_478c_e22b_c3e3,
        t_e: 0x45fb_a906_98b8_5dd2_1eea_e2f7_bb21_3850,
        c0: 0xdb0a_276b_22a1_d0ac_67cd_15ad_e1f6_44fc,
    },
    KnownGate {
        id: 7,
        a0: 0xa409_3822_299f_31d0_082e_fa98_ec4e_6c88,
        b0: 0x4528_21e6_38d0_1377_be54_66cf_34e9_0c6d,
        t_g: 0x91f0_8ed2_ea80_812c_f123_f83a_deae_37a3,
        t_e: 0xba54_ea16_c6ba_20f2_0527_a125_4f52_6947,
        c0: 0x1010_6181_4fdc_0ecd_78b8_557a_b960_43bb,
    },
    KnownGate {
        id: 1 << 31,
        a0: 0xa409_3822_299f_31d0_082e_fa98_ec4e_6c89,
        b0: 0x4528_21e6_38d0_1377_be54_66cf_34e9_0c6c,
        t_g: 0x8164_1cd8_8cea_b5bb_bf5a_d585_940a_c8b0,
        t_e: 0x2202_b427_fc45_b0e6_7b77_f306_c29d_ef63,
        c0: 0x2880_94c5_91f9_c7a4_bbea_626b_d187_1f7a,
    },
    KnownGate {
        id: (1 << 62) - 1,
        a0: 0xa409_3822_299f_31d0_082e_fa98_ec4e_6c89,
        b0: 0x4528_21e6_38d0_1377_be54_66cf_34e9_0c6d,
        t_g: 0x8b41_ed8b_0067_ccc5_43ab_f243_e490_f67d,
        t_e: 0x2e17_a1f2_62bb_f684_cfd1_a465_e183_979b,
        c0: 0x2e0b_eb34_4a75_e496_11b0_3f6c_c627_83e7,
    },
];

/// H(00112233…eeff, t) under `KNOWN_START`, by the same script.
const KNOWN_HASHES: [(u128, u128); 4] = [
    (0, 0xa9be_894b_d38b_9111_8d7b_7b08_ca05_5aed),
    (1, 0xad2a_8b28_ed7a_867e_0031_948b_4f63_d92f),
    ((1 << 32) - 1, 0xfbb3_7874_3385_74ea_86c3_bf1c_fd1b_fa45),
    ((1 << 63) - 1, 0xc499_6b49_056d_a51c_daa1_3a40_d9a0_500e),
];

#[test]
fn the_hash_of_the_tests_is_the_known_one() {
    let x = Block::new(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
    for (tweak, expected) in KNOWN_HASHES {
        assert!(hash(KNOWN_START, x, tweak) == Block::new(expected), "tweak {tweak:#x}");
    }
}

#[test]
fn known_gates() {
    let delta = Delta::fixed(KNOWN_DELTA);
    for backend in Backend::available() {
        let half_gates = HalfGates::new(backend, KNOWN_START);
        for known in &KNOWN_GATES {
            let batch = Batch { a: vec![Block::new(known.a0)], b: vec![Block::new(known.b0)] };
            let (out, rows) = batch.garble(&half_gates, &delta, known.id);
            assert!(block(&rows[0], 0) == Block::new(known.t_g), "T_G, {} id {}", backend.name(), known.id);
            assert!(block(&rows[0], 1) == Block::new(known.t_e), "T_E, {} id {}", backend.name(), known.id);
            assert!(out[0] == Block::new(known.c0), "C0, {} id {}", backend.name(), known.id);
        }
    }
}

/// FIPS-197, appendix C.1, put into every place of a batch and into both halves of the gate.
#[test]
fn the_cipher_of_every_backend_is_aes_128() {
    let key = Block::from_bytes(std::array::from_fn(|i| i as u8));
    let plaintext = Block::from_bytes(std::array::from_fn(|i| 0x11 * i as u8));
    let ciphertext = Block::from_bytes(0x69c4_e0d8_6a7b_0430_d8cd_b780_70b4_c55a_u128.to_be_bytes());
    // σ(high‖low) = plaintext gives back high = the plaintext's low half and low = the XOR of its halves.
    let (high, low) = ((plaintext.bits() as u64), (plaintext.bits() >> 64) as u64 ^ plaintext.bits() as u64);
    let x = Block::new((u128::from(high) << 64) | u128::from(low));
    assert!(x.sigma() == plaintext);

    const N: usize = 35;
    for backend in Backend::available() {
        for place in 0..2 * N {
            let start = key ^ Block::new(place as u128); // so that tweak `place` has the key of the standard
            let mut labels = [[Block::ZERO; N]; 2];
            labels[place % 2][place / 2] = x;
            let mut out = [Block::ZERO; N];
            // With rows of zero bits and B of colour 0 an evaluator computes H(A) ⊕ H(B).
            assert!(!x.colour());
            HalfGates::new(backend, start).evaluate(0, &labels[0], &labels[1], &mut out, &[[0; 32]; N]);
            let other = hash(start, Block::ZERO, place as u128 ^ 1);
            assert!(out[place / 2] ^ other ^ plaintext == ciphertext, "{} place {place}", backend.name());
        }
    }
}

#[test]
fn all_inputs_and_permute_bits_give_the_and() {
    let mut entropy = Entropy::fixed(4);
    let delta = Delta::random(&mut entropy);
    let with_colour = |block: Block, colour: u128| Block::new((block.bits() & !1) | colour);
    for backend in Backend::available() {
        let half_gates = HalfGates::new(backend, entropy.block());
        for first_id in delicate_ids(64) {
            // Sixteen cases: bits 0 and 1 of i are the permute bits, bits 2 and 3 the truth values.
            let mut zero = Batch::random(&mut entropy, 64);
            for i in 0..64 {
                zero.a[i] = with_colour(zero.a[i], i as u128 & 1);
                zero.b[i] = with_colour(zero.b[i], i as u128 >> 1 & 1);
            }
            let (x, y) = (|i: usize| i >> 2 & 1 == 1, |i: usize| i >> 3 & 1 == 1);
            let (c0, rows) = zero.garble(&half_gates, &delta, first_id);
            let active = Batch {
                a: (0..64).map(|i| zero.a[i] ^ delta.block().and_bit(x(i))).collect(),
                b: (0..64).map(|i| zero.b[i] ^ delta.block().and_bit(y(i))).collect(),
            };
            let c = active.evaluate(&half_gates, first_id, &rows);
            for i in 0..64 {
                assert!(c[i] == c0[i] ^ delta.block().and_bit(x(i) & y(i)), "{} case {i}", backend.name());
            }
        }
    }
}

fn backends_agree(seed: u64, first_id: u64, n: usize) {
    let mut entropy = Entropy::fixed(seed);
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    let (zero, active) = (Batch::random(&mut entropy, n), Batch::random(&mut entropy, n));
    let twin = HalfGates::new(Backend::Portable, start);
    let (out, rows) = zero.garble(&twin, &delta, first_id);
    let evaluated = active.evaluate(&twin, first_id, &rows);
    for backend in Backend::available() {
        let half_gates = HalfGates::new(backend, start);
        let place = format!("{} n = {n} first id {first_id:#x}", backend.name());
        let (other_out, other_rows) = zero.garble(&half_gates, &delta, first_id);
        assert!(other_rows == rows, "rows: {place}");
        assert!(other_out == out, "zero labels: {place}");
        assert!(active.evaluate(&half_gates, first_id, &rows) == evaluated, "active labels: {place}");
    }
}

#[test]
fn backends_agree_on_every_short_length() {
    for n in 0..=70 {
        for first_id in delicate_ids(n) {
            backends_agree(n, first_id, n as usize);
        }
    }
}

#[test]
fn batches_may_be_cut_anywhere() {
    let mut entropy = Entropy::fixed(5);
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    let batch = Batch::random(&mut entropy, 50);
    for backend in Backend::available() {
        let half_gates = HalfGates::new(backend, start);
        let (out, rows) = batch.garble(&half_gates, &delta, 1000);
        for cut in 0..=50 {
            let (mut cut_out, mut cut_rows) = (Vec::new(), Vec::new());
            for (range, first_id) in [(0..cut, 1000), (cut..50, 1000 + cut as u64)] {
                let part = Batch { a: batch.a[range.clone()].to_vec(), b: batch.b[range].to_vec() };
                let (out, rows) = part.garble(&half_gates, &delta, first_id);
                cut_out.extend(out);
                cut_rows.extend(rows);
            }
            assert!(cut_out == out && cut_rows == rows, "{} cut at {cut}", backend.name());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn backends_agree_on_long_batches(seed: u64, first_id in 0..HalfGates::ID_BOUND - 3000, n in 0usize..3000) {
        backends_agree(seed, first_id, n);
    }

    #[test]
    fn backends_agree_around_powers_of_two(seed: u64, bit in 12u32..62, back in 0u64..300, n in 0usize..300) {
        backends_agree(seed, (1 << bit) - back, n);
    }
}

#[test]
#[should_panic(expected = "pass 2^62")]
fn ids_do_not_wrap() {
    let half_gates = HalfGates::new(Backend::detect(), Block::ZERO);
    let one = [Block::ZERO; 2];
    half_gates.evaluate(HalfGates::ID_BOUND - 1, &one, &one, &mut one.clone(), &[[0; 32]; 2]);
}

#[test]
#[should_panic(expected = "differ in length")]
fn lengths_must_agree() {
    let half_gates = HalfGates::new(Backend::detect(), Block::ZERO);
    half_gates.evaluate(0, &[Block::ZERO; 2], &[Block::ZERO; 2], &mut [Block::ZERO; 2], &[[0; 32]; 1]);
}
