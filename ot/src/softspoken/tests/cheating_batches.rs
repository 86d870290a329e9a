use halfgate_crypto::PrgTree;

use super::*;
use crate::softspoken::check::universal_hash;
use crate::softspoken::sender_setup::DeltaPlanes;
use crate::softspoken::transcript::Transcript;
use crate::softspoken::wire::{BLOCK, CHECK_LENGTH, correction_length};

const ROWS: usize = 256;
const CORRECTIONS: usize = batch_length(ROWS) - CHECK_LENGTH;

/// Both sides as an honest setup leaves them, but dealt: no base OTs.
fn dealt(seed: u64) -> (Delta, SoftSpokenSender, SoftSpokenReceiver) {
    let backend = Backend::detect();
    let mut entropy = Entropy::fixed(seed);
    let delta = Delta::random(&mut entropy);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for tree in 0..TREES {
        let leaves: [Block; Q] = std::array::from_fn(|_| entropy.block());
        theirs.push(PrgTree::new(backend, &leaves));
        let known: Vec<Block> = (1..Q).map(|z| leaves[z ^ piece(&delta, tree)]).collect();
        ours.push(PrgTree::new(backend, &known));
    }
    let sender = SoftSpokenSender::new(backend, DeltaPlanes::new(&delta), ours, transcript());
    (delta, sender, SoftSpokenReceiver::new(backend, theirs, transcript()))
}

fn transcript() -> Transcript {
    Transcript::new(&domain(), b"points", b"announcement", b"trees")
}

/// δ_i
fn piece(delta: &Delta, tree: usize) -> usize {
    (delta.block().bits() >> (K * tree)) as usize % Q
}

/// The positions of u and of V's planes, as a receiver knows them, without their masks.
fn vectors(made: &Made) -> Vec<Vec<Block>> {
    let pack = |bit: &dyn Fn(usize) -> bool| {
        let word = |word: usize| (0..PLANES).map(|j| u128::from(bit(word * PLANES + j)) << j).sum();
        (0..ROWS / PLANES).map(|number| Block::new(word(number))).collect()
    };
    let mut vectors = vec![pack(&|row| made.choice(row))];
    vectors.extend((0..PLANES).map(|plane| pack(&|row| made.rows[row].bits() >> plane & 1 == 1)));
    vectors
}

/// χ of a first batch with these corrections.
fn challenge(corrections: &[u8]) -> Vec<Block> {
    let mut transcript = transcript();
    transcript.corrections(0, ROWS, corrections);
    transcript.challenge(ROWS / PLANES)
}

/// Changes the corrections of a first batch as a cheating receiver would: with the check values that an honest one
/// would send under the challenge that then comes out.
fn cheat(made: &mut Made, change: impl FnOnce(&mut [u8])) {
    let vectors = vectors(made);
    let (corrections, check) = made.message.split_at_mut(CORRECTIONS);
    let before = challenge(corrections);
    change(corrections);
    let after = challenge(corrections);
    let difference: Vec<Block> = before.iter().zip(&after).map(|(&before, &after)| before ^ after).collect();
    for (value, vector) in check.as_chunks_mut::<BLOCK>().0.iter_mut().zip(vectors) {
        *value =
            universal_hash(Backend::Portable, &difference, &vector, Block::from_bytes(*value)).to_bytes();
    }
}

/// The bytes of d_i, i = 1 … 31.
fn correction(tree: usize) -> std::ops::Range<usize> {
    let length = correction_length(ROWS);
    (tree - 1) * length..tree * length
}

fn check_value(message: &mut [u8], number: usize) -> &mut [u8] {
    &mut message[CORRECTIONS + number * BLOCK..][..BLOCK]
}

#[test]
fn the_dealt_setup_is_an_honest_one() {
    let (delta, mut sender, mut receiver) = dealt(1);
    for rows in [ROWS, 1024] {
        let made = make(&mut receiver, rows);
        let keys;
        (sender, keys) = accept(sender, &made.message, rows).unwrap();
        assert!(is_correlated(&delta, &keys, &made));
    }
}

#[test]
fn a_flipped_bit_of_any_correction_or_check_value_is_noticed() {
    let corrections = (1..TREES).map(|tree| 8 * correction(tree).start + 11 * tree);
    let masks = (1..TREES).map(|tree| 8 * correction(tree).end - 4 * tree);
    let check = (0..=PLANES).map(|value| 8 * (CORRECTIONS + value * BLOCK) + value % 128);
    for bit in corrections.chain(masks).chain(check) {
        let (_, sender, mut receiver) = dealt(2);
        let mut made = make(&mut receiver, ROWS);
        flip(&mut made.message, bit);
        assert_cheating(accept(sender, &made.message, ROWS), &format!("bit {bit}"));
    }
}

/// Without the transcript's help: the receiver hashes what it sends. Only where δ_i = 0 does a wrong d_i not matter, and
/// there it must do no harm.
#[test]
fn a_wrong_correction_fails_the_check_itself_unless_it_is_harmless() {
    let mut harmless = 0;
    for seed in 0..4 {
        for tree in 1..TREES {
            let (delta, sender, mut receiver) = dealt(seed);
            let mut made = make(&mut receiver, ROWS);
            cheat(&mut made, |corrections| flip(&mut corrections[correction(tree)], 9 * tree));
            let result = accept(sender, &made.message, ROWS);
            if piece(&delta, tree) == 0 {
                harmless += 1;
                assert!(is_correlated(&delta, &result.unwrap().1, &made), "tree {tree}");
            } else {
                assert_cheating(result, &format!("d_{tree}"));
            }
        }
    }
    assert!(harmless > 0, "no δ_i was zero");
}

/// What the check is for: a receiver that guesses a whole δ_i passes, and its row is off by that piece of Δ, which it
/// knew; each wrong guess ends the session.
#[test]
fn only_a_right_guess_of_a_whole_piece_passes() {
    let (tree, row) = (5, 200);
    for guess in 0..Q {
        let (delta, sender, mut receiver) = dealt(3);
        let mut made = make(&mut receiver, ROWS);
        cheat(&mut made, |corrections| flip(&mut corrections[correction(tree)], row));
        // R(e) for the flipped position.
        let chi = challenge(&made.message[..CORRECTIONS])[row / PLANES];
        let hash = universal_hash(Backend::Portable, &[chi], &[Block::new(1 << (row % PLANES))], Block::ZERO);
        for bit in (0..K).filter(|bit| guess >> bit & 1 == 1) {
            let value = check_value(&mut made.message, 1 + K * tree + bit);
            value.iter_mut().zip(hash.to_bytes()).for_each(|(byte, change)| *byte ^= change);
        }
        let result = accept(sender, &made.message, ROWS);
        if guess != piece(&delta, tree) {
            assert_cheating(result, &format!("the guess {guess}"));
            continue;
        }
        let (_, mut keys) = result.unwrap();
        keys[row] ^= Block::new((guess as u128) << (K * tree));
        assert!(is_correlated(&delta, &keys, &made));
    }
}

/// D8: errors in two planes that would cancel if planes were added up.
#[test]
fn errors_that_cancel_between_planes_are_noticed() {
    for (first, second) in [(1, 2), (1, 128), (4, 5), (60, 90)] {
        let (_, sender, mut receiver) = dealt(4);
        let mut made = make(&mut receiver, ROWS);
        flip(check_value(&mut made.message, first), 0);
        flip(check_value(&mut made.message, second), 0);
        assert_cheating(accept(sender, &made.message, ROWS), &format!("planes {first} and {second}"));
    }
}

#[test]
fn batches_of_another_place_or_length_are_noticed() {
    let run = |tamper: &dyn Fn([Made; 2]) -> [Vec<u8>; 2]| {
        let (_, mut sender, mut receiver) = dealt(5);
        let messages = tamper([0, 1].map(|_| make(&mut receiver, ROWS)));
        for message in messages {
            (sender, _) = accept(sender, &message, ROWS)?;
        }
        Ok(())
    };
    assert!(run(&|made| made.map(|made| made.message)).is_ok());
    assert_cheating(run(&|[a, b]| [b.message, a.message]), "batches in another order");
    assert_cheating(run(&|[a, _]| [a.message.clone(), a.message]), "a repeated batch");
    assert_cheating(run(&|[a, b]| [a.message, b.message[1..].to_vec()]), "a short batch");
    assert_cheating(run(&|[a, b]| [a.message, [b.message, vec![0]].concat()]), "a long batch");
    assert_cheating(run(&|_| [Vec::new(), Vec::new()]), "an empty batch");

    let (_, sender, mut receiver) = dealt(5);
    let made = make(&mut receiver, 1024);
    assert_cheating(accept(sender, &made.message, ROWS), "a batch of another size");
    let (_, sender, _) = dealt(5);
    let (_, _, mut other) = dealt(6);
    let made = make(&mut other, ROWS);
    assert_cheating(accept(sender, &made.message, ROWS), "a batch of another session");
}
