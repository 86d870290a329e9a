//! A server that is asked to end.

use std::time::{Duration, Instant};

use halfgate_meet::Key;

use crate::guest::{Less, arrive, why};
use crate::server::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_in_is_served_to_the_end_and_nobody_else_comes_in() {
    let [guest, late] = std::array::from_fn(|_| Key::generate().unwrap());
    let house = House::new("10\n", &[&guest, &late]);
    let (mut server, less) = (house.serve("--grace 50s --handshake-timeout 50s"), Less::new());
    let mut channel = arrive(&guest, &server).await.unwrap();
    // Let the server take it in.
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.signal("-TERM");
    server.until_it_says("closing: 1 session may go on");
    let refused = why(less.ask(&late, &server, &[11]).await);
    assert!(refused.contains("the host is closing"), "{refused}");
    let agreed = less.agree(&mut channel, 1).await.unwrap();
    assert_eq!(less.finish(channel, &agreed, &[11]).await, [1]);
    let (code, printed) = server.end();
    assert_eq!((code, printed.lines().count()), (Some(0), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_too_long_is_told_and_stopped() {
    let guest = Key::generate().unwrap();
    let house = House::new("10\n", &[&guest]);
    let (mut server, less) = (house.serve("--grace 1s --handshake-timeout 50s"), Less::new());
    let mut channel = arrive(&guest, &server).await.unwrap();
    less.agree(&mut channel, 1).await.unwrap();
    server.signal("-INT");
    server.until_it_says("stopping 1 session");
    let since = Instant::now();
    let kind = halfgate::channel::Kind::Hello;
    let told = channel.receive(kind, halfgate::channel::Length::AtMost(1 << 16)).await;
    // Its hello may come first.
    let told = match told {
        Ok(_) => channel.receive(kind, halfgate::channel::Length::AtMost(1 << 16)).await,
        told => told,
    };
    assert!(matches!(told, Err(halfgate::channel::ChannelError::PeerAborted)), "{told:?}");
    drop(channel);
    assert_eq!(server.end().0, Some(0));
    assert!(since.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_time_it_ends_at_once() {
    let guest = Key::generate().unwrap();
    let house = House::new("10\n", &[&guest]);
    let mut server = house.serve("--grace 50s --handshake-timeout 50s");
    let _channel = arrive(&guest, &server).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.signal("-INT");
    server.until_it_says("closing: 1 session");
    server.signal("-INT");
    let since = Instant::now();
    assert_eq!(server.end().0, Some(130));
    assert!(since.elapsed() < Duration::from_secs(5));
}
