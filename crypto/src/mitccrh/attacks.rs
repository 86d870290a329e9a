//! An attack that broke published implementations (protocols.md, appendix A, D2), run against a model of the flaw,
//! where it must find Δ, and against this build, where it must not.

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

use super::Mitccrh;
use crate::{Backend, Block, Delta, Entropy};

const TRIALS: usize = 2000;

/// A run that should see Δ in about half of the trials surely sees it this often.
const OFTEN: usize = TRIALS / 3;

pub(crate) fn encrypt(key: Block, x: Block) -> Block {
    let mut bytes = x.to_bytes().into();
    Aes128::new(&key.to_bytes().into()).encrypt_block(&mut bytes);
    Block::from_bytes(bytes.into())
}

pub(crate) fn decrypt(key: Block, y: Block) -> Block {
    let mut bytes = y.to_bytes().into();
    Aes128::new(&key.to_bytes().into()).decrypt_block(&mut bytes);
    Block::from_bytes(bytes.into())
}

pub(crate) fn inverse_sigma(y: Block) -> Block {
    let (high, low) = ((y.bits() >> 64) as u64, y.bits() as u64);
    Block::new((u128::from(low) << 64) | u128::from(high ^ low))
}

/// What the attacker Q has in hand in a leaky AND of KRRW18 (2018/578) beside the table: its MAC of its x, and what
/// it knows of the victim's C_P = y·Δ_P ⊕ `known` ⊕ y_P·Δ_Q, where y = y_P ⊕ y_Q.
struct View {
    mac_x: Block,
    known: Block,
    own_delta: Block,
}

/// One leaky AND: the victim P's key of the attacker's x, its C_P and the attacker's view.
struct Candidate {
    key_x: Block,
    c: Block,
    view: View,
}

/// A leaky AND with random bits.
fn candidate(entropy: &mut Entropy, delta: &Delta) -> Candidate {
    let (delta_p, delta_q) = (delta.block(), Delta::random(entropy).block());
    let mut bit = || entropy.block().colour();
    let (x_q, y_p, y_q) = (bit(), bit(), bit());
    let (key_p_x, key_p_y, key_q_y) = (entropy.block(), entropy.block(), entropy.block());
    let mac_q_y = key_p_y ^ delta_p.and_bit(y_q);
    let mac_p_y = key_q_y ^ delta_q.and_bit(y_p);
    Candidate {
        key_x: key_p_x,
        c: delta_p.and_bit(y_p) ^ key_p_y ^ mac_p_y,
        view: View { mac_x: key_p_x ^ delta_p.and_bit(x_q), known: mac_q_y ^ key_q_y, own_delta: delta_q },
    }
}

/// H(K) ⊕ H(K ⊕ Δ) for all keys, element i under tweak i, under every backend that the machine has.
fn our_sums(delta: &Delta, start: Block, keys: &[Block]) -> Vec<Block> {
    let mut all = Vec::new();
    for backend in Backend::available() {
        let (mut zeros, mut sums) = (vec![Block::ZERO; keys.len()], vec![Block::ZERO; keys.len()]);
        Mitccrh::new(backend, start).hash_pairs(delta, 0, keys, &mut zeros, &mut sums);
        all.push(sums);
    }
    assert!(all.iter().all(|sums| *sums == all[0]), "the backends differ");
    all.swap_remove(0)
}

/// D2: with the hash E_k(x) ⊕ x, the Δ of H(K) ⊕ H(K ⊕ Δ) cancels that of C whenever y = 1. What remains of the table
/// T = H(K) ⊕ H(K ⊕ Δ) ⊕ C is E_k(M) ⊕ E_k(M ⊕ Δ) and known blocks, and the cipher can be inverted.
#[test]
fn d2_inverting_the_cipher_on_a_leaky_and_gives_delta_only_without_sigma() {
    let mut entropy = Entropy::fixed(17);
    let (delta, start) = (Delta::random(&mut entropy), entropy.block());
    let candidates: Vec<_> = (0..TRIALS).map(|_| candidate(&mut entropy, &delta)).collect();
    let keys: Vec<_> = candidates.iter().map(|candidate| candidate.key_x).collect();
    let ours = our_sums(&delta, start, &keys);
    let is_delta = |&candidate: &Block| candidate == delta.block();

    let (mut found_in_model, mut found_in_ours) = (0, 0);
    for (i, Candidate { key_x, c, view }) in candidates.into_iter().enumerate() {
        let key = start ^ Block::new(i as u128);
        let flawed = |x: Block| encrypt(key, x) ^ x;
        let model = flawed(key_x) ^ flawed(key_x ^ delta.block()) ^ c;
        let ours = ours[i] ^ c;
        for guess in [false, true] {
            let known = view.known ^ view.own_delta.and_bit(guess);
            let attack = |table: Block| view.mac_x ^ decrypt(key, table ^ known ^ encrypt(key, view.mac_x));
            found_in_model += usize::from(is_delta(&attack(model)));

            let sigma = view.mac_x.sigma();
            let inverted = decrypt(key, ours ^ known ^ encrypt(key, sigma));
            let attempts = [
                attack(ours),
                view.mac_x ^ inverse_sigma(inverted),
                inverse_sigma(sigma ^ inverted),
                sigma ^ inverted,
            ];
            found_in_ours += attempts.iter().filter(|attempt| is_delta(attempt)).count();
        }
    }
    assert!(found_in_model > OFTEN, "the attack works on the model: {found_in_model}");
    assert_eq!(found_in_ours, 0);
}
