//! Megabytes both ways over TCP, through a proxy that cuts at random. `HALFGATE_STORM_SECONDS` makes it a long run.

#![cfg(test)]

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use halfgate_channel::{
    Again, Binding, Channel, ChannelError, End, First, Inbox, Kind, Length, Limits, Line, MAX_FRAME,
    Patience, Reconnect, ResumeKey, Returned, Waiting,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
    time::{Instant, sleep},
};

/// Random numbers that differ from run to run; what they were is told by the messages of a failure.
fn random(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below
}

/// A proxy in front of `target`, whose connections live for a random number of bytes or milliseconds.
async fn proxy(target: SocketAddr, cuts: Arc<AtomicUsize>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let Ok(far) = TcpStream::connect(target).await else { return };
            let cuts = Arc::clone(&cuts);
            tokio::spawn(async move {
                let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
                tokio::select! {
                    () = carry(near_read, far_write, random(10 << 20)) => {}
                    () = carry(far_read, near_write, random(10 << 20)) => {}
                    () = sleep(Duration::from_millis(1 + random(400))) => {}
                }
                cuts.fetch_add(1, Relaxed);
            });
        }
    });
    address
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut left: u64) {
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let room = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let Ok(bytes @ 1..) = from.read(&mut buffer[..room]).await else { return };
        if to.write_all(&buffer[..bytes]).await.is_err() {
            return;
        }
        left -= bytes as u64;
    }
}

/// The first connection says its number in place of an exporter, as the others do: there is no TLS in this test.
async fn dial(address: SocketAddr, number: u64) -> Result<Line, ChannelError> {
    let closed = |_| ChannelError::Closed { waiting: Waiting::For(Kind::Resume) };
    let mut stream = TcpStream::connect(address).await.map_err(closed)?;
    stream.set_nodelay(true).map_err(closed)?;
    stream.write_u64(number).await.map_err(closed)?;
    Ok(line(stream, number, End::Connecting))
}

fn line(stream: TcpStream, number: u64, end: End) -> Line {
    let mut exporter = [0; 32];
    exporter[..8].copy_from_slice(&number.to_be_bytes());
    let (read, write) = stream.into_split();
    Line::new(read, write, exporter, end)
}

async fn accept(listener: &TcpListener) -> Option<Line> {
    let (mut stream, _) = listener.accept().await.unwrap();
    stream.set_nodelay(true).ok()?;
    let number = stream.read_u64().await.ok()?;
    Some(line(stream, number, End::Listening))
}

async fn receive_visitors(listener: TcpListener, inbox: mpsc::Sender<Returned>) {
    while !inbox.is_closed() {
        let Some(mut line) = accept(&listener).await else { continue };
        let inbox = inbox.clone();
        tokio::spawn(async move {
            if let Ok(First::Resume(terms)) = First::read(&mut line, Duration::from_secs(2), 512).await {
                // A full inbox drops the connection.
                let _ = inbox.try_send(Returned { line, resume: Some(terms) });
            }
        });
    }
}

/// Dials again almost at once: where cuts are the rule, pauses would take most of the time.
struct Eager {
    proxy: SocketAddr,
    number: u64,
}

impl Reconnect for Eager {
    fn again(&mut self) -> Again<'_> {
        Box::pin(async {
            sleep(Duration::from_millis(1)).await;
            self.number += 1;
            Ok(Returned { line: dial(self.proxy, self.number).await?, resume: None })
        })
    }
}

/// Two channels over TCP, with the proxy between them.
async fn stormy_pair(cuts: Arc<AtomicUsize>) -> (Channel, Channel) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // The first connection is not cut before both sides have come to the channel.
    let (near, far) = tokio::join!(dial(address, 0), accept(&listener));
    let proxy = proxy(address, cuts).await;
    let (sender, inbox) = Inbox::new();
    tokio::spawn(receive_visitors(listener, sender));
    let again = Eager { proxy, number: 0 };
    let (patience, limits) = (Patience::default(), Limits::default());
    let key = || ResumeKey::new([1; 32]);
    let (near, far) = (dying(near.unwrap()), far.unwrap());
    let left = Channel::lasting(near, key(), again, patience, limits, Binding::default());
    let right = Channel::lasting(far, key(), inbox, patience, limits, Binding::default());
    (left, right)
}

/// The first connection does not go through the proxy and ends after a second by itself.
fn dying(line: Line) -> Line {
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move {
        let (mut line, mut far) = (line, far);
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut line, &mut far) => {}
            () = sleep(Duration::from_millis(300)) => {}
        }
    });
    Line::over(near, [0; 32], End::Connecting)
}

/// The payload of message `number`: its length and bytes follow from the number.
fn fill(buffer: &mut Vec<u8>, number: u64) {
    let length = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) as usize
        % [64, 5_000, MAX_FRAME][number as usize % 3];
    buffer.clear();
    buffer.extend((0..length / 8 + 1).flat_map(|place| (number << 20 ^ place as u64).to_le_bytes()));
    buffer.truncate(length);
}

async fn side(mut channel: Channel, time: Duration) -> u64 {
    let start = Instant::now();
    let (mut expected, mut number) = (Vec::new(), 0);
    // Both sides go on for as many rounds as the one that connects says, in the first byte of each.
    loop {
        let goes_on = start.elapsed() < time;
        let theirs =
            channel.exchange(Kind::Answer, vec![u8::from(goes_on)], Length::Exactly(1)).await.unwrap();
        if !goes_on || theirs != [1] {
            break;
        }
        for round in 0..12 {
            let mut buffer = channel.take_buffer();
            fill(&mut buffer, number + round);
            channel.send(Kind::Rows, buffer).await.unwrap();
        }
        for _ in 0..12 {
            fill(&mut expected, number);
            let rows = channel.receive(Kind::Rows, Length::AtMost(MAX_FRAME)).await.unwrap();
            assert!(rows == expected, "message {number}");
            channel.recycle(rows);
            number += 1;
        }
    }
    channel.finish().await.unwrap().received.bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_cuts_changes_nothing() {
    let seconds = std::env::var("HALFGATE_STORM_SECONDS").map_or(4, |text| text.parse().unwrap());
    let (cuts, time) = (Arc::new(AtomicUsize::new(0)), Duration::from_secs(seconds));
    let (left, right) = stormy_pair(Arc::clone(&cuts)).await;
    let (left, right) = tokio::join!(tokio::spawn(side(left, time)), tokio::spawn(side(right, time)));
    let (left, right) = (left.unwrap(), right.unwrap());
    assert_eq!(left, right, "both send the same");
    let cuts = cuts.load(Relaxed);
    assert!(left > 4 << 20 && cuts >= 10, "megabytes and many cuts: {left} bytes, {cuts} cuts");
}
