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

/// Both ends of a line on which one bit of a message is flipped, or one of every block if it carries tables (a cheat in a
/// single leaky AND passes half of the time, by design); and the messages as they passed.
pub(crate) fn line(tampering: Option<Tampering>) -> ([Channel; 2], mpsc::UnboundedReceiver<Message>) {
    let ((left, left_far), (right, right_far)) = (duplex(1 << 16), duplex(1 << 16));
    let ((left_read, left_write), (right_read, right_write)) = (split(left_far), split(right_far));
    let (log, kinds) = mpsc::unbounded_channel();
    let of = |sender| tampering.filter(|tampering| tampering.sender == sender);
    tokio::spawn(carry(left_read, right_write, of(0), 0, log.clone()));
    tokio::spawn(carry(right_read, left_write, of(1), 1, log));
    ([left, right].map(|end| Channel::over(end, Limits::default())), kinds)
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    tampering: Option<Tampering>,
    sender: usize,
    log: mpsc::UnboundedSender<Message>,
) {
    let mut header = [0; HEADER];
    for message in 0.. {
        if from.read_exact(&mut header).await.is_err() {
            break;
        }
        let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        let mut payload = vec![0; length as usize];
        if from.read_exact(&mut payload).await.is_err() {
            break;
        }
        if let Some(tampering) = tampering.filter(|tampering| tampering.message == message) {
            change(&mut payload, header[0], tampering.place);
        }
        // The one who notices may be gone, and so may the log.
        let _ = log.send(Message { sender, kind: header[0], payload: payload.clone() });
        if to.write_all(&[&header[..], &payload].concat()).await.is_err() {
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
