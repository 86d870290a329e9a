//! A line that changes one message.

use halfgate_channel::{Channel, Limits};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex, split};
use tokio::sync::mpsc;

/// Bytes of a frame's header: its kind, three zeros, the length of the payload.
const HEADER: usize = 8;

/// What to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tampering {
    /// Of which party: 0 for the garbler.
    pub(crate) sender: usize,
    /// Which of its messages.
    pub(crate) message: usize,
    /// At which place of the payload, in sixteenths.
    pub(crate) place: usize,
}

/// A message that passed.
pub(crate) struct Message {
    /// Whose: 0 for the garbler's.
    pub(crate) sender: usize,
    pub(crate) kind: u8,
    pub(crate) payload: Vec<u8>,
}

/// Both ends of a line, and the messages as they passed.
pub(crate) type Line = ([Channel; 2], mpsc::UnboundedReceiver<Message>);

/// A line on which one bit of a message is flipped, or one of every block if it carries tables (a cheat in a
/// single leaky AND passes half of the time, by design).
pub(crate) fn line(tampering: Option<Tampering>) -> Line {
    tampered([0, 1].map(|sender: usize| {
        let tampering = tampering.filter(|tampering| tampering.sender == sender);
        move |message: &mut Message, index: usize| {
            if let Some(Tampering { place, .. }) = tampering.filter(|tampering| tampering.message == index) {
                change(&mut message.payload, message.kind, place);
            }
        }
    }))
}

/// A line on which messages become what these functions make of them, the garbler's first. They also hear the number of
/// the message among those of its sender.
pub(crate) fn tampered<F: FnMut(&mut Message, usize) + Send + 'static>([ours, theirs]: [F; 2]) -> Line {
    let ((left, left_far), (right, right_far)) = (duplex(1 << 16), duplex(1 << 16));
    let ((left_read, left_write), (right_read, right_write)) = (split(left_far), split(right_far));
    let (log, kinds) = mpsc::unbounded_channel();
    tokio::spawn(carry(left_read, right_write, ours, 0, log.clone()));
    tokio::spawn(carry(right_read, left_write, theirs, 1, log));
    ([left, right].map(|end| Channel::over(end, Limits::default())), kinds)
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut tamper: impl FnMut(&mut Message, usize),
    sender: usize,
    log: mpsc::UnboundedSender<Message>,
) {
    let mut header = [0; HEADER];
    for index in 0.. {
        if from.read_exact(&mut header).await.is_err() {
            break;
        }
        let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        let mut payload = vec![0; length as usize];
        if from.read_exact(&mut payload).await.is_err() {
            break;
        }
        let mut message = Message { sender, kind: header[0], payload };
        tamper(&mut message, index);
        let frame = [&header[..], &message.payload].concat();
        // The one who notices may be gone, and so may the log.
        let _ = log.send(message);
        if to.write_all(&frame).await.is_err() {
            break;
        }
    }
    // Or who still waits at the other end would never hear that the first one hung up.
    let _ = to.shutdown().await;
}

fn change(payload: &mut [u8], kind: u8, place: usize) {
    if kind == halfgate_channel::Kind::LeakyTables as u8 {
        payload.chunks_mut(16).for_each(|table| table[place] ^= 1);
    } else if !payload.is_empty() {
        let at = (payload.len() - 1) * place / 15;
        payload[at] ^= 1;
    }
}
