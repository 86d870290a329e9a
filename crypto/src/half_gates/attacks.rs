//! Attacks that broke published implementations (protocols.md, appendix A), each run against a model of the flaw,
//! where it must find Δ, and against this build, where it must not.

use super::{HalfGates, Row};
use crate::mitccrh::attacks::{decrypt, encrypt, inverse_sigma};
use crate::{Backend, Block, Delta, Entropy};

const TRIALS: usize = 500;

/// A run that should see Δ in about half of the trials surely sees it this often.
const OFTEN: usize = TRIALS / 3;

/// The hash of one tweak, as a model or as the real one: from a label to a block.
type Hash<'a> = &'a dyn Fn(Block) -> Block;

/// T_G and T_E of one AND under any two hashes.
fn model_row(delta: &Delta, [hash_a, hash_b]: [Hash<'_>; 2], a0: Block, b0: Block) -> [Block; 2] {
    let delta = delta.block();
    let t_g = hash_a(a0) ^ hash_a(a0 ^ delta) ^ delta.and_bit(b0.colour());
    let t_e = hash_b(b0) ^ hash_b(b0 ^ delta) ^ a0;
    [t_g, t_e]
}

/// T_G and T_E of each AND by this build, under every backend that the machine has.
fn our_rows(delta: &Delta, start: Block, first_id: u64, a: &[Block], b: &[Block]) -> Vec<[Block; 2]> {
    let mut all = Vec::new();
    for backend in Backend::available() {
        let (mut out, mut rows) = (vec![Block::ZERO; a.len()], vec![[0; 32]; a.len()]);
        HalfGates::new(backend, start).garble(delta, first_id, a, b, &mut out, &mut rows);
        all.push(rows.into_iter().map(bytemuck::cast::<Row, [Block; 2]>).collect::<Vec<_>>());
    }
    assert!(all.iter().all(|rows| *rows == all[0]), "the backends differ");
    all.swap_remove(0)
}

struct Setup {
    entropy: Entropy,
    delta: Delta,
    start: Block,
}

impl Setup {
    fn new(seed: u64) -> Self {
        let mut entropy = Entropy::fixed(seed);
        Setup { delta: Delta::random(&mut entropy), start: entropy.block(), entropy }
    }

    fn blocks(&mut self, n: usize) -> Vec<Block> {
        (0..n).map(|_| self.entropy.block()).collect()
    }

    fn is_delta(&self, candidate: Block) -> bool {
        candidate == self.delta.block()
    }
}

/// D1: with the hash E_k(x) ⊕ x, T_G ⊕ E_k(A) = E_k(A ⊕ Δ) whenever p_b = 1, and the cipher can be inverted.
#[test]
fn d1_inverting_the_cipher_on_a_row_gives_delta_only_without_sigma() {
    let mut setup = Setup::new(11);
    let (a, b) = (setup.blocks(TRIALS), setup.blocks(TRIALS));
    let ours = our_rows(&setup.delta, setup.start, 0, &a, &b);
    let (mut found_in_model, mut found_in_ours) = (0, 0);
    for i in 0..TRIALS {
        let key = setup.start ^ Block::new(2 * i as u128);
        let flawed = |x: Block| encrypt(key, x) ^ x;
        let model = model_row(&setup.delta, [&flawed, &flawed], a[i], b[i]);
        // The evaluator holds either label of the wire.
        for active in [a[i], a[i] ^ setup.delta.block()] {
            let candidate = active ^ decrypt(key, model[0] ^ encrypt(key, active));
            found_in_model += usize::from(setup.is_delta(candidate));

            let inverted = decrypt(key, ours[i][0] ^ encrypt(key, active.sigma()));
            let candidates = [
                active ^ inverse_sigma(inverted),
                inverse_sigma(active.sigma() ^ inverted),
                active ^ inverted,
                active ^ decrypt(key, ours[i][0] ^ encrypt(key, active)),
            ];
            found_in_ours += candidates.into_iter().filter(|&candidate| setup.is_delta(candidate)).count();
        }
    }
    assert!(found_in_model > 2 * OFTEN, "the attack works on the model: {found_in_model}");
    assert_eq!(found_in_ours, 0);
}

/// D3: eight gates share a key. Two ANDs with the same first input then have T_G ⊕ T_G' ∈ {0, Δ}.
#[test]
fn d3_rows_that_share_an_input_label_do_not_cancel() {
    let mut setup = Setup::new(12);
    let (a, b) = (vec![setup.entropy.block(); TRIALS], setup.blocks(TRIALS));
    let ours = our_rows(&setup.delta, setup.start, 0, &a, &b);
    let model: Vec<_> = (0..TRIALS)
        .map(|i| {
            let key = setup.start ^ Block::new((i / 8) as u128);
            let shared = |x: Block| encrypt(key, x.sigma()) ^ x.sigma();
            model_row(&setup.delta, [&shared, &shared], a[i], b[i])
        })
        .collect();
    let found = model.windows(2).filter(|pair| setup.is_delta(pair[0][0] ^ pair[1][0])).count();
    assert!(found > OFTEN, "the attack works on the model: {found}");
    for i in 0..TRIALS {
        for j in 0..i {
            for (half, other) in ours[i].into_iter().zip(ours[j]) {
                let sum = half ^ other;
                assert!(sum != Block::ZERO && !setup.is_delta(sum), "rows {i} and {j}");
            }
        }
    }
}

/// D4: one tweak for both inputs. For AND(x, x) and AND(x, ¬x) then T_G ⊕ T_E is the label of colour 0.
#[test]
fn d4_both_inputs_of_an_and_may_be_the_same_wire() {
    for negate in [false, true] {
        let mut setup = Setup::new(13);
        let delta = setup.delta.block();
        let a = setup.blocks(TRIALS);
        let b: Vec<_> = a.iter().map(|&a| a ^ delta.and_bit(negate)).collect();
        let ours = our_rows(&setup.delta, setup.start, 0, &a, &b);
        let (mut found_in_model, mut found_in_ours) = (0, 0);
        for i in 0..TRIALS {
            let key = setup.start ^ Block::new(i as u128);
            let same = |x: Block| encrypt(key, x.sigma()) ^ x.sigma();
            let model = model_row(&setup.delta, [&same, &same], a[i], b[i]);
            for active in [a[i], a[i] ^ delta] {
                found_in_model += usize::from(setup.is_delta(model[0] ^ model[1] ^ active));
                found_in_ours += usize::from(setup.is_delta(ours[i][0] ^ ours[i][1] ^ active));
            }
        }
        assert!(found_in_model > 2 * OFTEN, "the attack works on the model: {found_in_model}");
        assert_eq!(found_in_ours, 0);
    }
}

/// D4, the other side of it: these gates still compute x ∧ x = x and x ∧ ¬x = 0.
#[test]
fn d4_such_gates_are_right() {
    let mut setup = Setup::new(14);
    let delta = setup.delta.block();
    let a = setup.blocks(64);
    for backend in Backend::available() {
        let half_gates = HalfGates::new(backend, setup.start);
        for (negate, x) in [(false, false), (false, true), (true, false), (true, true)] {
            let b: Vec<_> = a.iter().map(|&a| a ^ delta.and_bit(negate)).collect();
            let (mut c0, mut c, mut rows) = ([Block::ZERO; 64], [Block::ZERO; 64], [[0; 32]; 64]);
            half_gates.garble(&setup.delta, 0, &a, &b, &mut c0, &mut rows);
            // A negation keeps the label, so that both inputs have the same active one.
            let active: Vec<_> = a.iter().map(|&a| a ^ delta.and_bit(x)).collect();
            half_gates.evaluate(0, &active, &active, &mut c, &rows);
            assert!((0..64).all(|i| c[i] == c0[i] ^ delta.and_bit(x && !negate)), "{}", backend.name());
        }
    }
}

/// D13: ids restart in the second call, while a wire lives on from the first.
#[test]
fn d13_a_second_call_needs_new_ids() {
    let mut setup = Setup::new(15);
    let (a, b, other_b) = (setup.blocks(TRIALS), setup.blocks(TRIALS), setup.blocks(TRIALS));
    let first = our_rows(&setup.delta, setup.start, 0, &a, &b);
    let restarted = our_rows(&setup.delta, setup.start, 0, &a, &other_b);
    let continued = our_rows(&setup.delta, setup.start, TRIALS as u64, &a, &other_b);
    let found =
        |second: &[[Block; 2]]| first.iter().zip(second).filter(|(x, y)| setup.is_delta(x[0] ^ y[0])).count();
    assert!(found(&restarted) > OFTEN, "the attack works on restarted ids");
    assert_eq!(found(&continued), 0);
}

/// D15: lanes share a key and XOR their number into the input. A receiver that steers its OT rows makes the inputs of
/// two lanes meet: σ(t) ⊕ ℓ = σ(t') ⊕ ℓ'.
#[test]
fn d15_steered_input_labels_do_not_make_two_lanes_meet() {
    let mut setup = Setup::new(16);
    let labels = setup.blocks(TRIALS);
    let lane = |i: usize| Block::new(2 * i as u128); // the tweak of lane i's first input in this build
    // The evaluator chooses its active labels so that all lanes meet in one point; half of them have value 1.
    let target = setup.entropy.block();
    let steered: Vec<_> = (0..TRIALS).map(|i| inverse_sigma(target ^ lane(i))).collect();
    let values = setup.blocks(TRIALS);
    let delta = setup.delta.block();
    let zero: Vec<_> =
        steered.iter().zip(&values).map(|(&t, value)| t ^ delta.and_bit(value.colour())).collect();

    let model: Vec<_> = (0..TRIALS)
        .map(|i| {
            let shared = |x: Block| encrypt(setup.start, x.sigma() ^ lane(i)) ^ x.sigma();
            model_row(&setup.delta, [&shared, &shared], zero[i], labels[i])
        })
        .collect();
    let found = model.windows(2).filter(|pair| setup.is_delta(pair[0][0] ^ pair[1][0])).count();
    assert!(found > OFTEN, "the attack works on the model: {found}");

    let ours = our_rows(&setup.delta, setup.start, 0, &zero, &labels);
    for i in 0..TRIALS {
        for j in 0..i {
            let sum = ours[i][0] ^ ours[j][0];
            assert!(sum != Block::ZERO && !setup.is_delta(sum), "lanes {i} and {j}");
        }
    }
}
