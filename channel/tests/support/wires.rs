//! Connections for lasting channels, with somebody between their ends who cuts them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use halfgate_channel::{
    Binding, Channel, ChannelError, Dialler, End, First, Inbox, Kind, Limits, Line, Patience, ResumeKey,
    Returned, Waiting,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split},
    sync::mpsc,
};

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the connecting to the listening side.
    Up,
    /// The other way.
    Down,
}

/// Where a connection is cut: when so many bytes have passed this way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scissors {
    pub(crate) way: Way,
    pub(crate) bytes: usize,
}

/// What each connection suffers, by its number.
pub(crate) type Plan = Box<dyn FnMut(usize) -> Option<Scissors> + Send>;

/// How many bytes passed on each connection, up and down.
pub(crate) type Log = Arc<Mutex<Vec<[usize; 2]>>>;

/// The bytes of the key that both sides share.
pub(crate) const KEY: [u8; 32] = [42; 32];

/// Two lasting channels, the connecting one first, whose connections suffer what the plan says.
pub(crate) fn lasting_pair(plan: Plan, patience: Patience, limits: Limits) -> (Channel, Channel, Log) {
    let (sender, inbox) = Inbox::new();
    let wires = Wires { inbox: sender, plan: Arc::new(Mutex::new(plan)), log: Log::default() };
    let log = Arc::clone(&wires.log);
    let (near, far) = wires.connection();
    let dialler = Dialler::new(move || {
        let wires = wires.clone();
        async move { wires.dial() }
    });
    let key = || ResumeKey::new(KEY);
    let left = Channel::lasting(near, key(), dialler, patience, limits, Binding::default());
    let right = Channel::lasting(far, key(), inbox, patience, limits, Binding::default());
    (left, right, log)
}

#[derive(Clone)]
struct Wires {
    inbox: mpsc::Sender<Returned>,
    plan: Arc<Mutex<Plan>>,
    log: Log,
}

impl Wires {
    fn dial(&self) -> Result<Line, ChannelError> {
        let (near, mut far) = self.connection();
        let inbox = self.inbox.clone();
        if inbox.is_closed() {
            return Err(ChannelError::Closed { waiting: Waiting::For(Kind::Resume) });
        }
        tokio::spawn(async move {
            // As a reception does, which has to find out whose the connection is.
            let first = First::read(&mut far, Duration::from_secs(1), 512).await;
            if let Ok(First::Resume(terms)) = first {
                // A full inbox drops the connection.
                let _ = inbox.try_send(Returned { line: far, resume: Some(terms) });
            }
        });
        Ok(near)
    }

    fn connection(&self) -> (Line, Line) {
        let number = {
            let mut log = self.log.lock().unwrap();
            log.push([0; 2]);
            log.len() - 1
        };
        let scissors = (self.plan.lock().unwrap())(number);
        let ((near, near_far), (far, far_far)) = (duplex(1 << 16), duplex(1 << 16));
        tokio::spawn(relay(near_far, far_far, scissors, Arc::clone(&self.log), number));
        let exporter = [number as u8; 32];
        (Line::over(near, exporter, End::Connecting), Line::over(far, exporter, End::Listening))
    }
}

async fn relay(near: DuplexStream, far: DuplexStream, scissors: Option<Scissors>, log: Log, number: usize) {
    let ((near_read, near_write), (far_read, far_write)) = (split(near), split(far));
    let limit = |way| scissors.filter(|s| s.way == way).map(|s| s.bytes);
    let count = |way: Way| {
        let log = Arc::clone(&log);
        move |bytes| log.lock().unwrap()[number][way as usize] += bytes
    };
    // The first end, a cut or a side that closes, drops all four halves.
    tokio::select! {
        () = carry(near_read, far_write, limit(Way::Up), count(Way::Up)) => {}
        () = carry(far_read, near_write, limit(Way::Down), count(Way::Down)) => {}
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    limit: Option<usize>,
    count: impl Fn(usize),
) {
    let mut left = limit.unwrap_or(usize::MAX);
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let room = left.min(buffer.len());
        let Ok(bytes @ 1..) = from.read(&mut buffer[..room]).await else {
            // What is under way in the other direction still arrives.
            let _ = to.shutdown().await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            return;
        };
        if to.write_all(&buffer[..bytes]).await.is_err() {
            return;
        }
        count(bytes);
        left -= bytes;
    }
}
