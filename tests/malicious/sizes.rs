//! Odd sizes: nothing to multiply, nothing at all, one gate, empty groups, and lanes across tiles and portions.

use halfgate::channel::{Channel, Kind, Limits};
use halfgate::circuits::{Builder, Circuit, Party, Reveal, Values};
use halfgate::{Category, Error, Session, Statistical, Terms, compile, library};
use halfgate_triples::{Buckets, Portion};

use crate::pair::{Job, numbers};
use crate::relay::{Change, Log, Plan, line};
use crate::script::MALICIOUS;

fn circuit(build: impl FnOnce(&Builder)) -> Circuit {
    let builder = Builder::new();
    build(&builder);
    builder.finish().unwrap()
}

#[test]
fn circuits_without_ands_need_no_triples() {
    let exchange = circuit(|builder| {
        let x = builder.input_bits("x", 3, Party::Garbler);
        let y = builder.input_bits("y", 3, Party::Evaluator);
        builder.output_bits("z", &builder.bits((0..3).map(|bit| !(x[bit] ^ y[2 - bit]))));
    });
    let program = compile(&exchange).unwrap();
    let values = [0b011, 0b110].map(|number| Values::from_u64s(3, &[number, 0]));
    let (answers, log) = Job::new(&program, &values).run(None);
    for answer in &answers {
        assert_eq!(numbers(answer), [0b111, 0b111]);
    }
    let never = [Kind::LeakyTables, Kind::TripleOpenings, Kind::AndOpenings, Kind::Rows, Kind::LabelDigest];
    assert!(log.messages().iter().all(|message| !never.contains(&message.kind)));
}

#[test]
fn constants_and_empty_groups_are_opened_like_others() {
    let constants = circuit(|builder| {
        builder.input_bits("none", 0, Party::Garbler);
        builder.input_bits("nothing", 0, Party::Evaluator);
        builder.output_bits("z", &builder.bits([true, false, true].map(|bit| builder.constant(bit))));
        builder.output_bits("empty", &builder.bits([]));
    });
    let values = [0; 2].map(|_| Values::new(0, 5));
    assert_eq!(Job::new(&compile(&constants).unwrap(), &values).outputs(), [0b101; 5]);
    let alone = circuit(|builder| builder.output_bit("one", builder.constant(true)));
    assert_eq!(Job::new(&compile(&alone).unwrap(), &[]).outputs(), [1]);
    let empty = circuit(|builder| builder.output_bits("empty", &builder.bits([])));
    let (answers, _) = Job::new(&compile(&empty).unwrap(), &[]).run(None);
    assert!(answers.into_iter().all(|answer| answer.unwrap().is_some_and(|outputs| outputs[0].width() == 0)));
}

#[test]
fn one_gate_has_a_bucket_as_large_as_any() {
    let and = circuit(|builder| {
        let (x, y) = (builder.input_bit("x", Party::Garbler), builder.input_bit("y", Party::Evaluator));
        builder.output_bit("z", x & y);
    });
    let program = compile(&and).unwrap();
    for (x, y) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let values = [x, y].map(|bit| Values::from_u64s(1, &[bit]));
        let (answers, log) = Job::new(&program, &values).run(None);
        assert_eq!(numbers(&answers[1]), [x & y]);
        let tables = log.of(Party::Evaluator).into_iter().filter(|message| message.kind == Kind::LeakyTables);
        let bytes: usize = tables.map(|message| message.payload.len()).sum();
        assert_eq!(bytes, 40 * 16, "a bucket of 40, for one triple");
        assert_eq!(Buckets::for_triples(1, Statistical::Bits40), Buckets { count: 1, size: 40 });
    }
}

#[test]
fn lanes_fill_tiles_or_leave_them_ragged() {
    let program = compile(&library::find("add8").unwrap()).unwrap();
    let width = program.tile_width();
    for lanes in [1, width - 1, width, width + 1, 2 * width + 3] {
        let numbers = |step: u64| (0..lanes as u64).map(|lane| (lane * step) & 0xff).collect::<Vec<_>>();
        let (xs, ys) = (numbers(7), numbers(91));
        let values = [&xs, &ys].map(|numbers| Values::from_u64s(8, numbers));
        let sums: Vec<u64> = xs.iter().zip(&ys).map(|(x, y)| (x + y) & 0xff).collect();
        assert_eq!(Job::new(&program, &values).outputs(), sums, "{lanes} lanes");
    }
}

/// Which squares are below 2^20, by both parties, in one call.
fn compare_in_three_portions(plan: Option<Plan>) -> ([Result<Vec<u64>, Error>; 2], Log) {
    let program = compile(&library::find("lt64").unwrap()).unwrap();
    let lanes = 2 * Portion::MOST / program.and_count() + 52;
    let values = Values::from_u64s(64, &(0..lanes as u64).map(|lane| lane * lane).collect::<Vec<_>>());
    let against = Values::from_u64s(64, &vec![1 << 20; lanes]);
    let party = async |channel: Channel, own: Party| {
        let mut session = Session::open(channel, own, Terms::new(MALICIOUS)).await?;
        let (a, b) = match own {
            Party::Garbler => (session.input(&values).await?, session.peer_input(64, lanes).await?),
            Party::Evaluator => (session.peer_input(64, lanes).await?, session.input(&against).await?),
        };
        let less = session.call(&program, &[&a, &b]).await?.remove(0);
        let less = session.reveal(&less, Reveal::Both).await?.unwrap().to_u64s();
        session.finish().await?;
        Ok::<_, Error>(less)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = line(plan);
        let both = tokio::join!(party(left, Party::Garbler), party(right, Party::Evaluator));
        (both.into(), log)
    })
}

#[test]
fn a_call_of_several_portions_is_checked_portion_by_portion() {
    let (answers, log) = compare_in_three_portions(None);
    for answer in answers {
        let expected = (0..).map(|lane: u64| u64::from(lane * lane < 1 << 20));
        let answer = answer.unwrap();
        assert!(answer.iter().copied().eq(expected.take(answer.len())));
    }
    let sent = log.of(Party::Evaluator).into_iter().enumerate();
    let digests: Vec<_> =
        sent.filter(|(_, it)| it.kind == Kind::LabelDigest).map(|(index, _)| index).collect();
    assert_eq!(digests.len(), 3);
    // The garbler is a portion ahead: it has to hear the last ones all the same, before it answers.
    for message in digests {
        let change = Change::Flip { byte: 9, bits: 1 };
        let plan = Plan { sender: Party::Evaluator, message, change };
        let ([garbler, evaluator], log) = compare_in_three_portions(Some(plan));
        assert_eq!(garbler.unwrap_err().category(), Category::Cheating);
        assert!(evaluator.is_err());
        assert!(log.of(Party::Garbler).iter().all(|it| it.kind != Kind::CheckAnswer), "nothing is answered");
    }
}

/// A session that does nothing agrees that nothing was done.
#[test]
fn a_session_without_operations_ends_well() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right) = Channel::memory_pair(Limits::default());
        let party = async |channel, own| {
            Session::open(channel, own, Terms::new(MALICIOUS)).await.unwrap().finish().await.unwrap()
        };
        let (garbler, evaluator) = tokio::join!(party(left, Party::Garbler), party(right, Party::Evaluator));
        assert_eq!(garbler.sent, evaluator.received);
    });
}
