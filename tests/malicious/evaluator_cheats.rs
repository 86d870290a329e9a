//! What an evaluator can do with its secrets, and what comes of it at an honest garbler.

use halfgate::channel::Kind;
use halfgate::circuits::{BitRows, Party};
use halfgate::{Category, Program, compile, library};

use crate::dishonest::Lie;
use crate::dishonest_evaluator::{Cheat, Digest, play};

const CASES: [(u8, u8); 4] = [(3, 200), (200, 3), (0xa5, 0x5a), (0x5b, 0x5b)];

fn program() -> Program {
    compile(&library::find("lt8").unwrap()).unwrap()
}

fn bits(number: u8) -> BitRows {
    BitRows::from_bits(8, 1, (0..8).map(|bit| number >> bit & 1 == 1))
}

/// The garbler notices, before it has answered for its rows if the cheat lies before that.
fn always_caught(cheats: impl IntoIterator<Item = Cheat>, answered: bool) {
    let program = program();
    for (index, cheat) in cheats.into_iter().enumerate() {
        let case = index % CASES.len();
        let (x, y) = CASES[case];
        let (answer, log) = play(&program, [&bits(x), &bits(y)], cheat, 200 + case as u64);
        let error = answer.err().unwrap_or_else(|| panic!("nobody notices {cheat:?}"));
        assert_eq!(error.category(), Category::Cheating, "{cheat:?}: {error}");
        let answers = log.of(Party::Garbler).iter().filter(|it| it.kind == Kind::CheckAnswer).count();
        assert_eq!(answers, usize::from(answered), "{cheat:?}");
    }
}

#[test]
fn without_a_cheat_the_garbler_learns_the_output() {
    let program = program();
    for (case, (x, y)) in CASES.into_iter().enumerate() {
        let (answer, _) = play(&program, [&bits(x), &bits(y)], Cheat::Nothing, 200 + case as u64);
        assert_eq!(answer.unwrap().bit(0), x < y);
    }
}

/// D14: the garbler's answer would tell whoever lies about Λ a bit of the garbler's input.
#[test]
fn another_masked_value_is_found_in_every_position_before_the_garbler_answers() {
    let digests = [Digest::Honest, Digest::PlusOwnDelta, Digest::PlusRow(0), Digest::PlusRow(1)];
    let ands = 0..program().and_count();
    always_caught(ands.flat_map(|and| digests.map(|digest| Cheat::Masked { and, digest })), false);
}

#[test]
fn another_masked_value_and_all_that_follows_from_it_is_found() {
    always_caught((0..program().and_count()).map(|and| Cheat::MaskedFromThere { and }), false);
}

#[test]
fn a_digest_of_other_labels_is_found() {
    always_caught((0..program().and_count()).map(|and| Cheat::Label { and }), false);
}

#[test]
fn lies_in_openings_of_inputs_and_products_are_found() {
    let lies = [0, 3, 7].into_iter().flat_map(|bit| [Lie::Share(bit), Lie::ShareAndMac(bit), Lie::Mac(bit)]);
    always_caught(lies.flat_map(|lie| [Cheat::InputOpening(lie), Cheat::ProductOpening(lie)]), false);
}

#[test]
fn lies_about_outputs_are_found() {
    let lies = [Lie::Share(0), Lie::ShareAndMac(0), Lie::Mac(0)];
    always_caught(lies.map(Cheat::OutputOpening), true);
}
