//! The reader of a lasting channel.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::AsyncRead,
    select,
    sync::{
        Mutex,
        mpsc::{self, error::TrySendError},
    },
};

use super::{ledger::Ledger, window::MOST_FRAMES};
use crate::{
    Kind, Length, MAX_FRAME, Misbehaviour,
    frame::Frame,
    limits::Activity,
    pool::Pool,
    pump::{Clocks, FrameReader, ReadEnd},
};

/// The peer is told of so many taken frames at the latest, or of so many bytes of them. Both are well below the
/// smallest window, so that a healthy line never stands still.
const ACK_FRAMES: u64 = 64;
const ACK_BYTES: usize = MAX_FRAME / 4;

/// What comes in, over all connections of a channel. A connection's reader task holds its lock; it may be dropped
/// wherever it waits, and the next one goes on.
pub(super) struct Incoming {
    /// To the owner of the channel. A frame counts as taken once it is in there.
    frames: mpsc::Sender<Frame>,
    /// What does not fit in there. The reader goes on reading for the acknowledgements that come between the frames;
    /// without them two sides that both send and do not read would stop sooner than over any other channel.
    waiting: VecDeque<Frame>,
    waiting_bytes: usize,
    /// The most bytes that wait.
    limit: usize,
    received: u64,
    frames_to_tell: u64,
    bytes_to_tell: usize,
    aborted: Arc<AtomicBool>,
    ledger: Arc<Ledger>,
    pool: Pool,
    work: Activity,
    heard: Activity,
}

/// Reads from one connection until it ends, however it does.
pub(super) async fn read<R: AsyncRead + Unpin>(incoming: Arc<Mutex<Incoming>>, stream: R) -> ReadEnd {
    let mut incoming = incoming.lock().await;
    let clocks = Clocks { bytes: incoming.heard.clone(), frames: Some(incoming.work.clone()) };
    let mut reader = FrameReader::new(stream, incoming.pool.clone(), clocks);
    loop {
        if let Err(end) = incoming.step(&mut reader).await {
            return end;
        }
    }
}

impl Incoming {
    pub(super) fn new(
        frames: mpsc::Sender<Frame>,
        aborted: Arc<AtomicBool>,
        limit: usize,
        ledger: Arc<Ledger>,
        pool: Pool,
        (work, heard): (Activity, Activity),
    ) -> Self {
        Incoming {
            frames,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            limit,
            received: 0,
            frames_to_tell: 0,
            bytes_to_tell: 0,
            aborted,
            ledger,
            pool,
            work,
            heard,
        }
    }

    /// How many frames came in so far.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Hands over what still waits, as its owner takes it.
    pub(super) async fn drain(&mut self) {
        while let Some(frame) = self.waiting.pop_front() {
            if self.frames.send(frame).await.is_err() {
                return;
            }
        }
    }

    async fn step<R: AsyncRead + Unpin>(&mut self, reader: &mut FrameReader<R>) -> Result<(), ReadEnd> {
        if self.waiting.is_empty() {
            let frame = reader.next().await?;
            return self.accept(frame);
        }
        let has_room = self.waiting_bytes < self.limit && self.waiting.len() < MOST_FRAMES;
        if !has_room {
            // Who does not listen hears nothing, and must not hold it against the peer.
            self.heard.hold();
        }
        let frame = select! {
            biased;
            room = self.frames.reserve() => room.map(|_| None).map_err(|_| ReadEnd::Unwanted)?,
            frame = reader.next(), if has_room => Some(frame?),
        };
        if !has_room {
            self.heard.touch();
        }
        match frame {
            Some(frame) => self.accept(frame),
            None => self.hand_over_waiting(),
        }
    }

    fn accept(&mut self, frame: Frame) -> Result<(), ReadEnd> {
        match frame.kind {
            Kind::Ack => {
                let heard = self.hear(&frame.payload);
                self.pool.put(frame.into_buffer());
                heard.map_err(ReadEnd::Misbehaved)
            }
            Kind::Abort => {
                self.aborted.store(true, Ordering::Relaxed);
                Err(ReadEnd::Aborted)
            }
            _ => self.hand_over(frame),
        }
    }

    fn hear(&self, payload: &[u8]) -> Result<(), Misbehaviour> {
        if payload.is_empty() {
            // It asks whether we are there.
            self.ledger.press();
            return Ok(());
        }
        let Ok(count) = payload.try_into() else {
            let (expected, received) = (Length::Exactly(8), payload.len());
            return Err(Misbehaviour::WrongLength { kind: Kind::Ack, expected, received });
        };
        self.ledger.hear(u64::from_le_bytes(count))
    }

    fn hand_over(&mut self, frame: Frame) -> Result<(), ReadEnd> {
        let (kind, length) = (frame.kind, frame.payload.len());
        self.received += 1;
        if kind == Kind::Bye {
            self.ledger.hears_goodbye();
        }
        self.waiting_bytes += length;
        self.waiting.push_back(frame);
        self.hand_over_waiting()
    }

    /// Hands over as many frames as the owner of the channel has room for.
    fn hand_over_waiting(&mut self) -> Result<(), ReadEnd> {
        while let Some(frame) = self.waiting.pop_front() {
            let place = match self.frames.clone().try_reserve_owned() {
                Ok(place) => place,
                Err(TrySendError::Full(_)) => {
                    self.waiting.push_front(frame);
                    break;
                }
                Err(TrySendError::Closed(_)) => return Err(ReadEnd::Unwanted),
            };
            let length = frame.payload.len();
            self.waiting_bytes -= length;
            // Before the owner can see it: with the peer's goodbye it ends the channel, and the peer waits for our word.
            self.took(frame.kind, length);
            place.send(frame);
        }
        Ok(())
    }

    fn took(&mut self, kind: Kind, length: usize) {
        self.frames_to_tell += 1;
        self.bytes_to_tell += length;
        // The peer waits with its leaving until it knows that its goodbye has come.
        let pressing =
            kind == Kind::Bye || self.frames_to_tell >= ACK_FRAMES || self.bytes_to_tell >= ACK_BYTES;
        if pressing {
            (self.frames_to_tell, self.bytes_to_tell) = (0, 0);
        }
        self.ledger.took(pressing);
    }
}
