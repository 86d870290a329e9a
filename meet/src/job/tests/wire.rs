//! A wire that breaks behind the frame that a test names.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use halfgate::{Channel, Limits, Party};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};
use tokio::task::JoinSet;

/// Kind, three zeros, length.
const HEADER: usize = 8;

/// The frames that passed: who sent them, and their bytes.
pub(super) type Log = Arc<Mutex<Vec<(Party, Vec<u8>)>>>;

/// The connection is cut when this party has sent so many frames.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) sender: Party,
    pub(super) frames: usize,
}

pub(super) fn limits() -> Limits {
    Limits { idle: Duration::from_secs(10), linger: Duration::from_millis(200), ..Limits::default() }
}

/// Both ends of a wire: the garbler's and the evaluator's.
pub(super) fn wire(cut: Option<Cut>) -> (Channel, Channel, Log) {
    let (garbler, near) = duplex(1 << 16);
    let (far, evaluator) = duplex(1 << 16);
    let log = Log::default();
    let ((near_read, near_write), (far_read, far_write)) = (split(near), split(far));
    let (first, second) = (log.clone(), log.clone());
    tokio::spawn(async move {
        let of = |sender| cut.filter(|cut| cut.sender == sender).map(|cut| cut.frames);
        let mut both = JoinSet::new();
        both.spawn(relay(Party::Garbler, near_read, far_write, of(Party::Garbler), first));
        both.spawn(relay(Party::Evaluator, far_read, near_write, of(Party::Evaluator), second));
        while let Some(ended) = both.join_next().await {
            if ended.is_ok_and(|cut| cut) {
                both.abort_all();
            }
        }
    });
    (Channel::over(garbler, limits()), Channel::over(evaluator, limits()), log)
}

/// Passes frames on until the sender closes (false) or the cut (true).
async fn relay(
    sender: Party,
    mut from: ReadHalf<DuplexStream>,
    mut to: WriteHalf<DuplexStream>,
    cut: Option<usize>,
    log: Log,
) -> bool {
    for passed in 0.. {
        if cut == Some(passed) {
            return true;
        }
        let mut frame = vec![0; HEADER];
        if from.read_exact(&mut frame).await.is_err() {
            break;
        }
        let length = u32::from_le_bytes(frame[4..].try_into().unwrap()) as usize;
        frame.resize(HEADER + length, 0);
        if from.read_exact(&mut frame[HEADER..]).await.is_err() || to.write_all(&frame).await.is_err() {
            break;
        }
        log.lock().unwrap().push((sender, frame));
    }
    // An end that is gone needs no goodbye.
    let _ = to.shutdown().await;
    false
}
