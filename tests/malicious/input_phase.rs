//! Inputs behind their masks: what a party says depends on its input in nothing but Λ = x ⊕ λ (D12), and who says another Λ
//! has brought another input.

use halfgate::channel::Kind;
use halfgate::circuits::{Builder, Party, Reveal, Values};
use halfgate::{Program, compile};

use crate::pair::{Job, numbers};
use crate::relay::{Change, Log, Message, Plan};

const BOTH: [Party; 2] = [Party::Garbler, Party::Evaluator];

/// Each party's number goes through as many ANDs as it has bits, or none.
fn program(width: u32, ands: bool) -> Program {
    let builder = Builder::new();
    let x = builder.input_bits("x", width, Party::Garbler);
    let y = builder.input_bits("y", width, Party::Evaluator);
    let bits = (0..width as usize).map(|bit| if ands { x[bit] & y[bit] } else { x[bit] ^ y[bit] });
    builder.output_bits("z", &builder.bits(bits));
    compile(&builder.finish().unwrap()).unwrap()
}

fn inputs(width: u32, [x, y]: [u64; 2]) -> [Values; 2] {
    [x, y].map(|number| Values::from_u64s(width, &[number]))
}

/// The first message of a kind and its number.
fn first(log: &Log, sender: Party, kind: Kind) -> (usize, Message) {
    log.of(sender).into_iter().enumerate().find(|(_, it)| it.kind == kind).expect("it is sent")
}

/// What depends on Λ by right: itself, rows whose labels stand for it, and what is hashed of them. None of it is sent before
/// the Λ of the inputs.
fn depends_on_masked_values(kind: Kind) -> bool {
    matches!(kind, Kind::MaskedValues | Kind::Rows | Kind::LabelDigest | Kind::CheckAnswer)
}

#[test]
fn another_input_changes_its_masked_values_and_nothing_else_before_the_rows() {
    let program = program(8, true);
    let pairs = [[0x35, 0xc9], [0xff, 0xc9], [0x35, 0x00], [0x7e, 0x81]];
    let logs = pairs.map(|pair| {
        let (answers, log) = Job::new(&program, &inputs(8, pair)).run(None);
        assert_eq!(numbers(&answers[0]), [pair[0] & pair[1]]);
        log
    });
    for (pair, log) in pairs.iter().zip(&logs) {
        for (place, party) in BOTH.into_iter().enumerate() {
            let (message, masked) = first(log, party, Kind::MaskedValues);
            let (honest, of_first) = first(&logs[0], party, Kind::MaskedValues);
            assert_eq!(message, honest);
            let flipped = u64::from(masked.payload[0] ^ of_first.payload[0]);
            assert_eq!(flipped, pair[place] ^ pairs[0][place], "the same mask hides both inputs");
            let (left, right) = (log.of(party), logs[0].of(party));
            assert!(left[..message] == right[..message], "nothing before Λ depends on the input");
            let hidden = |messages: Vec<Message>| {
                messages.into_iter().filter(|it| !depends_on_masked_values(it.kind)).collect::<Vec<_>>()
            };
            assert!(hidden(left) == hidden(right), "nor do triples, openings of masks, or terms");
        }
    }
}

/// 4,096 masks: an honest mask gives a count more than 160 away from the mean, five standard deviations, with a
/// probability below 6·10^-7.
#[test]
fn masked_values_are_as_good_as_random_whatever_the_input() {
    let program = program(64, true);
    for number in [0, u64::MAX] {
        let values = [0; 2].map(|_| Values::from_u64s(64, &[number; 64]));
        let (_, log) = Job { seed: 32, ..Job::new(&program, &values) }.run(None);
        for party in BOTH {
            let (_, masked) = first(&log, party, Kind::MaskedValues);
            assert_eq!(masked.payload.len(), 512);
            let ones: u32 = masked.payload.iter().map(|byte| byte.count_ones()).sum();
            assert!(ones.abs_diff(2048) < 160, "{ones} of 4096 for {number:#x} of the {party}");
        }
    }
}

/// Shares of masks are opened to the owner of an input and to whom an output reaches, and to nobody else.
#[test]
fn masks_are_opened_to_owners_alone() {
    for (owner, to) in [(Party::Garbler, Reveal::Garbler), (Party::Evaluator, Reveal::Evaluator)] {
        let builder = Builder::new();
        let x = builder.input_bits("x", 2, owner);
        builder.output_bit("z", x[0] & x[1]);
        let program = compile(&builder.finish().unwrap()).unwrap();
        let values = [Values::from_u64s(2, &[3])];
        let (answers, log) = Job { to, ..Job::new(&program, &values) }.run(None);
        assert!(answers.iter().all(Result::is_ok));
        let openings = |party| log.of(party).iter().filter(|it| it.kind == Kind::MaskShares).count();
        assert_eq!((openings(owner), openings(owner.peer())), (0, 2), "input and output of the {owner}");
        // Nor does the other party announce anything of it: a party without inputs has no Λ to say before the rows.
        let announced = log.of(owner).iter().filter(|it| it.kind == Kind::MaskedValues).count();
        assert!(announced >= 1);
    }
}

/// The one message that a cheater may change: Λ of its own input. If no AND comes of it, the other party takes it for the other
/// input, and what the liar computes is its own affair.
#[test]
fn a_lie_about_ones_own_masked_value_is_another_input_and_nothing_else() {
    let program = program(4, false);
    let pair = [0b0110, 0b0011];
    for (place, sender) in BOTH.into_iter().enumerate() {
        for bit in 0..4 {
            let inputs = inputs(4, pair);
            let job = Job::new(&program, &inputs);
            let (_, log) = job.run(None);
            let (message, _) = first(&log, sender, Kind::MaskedValues);
            let change = Change::Flip { byte: 0, bits: 1 << bit };
            let (answers, _) = job.run(Some(Plan { sender, message, change }));
            let told = numbers(&answers[1 - place]);
            let mut other = pair;
            other[place] ^= 1 << bit;
            assert_eq!(told, Job::new(&program, &self::inputs(4, other)).outputs(), "the other input's");
            assert_eq!(numbers(&answers[place]), [pair[0] ^ pair[1]], "who is lied for sees its own");
        }
    }
}

/// The seed of labels that meet no AND: there is nothing it could change.
#[test]
fn labels_that_no_and_uses_change_nothing() {
    let program = program(4, false);
    let inputs = inputs(4, [5, 9]);
    let job = Job::new(&program, &inputs);
    let (message, seeds) = first(&job.run(None).1, Party::Garbler, Kind::InputSeed);
    for byte in 0..seeds.payload.len() {
        let plan = Plan { sender: Party::Garbler, message, change: Change::Flip { byte, bits: 2 } };
        let (answers, _) = job.run(Some(plan));
        assert_eq!(answers.map(|answer| numbers(&answer)), [[5 ^ 9], [5 ^ 9]]);
    }
}
