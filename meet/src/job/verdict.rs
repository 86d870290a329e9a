//! What two sides conclude about a batch from what each of them knows. Both compute the same from the same; nothing here
//! depends on anything else, so all of it can be tried out (`model.rs`).

use halfgate::{Party, Reveal};

/// What one side knows about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) enum State {
    /// This side has opened nothing of it.
    #[default]
    Untouched,
    /// This side may have opened something of it. It has no result: none came, or none is meant for it.
    Opened,
    /// This side has its result.
    Held,
    /// Neither side can have its result any more.
    Lost,
}

/// What becomes of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Verdict {
    /// Neither side has opened anything of it: it is run, with fresh randomness.
    Run,
    /// Everybody has what is meant for them.
    Done,
    /// This side sends the peer its result.
    Send,
    /// The peer sends this side its result.
    Receive,
    /// It is spent, and somebody for whom its result is meant cannot have it any more.
    Lost,
}

/// Whether a party gets an output of its own, a value or a share.
pub(crate) fn is_entitled(party: Party, reveal: Reveal) -> bool {
    reveal == Reveal::Shares || reveal.reaches(party)
}

/// What becomes of a batch that both sides describe, seen from this side. With `resend` a result that only one side has is sent
/// to the other, for which it is then that side's word. An error says what no peer can truthfully claim,
/// unless this side's journal is an older copy.
pub(crate) fn judge(
    own: Party,
    reveal: Reveal,
    resend: bool,
    ours: State,
    theirs: State,
) -> Result<Verdict, &'static str> {
    use State::{Held, Lost, Untouched};
    if theirs == Held && !is_entitled(own.peer(), reveal) {
        return Err("it claims a result that is not meant for it");
    }
    if !resend && reveal != Reveal::Shares {
        return judge_alone(own, reveal, ours, theirs);
    }
    // A share can be had without the peer, and without the peer's share it is nothing.
    if reveal == Reveal::Shares {
        return Ok(match (ours, theirs) {
            (Untouched, Untouched) => Verdict::Run,
            (Held, Held) => Verdict::Done,
            _ => Verdict::Lost,
        });
    }
    Ok(match (ours, theirs) {
        (Untouched, Untouched) => Verdict::Run,
        (Untouched, Held) => return Err("it claims a result of a batch that this side never opened"),
        (Lost, Held) => return Err("it claims a result that it said was lost"),
        (Held, Lost) => return Err("it says that a result is lost that this side has"),
        (Held, Held) => Verdict::Done,
        (Held, _) if is_entitled(own.peer(), reveal) => Verdict::Send,
        (_, Held) if is_entitled(own, reveal) => Verdict::Receive,
        (Held, _) | (_, Held) => Verdict::Done,
        _ => Verdict::Lost,
    })
}

/// As [`judge`] where the peer's word for a result counts for nothing: a side has what it has come to by itself.
fn judge_alone(own: Party, reveal: Reveal, ours: State, theirs: State) -> Result<Verdict, &'static str> {
    use State::{Held, Untouched};
    Ok(match (ours, theirs) {
        (Untouched, Untouched) => Verdict::Run,
        (Untouched, Held) => return Err("it claims a result of a batch that this side never opened"),
        (Held, _) => Verdict::Done,
        (_, Held) if !is_entitled(own, reveal) => Verdict::Done,
        _ => Verdict::Lost,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 4] = [State::Untouched, State::Opened, State::Held, State::Lost];
    const REVEALS: [Reveal; 4] = [Reveal::Garbler, Reveal::Evaluator, Reveal::Both, Reveal::Shares];

    fn all() -> impl Iterator<Item = (Reveal, State, State)> {
        let pairs = STATES.into_iter().flat_map(|ours| STATES.map(|theirs| (ours, theirs)));
        pairs.flat_map(|(ours, theirs)| REVEALS.map(|reveal| (reveal, ours, theirs)))
    }

    #[test]
    fn only_what_nobody_has_touched_is_run() {
        for (reveal, ours, theirs) in all() {
            let run = [true, false]
                .map(|resend| judge(Party::Garbler, reveal, resend, ours, theirs) == Ok(Verdict::Run));
            assert_eq!(
                run,
                [(ours, theirs) == (State::Untouched, State::Untouched); 2],
                "{reveal} {ours:?} {theirs:?}"
            );
        }
    }

    #[test]
    fn both_sides_conclude_the_same() {
        for (reveal, ours, theirs) in all() {
            let here = judge(Party::Garbler, reveal, true, ours, theirs);
            let there = judge(Party::Evaluator, reveal, true, theirs, ours);
            let mirrored = match there {
                Ok(Verdict::Send) => Ok(Verdict::Receive),
                Ok(Verdict::Receive) => Ok(Verdict::Send),
                other => other,
            };
            // Where one objects, the session ends, whatever the other would have done.
            assert!(here == mirrored || here.is_err() || there.is_err(), "{reveal} {ours:?} {theirs:?}");
        }
    }

    #[test]
    fn without_the_peers_word_nobody_sends_and_nobody_loses_what_it_has() {
        for (reveal, ours, theirs) in all() {
            match judge(Party::Garbler, reveal, false, ours, theirs) {
                Ok(Verdict::Send | Verdict::Receive) => panic!("{reveal} {ours:?} {theirs:?}"),
                Ok(Verdict::Done) => assert!(ours == State::Held || !is_entitled(Party::Garbler, reveal)),
                Ok(Verdict::Lost) => assert!(ours != State::Held || reveal == Reveal::Shares),
                Ok(Verdict::Run) | Err(_) => {}
            }
        }
    }

    #[test]
    fn who_may_not_know_sends_and_gets_nothing() {
        // This side itself holds only what is meant for it.
        for (reveal, ours, theirs) in all().filter(|all| all.0 != Reveal::Garbler || all.1 != State::Held) {
            match judge(Party::Evaluator, reveal, true, ours, theirs) {
                Ok(Verdict::Send | Verdict::Receive) => assert_eq!(reveal, Reveal::Both),
                Ok(_) => assert!(theirs != State::Held || reveal != Reveal::Evaluator),
                Err(_) => {}
            }
        }
    }
}
