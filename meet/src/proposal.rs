//! The terms as people see them: each side says what it means, and whether it goes ahead.

use std::{pin::pin, time::Duration};

use halfgate::channel::{Agreement, Channel, Field, Kind, Mismatch};

use crate::{Decliner, Limit, MeetError};

/// The one field of an answer, and what it may say.
const GO_AHEAD: &str = "go ahead";
const YES: &str = "yes";
const NO: &str = "no";

/// Sends this side's terms, takes the peer's, and returns the terms that hold, which are the same on both sides.
///
/// # Errors
/// [`MeetError::Mismatch`] with the first term on which the two differ, on both sides; [`MeetError::Limited`] if the host
/// does not take this guest now; and whatever a channel may fail with. The channel is closed then.
pub async fn propose(channel: &mut Channel, ours: &Agreement) -> Result<Agreement, MeetError> {
    channel.begin_phase("terms");
    // Both proposals are on their way before either side can close.
    let theirs = channel.exchange_terms(Kind::Proposal, ours).await?;
    if let Some(limit) = Limit::of_terms(&theirs) {
        channel.abort().await;
        return Err(MeetError::Limited { limit });
    }
    settle(channel, ours, &theirs).await
}

/// Hears what a guest proposes before this side says anything: the first half of what [`propose`] is for a host that serves
/// many guests. [`reply`] or [`turn_away`] follows.
///
/// # Errors
/// Whatever a channel may fail with.
pub async fn hear_proposal(channel: &mut Channel) -> Result<Agreement, MeetError> {
    channel.begin_phase("terms");
    Ok(channel.receive_terms(Kind::Proposal).await?)
}

/// Answers a guest's proposal with this side's own, and returns the terms that hold.
///
/// # Errors
/// As [`propose`].
pub async fn reply(
    channel: &mut Channel,
    ours: &Agreement,
    theirs: &Agreement,
) -> Result<Agreement, MeetError> {
    channel.send_terms(Kind::Proposal, ours).await?;
    settle(channel, ours, theirs).await
}

/// Tells a guest that has proposed why it is not served, and closes the channel.
pub async fn turn_away(channel: &mut Channel, limit: Limit) {
    // Who is not there any more need not be told.
    let _ = channel.send_terms(Kind::Proposal, &limit.to_terms()).await;
    channel.abort().await;
}

/// The terms that one side may leave to the other: a circuit has a digest beside its name, and a side without rows of its
/// own takes the other's.
pub const OPEN_TERMS: [&str; 3] = ["function", "rows per batch", "lanes"];

/// Fails if the peer leaves a term open that it has to say: what the screen shows has to be what both mean.
fn require_said(ours: &Agreement, theirs: &Agreement) -> Result<(), Mismatch> {
    for ((name, ours), (_, theirs)) in ours.fields().zip(theirs.fields()) {
        if theirs == &Field::Unspecified && ours != theirs && !OPEN_TERMS.contains(&name) {
            return Err(Mismatch { field: name.to_owned(), ours: ours.clone(), theirs: theirs.clone() });
        }
    }
    Ok(())
}

async fn settle(channel: &mut Channel, ours: &Agreement, theirs: &Agreement) -> Result<Agreement, MeetError> {
    match ours.resolve(theirs).and_then(|terms| require_said(ours, theirs).map(|()| terms)) {
        Ok(terms) => Ok(terms),
        Err(mismatch) => {
            channel.abort().await;
            Err(mismatch.into())
        }
    }
}

/// Says whether this side goes ahead on the terms, and hears whether the peer does: returns if both do. The peer may
/// take as long as `wait`, as it may be a person who reads.
///
/// # Errors
/// [`MeetError::Declined`] if one side does not go ahead, which both learn; and whatever a channel may fail with. The
/// channel is closed then.
pub async fn answer(channel: &mut Channel, go_ahead: bool, wait: Duration) -> Result<(), MeetError> {
    decide(channel, std::future::ready(go_ahead), wait).await
}

/// As [`answer`], while this side is still thinking: a peer's refusal ends it at once, and the future is dropped.
///
/// # Errors
/// As [`answer`].
pub async fn decide(
    channel: &mut Channel,
    ours: impl Future<Output = bool>,
    wait: Duration,
) -> Result<(), MeetError> {
    let usual = channel.set_idle_limit(wait);
    let outcome = cross(channel, ours).await;
    channel.set_idle_limit(usual);
    if outcome.is_err() {
        channel.abort().await;
    }
    outcome
}

async fn cross(channel: &mut Channel, ours: impl Future<Output = bool>) -> Result<(), MeetError> {
    let mut ours = pin!(ours);
    let first = tokio::select! {
        // The peer first: behind its refusal comes its abort, and then nothing can be sent any more.
        biased;
        theirs = hear(channel) => First::Theirs(theirs?),
        ours = &mut ours => First::Ours(ours),
    };
    let (ours, theirs) = match first {
        First::Theirs(Say::No) => return declined(Decliner::Peer),
        First::Theirs(Say::Yes) => (say(channel, ours.await).await?, Say::Yes),
        First::Ours(ours) => match say(channel, ours).await? {
            Say::No => return declined(Decliner::ThisSide),
            Say::Yes => (Say::Yes, hear(channel).await?),
        },
    };
    match (ours, theirs) {
        (Say::Yes, Say::Yes) => Ok(()),
        (Say::No, _) => declined(Decliner::ThisSide),
        (_, Say::No) => declined(Decliner::Peer),
    }
}

/// Whose answer came first.
enum First {
    Ours(bool),
    Theirs(Say),
}

/// What a side says to the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Say {
    Yes,
    No,
}

fn declined(by: Decliner) -> Result<(), MeetError> {
    Err(MeetError::Declined { by })
}

async fn say(channel: &mut Channel, go_ahead: bool) -> Result<Say, MeetError> {
    let (said, word) = if go_ahead { (Say::Yes, YES) } else { (Say::No, NO) };
    channel.send_terms(Kind::Answer, &Agreement::new().with(GO_AHEAD, word)).await?;
    Ok(said)
}

async fn hear(channel: &mut Channel) -> Result<Say, MeetError> {
    let answer = channel.receive_terms(Kind::Answer).await?;
    match answer.text(GO_AHEAD) {
        Some(YES) => Ok(Say::Yes),
        Some(NO) => Ok(Say::No),
        _ => Err(MeetError::OddAnswer),
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use halfgate::channel::{Category, Limits};

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn pair() -> (Channel, Channel) {
        Channel::memory_pair(Limits::default())
    }

    #[tokio::test]
    async fn both_sides_get_the_same_terms() {
        let (mut host, mut guest) = pair();
        let ours = Agreement::new().with("lanes", 3).with("function", Field::Unspecified);
        let theirs = Agreement::new().with("lanes", Field::Unspecified).with("function", "maximum");
        let (a, b) = tokio::join!(propose(&mut host, &ours), propose(&mut guest, &theirs));
        assert_eq!(a.unwrap(), b.unwrap());
    }

    #[tokio::test]
    async fn both_sides_name_the_difference() {
        let (mut host, mut guest) = pair();
        let ours = Agreement::new().with("scale", 2).with("rows", 3);
        let theirs = Agreement::new().with("scale", 2).with("rows", 4);
        let (a, b) = tokio::join!(propose(&mut host, &ours), propose(&mut guest, &theirs));
        for (outcome, here, there) in [(a, 3, 4), (b, 4, 3)] {
            let error = outcome.unwrap_err();
            assert_eq!(error.category(), Category::Agreement);
            let MeetError::Mismatch(mismatch) = error else { panic!("{error}") };
            assert_eq!(mismatch.field, "rows");
            assert_eq!((mismatch.ours, mismatch.theirs), (Field::Number(here), Field::Number(there)));
        }
    }

    #[tokio::test]
    async fn a_peer_has_to_say_what_it_means() {
        let (mut host, mut guest) = pair();
        let ours = Agreement::new().with("row ids", [1; 32]);
        let theirs = Agreement::new().with("row ids", Field::Unspecified);
        let (a, _) = tokio::join!(propose(&mut host, &ours), propose(&mut guest, &theirs));
        let MeetError::Mismatch(mismatch) = a.unwrap_err() else { panic!("taken for agreed") };
        assert_eq!((mismatch.field.as_str(), mismatch.theirs), ("row ids", Field::Unspecified));
    }

    #[tokio::test]
    async fn two_that_go_ahead_go_on() {
        let (mut host, mut guest) = pair();
        let (a, b) = tokio::join!(answer(&mut host, true, HOUR), answer(&mut guest, true, HOUR));
        assert!(a.is_ok() && b.is_ok());
        host.send(Kind::Probe, vec![1]).await.unwrap();
        assert!(guest.receive(Kind::Probe, halfgate::channel::Length::Exactly(1)).await.is_ok());
    }

    #[tokio::test]
    async fn a_host_that_hears_first_agrees_with_a_guest_as_usual() {
        let (mut host, mut guest) = pair();
        let ours = Agreement::new().with("lanes", 3).with("function", Field::Unspecified);
        let theirs = Agreement::new().with("lanes", Field::Unspecified).with("function", "maximum");
        let host = async {
            let heard = hear_proposal(&mut host).await.unwrap();
            reply(&mut host, &ours, &heard).await
        };
        let (a, b) = tokio::join!(host, propose(&mut guest, &theirs));
        assert_eq!(a.unwrap(), b.unwrap());
    }

    #[tokio::test]
    async fn who_is_turned_away_hears_why() {
        let (mut host, mut guest) = pair();
        let host = async {
            hear_proposal(&mut host).await.unwrap();
            turn_away(&mut host, Limit::Rows(5)).await;
        };
        let ours = Agreement::new().with("rows", 6);
        let ((), outcome) = tokio::join!(host, propose(&mut guest, &ours));
        let error = outcome.unwrap_err();
        assert!(matches!(error, MeetError::Limited { limit: Limit::Rows(5) }), "{error}");
        assert_eq!(error.category(), Category::Agreement);
    }

    fn by(outcome: Result<(), MeetError>) -> Decliner {
        match outcome {
            Err(MeetError::Declined { by }) => by,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn both_learn_who_declined() {
        let (mut host, mut guest) = pair();
        let (a, b) = tokio::join!(answer(&mut host, false, HOUR), answer(&mut guest, true, HOUR));
        assert_eq!((by(a), by(b)), (Decliner::ThisSide, Decliner::Peer));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_asked_later_still_learns_who_declined() {
        let (mut host, mut guest) = pair();
        assert_eq!(by(answer(&mut host, false, HOUR).await), Decliner::ThisSide);
        tokio::time::sleep(HOUR).await;
        assert_eq!(by(answer(&mut guest, true, HOUR).await), Decliner::Peer);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_still_thinks_learns_at_once() {
        let (mut host, mut guest) = pair();
        let (a, b) = tokio::join!(answer(&mut host, false, HOUR), decide(&mut guest, pending(), HOUR));
        assert_eq!((by(a), by(b)), (Decliner::ThisSide, Decliner::Peer));
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_may_take_longer_than_the_idle_limit() {
        let (mut host, mut guest) = pair();
        let slow = async {
            tokio::time::sleep(Duration::from_secs(3000)).await;
            true
        };
        let (a, b) = tokio::join!(answer(&mut host, true, HOUR), decide(&mut guest, slow, HOUR));
        assert!(a.is_ok() && b.is_ok());
        // Afterwards the usual limit holds again.
        let silence = host.receive_terms(Kind::Answer).await.unwrap_err();
        assert!(
            matches!(silence, halfgate::channel::ChannelError::IdleTimeout { limit, .. } if limit < HOUR)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_never_answers_is_given_up() {
        let (mut host, mut guest) = pair();
        let outcome = tokio::select! {
            outcome = answer(&mut host, true, HOUR) => outcome,
            _ = decide(&mut guest, pending(), 2 * HOUR) => panic!("nobody declined"),
        };
        assert_eq!(outcome.unwrap_err().category(), Category::Network);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_says_neither_ends_it() {
        let (mut host, mut guest) = pair();
        guest.send_terms(Kind::Answer, &Agreement::new().with(GO_AHEAD, "perhaps")).await.unwrap();
        let error = decide(&mut host, ready(true), HOUR).await.unwrap_err();
        assert!(matches!(error, MeetError::OddAnswer));
        assert_eq!(error.category(), Category::Cheating);
    }
}
