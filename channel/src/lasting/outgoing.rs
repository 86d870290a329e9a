//! The writer of a lasting channel.

use std::{
    io::{self, IoSlice},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    select,
    sync::{Mutex, mpsc, oneshot},
    time::{Instant, sleep_until},
};

use super::{ledger::Ledger, window::Window};
use crate::{
    Kind,
    frame::{Frame, HEADER},
    limits::Activity,
    pump::{Order, write_slices},
};

/// How long an acknowledgement may wait for a frame that takes it along.
const ACK_DELAY: Duration = Duration::from_millis(20);

/// What goes out, over all connections of a channel. A connection's writer task holds its lock; it may be dropped
/// wherever it waits, and the next one goes on.
pub(super) struct Outgoing {
    orders: mpsc::Receiver<Order>,
    /// There will be no more orders.
    ended: bool,
    pub(super) window: Window,
    /// Who waits for the frames before to leave.
    flushes: Vec<oneshot::Sender<()>>,
    /// The goodbye or abort, if the last frame is one.
    last: Option<Kind>,
    ledger: Arc<Ledger>,
    work: Activity,
    heard: Activity,
    keep_alive: Duration,
}

/// Writes to one connection until it breaks, or all is said and done.
pub(super) async fn write<W>(outgoing: Arc<Mutex<Outgoing>>, stream: W) -> io::Result<()>
where
    W: AsyncWrite + Unpin,
{
    let mut outgoing = outgoing.lock().await;
    Writing { stream, pace: Pace::new(), outgoing: &mut outgoing }.run().await
}

impl Outgoing {
    pub(super) fn new(
        orders: mpsc::Receiver<Order>,
        window: Window,
        ledger: Arc<Ledger>,
        (work, heard): (Activity, Activity),
        keep_alive: Duration,
    ) -> Self {
        let flushes = Vec::new();
        Outgoing { orders, ended: false, window, flushes, last: None, ledger, work, heard, keep_alive }
    }

    /// Goes on at another connection, whose peer has received so many frames.
    pub(super) fn resume(&mut self, received: u64) {
        self.window.rewind(received);
        self.ledger.forget_told();
    }

    /// Takes no more orders and forgets what it has.
    pub(super) fn close(&mut self) {
        self.orders.close();
        while self.orders.try_recv().is_ok() {}
        self.flushes.clear();
        self.window.clear();
    }

    /// Takes an order if there is one and room for it.
    fn take_order(&mut self) -> bool {
        if self.ended || !self.window.has_room() {
            return false;
        }
        match self.orders.try_recv() {
            Ok(order) => self.accept(Some(order)),
            Err(mpsc::error::TryRecvError::Disconnected) => self.accept(None),
            Err(mpsc::error::TryRecvError::Empty) => return false,
        }
        true
    }

    fn accept(&mut self, order: Option<Order>) {
        match order {
            Some(Order::Send(frame)) => {
                self.last = matches!(frame.kind, Kind::Bye | Kind::Abort).then_some(frame.kind);
                if frame.kind == Kind::Bye {
                    // Not only when it has been written: the peer's answer to it may be read before that is noted.
                    self.ledger.says_goodbye();
                }
                self.window.push(frame);
                self.ledger.sends(self.window.sent());
            }
            Some(Order::Flush(done)) => self.flushes.push(done),
            None => self.ended = true,
        }
    }

    /// Whether nothing will have to be sent any more.
    fn is_over(&self) -> bool {
        self.ended
            && match self.last {
                Some(Kind::Bye) => self.window.is_empty(),
                _ => true,
            }
    }
}

/// One connection's writer at work.
struct Writing<'a, W> {
    stream: W,
    pace: Pace,
    outgoing: &'a mut Outgoing,
}

/// When something was last said, and to whom.
struct Pace {
    /// Anything at all was written.
    wrote: Instant,
    /// The peer was asked whether it is there.
    asked: Instant,
    /// There is something to acknowledge.
    owes_since: Option<Instant>,
}

impl Pace {
    fn new() -> Self {
        let now = Instant::now();
        Pace { wrote: now, asked: now, owes_since: None }
    }
}

impl<W: AsyncWrite + Unpin> Writing<'_, W> {
    async fn run(&mut self) -> io::Result<()> {
        loop {
            self.outgoing.window.release(self.outgoing.ledger.acknowledged());
            if self.outgoing.ledger.gives_up() {
                return self.abort().await;
            }
            if self.outgoing.window.unwritten().is_some() {
                self.write_frame().await?;
                continue;
            }
            if self.outgoing.take_order() {
                continue;
            }
            if self.outgoing.ledger.is_pressing() {
                self.acknowledge().await?;
            }
            self.flush().await?;
            if self.outgoing.is_over() {
                return self.close().await;
            }
            self.wait().await?;
        }
    }

    /// Writes the next frame of the window, and an acknowledgement ahead of it if one is due.
    async fn write_frame(&mut self) -> io::Result<()> {
        let Outgoing { window, ledger, work, .. } = &mut *self.outgoing;
        let Some(frame) = window.unwritten() else { return Ok(()) };
        let (header, kind) = (frame.header(), frame.kind);
        if ledger.owes_ack() {
            let ack = ack(ledger.tell());
            let slices = &mut [IoSlice::new(&ack), IoSlice::new(&header), IoSlice::new(&frame.payload)];
            write_slices(&mut self.stream, slices, work).await?;
            self.pace.owes_since = None;
        } else {
            let slices = &mut [IoSlice::new(&header), IoSlice::new(&frame.payload)];
            write_slices(&mut self.stream, slices, work).await?;
        }
        window.wrote();
        if kind == Kind::Abort {
            ledger.says_abort();
        }
        self.pace.wrote = Instant::now();
        Ok(())
    }

    /// Waits for an order, for news from the reader, or until something has to be said again.
    async fn wait(&mut self) -> io::Result<()> {
        let now = Instant::now();
        if self.outgoing.ledger.owes_ack() {
            self.pace.owes_since.get_or_insert(now);
        }
        let due = [self.ack_due(), self.sign_of_life_due(), self.question_due()];
        let wake = due.iter().flatten().min().copied();
        let takes_orders = !self.outgoing.ended && self.outgoing.window.has_room();
        let Outgoing { orders, ledger, .. } = &mut *self.outgoing;
        select! {
            order = orders.recv(), if takes_orders => self.outgoing.accept(order),
            () = ledger.news() => {}
            () = sleep_until(wake.unwrap_or(now)), if wake.is_some() => self.speak().await?,
        }
        Ok(())
    }

    /// Says what is due. Nothing may be, if something came in the meantime.
    async fn speak(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        if is_due(self.question_due()) {
            self.pace.asked = now;
            self.write_unkept(&QUESTION).await?;
        }
        if is_due(self.ack_due()) || is_due(self.sign_of_life_due()) {
            self.acknowledge().await?;
        }
        Ok(())
    }

    fn ack_due(&self) -> Option<Instant> {
        self.pace.owes_since?.checked_add(ACK_DELAY)
    }

    fn sign_of_life_due(&self) -> Option<Instant> {
        self.keep_alive().and_then(|interval| self.pace.wrote.checked_add(interval))
    }

    /// A peer that keeps a longer interval than ours is asked in time.
    fn question_due(&self) -> Option<Instant> {
        let last = self.outgoing.heard.last().max(self.pace.asked);
        self.keep_alive().and_then(|interval| last.checked_add(interval.saturating_mul(3) / 2))
    }

    fn keep_alive(&self) -> Option<Duration> {
        Some(self.outgoing.keep_alive).filter(|interval| !interval.is_zero())
    }

    async fn acknowledge(&mut self) -> io::Result<()> {
        self.pace.owes_since = None;
        let ack = ack(self.outgoing.ledger.tell());
        self.write_unkept(&ack).await
    }

    /// Writes what is neither counted nor kept, nor touches the clock of the protocol.
    async fn write_unkept(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.pace.wrote = Instant::now();
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.stream.flush().await?;
        // There is nothing unwritten when this is called, so whatever was waited for has left.
        for done in self.outgoing.flushes.drain(..) {
            // The one who asked may have given up waiting.
            let _ = done.send(());
        }
        Ok(())
    }

    async fn close(&mut self) -> io::Result<()> {
        if self.outgoing.ledger.owes_ack() {
            self.acknowledge().await?;
        }
        self.stream.shutdown().await
    }

    /// The session is over for a reason of this layer: what else was to be sent does not matter any more.
    async fn abort(&mut self) -> io::Result<()> {
        let abort = Frame { kind: Kind::Abort, payload: Vec::new() };
        self.write_unkept(&abort.header()).await?;
        self.outgoing.ledger.says_abort();
        self.stream.shutdown().await
    }
}

/// Asks whether the peer is there; it acknowledges at once.
const QUESTION: [u8; HEADER] = [Kind::Ack as u8, 0, 0, 0, 0, 0, 0, 0];

fn ack(taken: u64) -> [u8; HEADER + 8] {
    let mut bytes = [0; HEADER + 8];
    bytes[0] = Kind::Ack as u8;
    bytes[4] = 8;
    bytes[HEADER..].copy_from_slice(&taken.to_le_bytes());
    bytes
}
