//! Every message of both parties, changed in every field, cut, lengthened, moved, replayed and sent back.

use halfgate::channel::Kind;
use halfgate::circuits::Party;
use halfgate::{Blame, Category, Error};

use crate::fields::{fields, flips};
use crate::relay::{Change, Message, Plan};
use crate::script::{Ending, Outcome, expected, run};

/// What a change may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Somebody finds it.
    Found,
    /// Found, or what was changed had no part in anything: a row that the evaluator does not add, or a table that an
    /// honest party multiplies by zero.
    FoundOrUnused,
}

/// What both send at once, without waiting for the other's.
const CROSSING: [Kind; 10] = [
    Kind::Start,
    Kind::BaseOtPoints,
    Kind::OtSetup,
    Kind::OtBatch,
    Kind::LeakyTables,
    Kind::LeakyBits,
    Kind::Commitments,
    Kind::Openings,
    Kind::TripleOpenings,
    Kind::AndOpenings,
];

/// An honest run: what both learn, and all that they send.
struct Honest {
    outcome: Outcome,
    messages: [Vec<Message>; 2],
}

impl Honest {
    fn run() -> Self {
        let outcome = run(None);
        let [products, mixed] = expected();
        for ending in &outcome.endings {
            assert!(ending.error.is_none(), "{:?}", ending.error);
            assert_eq!((ending.outputs.len(), &ending.outputs[0]), (4, &products));
            assert_eq!((&ending.outputs[1], &ending.outputs[3]), (&mixed, &products));
            assert_eq!(ending.outputs[2].len(), 2);
        }
        let [left, right] = [0, 1].map(|party| &outcome.endings[party].outputs[2]);
        let sum: Vec<u64> = left.iter().zip(right).map(|(left, right)| left ^ right).collect();
        assert_eq!(sum, mixed, "shares add up");
        let messages = [Party::Garbler, Party::Evaluator].map(|party| outcome.log.of(party));
        Honest { outcome, messages }
    }

    fn of(&self, sender: Party) -> &[Message] {
        &self.messages[usize::from(sender == Party::Evaluator)]
    }

    /// All messages with their sender and number.
    fn places(&self) -> impl Iterator<Item = (Party, usize, &Message)> {
        [Party::Garbler, Party::Evaluator]
            .into_iter()
            .flat_map(|sender| self.of(sender).iter().enumerate().map(move |(index, it)| (sender, index, it)))
    }

    /// Plays with a change and says whether anybody found it.
    fn under(&self, plan: Plan, effect: Effect) -> bool {
        let message = &self.of(plan.sender)[plan.message];
        let place = format!("{plan:?} (`{}`)", message.kind);
        let outcome = run(Some(plan));
        for party in [Party::Garbler, Party::Evaluator] {
            let (got, honest) = (&outcome.of(party).outputs, &self.outcome.of(party).outputs);
            assert!(honest.starts_with(got), "{place}: the {party} was told something else");
        }
        if effect == Effect::FoundOrUnused && outcome.endings.iter().all(|ending| ending.error.is_none()) {
            return false;
        }
        let found = |ending: &Ending| ending.error.as_ref().is_some_and(|error| found(error, message.kind));
        assert!(outcome.endings.iter().any(found), "{place}: {:?}", errors(&outcome));
        // Behind its finish a party waits for nothing that the changed message could spoil.
        let last = plan.message + 2 >= self.of(plan.sender).len();
        assert!(outcome.of(plan.sender.peer()).error.is_some(), "{place}: the receiver went on");
        assert!(last || outcome.of(plan.sender).error.is_some(), "{place}: the sender went on");
        for error in errors(&outcome).into_iter().flatten() {
            let fits = found_or_left(error, message.kind);
            assert!(fits, "{place}: {error}");
        }
        true
    }
}

fn errors(outcome: &Outcome) -> [Option<&Error>; 2] {
    [0, 1].map(|party| outcome.endings[party].error.as_ref())
}

/// Whether an error says that the peer cheats. Terms that were changed read like other terms, and a first message that
/// makes no sense like another program.
fn found(error: &Error, kind: Kind) -> bool {
    let terms = matches!(kind, Kind::Hello | Kind::Operation);
    error.category() == Category::Cheating || terms && error.blame() == Blame::Input
}

fn found_or_left(error: &Error, kind: Kind) -> bool {
    found(error, kind) || error.category() == Category::Network
}

fn flip(sender: Party, message: usize, byte: usize, bits: u8) -> Plan {
    Plan { sender, message, change: Change::Flip { byte, bits } }
}

/// Flips in all fields of the messages of some kinds. The answer counts the changes, and those that were found.
fn flip_all(of: impl Fn(Kind) -> bool, effect: impl Fn(&Message, usize) -> Effect) -> (usize, usize) {
    let honest = Honest::run();
    let (mut changes, mut found) = (0, 0);
    for (sender, index, message) in honest.places().filter(|(_, _, message)| of(message.kind)) {
        for field in fields(message.kind, &message.payload) {
            for (byte, bits) in flips(&field) {
                changes += 1;
                found += usize::from(honest.under(flip(sender, index, byte, bits), effect(message, byte)));
            }
        }
    }
    (changes, found)
}

fn is_setup(kind: Kind) -> bool {
    matches!(kind, Kind::Hello | Kind::Confirm | Kind::BaseOtPoints | Kind::OtSetup)
}

fn may_be_unused(kind: Kind) -> bool {
    matches!(kind, Kind::Rows | Kind::LeakyTables)
}

#[test]
fn every_kind_of_this_mode_crosses() {
    let honest = Honest::run();
    let other = [Kind::InputChoices, Kind::OutputColours, Kind::OutputLabels];
    for kind in Kind::ALL.into_iter().filter(|kind| !other.contains(kind)) {
        let between_sessions = (Kind::Abort as u8..=Kind::Journal as u8).contains(&(kind as u8));
        let crosses = honest.places().any(|(_, _, message)| message.kind == kind);
        assert_eq!(crosses, !between_sessions, "{kind}");
    }
}

#[test]
fn flipped_bits_of_the_set_up_are_found() {
    let (changes, found) = flip_all(is_setup, |_, _| Effect::Found);
    assert!(changes == found && changes > 100, "{found} of {changes}");
}

#[test]
fn flipped_bits_of_transfers_and_openings_are_found() {
    let (changes, found) = flip_all(|kind| !is_setup(kind) && !may_be_unused(kind), |_, _| Effect::Found);
    assert!(changes == found && changes > 100, "{found} of {changes}");
}

#[test]
fn flipped_bits_of_rows_and_tables_are_found_or_never_used() {
    let effect = |message: &Message, byte: usize| match message.kind {
        // The bits b behind the rows are always used.
        Kind::Rows if byte >= message.payload.len() / 32 * 32 => Effect::Found,
        _ => Effect::FoundOrUnused,
    };
    let (changes, found) = flip_all(may_be_unused, effect);
    assert!((changes / 4..changes).contains(&found), "{found} of {changes}: about half");
}

#[test]
fn other_lengths_are_the_peers_fault() {
    let honest = Honest::run();
    for (sender, message, it) in honest.places() {
        honest.under(Plan { sender, message, change: Change::Lengthen }, Effect::Found);
        if !it.payload.is_empty() {
            honest.under(Plan { sender, message, change: Change::Shorten }, Effect::Found);
        }
    }
}

#[test]
fn replayed_and_swapped_messages_are_found() {
    let honest = Honest::run();
    for (sender, message, it) in honest.places() {
        let others = honest.of(sender);
        let same = |other: &Message| other.kind == it.kind && other.payload != it.payload;
        if let Some(earlier) = others[..message].iter().rposition(same) {
            honest.under(Plan { sender, message, change: Change::Replay { earlier } }, Effect::Found);
        }
        // Others would wait for an answer that only the held one has.
        if CROSSING.contains(&it.kind) && others.get(message + 1).is_some_and(same) {
            honest.under(Plan { sender, message, change: Change::Swap }, Effect::Found);
        }
    }
}

/// The n-th of one is the n-th of the other, but for the garbler's own start point.
#[test]
fn messages_that_are_sent_back_are_found() {
    let honest = Honest::run();
    for kind in CROSSING {
        let places = [Party::Garbler, Party::Evaluator].map(|party| {
            let messages = honest.of(party).iter().enumerate();
            messages.filter(|(_, it)| it.kind == kind).map(|(index, _)| index).collect::<Vec<_>>()
        });
        let own_start = places[0].len() - places[1].len();
        assert_eq!(own_start, usize::from(kind == Kind::Start));
        for (&ours, &theirs) in places[0][own_start..].iter().zip(&places[1]) {
            for (sender, message, theirs) in
                [(Party::Garbler, ours, theirs), (Party::Evaluator, theirs, ours)]
            {
                honest.under(Plan { sender, message, change: Change::Reflect { theirs } }, Effect::Found);
            }
        }
    }
}

#[test]
fn tables_and_rows_that_are_all_wrong_are_found() {
    let honest = Honest::run();
    for (sender, message, _) in honest.places().filter(|(_, _, it)| may_be_unused(it.kind)) {
        honest.under(Plan { sender, message, change: Change::FlipEveryBlock }, Effect::Found);
    }
}
