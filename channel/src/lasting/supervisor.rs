//! The task that owns one connection after another.

use std::{future::pending, io, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    select,
    sync::{Mutex, oneshot, watch},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    Cut, Line, LineState, Patience, Reconnect, ResumeKey,
    incoming::{self, Incoming},
    ledger::Ledger,
    outgoing::{self, Outgoing},
    resume::{Arrival, Counters, ask},
};
use crate::{
    ChannelError, End, Misbehaviour,
    limits::Activity,
    pump::{ReadEnd, Task},
};

/// After so many silent keep-alive intervals a connection counts as cut.
const SILENT_INTERVALS: u32 = 3;

/// The pause after a listener that could not even be asked.
const BREATH: Duration = Duration::from_millis(100);

/// All that a lasting channel is, beside its queues.
pub(super) struct Supervisor<A> {
    pub(super) key: ResumeKey,
    pub(super) again: A,
    pub(super) end: End,
    pub(super) patience: Patience,
    pub(super) linger: Duration,
    pub(super) incoming: Arc<Mutex<Incoming>>,
    pub(super) outgoing: Arc<Mutex<Outgoing>>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) work: Activity,
    pub(super) heard: Activity,
    pub(super) state: watch::Sender<LineState>,
}

/// How a connection ended.
enum Parting {
    /// And with it the channel.
    Over(ReadEnd),
    /// Before the session did.
    Cut(Cut),
    /// The peer came back on another one.
    Replaced(Arrival),
}

/// Why a new connection does not continue the session.
enum Refusal {
    /// Another one may.
    Failed(ChannelError),
    /// No other will: the peer has proved to be the peer, and cheats.
    Misbehaved(Misbehaviour),
}

impl From<ChannelError> for Refusal {
    fn from(error: ChannelError) -> Self {
        Refusal::Failed(error)
    }
}

impl<A: Reconnect> Supervisor<A> {
    /// Carries the channel's frames until the session is over or lost, and says why it ended.
    pub(super) async fn run(mut self, first: Line, why: oneshot::Sender<ReadEnd>) -> io::Result<()> {
        let mut line = first;
        let end = loop {
            let (cut, arrival) = match self.carry(line).await {
                Parting::Over(end) => break end,
                Parting::Cut(cut) => (cut, None),
                Parting::Replaced(arrival) => (Cut::Replaced, Some(arrival)),
            };
            match self.come_back(cut, arrival).await {
                Ok(next) => line = next,
                Err(end) => break end,
            }
        };
        self.outgoing.lock().await.close();
        // Nobody asks why who has dropped the channel.
        let _ = why.send(end);
        self.incoming.lock().await.drain().await;
        Ok(())
    }

    async fn carry(&mut self, line: Line) -> Parting {
        let mut reader = Task::spawn(read(Arc::clone(&self.incoming), line.read));
        let mut writer = Task::spawn(write(Arc::clone(&self.outgoing), line.write));
        let silent = silence(&self.heard, self.patience.keep_alive);
        select! {
            end = reader.end() => self.after_reading(end, &mut writer).await,
            end = writer.end() => self.after_writing(end, &mut reader, &mut writer).await,
            limit = silent => Parting::Cut(Cut::Silent { limit }),
            arrival = next_arrival(&mut self.again, &self.key), if self.end == End::Listening => {
                Parting::Replaced(arrival)
            }
        }
    }

    async fn after_reading(&mut self, end: Option<ReadEnd>, writer: &mut Writer) -> Parting {
        let cut = match end {
            Some(ReadEnd::Closed | ReadEnd::ClosedInHeader { .. } | ReadEnd::ClosedInPayload { .. }) => {
                Cut::Closed
            }
            Some(ReadEnd::Broken(source)) => Cut::Broken { source: Arc::new(source) },
            Some(ReadEnd::Misbehaved(misbehaviour)) => {
                self.ledger.give_up();
                // If these words do not get through either, the connection just ends.
                let _ = timeout(self.linger, writer.end()).await;
                return Parting::Over(ReadEnd::Misbehaved(misbehaviour));
            }
            Some(end) => return Parting::Over(end),
            None => return Parting::Over(ReadEnd::Unwanted),
        };
        match self.ledger.is_complete() {
            true => Parting::Over(ReadEnd::Closed),
            false => Parting::Cut(cut),
        }
    }

    /// A writer ends well when this side has said all that it had to say, and otherwise when the connection breaks. In
    /// both cases the peer may have left something to be read: an abort, or its goodbye.
    async fn after_writing(
        &mut self,
        end: Option<io::Result<()>>,
        reader: &mut Task<ReadEnd>,
        writer: &mut Writer,
    ) -> Parting {
        if matches!(end, Some(Ok(()))) && self.ledger.is_complete() && !self.ledger.said_abort() {
            return Parting::Over(ReadEnd::Closed);
        }
        let rest = timeout(self.linger, reader.end()).await;
        match (end, rest) {
            (Some(Err(source)), Err(_)) => Parting::Cut(Cut::Broken { source: Arc::new(source) }),
            (_, Ok(rest)) => self.after_reading(rest, writer).await,
            (_, Err(_)) => Parting::Over(ReadEnd::Closed),
        }
    }

    /// Waits for another connection, for as long as the channel has patience.
    async fn come_back(&mut self, cut: Cut, arrival: Option<Arrival>) -> Result<Line, ReadEnd> {
        let (since, reconnect) = (Instant::now(), self.patience.reconnect);
        self.work.hold();
        self.state.send_replace(LineState::Lost { cause: cut.clone() });
        let (mut arrival, mut last) = (arrival, None);
        let attempts = async {
            loop {
                match self.attempt(arrival.take()).await {
                    Ok(line) => return Ok(line),
                    Err(Refusal::Failed(error)) => last = Some(Box::new(error)),
                    Err(Refusal::Misbehaved(misbehaviour)) => return Err(ReadEnd::Misbehaved(misbehaviour)),
                }
            }
        };
        match timeout(reconnect, attempts).await {
            Ok(outcome) => outcome,
            Err(_) => Err(ReadEnd::Lost { cut, waited: since.elapsed(), attempt: last }),
        }
    }

    async fn attempt(&mut self, arrival: Option<Arrival>) -> Result<Line, Refusal> {
        let (line, received) = match self.end {
            End::Connecting => {
                let mut line = self.again.again().await?.line;
                let (ours, acknowledged) = self.counters().await;
                let theirs = ask(&mut line, &self.key, ours).await?;
                ours.check(theirs, acknowledged).map_err(Refusal::Misbehaved)?;
                (line, theirs.received)
            }
            End::Listening => {
                let arrival = match arrival {
                    Some(arrival) => arrival,
                    None => next_arrival(&mut self.again, &self.key).await,
                };
                let (ours, acknowledged) = self.counters().await;
                let theirs = arrival.counters();
                ours.check(theirs, acknowledged).map_err(Refusal::Misbehaved)?;
                (arrival.answer(&self.key, ours).await?, theirs.received)
            }
        };
        self.outgoing.lock().await.resume(received);
        self.again.resumed();
        self.work.touch();
        self.heard.touch();
        self.state.send_replace(LineState::Up);
        Ok(line)
    }

    /// Where this side stands, and how many of its frames the peer has acknowledged. The tasks of the last connection
    /// have to be gone, or on their way, as they hold the locks.
    async fn counters(&mut self) -> (Counters, u64) {
        let received = self.incoming.lock().await.received();
        let sent = self.outgoing.lock().await.window.sent();
        // The last connection's tasks are gone only now; the last bytes that they moved do not start the clock again.
        self.work.hold();
        (Counters { received, sent }, self.ledger.acknowledged())
    }
}

/// The next connection of the peer's. Whoever else comes is sent away.
async fn next_arrival(again: &mut impl Reconnect, key: &ResumeKey) -> Arrival {
    loop {
        let Ok(returned) = again.again().await else {
            sleep(BREATH).await;
            continue;
        };
        if let Ok(arrival) = Arrival::hear(returned.line, returned.resume, key).await {
            return arrival;
        }
    }
}

type Writer = Task<io::Result<()>>;

async fn read(incoming: Arc<Mutex<Incoming>>, stream: Box<dyn AsyncRead + Send + Unpin>) -> ReadEnd {
    incoming::read(incoming, stream).await
}

async fn write(outgoing: Arc<Mutex<Outgoing>>, stream: Box<dyn AsyncWrite + Send + Unpin>) -> io::Result<()> {
    outgoing::write(outgoing, stream).await
}

/// Ends when nothing has come for too long.
async fn silence(heard: &Activity, keep_alive: Duration) -> Duration {
    let limit = keep_alive.saturating_mul(SILENT_INTERVALS);
    while !limit.is_zero() {
        let now = Instant::now();
        let end = heard.last().checked_add(limit);
        if end.is_some_and(|end| end <= now) {
            return limit;
        }
        // No longer than the limit: a clock that stands now may go again at any time.
        sleep_until(end.map_or(now + limit, |end| end.min(now + limit))).await;
    }
    pending().await
}
