//! A visit that only looks: it measures, spends nothing, and is held to the rules of every visit.

use std::time::Duration;

use halfgate::channel::{Category, PROTOCOL_VERSION};
use halfgate_meet::{MeetError, Tally, Token, examine};

use tokio::time::sleep;

use crate::house::{Host, SOON, copy, somebody};

#[tokio::test]
async fn a_look_uses_nothing_up() {
    let mut host = Host::new().await;
    let invite = copy(&host.invite);
    for _ in 0..2 {
        let examined = examine(&invite, &somebody(), SOON).await.unwrap();
        assert_eq!(examined.protocol, Some(u64::from(PROTOCOL_VERSION)));
        assert_eq!(&examined.address, host.address());
        assert!(examined.link.bytes_per_second.is_some() && examined.release.is_some());
    }
    // The guest still gets in with the same invite, and nobody else has arrived.
    let (arrival, meeting) = host.meet(&somebody()).await;
    arrival.ticket.spend();
    drop(meeting);
    let error = examine(&invite, &somebody(), SOON).await.unwrap_err();
    assert_eq!(error.category(), Category::Identity, "{error}");
    let expected = Tally { admitted: 1, examined: 2, refused: 1, ..Tally::default() };
    // The host counts a visit when it has seen the visitor off.
    for _ in 0..500 {
        if host.reception.tally() == expected {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", host.reception.tally());
}

#[tokio::test]
async fn only_who_knows_the_token_may_look() {
    let host = Host::new().await;
    let mut invite = copy(&host.invite);
    invite.token = Token::fresh(&mut halfgate::Entropy::from_os().unwrap());
    let error = examine(&invite, &somebody(), SOON).await.unwrap_err();
    assert!(matches!(error, MeetError::Refused { .. }), "{error}");
}
