//! Sessions that go on after a cut, and those that do not.

use std::time::Duration;

use halfgate::channel::{
    Address, Agreement, Category, Kind, Length, LineState, Listener, Patience, write_single,
};
use halfgate_meet::{Arrival, MeetSettings, Meeting, Outcome, join};
use tokio::{
    io::copy_bidirectional,
    net::TcpStream,
    sync::watch,
    time::{sleep, timeout},
};

use crate::house::{Host, SOON, assert_connected, copy, somebody};

/// Passes connections on to a host until it cuts them, after which it takes new ones.
struct Relay {
    address: Address,
    cuts: watch::Sender<u32>,
}

impl Relay {
    async fn to(host: &Address) -> Self {
        let listener = Listener::bind(&"127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (address, host) = (listener.address().clone(), host.to_string());
        let (cuts, _) = watch::channel(0);
        let news = cuts.clone();
        tokio::spawn(async move {
            while let Ok(halfgate::channel::Stream::Tcp(mut near)) = listener.accept().await {
                let (host, mut cut) = (host.clone(), news.subscribe());
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(host).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Relay { address, cuts }
    }

    fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

fn lasting(reconnect: Duration) -> MeetSettings {
    MeetSettings { patience: Patience { reconnect, ..Patience::default() }, ..somebody() }
}

async fn meet_by(relay: &Relay, host: &mut Host, guest: &MeetSettings) -> (Arrival, Meeting) {
    let mut invite = copy(&host.invite);
    invite.addresses = vec![relay.address.clone()];
    let meeting = async { join(&invite, guest, SOON).await.unwrap() };
    tokio::join!(host.reception.next(), meeting)
}

#[tokio::test]
async fn a_session_goes_on_after_cuts() {
    let mut host = Host::with(lasting(SOON)).await;
    let mut visits = host.reception.visits().unwrap();
    let relay = Relay::to(host.address()).await;
    let (mut arrival, mut meeting) = meet_by(&relay, &mut host, &lasting(SOON)).await;
    for _ in 0..3 {
        assert_connected(&mut arrival, &mut meeting).await;
        // On their way when the line is cut, in both directions.
        for channel in [&mut arrival.channel, &mut meeting.channel] {
            channel.send(Kind::Probe, vec![1; 100_000]).await.unwrap();
        }
        relay.cut();
        for channel in [&mut arrival.channel, &mut meeting.channel] {
            let heard = channel.receive(Kind::Probe, Length::Exactly(100_000)).await.unwrap();
            assert!(heard.iter().all(|byte| *byte == 1));
        }
        assert_connected(&mut arrival, &mut meeting).await;
    }
    arrival.ticket.spend();
    let (a, b) = tokio::join!(arrival.channel.finish(), meeting.channel.finish());
    assert!(a.is_ok() && b.is_ok());
    let mut resumed = 0;
    while let Ok(visit) = visits.try_recv() {
        resumed += usize::from(matches!(visit.outcome, Outcome::Resumed));
    }
    assert!(resumed >= 3, "{resumed}");
}

#[tokio::test]
async fn a_session_goes_on_when_nobody_new_is_let_in() {
    let mut host = Host::with(lasting(SOON)).await;
    let relay = Relay::to(host.address()).await;
    let (mut arrival, mut meeting) = meet_by(&relay, &mut host, &lasting(SOON)).await;
    host.reception.stop_admitting();
    relay.cut();
    assert_connected(&mut arrival, &mut meeting).await;
}

#[tokio::test]
async fn without_the_reception_a_cut_session_ends_in_time() {
    let short = Duration::from_millis(1500);
    let mut host = Host::with(lasting(short)).await;
    let relay = Relay::to(host.address()).await;
    let (mut arrival, mut meeting) = meet_by(&relay, &mut host, &lasting(short)).await;
    assert_connected(&mut arrival, &mut meeting).await;
    let mut news = meeting.channel.line_state();
    drop(host);
    // Until the port is closed, a new connection may still be taken.
    sleep(Duration::from_millis(100)).await;
    relay.cut();
    timeout(SOON, news.wait_for(|state| matches!(state, LineState::Lost { .. }))).await.unwrap().unwrap();
    for channel in [&mut arrival.channel, &mut meeting.channel] {
        let error =
            timeout(SOON, channel.receive(Kind::Probe, Length::Exactly(1))).await.unwrap().unwrap_err();
        assert_eq!(error.category(), Category::Network, "{error}");
    }
}

#[tokio::test]
async fn one_who_resumes_what_is_not_there_is_sent_away() {
    let mut host = Host::new().await;
    let mut visits = host.reception.visits().unwrap();
    let (mut arrival, mut meeting) = host.meet(&somebody()).await;
    for resume in [Agreement::new(), Agreement::new().with("session", [7; 32])] {
        let mut line = host.connect().await.into_line();
        write_single(&mut line, Kind::Resume, &resume, SOON).await.unwrap();
    }
    let mut sent_away = 0;
    while sent_away < 2 {
        match timeout(SOON, visits.recv()).await.unwrap().unwrap().outcome {
            Outcome::NothingToResume => sent_away += 1,
            Outcome::Admitted => {}
            other => panic!("{other:?}"),
        }
    }
    assert_connected(&mut arrival, &mut meeting).await;
}
