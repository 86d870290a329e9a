//! What a garbler can do with its secrets, and what comes of it at an honest evaluator.

use halfgate::channel::Kind;
use halfgate::circuits::{BitRows, Party};
use halfgate::{Category, Program, compile, library};
use halfgate_evaluator::EvaluatorError;

use crate::dishonest::Lie;
use crate::dishonest_garbler::{Answer, Cheat, Seen, play};
use crate::relay::Log;

/// 8-bit numbers of the garbler and the evaluator, and whether the first is less.
const CASES: [(u8, u8); 4] = [(3, 200), (200, 3), (0xa5, 0x5a), (0x5b, 0x5b)];

fn program() -> Program {
    compile(&library::find("lt8").unwrap()).unwrap()
}

fn bits(number: u8) -> BitRows {
    BitRows::from_bits(8, 1, (0..8).map(|bit| number >> bit & 1 == 1))
}

/// One session for a case: what the evaluator got.
fn run(program: &Program, case: usize, cheat: Cheat) -> (Result<bool, EvaluatorError>, Seen, Log) {
    let (x, y) = CASES[case];
    let (answer, seen, log) = play(program, [&bits(x), &bits(y)], cheat, 100 + case as u64);
    (answer.map(|bits| bits.bit(0)), seen, log)
}

/// The evaluator notices, and has opened nothing.
fn assert_caught(answer: &Result<bool, EvaluatorError>, seen: &Seen, log: &Log, cheat: Cheat) {
    let error = answer.as_ref().err().unwrap_or_else(|| panic!("nobody notices {cheat:?}"));
    assert_eq!(error.category(), Category::Cheating, "{cheat:?}: {error}");
    assert!(!seen.opened, "{cheat:?}: outputs were opened");
    // It opens the masks of the garbler's inputs, and nothing else.
    let openings = log.of(Party::Evaluator).iter().filter(|it| it.kind == Kind::MaskShares).count();
    assert!(openings <= 1, "{cheat:?}");
}

fn always_caught(cheats: impl IntoIterator<Item = Cheat>) {
    let program = program();
    for (index, cheat) in cheats.into_iter().enumerate() {
        let (answer, seen, log) = run(&program, index % CASES.len(), cheat);
        assert_caught(&answer, &seen, &log, cheat);
    }
}

#[test]
fn without_a_cheat_both_learn_the_output() {
    let program = program();
    for (case, (x, y)) in CASES.into_iter().enumerate() {
        let (answer, seen, _) = run(&program, case, Cheat::Nothing);
        assert_eq!(answer.unwrap(), x < y);
        assert!(seen.opened);
    }
}

/// The bit of a row that carries Λ: it counts just if Λ of its operand is set.
#[test]
fn a_wrong_row_is_found_just_if_it_is_used() {
    let program = program();
    let (mut caught, mut known) = (0, 0);
    let places = (0..program.and_count()).flat_map(|and| [0, 1].map(|half| (and, half)));
    for (index, (and, half)) in places.enumerate() {
        let (case, cheat) = (index % CASES.len(), Cheat::Row { and, half, bits: 0b10 });
        let (answer, seen, log) = run(&program, case, cheat);
        if let Ok(less) = answer {
            assert_eq!(less, CASES[case].0 < CASES[case].1, "{cheat:?}: a wrong answer was believed");
        } else {
            assert_caught(&answer, &seen, &log, cheat);
            caught += 1;
        }
        known += seen.operands[and].iter().flatten().count();
    }
    assert!((4..=12).contains(&caught), "{caught} of 16");
    assert!(known > 0, "inputs are operands");
}

/// The other bits of the last row count in no Λ, and the label that they spoil meets no other row.
#[test]
fn a_wrong_row_that_no_value_depends_on_changes_nothing() {
    let program = program();
    let and = program.and_count() - 1;
    for (case, (x, y)) in CASES.into_iter().enumerate() {
        for half in 0..2 {
            let (answer, _, _) = run(&program, case, Cheat::Row { and, half, bits: 1 << 90 });
            assert_eq!(answer.unwrap(), x < y);
        }
    }
}

#[test]
fn a_wrong_bit_is_found_in_every_position_whatever_the_answer() {
    let count = program().and_count();
    let answers = [Answer::Claimed, Answer::Right, Answer::PlusDelta];
    always_caught((0..count).flat_map(|and| answers.map(|answer| Cheat::Bit { and, answer })));
}

/// A wrong share of a triple's z or of a fresh mask, with all that follows from it: every label and digest fits.
#[test]
fn a_wrong_share_of_a_product_is_found_in_every_position_whatever_the_answer() {
    let count = program().and_count();
    let answers = [Answer::Claimed, Answer::Right, Answer::PlusDelta];
    always_caught((0..count).flat_map(|and| answers.map(|answer| Cheat::ProductShare { and, answer })));
}

/// MACs stand under the Δ of oblivious transfer, so rows under another do not fit them. That is found unless no row is used
/// at all, and then nothing is wrong.
#[test]
fn another_delta_for_garbling_is_found() {
    let program = program();
    for case in 0..CASES.len() {
        let (answer, seen, log) = run(&program, case, Cheat::OtherDelta);
        assert_caught(&answer, &seen, &log, Cheat::OtherDelta);
    }
}

#[test]
fn an_answer_for_another_opening_is_found() {
    always_caught([Cheat::OtherContext]);
}

#[test]
fn lies_in_openings_are_found() {
    let bits = [0, 3, 7];
    let inputs = bits.into_iter().flat_map(|bit| {
        let lies = [Lie::Share(bit), Lie::ShareAndMac(bit), Lie::Mac(bit)];
        lies.into_iter().flat_map(|lie| [Cheat::InputOpening(lie), Cheat::ProductOpening(lie)])
    });
    let outputs = [Lie::Share(0), Lie::ShareAndMac(0), Lie::Mac(0)].map(Cheat::OutputOpening);
    always_caught(inputs.chain(outputs));
}
