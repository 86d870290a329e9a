//! A line between two sessions that notes every message and changes one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use halfgate::channel::{Channel, Kind, Limits};
use halfgate::circuits::Party;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex};

/// Kind, three zeros, length.
const HEADER: usize = 8;

/// What becomes of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// These bits of a byte of the payload are flipped.
    Flip {
        byte: usize,
        bits: u8,
    },
    /// A bit of every block of 16 bytes is flipped.
    FlipEveryBlock,
    /// A byte is missing at the end, or is one too many.
    Shorten,
    Lengthen,
    /// It comes after the one that its sender sends next.
    Swap,
    /// An earlier message of its sender comes in its place.
    Replay {
        earlier: usize,
    },
    /// A message of its receiver comes back in its place, as soon as there is one.
    Reflect {
        theirs: usize,
    },
}

/// What to change: of which party, which of its messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) sender: Party,
    pub(crate) message: usize,
    pub(crate) change: Change,
}

/// A message as it was sent.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) sender: Party,
    pub(crate) kind: Kind,
    pub(crate) payload: Vec<u8>,
}

/// The messages of both parties so far.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Message>>>);

impl Log {
    /// All that was sent, of each party in its order.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.0.lock().unwrap().clone()
    }

    /// What one party sent, in its order.
    pub(crate) fn of(&self, sender: Party) -> Vec<Message> {
        self.messages().into_iter().filter(|message| message.sender == sender).collect()
    }

    fn note(&self, message: Message) {
        self.0.lock().unwrap().push(message);
    }

    /// Waits for a message of a party.
    async fn wait_for(&self, sender: Party, index: usize) -> Vec<u8> {
        loop {
            if let Some(message) = self.of(sender).into_iter().nth(index) {
                return message.payload;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// The garbler's and the evaluator's channel, with a relay between them.
pub(crate) fn line(plan: Option<Plan>) -> (Channel, Channel, Log) {
    let (garbler, near) = duplex(1 << 16);
    let (far, evaluator) = duplex(1 << 16);
    let (near_read, near_write) = tokio::io::split(near);
    let (far_read, far_write) = tokio::io::split(far);
    let log = Log::default();
    for (sender, from, to) in
        [(Party::Garbler, near_read, far_write), (Party::Evaluator, far_read, near_write)]
    {
        let plan = plan.filter(|plan| plan.sender == sender);
        tokio::spawn(Way { sender, plan, log: log.clone() }.carry(from, to));
    }
    // A message that is held back for ever is given up at some time.
    let limits = Limits { idle: Duration::from_secs(10), ..Limits::default() };
    (Channel::over(garbler, limits), Channel::over(evaluator, limits), log)
}

struct Way {
    sender: Party,
    plan: Option<Plan>,
    log: Log,
}

impl Way {
    async fn carry(self, mut from: ReadHalf<DuplexStream>, mut to: WriteHalf<DuplexStream>) {
        let mut held = None;
        for index in 0.. {
            let Some((kind, payload)) = read(&mut from).await else { break };
            self.log.note(Message { sender: self.sender, kind, payload: payload.clone() });
            let plan = self.plan.filter(|plan| plan.message == index);
            let frame = match plan.map(|plan| plan.change) {
                Some(Change::Swap) => {
                    held = Some(frame(kind, &payload));
                    continue;
                }
                Some(change) => frame(kind, &self.changed(payload, change).await),
                None => frame(kind, &payload),
            };
            let frames = [frame, held.take().unwrap_or_default()].concat();
            // Who has given up reads no more.
            if to.write_all(&frames).await.is_err() {
                break;
            }
        }
        // Or who still waits at the other end would never hear that this one hung up.
        let _ = to.shutdown().await;
    }

    async fn changed(&self, mut payload: Vec<u8>, change: Change) -> Vec<u8> {
        match change {
            Change::Flip { byte, bits } => payload[byte] ^= bits,
            Change::FlipEveryBlock => payload.chunks_exact_mut(16).for_each(|block| block[5] ^= 8),
            Change::Shorten => drop(payload.pop()),
            Change::Lengthen => payload.push(0),
            Change::Replay { earlier } => payload = self.log.wait_for(self.sender, earlier).await,
            Change::Reflect { theirs } => payload = self.log.wait_for(self.sender.peer(), theirs).await,
            Change::Swap => unreachable!("held back"),
        }
        payload
    }
}

async fn read(from: &mut ReadHalf<DuplexStream>) -> Option<(Kind, Vec<u8>)> {
    let mut header = [0; HEADER];
    from.read_exact(&mut header).await.ok()?;
    let length = u32::from_le_bytes(*header.last_chunk().unwrap()) as usize;
    let mut payload = vec![0; length];
    from.read_exact(&mut payload).await.ok()?;
    Some((Kind::ALL[usize::from(header[0]) - 1], payload))
}

fn frame(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap();
    [&[kind as u8, 0, 0, 0], length.to_le_bytes().as_slice(), payload].concat()
}
