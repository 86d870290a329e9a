//! Peers that are slow, or talk nonsense, and those who are served meanwhile.

use std::time::Duration;

use halfgate::channel::{Agreement, Field, probe};
use halfgate_meet::{Key, MeetError, propose};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::guest::{Less, SOON, arrive};
use crate::server::{House, Server};

const STRANGERS: usize = 60;

/// Says a byte of TLS now and then.
async fn dawdle(address: std::net::SocketAddr) {
    let Ok(mut stream) = TcpStream::connect(address).await else { return };
    for byte in [22, 3, 1, 2, 0, 1, 0] {
        if stream.write_all(&[byte]).await.is_err() {
            return;
        }
        sleep(Duration::from_millis(500)).await;
    }
    let _ = stream.read(&mut [0]).await;
}

/// Says what is no TLS.
async fn babble(address: std::net::SocketAddr) {
    let Ok(mut stream) = TcpStream::connect(address).await else { return };
    let _ = stream.write_all(&[0x5a; 1 << 16]).await;
    let _ = stream.read(&mut [0; 1024]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_are_served_beside_the_slow_and_the_mad() {
    let [guest, sleeper] = std::array::from_fn(|_| Key::generate().unwrap());
    let house = House::new("10\n", &[&guest, &sleeper]);
    let server = house.serve("--handshake-timeout 3s --max-queries 100");
    let strangers: Vec<_> = (0..STRANGERS)
        .flat_map(|_| [tokio::spawn(dawdle(server.address)), tokio::spawn(babble(server.address))])
        .collect();
    // One whom the server knows, and who says nothing.
    let mut idle = arrive(&sleeper, &server).await.unwrap();
    let less = Less::new();
    for value in [9, 10, 11] {
        let asked = timeout(Duration::from_secs(20), less.ask(&guest, &server, &[value])).await;
        assert_eq!(asked.expect("in time").unwrap(), [u64::from(value > 10)]);
    }
    // All of them are shown the door.
    for stranger in strangers {
        timeout(SOON, stranger).await.expect("the server lets go of it").unwrap();
    }
    let dismissed =
        idle.receive(halfgate::channel::Kind::Proposal, halfgate::channel::Length::AtMost(1 << 16));
    assert!(timeout(SOON, dismissed).await.expect("in time").is_err());
    // Notes about strangers do not fill the disk.
    let notes = server.said().lines().filter(|line| line.contains("did not get in")).count();
    assert!((1..60).contains(&notes), "{notes} lines");
    assert_eq!(less.ask(&guest, &server, &[11]).await.unwrap(), [1]);
    assert_eq!(server.stop().1.lines().count(), 4);
}

/// Agrees on the server's terms but for one, which is zero, and goes on if the server does.
async fn propose_none_of(term: &str, less: &Less, key: &Key, server: &Server) -> Result<(), MeetError> {
    let mut channel = arrive(key, server).await?;
    let terms = less.terms(&channel, 1);
    let changed = |name, field: &Field| if name == term { Field::Number(0) } else { field.clone() };
    let terms =
        terms.fields().fold(Agreement::new(), |all, (name, field)| all.with(name, changed(name, field)));
    let agreed = propose(&mut channel, &terms).await?;
    assert_eq!(agreed.number(term), Some(0), "the server leaves it to the guest");
    probe(&mut channel, &Agreement::new(), 0).await?;
    Ok(())
}

/// How many rows a guest asks about, and in which batches, is its word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_that_propose_no_rows_spend_nothing_and_stop_nothing() {
    let guest = Key::generate().unwrap();
    let house = House::new("10\n", &[&guest]);
    let mut server = house.serve("--broadcast --max-queries 1");
    let less = Less::new();
    for (session, term) in (1..).zip(["lanes", "rows per batch"]) {
        let outcome = timeout(SOON, propose_none_of(term, &less, &guest, &server)).await.expect("in time");
        assert!(outcome.is_err(), "{term}");
        server.until_it_says(&format!("session {session} with guest0"));
        assert_eq!(server.said().matches("batches of no rows").count(), session, "{}", server.said());
    }
    assert_eq!(less.ask(&guest, &server, &[11]).await.unwrap(), [1], "its one question is left");
    assert_eq!(server.stop().1.lines().count(), 1);
}
