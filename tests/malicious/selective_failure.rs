//! Cheats that are found by chance: whether a session fails tells the cheater nothing about the honest party's input
//! (`protocols.md` §12 items 4 and 7). All randomness is fixed, so these tests always do the same.

use halfgate::channel::Kind;
use halfgate::circuits::{BitRows, Builder, Party, Values};
use halfgate::{Category, Program, compile};

use crate::dishonest_garbler::{Cheat, play};
use crate::pair::{Job, numbers};
use crate::relay::{Change, Plan};

const BITS: usize = 4;

/// Each bit of the garbler meets one of the evaluator in an AND.
fn program() -> Program {
    let builder = Builder::new();
    let x = builder.input_bits("x", BITS as u32, Party::Garbler);
    let y = builder.input_bits("y", BITS as u32, Party::Evaluator);
    builder.output_bits("z", &builder.bits((0..BITS).map(|bit| x[bit] & y[bit])));
    compile(&builder.finish().unwrap()).unwrap()
}

/// Inputs as good as random.
fn number(session: u64, salt: u8) -> u64 {
    let digest = blake3::hash(&[&session.to_le_bytes()[..], &[salt]].concat());
    u64::from(digest.as_bytes()[0]) & 0xf
}

fn bits(number: u64) -> BitRows {
    BitRows::from_bits(BITS, 1, (0..BITS).map(|bit| number >> bit & 1 == 1))
}

/// How many sessions failed of how many, by the input bit of the honest party that the cheat aims at.
#[derive(Default)]
struct Failures([(u32, u32); 2]);

impl Failures {
    fn count(&mut self, bit: bool, failed: bool) {
        let (failures, sessions) = &mut self.0[usize::from(bit)];
        *failures += u32::from(failed);
        *sessions += 1;
    }

    /// With failures as tosses of a coin, the number in n sessions is 2.5·√n or more away from n/2 with a probability of at
    /// most 2·e^-12.5 < 10^-5 (Hoeffding), whatever the input bit is. Failures that tell the bit are n/2 away.
    fn assert_fair(&self) {
        for (bit, (failures, sessions)) in self.0.into_iter().enumerate() {
            let away = (f64::from(failures) - f64::from(sessions) / 2.0).abs();
            assert!(away < 2.5 * f64::from(sessions).sqrt(), "{failures} of {sessions} where it is {bit}");
            assert!(2.5 * f64::from(sessions).sqrt() < f64::from(sessions) / 2.0, "enough to tell");
        }
    }
}

/// A row is wrong for a bit of the evaluator: the session fails just if Λ of that bit is set, which the evaluator has told
/// everybody, and which its mask makes independent of the bit.
#[test]
fn a_wrong_row_fails_by_the_masked_bit_and_not_by_the_bit() {
    let program = program();
    let (x, y) = (bits(0b0101), bits(0b0011));
    let (_, probe, _) = play(&program, [&x, &y], Cheat::Nothing, 1);
    let targets = probe.operands.iter().enumerate().map(|(and, operands)| {
        let half = operands.iter().position(|it| it.is_some_and(|it| it.group == 1)).expect("an evaluator's");
        (and, half)
    });
    let targets: Vec<(usize, usize)> = targets.collect();
    let mut failures = Failures::default();
    let mut per_bit = [0; BITS];
    for session in 0..208 {
        let (and, half) = targets[session as usize % BITS];
        let (x, y) = (number(session, 0), number(session, 1));
        let cheat = Cheat::Row { and, half, bits: 0b10 };
        let (answer, seen, _) = play(&program, [&bits(x), &bits(y)], cheat, 1000 + session);
        let operand = seen.operands[and][half].expect("an input of the evaluator");
        assert_eq!(answer.is_err(), operand.masked, "session {session}");
        match &answer {
            Ok(output) => assert!(output.bits().eq(bits(x & y).bits()), "a wrong answer was believed"),
            Err(error) => assert_eq!(error.category(), Category::Cheating),
        }
        failures.count(y >> operand.bit & 1 == 1, answer.is_err());
        per_bit[operand.bit] += 1;
    }
    assert_eq!(per_bit, [52; BITS], "each input bit is aimed at");
    failures.assert_fair();
}

/// A table of one leaky AND is wrong: the session fails just if the honest party's share of a random x is one, which has
/// nothing to do with any wire.
#[test]
fn a_wrong_table_fails_half_of_the_time_whatever_the_input() {
    let program = program();
    for sender in [Party::Garbler, Party::Evaluator] {
        let probe = Job::new(&program, &[0; 2].map(|_| Values::new(BITS as u32, 1))).run(None).1.of(sender);
        let message = probe.iter().position(|it| it.kind == Kind::LeakyTables).expect("triples are made");
        let tables = probe[message].payload.len() / 16;
        let mut failures = Failures::default();
        for session in 0..104 {
            let (x, y) = (number(session, 2), number(session, 3));
            let values = [x, y].map(|number| Values::from_u64s(BITS as u32, &[number]));
            let job = Job { seed: 2000 + session, ..Job::new(&program, &values) };
            let change = Change::Flip { byte: 16 * (session as usize % tables) + 9, bits: 1 };
            let (answers, _) = job.run(Some(Plan { sender, message, change }));
            let failed = answers.iter().any(Result::is_err);
            assert!(!failed || answers.iter().all(Result::is_err), "both stop, or none");
            for answer in answers.iter().filter(|_| !failed) {
                assert_eq!(numbers(answer), [x & y]);
            }
            let honest = if sender == Party::Garbler { y } else { x };
            failures.count(honest & 1 == 1, failed);
        }
        failures.assert_fair();
    }
}
