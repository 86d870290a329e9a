//! Invites that do not let anybody in, and what both sides are told.

use std::time::SystemTime;

use halfgate::{
    Entropy,
    channel::{Agreement, Category, ChannelError, TlsError},
};
use halfgate_meet::{
    Decliner, Invite, InviteError, MAX_FAILURES, MeetError, Outcome, Refusal, Token, answer, join, propose,
};

use crate::house::{Host, SOON, assert_connected, copy, error_of, knock_raw, somebody};

#[tokio::test]
async fn a_guest_meets_the_host_and_both_agree() {
    let mut host = Host::new().await;
    let guest = somebody();
    let (mut arrival, mut meeting) = host.meet(&guest).await;
    assert_eq!(arrival.peer, guest.identity.fingerprint());
    assert_eq!(meeting.peer, host.fingerprint());
    let terms = Agreement::new().with("rows", 3);
    let (a, b) = tokio::join!(propose(&mut arrival.channel, &terms), propose(&mut meeting.channel, &terms));
    assert_eq!(a.unwrap(), b.unwrap());
    let (a, b) =
        tokio::join!(answer(&mut arrival.channel, true, SOON), answer(&mut meeting.channel, true, SOON));
    assert!(a.is_ok() && b.is_ok());
    assert_connected(&mut arrival, &mut meeting).await;
    let (a, b) = (arrival.channel.binding(), meeting.channel.binding());
    assert!(!a.exporter.is_empty() && a.exporter == b.exporter);
    assert_eq!((&a.own_key, &a.peer_key), (&b.peer_key, &b.own_key));
}

#[tokio::test]
async fn both_sides_see_on_what_they_differ() {
    let mut host = Host::new().await;
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    let (ours, theirs) = (Agreement::new().with("rows", 3), Agreement::new().with("rows", 4));
    let (a, b) = tokio::join!(propose(&mut arrival.channel, &ours), propose(&mut meeting.channel, &theirs));
    for (error, text) in [(a, "3 here, 4 at the peer"), (b, "4 here, 3 at the peer")] {
        let error = error.unwrap_err();
        assert_eq!(error.category(), Category::Agreement);
        assert!(error.to_string().contains("rows") && error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn both_sides_learn_who_declined_and_the_invite_is_still_good() {
    let mut host = Host::new().await;
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    let declined = answer(&mut meeting.channel, false, SOON).await;
    // The guest is gone when the host's user answers.
    drop(meeting);
    let heard = answer(&mut arrival.channel, true, SOON).await;
    for (outcome, by) in [(declined, Decliner::ThisSide), (heard, Decliner::Peer)] {
        let error = outcome.unwrap_err();
        assert_eq!(error.category(), Category::Agreement);
        assert!(matches!(error, MeetError::Declined { by: who } if who == by), "{error}");
    }
    drop(arrival);
    let _ = host.meet(&somebody()).await;
}

/// What the host says to one who joins.
async fn refusal(invite: &Invite) -> Refusal {
    let error = error_of(join(invite, &somebody(), SOON).await);
    let MeetError::Refused { refusal, .. } = error else { panic!("{error}") };
    refusal
}

#[tokio::test]
async fn a_spent_invite_is_refused() {
    let mut host = Host::new().await;
    let (arrival, _meeting) = host.meet(&somebody()).await;
    arrival.ticket.spend();
    let invite = copy(&host.invite);
    let error = error_of(join(&invite, &somebody(), SOON).await);
    assert!(matches!(error, MeetError::Refused { refusal: Refusal::Spent, .. }), "{error}");
    assert_eq!(error.category(), Category::Identity);
    assert!(error.to_string().contains("used before"), "{error}");
}

#[tokio::test]
async fn a_second_guest_waits_until_the_first_has_failed() {
    let mut host = Host::new().await;
    let (arrival, meeting) = host.meet(&somebody()).await;
    let invite = copy(&host.invite);
    assert_eq!(refusal(&invite).await, Refusal::Busy);
    drop((arrival, meeting));
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    assert_connected(&mut arrival, &mut meeting).await;
}

#[tokio::test]
async fn an_unknown_invite_is_refused() {
    let mut host = Host::new().await;
    let mut invite = copy(&host.invite);
    invite.token = Token::fresh(&mut Entropy::from_os().unwrap());
    assert_eq!(refusal(&invite).await, Refusal::Unknown);
    let _ = host.meet(&somebody()).await;
}

#[tokio::test]
async fn an_expired_invite_is_refused_by_both_sides() {
    let mut host = Host::new().await;
    let mut invite = copy(&host.invite);
    host.invite.expires = 1_000_000;
    host.reception.admission().add_invite(&host.invite);
    assert_eq!(refusal(&invite).await, Refusal::Expired);
    invite.expires = 1_000_000;
    assert!(invite.check_expiry(SystemTime::now()).is_err());
    let error = error_of(join(&invite, &somebody(), SOON).await);
    assert!(matches!(error, MeetError::Invite(InviteError::Expired { .. })), "{error}");
    assert_eq!(error.category(), Category::Identity);
}

#[tokio::test]
async fn an_invite_of_another_host_fails_before_the_knock() {
    let mut host = Host::new().await;
    let mut visits = host.reception.visits().unwrap();
    let mut invite = copy(&host.invite);
    invite.fingerprint = somebody().identity.fingerprint();
    let error = error_of(join(&invite, &somebody(), SOON).await);
    assert!(matches!(error, MeetError::Channel(ChannelError::Tls(TlsError::NotPinned { .. }))), "{error}");
    assert_eq!(error.category(), Category::Identity);
    let visit = visits.recv().await.unwrap();
    assert!(matches!(visit.outcome, Outcome::Failed(_)), "{visit:?}");
}

fn made_up(host: &Host) -> Agreement {
    let knock = Agreement::new().with("version", 1).with("credential", "invite");
    knock.with("invite", host.invite.token.id().0).with("mac", [9; 32])
}

#[tokio::test]
async fn failed_proofs_are_counted_and_lock_the_invite() {
    let host = Host::new().await;
    for attempt in 1..=MAX_FAILURES {
        let expected = if attempt < MAX_FAILURES { "wrong" } else { "locked" };
        let welcome = knock_raw(host.connect().await, &made_up(&host)).await;
        assert_eq!(welcome.text("reason"), Some(expected), "attempt {attempt}");
    }
    let invite = copy(&host.invite);
    assert_eq!(refusal(&invite).await, Refusal::Locked);
}

#[tokio::test]
async fn failed_proofs_do_not_spend_the_invite() {
    let mut host = Host::new().await;
    for _ in 1..MAX_FAILURES {
        knock_raw(host.connect().await, &made_up(&host)).await;
    }
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    assert_connected(&mut arrival, &mut meeting).await;
}

#[tokio::test]
async fn other_versions_and_nonsense_are_told_so() {
    let host = Host::new().await;
    let later = Agreement::new().with("version", 2).with("credential", "charm");
    let welcome = knock_raw(host.connect().await, &later).await;
    assert_eq!(welcome.text("reason"), Some("version"));
    let welcome = knock_raw(host.connect().await, &Agreement::new()).await;
    assert_eq!(welcome.text("reason"), Some("unreadable"));
}

#[tokio::test]
async fn a_host_that_closes_says_so() {
    let mut host = Host::new().await;
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    host.reception.stop_admitting();
    let invite = copy(&host.invite);
    assert_eq!(refusal(&invite).await, Refusal::Closing);
    assert_connected(&mut arrival, &mut meeting).await;
}

#[tokio::test]
async fn dead_and_foreign_addresses_do_not_keep_a_guest_from_the_host() {
    let mut host = Host::new().await;
    let other = Host::new().await;
    let mut invite = copy(&host.invite);
    invite.addresses = vec!["127.0.0.1:1".parse().unwrap(), other.address().clone(), host.address().clone()];
    let start = tokio::time::Instant::now();
    let guest = somebody();
    let (arrival, meeting) = tokio::join!(host.reception.next(), join(&invite, &guest, SOON));
    assert_eq!(&meeting.unwrap().address, host.address());
    assert!(start.elapsed() < SOON / 2);
    drop(arrival);
}

#[tokio::test]
async fn every_address_that_failed_is_named() {
    let host = Host::new().await;
    let mut invite = copy(&host.invite);
    invite.fingerprint = somebody().identity.fingerprint();
    invite.addresses = vec!["127.0.0.1:1".parse().unwrap(), host.address().clone()];
    let error = error_of(join(&invite, &somebody(), std::time::Duration::from_millis(500)).await);
    assert_eq!(error.category(), Category::Identity);
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:1") && text.contains("fingerprint"), "{text}");
}
